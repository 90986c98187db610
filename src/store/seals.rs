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
    /// Of rows that the change rests on, as they were; without a digest if there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Seal>,
}

impl Seals {
    /// The seals of rows that were written, and of rows that were only read.
    pub fn of(rows: Vec<Seal>, read: Vec<Seal>) -> Self {
        Self { schema: SCHEMA, rows, read }
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.read.is_empty()
    }
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
    /// The cell of a column; `None` if it is empty.
    pub fn cell(&self, table: &SealedTable, name: &str) -> Option<&str> {
        let at = table.columns.iter().position(|(column, _)| *column == name)?;
        self.0.get(at)?.as_deref()
    }

    /// The cells of the row's primary key, with `/` between them.
    pub fn key(&self, table: &SealedTable) -> String {
        let cell = |name: &&str| self.cell(table, name).unwrap_or_default();
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

/// Reads back what a transaction has written and what it rests on, and seals both.
pub(super) async fn of_touched(writing: &mut Writing, key: &AuditKey) -> Result<Seals, StoreError> {
    let (mut rows, mut read) = (Vec::new(), Vec::new());
    for own in writing.take_read() {
        let none = Seal {
            table: own.table.to_owned(),
            key: own.key.join("/"),
            digest: String::new(),
            fixed: String::new(),
        };
        read.push(of_row(writing, key, &own).await?.unwrap_or(none));
    }
    for own in writing.take_touched() {
        let seal = of_row(writing, key, &own).await?;
        rows.push(seal.ok_or_else(|| lost(&own, "it was not written"))?);
    }
    Ok(Seals::of(rows, read))
}

fn lost(Touched { table, key }: &Touched, fault: &str) -> StoreError {
    StoreError::damaged(table, &key.join("/"), &fault)
}

/// The seal of a row, if there is one with its key.
async fn of_row(
    writing: &mut Writing,
    key: &AuditKey,
    own: &Touched,
) -> Result<Option<Seal>, StoreError> {
    let table = sealed_table(own.table).ok_or_else(|| lost(own, "its table is not sealed"))?;
    let values: Vec<Value<'_>> = own.key.iter().map(Value::from).collect();
    let row: Option<Cells> = writing.row(table.one, &values).await?;
    Ok(row.map(|row| row.seal(table, key)))
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
