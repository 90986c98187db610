//! The database that commands work on.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use store::{Keying, Location, Migrated, PATIENCE, Store, StoreError};

use super::streams::output_folder;
use super::{CliError, clock};

/// The store of the service.
#[derive(Debug, Args)]
pub(super) struct DatabaseArgs {
    /// SQLite file, or postgres://USER@HOST/NAME [default: factorage.sqlite]
    // Help shows the values of variables; a URL may hold a password.
    #[arg(long, value_name = "URL", env = "FACTORAGE_DATABASE", hide_env_values = true)]
    pub database: Option<Location>,
    /// Folder for ledgers and the files made from them [default: NAME.files next to an SQLite file,
    /// else factorage.files]
    #[arg(
        long,
        value_name = "DIR",
        env = "FACTORAGE_FILES",
        hide_env_values = true,
        value_parser = output_folder()
    )]
    pub files: Option<PathBuf>,
    /// File with the key that seals the audit log, made with a new database [default:
    /// NAME.audit-key next to an SQLite file, else next to the folder of files]
    #[arg(long, value_name = "FILE", env = "FACTORAGE_AUDIT_KEY_FILE", hide_env_values = true)]
    pub audit_key: Option<PathBuf>,
}

impl DatabaseArgs {
    fn location(&self) -> Location {
        self.database.clone().unwrap_or_else(|| Location::File("factorage.sqlite".into()))
    }

    /// The key file, and what a new database begins with.
    fn keying(&self) -> Result<Keying, CliError> {
        let named = self.audit_key.clone();
        let file = named.unwrap_or_else(|| self.location().audit_key(self.files.as_deref()));
        let (mut fresh, mut database) = ([0; 32], [0; 16]);
        for bits in [&mut fresh as &mut [u8], &mut database] {
            getrandom::fill(bits).map_err(|error| error.to_string())?;
        }
        let at = clock::stamp();
        Ok(Keying { file, fresh, database, at })
    }

    /// Opens the store; a new database is created and migrated.
    ///
    /// # Errors
    /// If the database or the folder cannot be opened, or an older database needs migration.
    pub async fn open(&self) -> Result<Store, CliError> {
        let (location, keying) = (self.location(), self.keying()?);
        let opened = Store::open(&location, self.files.as_deref(), &keying);
        Ok(patient(&location, opened).await?)
    }

    /// Opens the store of an existing database.
    ///
    /// # Errors
    /// As [`DatabaseArgs::open`], and if there is no database.
    pub async fn existing(&self) -> Result<Store, CliError> {
        let (location, keying) = (self.location(), self.keying()?);
        let opened = Store::existing(&location, self.files.as_deref(), &keying);
        Ok(patient(&location, opened).await?)
    }

    /// Opens the store and runs the migrations that its database lacks; returns which.
    ///
    /// # Errors
    /// If the database or the folder cannot be opened, or a migration fails.
    pub async fn migrated(&self) -> Result<(Store, Migrated), CliError> {
        let (location, keying) = (self.location(), self.keying()?);
        let migrated = Store::migrated(&location, self.files.as_deref(), &keying);
        Ok(patient(&location, migrated).await?)
    }
}

/// The wait after which the user is told about it.
const SOON: Duration = Duration::from_secs(1);

/// Waits for a database server, and says so if it takes long.
///
/// # Errors
/// If `work` fails.
async fn patient<T>(
    location: &Location,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(SOON, work.as_mut()).await {
        return done;
    }
    if matches!(location, Location::Server(_)) {
        // The wait has lasted for this long already.
        let until = (clock::local() + PATIENCE.saturating_sub(SOON)).format("%H:%M:%S");
        // If stderr is closed, nobody reads it.
        let _ = writeln!(io::stderr(), "factorage: waiting for {location} until {until}");
    }
    work.await
}

/// Runs asynchronous work to its end.
///
/// # Errors
/// If the work fails or no runtime can be started.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
