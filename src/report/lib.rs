//! Rendering: an evaluation as JSON, CSV, Parquet, HTML and terminal text. Nothing is computed here
//! but layout.
//!
//! ```
//! // What a file of an offer holds, for programs that read it.
//! let schema = factorage_report::offer_schema();
//! assert_eq!(schema["properties"]["offer"]["$ref"], "#/$defs/Offer");
//! // Texts of a ledger cannot drive a terminal.
//! assert_eq!(factorage_report::printable("Acme\u{1b}[2J Ltd"), "Acme\u{fffd}[2J Ltd");
//! ```

pub mod backtest;
pub mod html;
pub mod intake;
mod json;
pub mod model;
mod offer_workbook;
mod outline;
mod own_file;
pub mod portfolio;
mod schema;
mod table;
mod terminal;
mod writable;
mod write;

use thiserror::Error;

use basics::refusal;
use ledger::{FootingCertificate, Note, Reject};
use underwriting::{Envelope, Offer, Provenance};

pub use html::{credit_memo, html};
pub use intake::{Ingested, RejectEntry, rejects_page};
pub use json::{footing_json, offer_json};
pub use offer_workbook::offer_xlsx;
pub use own_file::own_file;
pub use schema::offer_schema;
pub use table::{invoices_csv, invoices_parquet, rejects_csv};
pub use terminal::{printable, summary};
pub use writable::{check_file, check_folder};
pub use write::{OFFER_FILES, write_file, write_files};

/// An evaluated ledger: the offer with its evidence.
#[derive(Debug)]
pub struct Evaluation {
    /// State around the offer.
    pub envelope: Envelope,
    /// The offer: a pure function of ledger, policy and as-of date.
    pub offer: Offer,
    /// Where it came from; the only part that the order of rows and files may change.
    pub provenance: Provenance,
    /// Rows kept out.
    pub rejects: Vec<Reject>,
    /// Proof of the ledger.
    pub certificate: FootingCertificate,
    /// What is odd about the ledger and was read all the same, as `ingest` tells it.
    pub warnings: Vec<Note>,
}

/// Why a result cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The operating system refused.
    #[error("{}", refusal(.0))]
    Io(#[from] std::io::Error),
    /// A named file could not be written.
    #[error("{file}: {}", refusal(source))]
    File {
        /// The file or folder.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file where a folder is needed.
    #[error("{0}: is a file; a folder is needed to write into")]
    NotAFolder(String),
    /// A folder where a file is to be written.
    #[error("{0}: is a folder; the name of a file is needed to write to")]
    NotAFile(String),
    /// JSON could not be written.
    #[error("writing JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV could not be written.
    #[error("writing CSV: {0}")]
    Csv(#[from] csv::Error),
    /// Parquet could not be written.
    #[error("writing Parquet: {0}")]
    Parquet(#[from] polars::error::PolarsError),
    /// Text that is none.
    #[error("{0}")]
    Text(String),
}

impl ReportError {
    /// The failure with the name of the file that was being written, where the system refused.
    fn of(self, path: &std::path::Path) -> Self {
        let named = |source| Self::File { file: path.display().to_string(), source };
        match self {
            Self::Io(source) => named(source),
            Self::Json(error) if error.is_io() => named(error.into()),
            Self::Csv(error) if error.is_io_error() => match error.into_kind() {
                csv::ErrorKind::Io(source) => named(source),
                // It has just said that it is the system's.
                _ => named(std::io::ErrorKind::Other.into()),
            },
            Self::Parquet(polars::error::PolarsError::IO { error, .. }) => {
                named(error.kind().into())
            }
            other => other,
        }
    }
}
