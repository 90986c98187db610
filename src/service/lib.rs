//! The use cases of the service, shared by its API and its pages: authorisation, idempotency,
//! transaction and audit log.
//!
//! A use case is a method of [`Service`]. It takes the right that it needs as an argument, so that
//! the check cannot be forgotten, and knows nothing of HTTP. Clock and randomness are passed in.
//!
//! ```
//! use factorage_service::{Caller, Identity, Reader, Right, Role, ServiceError};
//!
//! let (key, holder) = ("fk_1a2b3c4d".to_owned(), "A. Reed".to_owned());
//! let identity = Identity { key, role: Role::Client, client: None, holder };
//! // A client may call, but not read everything; the refusal is a sentence for it.
//! assert!(Caller::of(identity.clone()).is_ok());
//! let refused = Reader::of(identity).unwrap_err();
//! assert_eq!(refused, ServiceError::Forbidden(Role::Client));
//! assert_eq!(refused.to_string(), "A key with the role client may not do this.");
//! ```

mod book_check;
mod client_debtors;
mod clients;
mod collections;
mod confirmation_file;
mod confirmations;
mod debtor;
mod debtor_file;
mod debtors;
mod error;
mod expected;
mod figures;
mod grounds;
mod handle;
mod heavy;
mod housekeeping;
mod identify;
mod jobs;
mod keys;
mod known;
mod ledgers;
mod made;
mod names;
mod offer_inputs;
mod offer_steps;
mod offers;
mod once;
mod outside;
mod payees;
mod positions;
mod previous;
mod purchase;
mod quotes;
mod recorded;
mod refusal;
mod reports;
mod reversals;
mod right;
mod sentence;
mod statements;
mod turns;
mod versions;
mod watch;
mod would_use;

#[cfg(test)]
mod samples;

pub use book_check::{BookCheck, FoundFault, check_books};
pub use client_debtors::ClientDebtor;
pub use clients::{ChangedClient, NewClient};
pub use collections::{AppliedPayments, Payments};
pub use confirmations::{NewConfirmation, RecordedConfirmation};
pub use debtors::KnownDebtor;
pub use error::ServiceError;
pub use expected::Expected;
pub use figures::{JobEnd, JobFigures};
pub use handle::{Service, Shared};
pub use jobs::{EvaluateWork, IngestWork, JobFile, JobModel, QueuedJob, ReportWork, Work};
pub use keys::MadeKey;
pub use ledgers::{InvoiceList, RejectList, Slice, Upload, Uploaded};
pub use offer_steps::{LineDecision, OfferStep, OverrideReason, Stepped};
pub use offers::{AskedEvaluation, History, PartMember, ShownMember};
pub use once::{Answer, Asked, Once, Reply, Turn, text};
pub use outside::{Heads, Limits, Outside};
pub use positions::Ending;
pub use previous::{AskedPrevious, MOST_PREVIOUS};
pub use purchase::{AskedFunding, AskedWithdrawal, ShownPurchase};
pub use quotes::{InvoiceFacts, KeptQuote, QuoteFacts};
pub use recorded::{MOST_AT_ONCE, RecordedInvoice, RecordedPurchase};
pub use reports::{AskedReport, ReportSection};
pub use reversals::{AskedReversal, Reversed};
pub use right::{Admin, Caller, Funder, Party, Reader, Right, Underwriter};
pub use statements::Stated;
pub use versions::{WrittenText, model_name};

pub use store::{
    ApiKey, Artefact, Client, DebtorOf, Identity, JobFilter, JobRow, LedgerRow, NewKey, OfferHead,
    OfferRow, PayeeOf, PurchaseFilter, QuoteRow, ReportRow, Role, VersionedText,
};
