//! The offer: each client's receivables in one currency become a *part*: the policy is applied,
//! terms are solved for, lines are priced. The types of the document write it and read it.
//!
//! [`PartInput::part`] applies the policy, finds the terms (desk, solve, menu, decline) and adds
//! up; [`quote()`] does the same for numbers that stand for invoices. [`offer_json`] writes the
//! document, [`OfferFile`] reads it, and the decisions of people go into its [`Envelope`].
//!
//! ```
//! // The schema of an offer file, for programs that read it.
//! let schema = factorage_offer::offer_schema();
//! assert_eq!(schema["properties"]["offer"]["$ref"], "#/$defs/Offer");
//! // A document that was changed after it was made is refused.
//! let changed = r#"{"envelope": {"issued_at": null, "status": "offered"}, "offer": {},
//!                   "offer_id": "0", "provenance": {}}"#;
//! let error = factorage_offer::OfferFile::read(changed).unwrap_err();
//! assert!(error.to_string().contains("offer_id"));
//! ```

mod ageing;
mod backdated;
mod borrowing_base;
mod certificate;
mod changed;
mod client_copy;
mod comparing;
mod completed;
mod decide;
mod decline;
mod desk;
mod difference;
mod disclose;
mod document;
mod envelope;
mod facility;
mod invoice_quote;
mod last_shown;
#[cfg(test)]
mod laws;
mod ledger_change;
mod line;
mod listed;
mod made_with;
mod matching;
mod menu;
mod notice_code;
mod origin;
mod owing;
mod pair;
mod part;
mod part_terms;
mod provenance;
mod queue;
mod quote;
mod rebilled;
mod roll_forward;
#[cfg(test)]
mod samples;
mod schema;
mod scored;
mod scoring_note;
mod shares;
mod shown;
mod shown_ledger;
mod since_last;
mod solve;
mod summary;
mod terms;
mod told;
mod trailing_dilution;
mod write;

pub use ageing::{AgeBand, AgeingBucket, BANDS, ageing};
pub use borrowing_base::{BorrowingBase, BorrowingTerms, borrowing_base};
pub use certificate::{Certificate, CertificateInput};
pub use client_copy::client_copy;
pub use completed::{AgreedTerms, Completed, CompletedError, CompletedPart, Offered};
pub use decide::{DecideError, OfferFile};
pub use difference::{Difference, other_files};
pub use document::{FORMAT, Notice, Offer, OfferPart, PolicyDocument};
pub use envelope::{
    Decision, Envelope, EnvelopeError, LineKey, Override, Signed, Status, StatusChange,
};
pub use facility::{Comparison, DebtorLimits, Declared, Facility, FacilityError, FundedInvoice};
pub use invoice_quote::{InvoiceQuote, InvoiceQuoteRequest, invoice_quote};
pub use ledger_change::{ChangeKind, InvoiceFacts, LedgerChange};
pub use line::{LeftOver, LineHold, OfferLine, PricedLine};
pub use made_with::MadeWith;
pub use notice_code::NoticeCode;
pub use origin::{Engine, Origin, OriginError, ScoredBy};
pub use owing::Owing;
pub use part::PartInput;
pub use part_terms::{
    Decline, HeldTotals, MenuChoice, MenuOffer, PartTerms, PartTotals, PayDay, Yields,
};
pub use provenance::{AnswersFile, LaterRows, LedgerFile, Provenance};
pub use queue::{QueueCover, must_confirm};
pub use quote::{Quote, QuoteError, QuoteRange, QuoteRequest, quote, quote_of};
pub use roll_forward::{RollForward, Standing};
pub use schema::offer_schema;
pub use scored::{CURVE_DAYS, Scored};
pub use scoring_note::ScoringNote;
pub use shares::{Collections, DebtorShare, WaterfallStep};
pub use shown::{Percent, shown_probability};
pub use shown_ledger::{ShownDebtor, ShownInvoice, ShownLedger};
pub use since_last::SinceLast;
pub use told::Told;
pub use trailing_dilution::{TrailingSales, dilution_rate};
pub use write::offer_json;
