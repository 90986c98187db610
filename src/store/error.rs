use thiserror::Error;

/// Why the store cannot do something.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database says no.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database is older than this program.
    #[error("the database lacks the migration {0}; run `factorage migrate`")]
    NotMigrated(&'static str),
    /// A file beside the database cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
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
