use std::path::Path;

use super::engine::{Engine, values};
use super::{Location, Store, StoreError};

/// A migration: what both engines run, and what each runs behind it.
struct Migration {
    name: &'static str,
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The migrations, in order; each is run once.
const MIGRATIONS: [Migration; 1] = [Migration {
    name: "0001_start",
    both: include_str!("migrations/0001_start.sql"),
    sqlite: include_str!("migrations/0001_start.sqlite.sql"),
    postgres: include_str!("migrations/0001_start.postgres.sql"),
}];

const MADE: &str = "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)";

impl Store {
    /// Opens the database, an SQLite file is made when missing, and the folder of files. Runs the
    /// migrations of a new database, and refuses one that lacks some.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let store = Self::connected(location, files).await?;
        match store.missing().await?.as_slice() {
            [] => Ok(store),
            missing if missing.len() == MIGRATIONS.len() => {
                store.migrate().await?;
                Ok(store)
            }
            [first, ..] => Err(StoreError::NotMigrated(first)),
        }
    }

    /// Opens a database that is there already, and makes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoDatabase`] where there is none.
    pub async fn existing(location: &Location, files: Option<&Path>) -> Result<Self, StoreError> {
        let none = || StoreError::NoDatabase(location.to_string());
        if matches!(location, Location::File(file) if !file.exists()) {
            return Err(none());
        }
        let files = files.map_or_else(|| location.files(), Path::to_owned);
        let store = Self { engine: Engine::existing(location).await?, files };
        let missing = store.missing().await.map_err(|error| error.at(location))?;
        match missing.as_slice() {
            [] => Ok(store),
            missing if missing.len() == MIGRATIONS.len() => Err(none()),
            [first, ..] => Err(StoreError::NotMigrated(first)),
        }
    }

    /// Opens the database and runs the migrations that it lacks; returns their names.
    ///
    /// # Errors
    /// [`StoreError`].
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

    /// Migrations that have not been run; nothing is written.
    async fn missing(&self) -> Result<Vec<&'static str>, StoreError> {
        let there = match self.engine {
            Engine::Sqlite(..) => {
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
            }
            Engine::Postgres(_) => {
                "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('migration')"
            }
        };
        let there: Option<(i64,)> = self.engine.row(there, &[]).await?;
        let done: Vec<(String,)> = match there {
            Some((1..,)) => self.engine.rows("SELECT name FROM migration", &[]).await?,
            _ => Vec::new(),
        };
        let names = MIGRATIONS.iter().map(|migration| migration.name);
        Ok(names.filter(|name| !done.iter().any(|(done,)| done == name)).collect())
    }

    async fn migrate(&self) -> Result<Vec<&'static str>, StoreError> {
        let mut run = Vec::new();
        for migration in &MIGRATIONS {
            let mut writing = self.engine.writing().await?;
            writing.script(MADE).await?;
            // Whoever else migrates has done it while this one waited.
            let added = "INSERT INTO migration (name) VALUES ($1) ON CONFLICT DO NOTHING";
            if writing.run(added, values![migration.name]).await? == 0 {
                continue;
            }
            writing.script(migration.both).await?;
            writing
                .script(match self.engine {
                    Engine::Sqlite(..) => migration.sqlite,
                    Engine::Postgres(_) => migration.postgres,
                })
                .await?;
            writing.commit().await?;
            run.push(migration.name);
        }
        Ok(run)
    }
}
