//! The start of a database's keyed chain.

use sqlx::FromRow;

use basics::hex;

use super::audit::{AuditEntry, append_sealed};
use super::engine::{Writing, values};
use super::keying::{AuditKey, Chain, Keying};
use super::sealed_table::SEALED;
use super::seals::Seals;
use super::{Actor, Store, StoreError, seals};

/// Number of the migration that made the keyed chain.
const KEYED: i64 = 3;

/// Most seals in one row of the audit log.
const AT_ONCE: usize = 1000;

/// The statement that reads the start of the chain, and whatever was put beside it.
pub(super) const READ: &str = "SELECT id, number, created_at, seal FROM audit_start ORDER BY id";

/// The start of the keyed chain, as stored.
#[derive(Debug, FromRow)]
pub(super) struct StartRow {
    /// Id of the database.
    id: String,
    /// Number of the first keyed row of the audit log.
    number: i64,
    created_at: String,
    seal: String,
}

impl StartRow {
    fn own_seal(&self, key: &AuditKey) -> String {
        key.seal(
            "start",
            [&self.id, &self.number.to_string(), &self.created_at].map(String::as_str),
        )
    }

    fn chain(self, key: AuditKey) -> Chain {
        Chain { key, database: self.id, first: self.number }
    }

    /// The chain that begins here, once its key is checked.
    /// A row that somebody put beside it has no seal of that key.
    fn checked(read: Vec<Self>, keying: &Keying) -> Result<Chain, StoreError> {
        if read.is_empty() {
            let gone = "its row in audit_start is gone";
            return Err(StoreError::damaged("audit log", "start", &gone));
        }
        let key = keying.key()?;
        match read.into_iter().find(|start| start.seal == start.own_seal(&key)) {
            Some(start) => Ok(start.chain(key)),
            None => Err(StoreError::OtherAuditKey(keying.file.display().to_string())),
        }
    }

    /// Returns true for the start of a chain.
    pub fn begins(&self, chain: &Chain) -> bool {
        (&self.id, self.number) == (&chain.database, chain.first)
            && self.seal == self.own_seal(&chain.key)
    }

    /// Id of the row.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Begins the keyed chain of a database that has none.
async fn begun(writing: &mut Writing, keying: &Keying) -> Result<Chain, StoreError> {
    let key = keying.key_or_new()?;
    let last: Option<(i64,)> =
        writing.row("SELECT number FROM audit ORDER BY number DESC LIMIT 1", &[]).await?;
    let (id, number) = (hex(&keying.database), last.map_or(0, |(number,)| number) + 1);
    let mut start = StartRow { id, number, created_at: keying.at.clone(), seal: String::new() };
    start.seal = start.own_seal(&key);
    let StartRow { id, created_at, seal, .. } = &start;
    writing
        .run(
            "INSERT INTO audit_start (id, number, created_at, seal) VALUES ($1, $2, $3, $4)",
            values![id, number, created_at, seal],
        )
        .await?;
    Ok(start.chain(key))
}

impl Store {
    /// Seals what migrations have made: with the first keyed row of the log everything that was
    /// there before, later what they have put into tables of their own.
    pub(super) async fn seal_migrated(
        &self,
        writing: &mut Writing,
        keying: &Keying,
        run: &[(i64, &'static str)],
    ) -> Result<(), StoreError> {
        let is_first = run.iter().any(|(version, _)| *version == KEYED);
        let chain = if is_first {
            begun(writing, keying).await?
        } else {
            StartRow::checked(writing.rows(READ, &[]).await?, keying)?
        };
        let key = chain.key.clone();
        self.engine.set_chain(chain);
        let mut rows = Vec::new();
        for table in SEALED {
            if is_first || run.iter().any(|(version, _)| *version == table.since) {
                rows.extend(seals::of_table(writing, table, &key).await?);
            }
        }
        let detail = run.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
        let actor = Actor { key: "migration".to_owned(), at: keying.at.clone(), answer: None };
        let entry =
            AuditEntry { action: "database.migrated", subject: "database", detail: &detail };
        let mut rest = rows.into_iter();
        loop {
            let some: Vec<_> = rest.by_ref().take(AT_ONCE).collect();
            let is_last = some.len() < AT_ONCE;
            // One row even if there is nothing to seal: an emptied log then lacks it.
            let some = Seals::of(some, Vec::new());
            append_sealed(writing, &actor, entry, some).await?;
            if is_last {
                return Ok(());
            }
        }
    }

    /// Reads the start of the keyed chain and checks the key against it.
    ///
    /// # Errors
    /// [`StoreError::OtherAuditKey`] if it is the key of another database, or if the start was
    /// changed; [`StoreError::Damaged`] if there is no start.
    pub(super) async fn chain_of(&self, keying: &Keying) -> Result<Chain, StoreError> {
        StartRow::checked(self.engine.rows(READ, &[]).await?, keying)
    }
}
