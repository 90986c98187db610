//! Underwriting: the written policy decides which invoices are bought, how much of each, and what
//! the offer says.
//!
//! [`Policy`] is read from TOML, [`assess`] runs its rules level by level, [`Offer`] is the
//! document that both sides rely on. Receivables come in as plain values ([`Receivable`]); nothing
//! here knows frames or files.
//!
//! ```
//! use factorage_underwriting::Policy;
//!
//! let policy = Policy::standard()?;
//! let sentences = policy.sentences();
//! assert!(sentences.iter().any(|(_, said)| said.iter().any(|s| s.contains("past due"))));
//! // What is wrong in a policy is named.
//! let wrong = policy.text().replace("valid_days", "valid_dayz");
//! let error = wrong.parse::<Policy>().unwrap_err().to_string();
//! assert!(error.contains("valid_dayz"), "{error}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ageing;
mod assessment;
mod borrowing_base;
mod concentration;
mod counterfactual;
mod dilution;
mod eligibility;
mod envelope;
mod facility;
mod ledger_change;
mod limit_terms;
mod limits;
mod offer;
mod policy;
mod provenance;
mod receivable;
mod risk_terms;
mod roll_forward;
mod rule;
mod verification;

pub use ageing::{AgeBand, AgeingBucket, BANDS, ageing};
pub use assessment::Assessment;
pub use borrowing_base::{BorrowingBase, BorrowingTerms, borrowing_base};
pub use concentration::{beyond_limit, cap as concentration_cap};
pub use counterfactual::{Change, Counterfactual, counterfactuals};
pub use dilution::dilution_rate;
pub use eligibility::{Condition, DebtorBalance, Eligibility, assess, is_cross_aged};
pub use envelope::{Decision, Envelope, EnvelopeError, Override, Signed, Status, StatusChange};
pub use facility::{Comparison, Declared, Facility, FacilityError, FundedInvoice};
pub use ledger_change::{ChangeKind, InvoiceFacts, LedgerChange};
pub use limit_terms::{LimitBasis, LimitOrder, LimitTerms};
pub use offer::{
    Certificate, Collections, DebtorShare, Decline, FORMAT, MenuChoice, MenuOffer, Notice, Offer,
    OfferLine, OfferPart, PartTerms, PartTotals, PayDay, Percent, PolicyDocument, PricedLine,
    ScoringNote, WaterfallStep, Yields, shown_probability,
};
pub use policy::{
    Comparator, Concentration, ConcentrationBy, CrossAgeBase, CrossAging, Denominator, Policy,
    PolicyError,
};
pub use provenance::{LaterRows, LedgerFile, Provenance};
pub use receivable::{DebtorAccount, DebtorTold, Pool, Receivable};
pub use risk_terms::RiskTerms;
pub use roll_forward::{RollForward, Standing};
pub use rule::{Rule, RuleSet};
pub use verification::{Confirmable, Verification, VerificationRules};
