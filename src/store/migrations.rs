use std::path::Path;
use std::sync::Arc;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::debtor_links::link_known;
use super::engine::{Engine, values};
use super::keying::Keying;
use super::{Location, Store, StoreError, books, claims};

/// A migration in the SQL of each engine. sqlx records a checksum of the text, comments and all:
/// once a version is released, its files are never edited.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The migrations, in order. Both engines read the same tables; only triggers differ.
const STEPS: [Step; 8] = [
    Step {
        version: 1,
        name: "0001_start",
        sqlite: concat!(
            include_str!("migrations/0001_start.sql"),
            include_str!("migrations/0001_start.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0001_start.sql"),
            include_str!("migrations/0001_start.postgres.sql")
        ),
    },
    Step {
        version: 2,
        name: "0002_confirmations",
        sqlite: concat!(
            include_str!("migrations/0002_confirmations.sql"),
            include_str!("migrations/0002_confirmations.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0002_confirmations.sql"),
            include_str!("migrations/0002_confirmations.postgres.sql")
        ),
    },
    Step {
        version: 3,
        name: "0003_seals",
        sqlite: concat!(
            include_str!("migrations/0003_seals.sql"),
            include_str!("migrations/0003_seals.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0003_seals.sql"),
            include_str!("migrations/0003_seals.postgres.sql")
        ),
    },
    Step {
        version: DEBTORS,
        name: "0004_client_debtors",
        sqlite: concat!(
            include_str!("migrations/0004_client_debtors.sql"),
            include_str!("migrations/0004_client_debtors.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0004_client_debtors.sql"),
            include_str!("migrations/0004_client_debtors.postgres.sql")
        ),
    },
    Step {
        version: CLAIMS,
        name: "0005_claims",
        sqlite: include_str!("migrations/0005_claims.sql"),
        postgres: include_str!("migrations/0005_claims.sql"),
    },
    Step {
        version: BOOKS,
        name: "0006_books",
        sqlite: concat!(
            include_str!("migrations/0006_books.sql"),
            include_str!("migrations/0006_books.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0006_books.sql"),
            include_str!("migrations/0006_books.postgres.sql")
        ),
    },
    Step {
        version: 7,
        name: "0007_purchases",
        sqlite: concat!(
            include_str!("migrations/0007_purchases.sql"),
            include_str!("migrations/0007_purchases.sqlite.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0007_purchases.sql"),
            include_str!("migrations/0007_purchases.postgres.sql")
        ),
    },
    Step {
        version: 8,
        name: "0008_jobs",
        sqlite: concat!(
            include_str!("migrations/0008_jobs.sqlite.sql"),
            include_str!("migrations/0008_jobs.sql")
        ),
        postgres: concat!(
            include_str!("migrations/0008_jobs.postgres.sql"),
            include_str!("migrations/0008_jobs.sql")
        ),
    },
];

/// Number of the migration that keeps debtors by client.
const DEBTORS: i64 = 4;

/// Number of the migration after which every position has a claim.
const CLAIMS: i64 = 5;

/// Number of the migration after which what happened before is booked.
const BOOKS: i64 = 6;

/// The migrations that were run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Their names.
    pub names: Vec<&'static str>,
    /// Sentences on what a person has to look at.
    pub notes: Vec<String>,
}

/// The table in which sqlx records the migrations that ran.
const RECORD: &str = "_sqlx_migrations";

/// The table in which version 0.1.0 recorded them, by name and without checksums.
const OLD_RECORD: &str = "migration";

/// The migrations that a database has had, as it records them.
#[derive(Debug, Default)]
struct Applied {
    names: Vec<&'static str>,
    /// True if the table of version 0.1.0 records them.
    by_old_record: bool,
}

impl Applied {
    fn missing(&self) -> Vec<&'static str> {
        let names = STEPS.iter().map(|step| step.name);
        names.filter(|name| !self.names.contains(name)).collect()
    }
}

