//! Use cases: the only place that sequences the rooms.
//!
//! A request names its ledgers and policy, and sets only what differs from the defaults:
//!
//! ```
//! use factorage_app::{EvaluateRequest, IngestRequest, ModelChoice, evaluate, ingest};
//! use ledger::Source;
//! use policy::Policy;
//!
//! let text = "number,customer,date,due date,currency,amount\n\
//!             A-1,Acme Ltd,2026-05-20,2026-06-19,USD,1200.00\n\
//!             A-2,Bolt Inc,2026-06-10,2026-07-10,USD,800.00\n";
//! let ledger = Source::bytes("ledger.csv", text);
//! let read = ingest(&IngestRequest::new([ledger.clone()], Policy::standard()?), &|_bytes| {})?;
//! assert_eq!(read.standing.open_balance[&"USD".parse()?].to_string(), "2000.00");
//!
//! let request = EvaluateRequest {
//!     as_of: Some("2026-06-30".parse()?),
//!     model: ModelChoice::Km,
//!     ..EvaluateRequest::new([ledger], Policy::standard()?)
//! };
//! let offer = evaluate(&request, &|_bytes| {})?.offer;
//! assert_eq!((offer.as_of.to_string().as_str(), offer.parts[0].lines.len()), ("2026-06-30", 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answered;
mod backtest;
pub mod calc;
mod choice;
mod completing;
mod confirmations;
mod context;
mod earlier;
mod evaluate;
mod evaluation;
pub mod generate;
mod ingest;
mod ingested;
mod own_file;
mod part;
mod pool;
mod portfolio;
mod prepared;
mod previous;
mod train;
mod verify;
mod wording;

pub use backtest::{
    BINS, Backtest, BacktestError, BacktestRequest, COMPARED, Cash, ForecastOf, PredictedInvoice,
    Slice, backtest, cases, cash, slices,
};
pub use choice::{LoadedModel, ModelChoice, TrainError};
pub use completing::CompletingError;
pub use confirmations::ConfirmationsError;
pub use evaluate::{EvaluateError, EvaluateRequest, evaluate};
pub use evaluation::Evaluation;
pub use ingest::{IngestRequest, ingest};
pub use ingested::Ingested;
pub use own_file::{CONTENT_POLICY, WORKBOOKS, own_file};
pub use portfolio::{
    Failure, ManifestError, PortfolioError, PortfolioReport, ReportRequest, report,
};
pub use train::{TrainRequest, train};
pub use verify::{Verified, VerifyError, verify};
