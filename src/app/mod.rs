//! Use cases: the only place that sequences the rooms.

mod backtest;
pub mod calc;
mod deal;
mod decide;
mod disclose;
mod evaluate;
pub mod generate;
mod ingest;
mod invoice_quote;
mod part;
mod pool;
mod portfolio;
mod previous;
mod queue;
mod quote;
mod settle;
mod statement;
mod summary;
mod train;
mod verify;
mod wording;

pub use backtest::{BacktestError, BacktestRequest, backtest};
pub use decide::{DecideError, LineKey, OfferFile};
pub use evaluate::{EvaluateError, EvaluateRequest, evaluate};
pub use ingest::{IngestRequest, ingest};
pub use invoice_quote::{InvoiceQuote, InvoiceQuoteRequest, invoice_quote};
pub use portfolio::{ManifestError, PortfolioError, ReportRequest, report};
pub use quote::{Quote, QuoteError, QuoteRange, QuoteRequest, quote, quote_of};
pub use settle::{Position, PositionTerms, Purchase, Purchases, SettleError, purchases};
pub use statement::{Entry, EntryKind, Happening, Statement, statements};
pub use train::{LoadedModel, ModelChoice, TrainError, TrainRequest, train};
pub use verify::{Difference, Verified, VerifyError, verify};
