//! Factorage evaluates receivables for purchase: a client's ledger goes in, a purchase offer with
//! its evidence comes out.
//!
//! Each room of the project is a crate of its own; this crate is the facade over all of them. With
//! no default features it is the engine alone; `server` adds [`store`], [`service`], [`guide`]
//! and [`api`], and `cli` the command line. From outside the workspace the rooms are
//! `factorage::ledger`, `factorage::app` and so on. Start reading at `src/app/evaluate.rs`, which
//! shows how the rooms are put together.
//!
//! The rooms, in the order in which data flows through them; each uses only those before it:
//!
//! | room | contents |
//! |---|---|
//! | [`basics`] | money, currency, rate, collection curve, day count, dates |
//! | [`scratch`] | temporary data, removed however the process ends |
//! | [`sheet`] | files of any format to rows of cells |
//! | [`intake`] | rows of cells to checked rows and rejects |
//! | [`ledger`] | checked rows to frames and a footing certificate; positions as of a date |
//! | [`scoring`] | payment history to a collection curve for every open invoice |
//! | [`pricing`] | fee plans, advance, reserve, rebate, yield, APR |
//! | [`words`] | the sentences that people read, by message and facts |
//! | [`policy`] | the written policy: its rules, and their decisions on a pool |
//! | [`screens`] | what looks wrong in a ledger, one screen per kind |
//! | [`offer`] | scored pool to priced offer; the offer document and its envelope; quotes |
//! | [`purchases`] | bought invoices: funded, collected, settled; the statement of account |
//! | [`portfolio`] | turnover, dilution, provisions, capital and loss of a whole book |
//! | [`app`] | use cases and their results: the only place that sequences the rooms |
//! | [`report`] | results as JSON, CSV, Parquet, workbooks, HTML and terminal text |
//! | [`store`] | the data of the service: metadata in SQL, files by their hash |
//! | [`service`] | the use cases of the service: rights, idempotency, audit, jobs |
//! | [`guide`] | the user guide, for rustdoc and for the service |
//! | [`api`] | the HTTP API |
//! | [`cli`] | the command line |
//!
//! ```
//! use factorage::app::{EvaluateRequest, evaluate};
//! use factorage::ledger::Source;
//! use factorage::report;
//! use factorage::policy::Policy;
//!
//! let ledger = Source::bytes(
//!     "ledger.csv",
//!     "invoice_number,customer,invoice_date,due_date,currency,amount\n\
//!      A-1,Acme Ltd,2026-05-20,2026-06-19,USD,1200.00\n\
//!      A-2,Bolt Inc,2026-06-10,2026-07-10,USD,800.00\n\
//!      A-3,Cord LLC,2026-06-30,2026-07-30,USD,1000.00\n",
//! );
//! let request = EvaluateRequest::new([ledger], Policy::standard()?);
//! let evaluation = evaluate(&request, &|_bytes| {})?;
//! assert!(evaluation.certificate.foots);
//! let totals = &evaluation.offer.parts[0].totals;
//! assert_eq!(totals.gross.to_string(), "3000.00");
//! assert_eq!(totals.advance.checked_add(totals.reserve)?, totals.amount_bought);
//! // One result, for the terminal, for a browser and for other programs.
//! assert!(report::summary(&evaluation).starts_with("As of 2026-06-30"));
//! assert!(report::html(&evaluation).starts_with("<!DOCTYPE html>"));
//! let mut bytes = Vec::new();
//! evaluation.write_offer(&mut bytes)?;
//! let offer: serde_json::Value = serde_json::from_slice(&bytes)?;
//! assert_eq!(offer["offer"]["parts"][0]["totals"]["gross"], "3000.00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "server")]
pub use api;
pub use app;
pub use basics;
#[cfg(feature = "cli")]
pub use cli;
#[cfg(feature = "server")]
pub use guide;
pub use intake;
pub use ledger;
pub use offer;
pub use policy;
pub use portfolio;
pub use pricing;
pub use purchases;
pub use report;
pub use scoring;
pub use scratch;
pub use screens;
#[cfg(feature = "server")]
pub use service;
pub use sheet;
#[cfg(feature = "server")]
pub use store;
pub use words;
