use thiserror::Error;

use basics::handwritten::Faults;
use basics::refusal;

/// An error of a portfolio or its manifest.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// A file or folder cannot be read.
    #[error("{file}: {}", refusal(source))]
    Io {
        /// The file or folder.
        file: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// The content of a file is not valid.
    #[error("{file}: {faults}")]
    Faults {
        /// The file.
        file: String,
        /// Every fault with its line, key and value.
        faults: Faults,
    },
    /// The folder contains no ledgers.
    #[error("{folder}: contains no ledgers{}", skipped_words(skipped))]
    Empty {
        /// The folder.
        folder: String,
        /// The other files in it.
        skipped: String,
    },
    /// The names of two files give the same client.
    #[error(
        "{folder}: {} and {} would both be the ledger of client '{id}'; rename one, or list the \
         clients in a portfolio.toml",
        files[0],
        files[1]
    )]
    SameClient {
        /// The folder.
        folder: String,
        /// The client.
        id: String,
        /// The files.
        files: [String; 2],
    },
    /// The path is neither a file nor a folder.
    #[error("{0}: is a pipe or device, but a portfolio is read twice; write it to a file first")]
    Pipe(String),
}

fn skipped_words(skipped: &str) -> String {
    if skipped.is_empty() { String::new() } else { format!(", only {skipped}") }
}
