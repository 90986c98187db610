use std::path::Path;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::engine::{Engine, values};
use super::{Location, Store, StoreError};

/// A migration in the SQL of each engine. sqlx records a checksum of the text, comments and all:
/// once a version is released, its files are never edited.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The migrations, in order. Both engines read the same tables; only triggers differ.
const STEPS: [Step; 2] = [
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
];

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
    /// a new database is migrated.
    ///
    /// # Errors
    /// If the database or the folder cannot be opened or created, or if the database is not at the
    /// migration of this program: an older one awaits `factorage migrate`.
    pub async fn open(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let store = Self::connected(location, files).await?;
        let applied = store.applied().await?;
        match applied.missing().as_slice() {
            // Only the record of migrations changes: nobody has to run `factorage migrate` for it.
            [] if applied.by_old_record => store.migrate().await.map(drop)?,
            [] => {}
            missing if missing.len() == STEPS.len() => store.migrate().await.map(drop)?,
            [first, ..] => return Err(StoreError::NotMigrated(first)),
        }
        Ok(store)
    }

    /// Opens an existing database and changes nothing about it.
    ///
    /// # Errors
    /// [`StoreError::NoDatabase`] if there is none; otherwise as [`Store::open`].
    pub async fn existing(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let none = || StoreError::NoDatabase(location.to_string());
        // Asked before SQLite is: it reports a missing file and a missing folder by the same code.
        if matches!(location, Location::File(file) if !file.exists()) {
            return Err(none());
        }
        let files = files.map_or_else(|| location.files(), Path::to_owned);
        let store = Self { engine: Engine::existing(location).await?, files };
        let applied = store.applied().await.map_err(|error| error.at(location))?;
        match applied.missing().as_slice() {
            [] => Ok(store),
            // A file without the tables is empty, or the database of another program.
            missing if missing.len() == STEPS.len() => Err(none()),
            [first, ..] => Err(StoreError::NotMigrated(first)),
        }
    }

    /// Opens the database and runs the migrations that it lacks; returns their names.
    ///
    /// # Errors
    /// If the database or the folder of files cannot be opened or created, if a migration fails, or
    /// if one that ran before is unknown or has another checksum.
    pub async fn migrated(
        location: &Location,
        files: Option<&Path>,
    ) -> Result<(Self, Vec<&'static str>), StoreError> {
        let store = Self::connected(location, files).await?;
        let run = store.migrate().await?;
        Ok((store, run))
    }

    async fn connected(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let files = files.map_or_else(|| location.files(), Path::to_owned);
        std::fs::create_dir_all(&files)
            .map_err(|source| StoreError::File { file: files.display().to_string(), source })?;
        Ok(Self { engine: Engine::connected(location).await?, files })
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
        let count = match self.engine {
            Engine::Sqlite(..) => {
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1"
            }
            Engine::Postgres(_) => {
                // `to_regclass` follows the search path: a table of another schema does not count.
                "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($1)"
            }
        };
        let count: Option<(i64,)> = self.engine.row(count, values![name]).await?;
        Ok(count.is_some_and(|(count,)| count > 0))
    }

    /// True if the tables are those of 0.1.0: the last column that was added before it is there.
    async fn is_of_0_1_0(&self) -> Result<bool, StoreError> {
        let count = match self.engine {
            Engine::Sqlite(..) => {
                "SELECT COUNT(*) FROM pragma_table_info('position') WHERE name = 'last_paid_on'"
            }
            Engine::Postgres(_) => {
                "SELECT COUNT(*) FROM pg_catalog.pg_attribute \
                 WHERE attrelid = to_regclass('position') AND attname = 'last_paid_on'"
            }
        };
        let count: Option<(i64,)> = self.engine.row(count, &[]).await?;
        Ok(count.is_some_and(|(count,)| count > 0))
    }

    /// The migrations of this engine, of the steps that are asked for.
    fn migrations(&self, is_wanted: impl Fn(&Step) -> bool) -> Vec<Migration> {
        let wanted = STEPS.iter().filter(|step| is_wanted(step));
        let migrations = wanted.map(|step| {
            let sql = match self.engine {
                Engine::Sqlite(..) => step.sqlite,
                Engine::Postgres(_) => step.postgres,
            };
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

    async fn migrate(&self) -> Result<Vec<&'static str>, StoreError> {
        let mut writing = self.engine.writing().await?;
        // Read after the lock was taken: another process that was migrating has committed by now.
        let applied = self.applied().await?;
        if applied.by_old_record {
            let had = self.migrator(|step| applied.names.contains(&step.name));
            writing.skip_migrations(&had).await?;
            writing.script("DROP TABLE migration").await?;
        }
        writing.run_migrations(&self.migrator(|_| true)).await?;
        writing.commit().await?;
        Ok(applied.missing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With another checksum, every database that ran the migration would be refused.
    #[tokio::test]
    async fn a_released_migration_is_never_edited() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::File(folder.path().join("factorage.sqlite"));
        let store = Store::open(&location, None).await.expect("a database");
        let checksum = |sql: &'static str| {
            let sql = sql.into_sql_str();
            let migration = Migration::new(1, "".into(), MigrationType::Simple, sql, false);
            basics::hex(&migration.checksum[..8])
        };
        let found: Vec<_> =
            STEPS.iter().map(|step| (checksum(step.sqlite), checksum(step.postgres))).collect();
        let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let released =
            [("d1b9aedd7b9efb13", "6d92ca3f9b3babc9"), ("31b307220741f11b", "9ffcf837c738839b")];
        assert_eq!(found, released);
        assert!(store.applied().await.expect("read").missing().is_empty());
    }
}
