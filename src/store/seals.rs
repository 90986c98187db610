//! The seals of rows: a keyed digest of a row's content, kept in the row of the audit log that the
//! change was written with.

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

use super::StoreError;
use super::engine::Writing;
use super::keying::AuditKey;
use super::sealed_table::{SCHEMA, SealedTable, sealed_table};
use super::statement::Value;
use super::writing::Touched;

/// The seals of what was written with one row of the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seals {
    /// The last migration when they were made: columns that came later are not in them.
    pub schema: i64,
    pub rows: Vec<Seal>,
}

/// The seal of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String, String, String)", into = "(String, String, String, String)")]
pub(super) struct Seal {
    pub table: String,
    /// The cells of the primary key, with `/` between them.
    pub key: String,
    /// The digest of all its columns.
    pub digest: String,
    /// The digest of those that never change; empty if none of them does.
    pub fixed: String,
}

impl From<(String, String, String, String)> for Seal {
    fn from((table, key, digest, fixed): (String, String, String, String)) -> Self {
        Self { table, key, digest, fixed }
    }
}

impl From<Seal> for (String, String, String, String) {
    fn from(Seal { table, key, digest, fixed }: Seal) -> Self {
        (table, key, digest, fixed)
    }
}

/// The cells of a row, as texts.
#[derive(Debug)]
pub(super) struct Cells(Vec<Option<String>>);

impl FromRow<'_, SqliteRow> for Cells {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        (0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>().map(Self)
    }
}

impl FromRow<'_, PgRow> for Cells {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        (0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>().map(Self)
    }
}

impl Cells {
    /// The cells of the row's primary key, with `/` between them.
    pub fn key(&self, table: &SealedTable) -> String {
        let cell = |name: &&str| {
            let at = table.columns.iter().position(|(column, _)| column == name);
            at.and_then(|at| self.0.get(at)?.as_deref()).unwrap_or_default()
        };
        table.key.iter().map(cell).collect::<Vec<_>>().join("/")
    }

    /// The digest of the columns that the table had after a migration.
    pub fn digest(&self, table: &SealedTable, schema: i64, key: &AuditKey) -> String {
        self.digest_of(table, key, |_, since| since <= schema)
    }

    /// An empty cell is left out, its column with it.
    fn digest_of(
        &self,
        table: &SealedTable,
        key: &AuditKey,
        is_in: impl Fn(&str, i64) -> bool,
    ) -> String {
        let named = table.columns.iter().zip(&self.0);
        let named = named.filter(|((name, since), _)| is_in(name, *since));
        let cells = named.filter_map(|((name, _), cell)| Some([*name, cell.as_deref()?]));
        key.seal("row", std::iter::once(table.name).chain(cells.flatten()))
    }

    /// The seal of the row now.
    pub fn seal(&self, table: &SealedTable, key: &AuditKey) -> Seal {
        let fixed = match table.changing {
            [] => String::new(),
            changing => self.digest_of(table, key, |name, _| !changing.contains(&name)),
        };
        let digest = self.digest(table, SCHEMA, key);
        Seal { table: table.name.to_owned(), key: self.key(table), digest, fixed }
    }
}

/// Reads back what a transaction has written and seals it.
pub(super) async fn of_touched(
    writing: &mut Writing,
    key: &AuditKey,
) -> Result<Vec<Seal>, StoreError> {
    let mut seals = Vec::new();
    for Touched { table: name, key: cells } in writing.take_touched() {
        let lost = |fault: &str| StoreError::damaged(name, &cells.join("/"), &fault);
        let table = sealed_table(name).ok_or_else(|| lost("its table is not sealed"))?;
        let values: Vec<Value<'_>> = cells.iter().map(Value::from).collect();
        let row: Option<Cells> = writing.row(table.one, &values).await?;
        let row = row.ok_or_else(|| lost("it was not written"))?;
        seals.push(row.seal(table, key));
    }
    Ok(seals)
}

/// Seals every row of a table.
pub(super) async fn of_table(
    writing: &mut Writing,
    table: &SealedTable,
    key: &AuditKey,
) -> Result<Vec<Seal>, StoreError> {
    let mut seals = Vec::new();
    writing.each(table.every, |row: Cells| seals.push(row.seal(table, key))).await?;
    Ok(seals)
}
