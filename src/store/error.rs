use std::path::Path;

use thiserror::Error;

use basics::refusal;
use purchases::NotBuyable;

use super::location::{Location, PATIENCE};

/// A failure of the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no database, and the command creates none.
    #[error(
        "{0}: no Factorage database found; name another one with --database, or create one with \
         `factorage serve` or `factorage keys create`"
    )]
    NoDatabase(String),
    /// The server does not answer, or refuses the connection.
    #[error("{place}: {reason}")]
    Unreachable {
        /// The server and its database, without a password.
        place: String,
        /// The reason.
        reason: String,
    },
    /// The file is not a database, or cannot be opened as one.
    #[error("{file}: {reason}")]
    NotADatabase {
        /// The file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The database reported an error.
    #[error("database error: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is older than this program.
    #[error("the database lacks the migration {0}; run `factorage migrate`")]
    NotMigrated(&'static str),
    /// The database is new, and the role may not make its tables.
    #[error(
        "this role may not make the tables of a new database; run `factorage migrate \
         --service-role ROLE` as the role that owns the database"
    )]
    MayNotMigrate,
    /// The role is no role for the service.
    #[error("{role}: {reason}")]
    Role {
        /// Name of the role.
        role: String,
        /// The reason, as the rest of a sentence.
        reason: &'static str,
    },
    /// The key file is missing; the database has a key already.
    #[error(
        "{0}: no audit key found; the database was sealed with one, so name its file with \
         --audit-key or restore it from a backup"
    )]
    NoAuditKey(String),
    /// The key file does not hold a key.
    #[error("{0}: not an audit key (expected exactly 32 bytes)")]
    WrongAuditKey(String),
    /// The key is that of another database, or the start of the audit log was changed.
    #[error(
        "{0}: not the audit key that this database was sealed with, or the start of its audit log \
         was changed"
    )]
    OtherAuditKey(String),
    /// A later version of this program has migrated the database.
    #[error(
        "the database was migrated by a later version of Factorage (migration {0} is unknown to \
         this one); use that version, or restore a backup from before that migration"
    )]
    Newer(i64),
    /// A migration that ran has another checksum than the one in this program.
    #[error(
        "migration {0} of the database differs from the one in this program (checksum mismatch); \
         use the build that ran it, or restore a backup"
    )]
    OtherMigration(&'static str),
    /// A build before 0.1.0 made the database.
    #[error(
        "the database was made by a build before version 0.1.0 and cannot be migrated; start with \
         a new one"
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
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A stored value cannot be read.
    #[error("{what} {id} is damaged: {reason}")]
    Damaged {
        /// Kind of the entry, such as `position`.
        what: &'static str,
        /// Id of the entry.
        id: String,
        /// The fault.
        reason: String,
    },
    /// There is no such entry; the text names its kind.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The entry has changed since it was read; the number is its version now.
    #[error("it has changed since you read it; its version is now {0}")]
    Changed(i64),
    /// An invoice cannot be bought.
    #[error(transparent)]
    NotBuyable(#[from] NotBuyable),
    /// The step was undone before.
    #[error("it has already been reversed")]
    Undone,
    /// A payment with this reference is on record.
    #[error("payment {at} of the list repeats the bank reference of {first}")]
    Repeats {
        /// The index of the payment in the list.
        at: usize,
        /// The id of the first payment with the reference.
        first: String,
    },
    /// A payout to this account with this reference is on record, by the id of its purchase.
    #[error("the reference is that of the payout of purchase {0}")]
    PaidBefore(String),
    /// The same request was answered in the meantime.
    #[error("the same request has just been answered")]
    Answered,
    /// The id is taken.
    #[error("a {0} with this id already exists")]
    Exists(&'static str),
}

impl StoreError {
    /// Returns the error for a stored value that cannot be read.
    pub(super) fn damaged(what: &'static str, id: &str, reason: &dyn std::fmt::Display) -> Self {
        Self::Damaged { what, id: id.to_owned(), reason: reason.to_string() }
    }

    /// Returns true if the database holds what an index allows once.
    pub fn is_taken(&self) -> bool {
        let source =
            if let Self::Database(error) = self { error.as_database_error() } else { None };
        source.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
    }

    /// Returns the error for a new database that cannot be migrated.
    pub(super) fn of_migration(self) -> Self {
        use sqlx::migrate::MigrateError;
        let source = match &self {
            Self::Migration(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            )
            | Self::Database(error) => error.as_database_error(),
            _ => None,
        };
        // Insufficient privilege.
        let may_not =
            source.and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "42501");
        if may_not { Self::MayNotMigrate } else { self }
    }

    /// Returns the error for an SQLite file that cannot be opened.
    pub(super) fn of_file(file: &Path, error: sqlx::Error) -> Self {
        // Result codes of SQLite: NOTADB 26, CANTOPEN 14, READONLY 8.
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let reason = match code.as_deref() {
            Some("26") => "is not an SQLite database".to_owned(),
            Some("14") if file.is_dir() => "is a folder, not an SQLite database".to_owned(),
            Some("14") => {
                "cannot be opened; check that its folder exists and is writable".to_owned()
            }
            Some("8") => "cannot be written: it is read-only".to_owned(),
            _ => return error.into(),
        };
        Self::NotADatabase { file: file.display().to_string(), reason }
    }

    /// Names the file in the failure of the first read: SQLite notices only then that a file is not
    /// a database.
    pub(super) fn at(self, location: &Location) -> Self {
        match (location, self) {
            (Location::File(file), Self::Database(error)) => Self::of_file(file, error),
            (_, other) => other,
        }
    }

    /// Returns the error for a server that refuses the connection or does not answer.
    pub(super) fn of_server(location: &Location, error: sqlx::Error) -> Self {
        let waited = PATIENCE.as_secs();
        let reason = match error {
            sqlx::Error::Io(error) => refusal(&error),
            sqlx::Error::Database(error) => error.message().to_owned(),
            sqlx::Error::PoolTimedOut => format!("did not answer within {waited} seconds"),
            sqlx::Error::Configuration(error) => {
                let expected = "expected postgres://USER@HOST/NAME";
                // Not shown: a URL that cannot be taken apart may hold a password anywhere.
                let place = "the URL of the database".to_owned();
                return Self::Unreachable { place, reason: format!("{error}; {expected}") };
            }
            other => other.to_string(),
        };
        Self::Unreachable { place: location.to_string(), reason }
    }
}
