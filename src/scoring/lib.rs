//! Scoring: a client's own payment history becomes, for every open invoice, a collection curve.
//!
//! Two models share one base. The conditional Kaplan-Meier estimate over days since due
//! ([`KaplanMeier`]) needs no training and serves ledgers of any size. The boosted hazard
//! ([`BoostedHazard`]) corrects it, day by day, by what the calendar, the debtor's balance and its
//! latest payments tell.
//! [`validation`] measures both. Histories come in as plain days ([`History`], [`Spell`]).
//!
//! ```
//! use factorage_scoring::{End, KaplanMeier, PriorCurve, Spell};
//!
//! // 60 invoices of one debtor, issued 30 days before they were due, each paid 5 to 14 days late.
//! let paid_after = |exit| Spell { debtor: 0, entry: -30, exit, end: End::Collected, ago: 90 };
//! let spells: Vec<Spell> = (0..60).map(|number| paid_after(5 + number % 10)).collect();
//! let prior = PriorCurve::new(vec![(-30, 0.0), (0, 0.4), (30, 0.8), (90, 0.95)])?;
//! let model = KaplanMeier::fit(&spells, 1, &prior);
//! // One that is due today: hardly paid tomorrow, nearly surely in a month.
//! let curve = model.debtor(0, 0..=0, 90).score(0);
//! assert!(curve.by(1) < 0.1 && curve.by(30) > 0.9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod boost;
mod boosted;
mod calendar;
mod credibility;
mod expected_dilution;
mod explain;
mod facts;
mod features;
mod hazard;
mod history;
mod km;
mod landmarks;
mod model_file;
mod pay_calendar;
mod prior;
mod score;
mod sentence;
mod shrinkage;
mod spell;
#[cfg(test)]
mod tests;
pub mod validation;

use boost::{BinnedRows, Bins};

pub use boosted::{BoostedHazard, TooFewPaid, Training};
pub use credibility::{Credibility, GroupCredibility};
pub use expected_dilution::{
    ExpectedDilution, LossGivenNonPayment, dilution_by_debtor, loss_given_non_payment,
};
pub use explain::{Explanation, Reason};
pub use features::Topic;
pub use history::{History, PastInvoice};
pub use km::{Basis, CurveWeights, DebtorCurves, HORIZON, KaplanMeier, OWN_HISTORY};
pub use model_file::{Check, FeatureCard, MODEL_FORMAT, ModelFile, ModelFileError};
pub use pay_calendar::PayCalendar;
pub use prior::{PriorCurve, PriorCurveError};
pub use score::{ClientScorer, DebtorScorer, EXPLAINED_DAYS, InvoiceScorer};
pub use spell::{End, Spell};
