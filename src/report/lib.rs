//! Rendering: the results of the use cases as JSON, CSV, Parquet, XLSX, HTML and terminal text.
//! Nothing is computed here but layout.
//!
//! ```
//! // A name in a ledger cannot drive a terminal.
//! assert_eq!(factorage_report::printable("Acme\u{1b}[2J Ltd"), "Acme\u{fffd}[2J Ltd");
//! ```

pub mod backtest;
mod chart;
mod error;
mod footing;
mod held;
pub mod html;
pub mod intake;
pub mod model;
mod offer_workbook;
pub mod portfolio;
mod table;
mod terminal;
mod writable;
mod write;

pub use error::ReportError;
pub use footing::footing_json;
pub use html::{credit_memo, html};
pub use intake::{RejectEntry, rejects_page};
pub use offer_workbook::offer_xlsx;
pub use table::{invoices_csv, invoices_parquet, rejects_csv};
pub use terminal::{printable, summary};
pub use writable::{check_file, check_folder};
pub use write::{CLIENT_FILES, OFFER_FILES, write_client_copy, write_file, write_files};