impl Store {
    /// Opens the database and the folder of files. An SQLite file is created if it is missing, and
    /// a new database is migrated; its audit key is made with it.
    ///
    /// # Errors
    /// If the database or the folder cannot be opened or created, if the key is missing or another
    /// one, or if the database is not at the migration of this program: an older one awaits
    /// `factorage migrate`.
    pub async fn open(
        location: &Location,
        files: Option<&Path>,
        keying: &Keying,
    ) -> Result<Self, StoreError> {
        let store = Self::connected(location, files).await?;
        let applied = store.applied().await?;
        match applied.missing().as_slice() {
            // Only the record of migrations changes: nobody has to run `factorage migrate` for it.
            [] if applied.by_old_record => store.migrate(keying).await.map(drop)?,
            [] => {}
            missing if missing.len() == STEPS.len() => {
                store.migrate(keying).await.map(drop).map_err(StoreError::of_migration)?;
            }
            [first, ..] => return Err(StoreError::NotMigrated(first)),
        }
        store.engine.set_chain(store.chain_of(keying).await?);
        Ok(store)
    }

    /// Opens an existing database and changes nothing about it.
    ///
    /// # Errors
    /// [`StoreError::NoDatabase`] if there is none; otherwise as [`Store::open`].
    pub async fn existing(
        location: &Location,
        files: Option<&Path>,
        keying: &Keying,
    ) -> Result<Self, StoreError> {
        let none = || StoreError::NoDatabase(location.to_string());
        // Asked before SQLite is: it reports a missing file and a missing folder by the same code.
        if matches!(location, Location::File(file) if !file.exists()) {
            return Err(none());
        }
        let files = files.map_or_else(|| location.files(), Path::to_owned);
        let store =
            Self { engine: Engine::existing(location).await?, files, turns: Arc::default() };
        let applied = store.applied().await.map_err(|error| error.at(location))?;
        match applied.missing().as_slice() {
            [] => {
                store.engine.set_chain(store.chain_of(keying).await?);
                Ok(store)
            }
            // A file without the tables is empty, or the database of another program.
            missing if missing.len() == STEPS.len() => Err(none()),
            [first, ..] => Err(StoreError::NotMigrated(first)),
        }
    }

    /// Opens the database and runs the migrations that it lacks; returns which.
    ///
    /// # Errors
    /// If the database or the folder of files cannot be opened or created, if a migration fails, or
    /// if one that ran before is unknown or has another checksum.
    pub async fn migrated(
        location: &Location,
        files: Option<&Path>,
        keying: &Keying,
    ) -> Result<(Self, Migrated), StoreError> {
        let store = Self::connected(location, files).await?;
        let run = store.migrate(keying).await?;
        Ok((store, run))
    }

    async fn connected(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let files = files.map_or_else(|| location.files(), Path::to_owned);
        std::fs::create_dir_all(&files)
            .map_err(|source| StoreError::File { file: files.display().to_string(), source })?;
        Ok(Self { engine: Engine::connected(location).await?, files, turns: Arc::default() })
    }

    /// Reads which migrations have run; writes nothing.
    async fn applied(&self) -> Result<Applied, StoreError> {
        if self.has_table(RECORD).await? {
            return self.applied_by_checksum().await;
        }
        if !self.has_table(OLD_RECORD).await? {
            return Ok(Applied::default());
        }
        let done: Vec<(String,)> = self.engine.rows("SELECT name FROM migration", &[]).await?;
        let known = STEPS.iter().map(|step| step.name);
        let names: Vec<_> = known.filter(|name| done.iter().any(|(done,)| done == name)).collect();
        // Builds before 0.1.0 changed the first migration in place and recorded the same name.
        if !names.is_empty() && !self.is_of_0_1_0().await? {
            return Err(StoreError::TooOld);
        }
        Ok(Applied { names, by_old_record: true })
    }

    async fn applied_by_checksum(&self) -> Result<Applied, StoreError> {
        let done: Vec<(i64, Vec<u8>)> = self
            .engine
            .rows("SELECT version, checksum FROM _sqlx_migrations ORDER BY version", &[])
            .await?;
        let migrations = self.migrations(|_| true);
        let mut names = Vec::new();
        for (version, checksum) in done {
            // By version and not by place: those of a later program may be recorded as well.
            let known = STEPS.iter().zip(&migrations).find(|(step, _)| step.version == version);
            match known {
                None => return Err(StoreError::Newer(version)),
                Some((step, migration)) if *migration.checksum != *checksum => {
                    return Err(StoreError::OtherMigration(step.name));
                }
                Some((step, _)) => names.push(step.name),
            }
        }
        Ok(Applied { names, by_old_record: false })
    }

    async fn has_table(&self, name: &str) -> Result<bool, StoreError> {
        let count = if self.engine.is_server() {
            // `to_regclass` follows the search path: a table of another schema does not count.
            "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($1)"
        } else {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1"
        };
        let count: Option<(i64,)> = self.engine.row(count, values![name]).await?;
        Ok(count.is_some_and(|(count,)| count > 0))
    }

