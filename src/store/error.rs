use std::path::Path;

use thiserror::Error;

use basics::refusal;

use super::location::{Location, PATIENCE};

/// Why the store cannot do something.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is none, and nobody asked for one to be made.
    #[error(
        "{0}: no database of Factorage is there; --database names another, and `factorage serve` or \
         `factorage keys create` makes a new one"
    )]
    NoDatabase(String),
    /// The server does not answer, or lets nobody in.
    #[error("{place}: {reason}")]
    Unreachable {
        /// The server and its database, without a password.
        place: String,
        /// Why.
        reason: String,
    },
    /// A file that is no database.
    #[error("{file}: {reason}")]
    NotADatabase {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The database says no.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is older than this program.
    #[error("the database lacks the migration {0}; run `factorage migrate`")]
    NotMigrated(&'static str),
    /// A later version of this program has migrated the database.
    #[error(
        "the database was migrated by a later version of Factorage: this one does not know \
         migration {0}. Use the later version, or restore a backup from before that migration"
    )]
    Newer(i64),
    /// A migration that ran has another checksum than the one in this program.
    #[error(
        "the database has had another migration {0} than the one in this program: their checksums \
         differ. Use the build that migrated it, or restore a backup"
    )]
    OtherMigration(&'static str),
    /// A build before 0.1.0 made the database.
    #[error(
        "the database was made by a build before version 0.1.0 and cannot be migrated; use a new \
         one"
    )]
    TooOld,
    /// A migration failed; its transaction was rolled back.
    #[error("the database could not be migrated and is unchanged: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file beside the database cannot be read or written.
    #[error("{file}: {}", refusal(source))]
    File {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is stored is not what was written.
    #[error("{what} {id} is damaged: {reason}")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// Its id.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// It is not there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// Somebody else has changed it since it was read.
    #[error("it has been changed since; its version is {0} now")]
    Changed(i64),
    /// The invoice is bought already.
    #[error("invoice {0} is bought already and not settled")]
    Bought(String),
    /// The same request has just been answered.
    #[error("the same request has just been answered")]
    Answered,
    /// It is there already.
    #[error("there is a {0} with this id already")]
    Exists(&'static str),
}

impl StoreError {
    /// What is stored cannot be read.
    pub(super) fn damaged(what: &'static str, id: &str, reason: &dyn std::fmt::Display) -> Self {
        Self::Damaged { what, id: id.to_owned(), reason: reason.to_string() }
    }

    /// Why an SQLite file cannot be opened.
    pub(super) fn of_file(file: &Path, error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let reason = match code.as_deref() {
            Some("26") => "is not a database (SQLite)".to_owned(),
            Some("14") if file.is_dir() => "is a folder; expected a database (SQLite)".to_owned(),
            Some("14") => {
                "cannot be opened; is its folder there, and may you write to it?".to_owned()
            }
            Some("8") => "cannot be written: it is read-only".to_owned(),
            _ => return error.into(),
        };
        Self::NotADatabase { file: file.display().to_string(), reason }
    }

    /// The failure of a first look at a database: a file may be something else.
    pub(super) fn at(self, location: &Location) -> Self {
        match (location, self) {
            (Location::File(file), Self::Database(error)) => Self::of_file(file, error),
            (_, other) => other,
        }
    }

    /// Why a server lets nobody in.
    pub(super) fn of_server(location: &Location, error: sqlx::Error) -> Self {
        let waited = PATIENCE.as_secs();
        let reason = match error {
            sqlx::Error::Io(error) => refusal(&error),
            sqlx::Error::Database(error) => error.message().to_owned(),
            sqlx::Error::PoolTimedOut => format!("did not answer within {waited} seconds"),
            sqlx::Error::Configuration(error) => {
                let expected = "expected postgres://USER@HOST/NAME";
                let place = "the URL of the database".to_owned();
                return Self::Unreachable { place, reason: format!("{error}; {expected}") };
            }
            other => other.to_string(),
        };
        Self::Unreachable { place: location.to_string(), reason }
    }
}
