use thiserror::Error;

use basics::handwritten::Faults;
use basics::refusal;

/// Why a portfolio is none.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The system's words.
    #[error("{file}: {}", refusal(source))]
    Io {
        /// The file or folder.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Everything that is wrong with a file.
    #[error("{file}: {faults}")]
    Faults {
        /// The file.
        file: String,
        /// Line, key and value.
        faults: Faults,
    },
    /// Nothing to report on.
    #[error("{folder}: holds no ledger{}", skipped_words(skipped))]
    Empty {
        /// The folder.
        folder: String,
        /// What is in it instead.
        skipped: String,
    },
    /// Two files whose names make them one client.
    #[error(
        "{folder}: {} and {} would both be the ledger of the client '{id}'; rename one, or name the \
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
    /// Neither a file nor a folder.
    #[error("{0}: is a pipe or a device; a portfolio is read twice, so write it to a file first")]
    Pipe(String),
}

fn skipped_words(skipped: &str) -> String {
    if skipped.is_empty() { String::new() } else { format!(", only {skipped}") }
}