    /// True if the tables are those of 0.1.0: the last column that was added before it is there.
    async fn is_of_0_1_0(&self) -> Result<bool, StoreError> {
        let count = if self.engine.is_server() {
            "SELECT COUNT(*) FROM pg_catalog.pg_attribute \
             WHERE attrelid = to_regclass('position') AND attname = 'last_paid_on'"
        } else {
            "SELECT COUNT(*) FROM pragma_table_info('position') WHERE name = 'last_paid_on'"
        };
        let count: Option<(i64,)> = self.engine.row(count, &[]).await?;
        Ok(count.is_some_and(|(count,)| count > 0))
    }

    /// The migrations of this engine, of the steps that are asked for.
    fn migrations(&self, is_wanted: impl Fn(&Step) -> bool) -> Vec<Migration> {
        let wanted = STEPS.iter().filter(|step| is_wanted(step));
        let migrations = wanted.map(|step| {
            let sql = if self.engine.is_server() { step.postgres } else { step.sqlite };
            let name = step.name.into();
            // `false`: within a transaction, as both engines undo a change of tables.
            Migration::new(step.version, name, MigrationType::Simple, sql.into_sql_str(), false)
        });
        migrations.collect()
    }

    /// The migrator of those steps.
    fn migrator(&self, is_wanted: impl Fn(&Step) -> bool) -> Migrator {
        let mut migrator = Migrator::with_migrations(self.migrations(is_wanted));
        // The writers' lock is held on both engines. sqlx has no lock of its own for SQLite, and on
        // PostgreSQL keeps it with the connection if a migration fails.
        migrator.set_locking(false);
        migrator
    }

    async fn migrate(&self, keying: &Keying) -> Result<Migrated, StoreError> {
        let mut writing = self.engine.writing().await?;
        // Read after the lock was taken: another process that was migrating has committed by now.
        let applied = self.applied().await?;
        if applied.by_old_record {
            let had = self.migrator(|step| applied.names.contains(&step.name));
            writing.skip_migrations(&had).await?;
            writing.script("DROP TABLE migration").await?;
        }
        writing.run_migrations(&self.migrator(|_| true)).await?;
        let names = applied.missing();
        let steps = STEPS.iter().filter(|step| names.contains(&step.name));
        let steps: Vec<_> = steps.map(|step| (step.version, step.name)).collect();
        let mut notes = Vec::new();
        if steps.iter().any(|(version, _)| *version == DEBTORS) {
            notes = link_known(&mut writing, &keying.at).await?;
        }
        if steps.iter().any(|(version, _)| *version == CLAIMS) {
            claims::fill(&mut writing).await?;
        }
        if steps.iter().any(|(version, _)| *version == BOOKS) {
            books::book_history(&mut writing).await?;
        }
        // They are in tables that are new, which are sealed as a whole.
        drop(writing.take_touched());
        if !steps.is_empty() {
            // In the same transaction: what was migrated is never there unsealed.
            self.seal_migrated(&mut writing, keying, &steps).await?;
        }
        writing.commit().await?;
        Ok(Migrated { names, notes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With another checksum, every database that ran the migration would be refused.
    #[tokio::test]
    async fn a_released_migration_is_never_edited() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::sample(folder.path()).await;
        let checksum = |sql: &'static str| {
            let sql = sql.into_sql_str();
            let migration = Migration::new(1, "".into(), MigrationType::Simple, sql, false);
            basics::hex(&migration.checksum[..8])
        };
        let found: Vec<_> =
            STEPS.iter().map(|step| (checksum(step.sqlite), checksum(step.postgres))).collect();
        let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let released = [
            ("d1b9aedd7b9efb13", "6d92ca3f9b3babc9"),
            ("31b307220741f11b", "9ffcf837c738839b"),
            ("e90d6c80e9563e1a", "f8ebd43521bebaeb"),
            ("563dfe8171da92b6", "3c2c4b2796ede092"),
            ("f2889e6ace90738f", "f2889e6ace90738f"),
            ("7f31d9fcf218a2c1", "2e8d6551ef360f69"),
            ("0cd406d9c6f9eae6", "a988aa6399a0533d"),
            ("17b32b32b8393f44", "bfd7ae32e4641b06"),
        ];
        assert_eq!(found, released);
        assert!(store.applied().await.expect("read").missing().is_empty());
    }
}
