//! Rendering: an evaluation as JSON, CSV, Parquet, HTML and terminal text. Nothing is computed here
//! but layout.

pub mod backtest;
pub mod html;
pub mod intake;
mod json;
pub mod model;
mod offer_workbook;
mod outline;
pub mod portfolio;
mod schema;
mod table;
mod terminal;
mod write;

use thiserror::Error;

use crate::ledger::{FootingCertificate, Reject};
use crate::underwriting::{Envelope, Offer, Provenance};

pub use html::{credit_memo, html};
pub use intake::{Ingested, RejectEntry, rejects_page};
pub use json::{footing_json, offer_json};
pub use offer_workbook::offer_xlsx;
pub use schema::offer_schema;
pub use table::{invoices_csv, invoices_parquet, rejects_csv};
pub use terminal::{printable, summary};
pub use write::{write_file, write_files};

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
}

/// Why a result cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The operating system refused.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A named file could not be written.
    #[error("{file}: {source}")]
    File {
        /// The file or folder.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
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
