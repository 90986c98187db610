//! The offer document and what it is made of: every invoice with its decision and its price, the
//! terms, the waterfall from gross to bought, the borrowing base, and the envelope of what became
//! of it.

mod ageing;
mod borrowing_base;
mod dilution;
mod envelope;
mod facility;
mod ledger_change;
mod offer;
mod provenance;
mod roll_forward;

pub use ageing::{AgeBand, AgeingBucket, BANDS, ageing};
pub use borrowing_base::{BorrowingBase, BorrowingTerms, borrowing_base};
pub use dilution::dilution_rate;
pub use envelope::{Decision, Envelope, EnvelopeError, Override, Signed, Status, StatusChange};
pub use facility::{Comparison, Declared, Facility, FacilityError, FundedInvoice};
pub use ledger_change::{ChangeKind, InvoiceFacts, LedgerChange};
pub use offer::{
    Certificate, Collections, DebtorShare, Decline, FORMAT, MenuChoice, MenuOffer, Notice, Offer,
    OfferLine, OfferPart, PartTerms, PartTotals, PayDay, Percent, PolicyDocument, PricedLine,
    ScoringNote, WaterfallStep, Yields, shown_probability,
};
pub use provenance::{LaterRows, LedgerFile, Provenance};
pub use roll_forward::{RollForward, Standing};
