//! Scoring: from a client's own payment history to a collection curve for every open invoice.
//!
//! Two models share one base. The conditional Kaplan-Meier estimate over days since due
//! ([`KaplanMeier`]) needs no training and serves ledgers of any size. The boosted hazard
//! ([`BoostedHazard`]) corrects it, day by day, for the calendar, the debtor's balance and its
//! latest payments. [`validation`] measures both. Histories come in as plain days ([`History`],
//! [`Spell`]).
//!
//! # How an invoice is scored
//!
//! The collection curve P(collected by day d | open today) is built in three steps:
//!
//! 1. *The client's pool.* The daily hazard of payment by days since due, with open invoices as
//!    censored and credit notes and write-offs as competing events (Kaplan and Meier 1958; Aalen
//!    and Johansen 1978). Observations from a year ago carry half the weight. With fewer than
//!    [`OWN_HISTORY`] paid invoices the pool is mixed with the policy's prior curve by weight (paid
//!    / 50); without any the prior alone is used ([`Basis`]), and every line, the page and the
//!    summary say so.
//! 2. *The debtor.* The pooled hazard times factors (O + k) / (E + k) of payments seen over
//!    payments expected, within 30, 14, 5, 2, 1 and 0 days of each age, k = 5 (10 at the last): the
//!    posterior means of gamma-distributed factors given Poisson counts (Gelman et al., Bayesian
//!    Data Analysis, 2.6). A few payments move the neighbourhood a little, many pin down the exact
//!    day.
//!    [`CurveWeights`] tell how far a curve rests on the debtor, the client and the prior.
//! 3. *The day.* A discrete-time hazard (Singer and Willett 1993): the log-odds of payment on each
//!    coming day start from step 2 and are corrected by gradient-boosted trees (Friedman 2001;
//!    leaf-wise on histograms as in Ke et al. 2017). They look at the weekday and the working day
//!    of the month, the debtor's habit of paying on them, its recent lateness, what it owes and
//!    what is overdue, amount, terms, age, part payments, credits, disputes, and how fast all
//!    debtors pay at present. They are trained on landmarks (van Houwelingen 2007): days in the
//!    past at which open invoices are looked at with nothing later in sight. Two sets of 100 to 250
//!    small trees on different samples are averaged. All features are declared in `features.rs`,
//!    and a [`ModelFile`] lists them.
//!
//! With h(t) the hazard of collection and r(t) that of removal on day t from today:
//!
//! ```text
//! P(collected by day d) = sum over t = 1..d of S(t - 1) h(t)
//! S(t)                  = S(t - 1) (1 - h(t) - r(t)), S(0) = 1
//! ```
//!
//! # Reasons, dilution and loss
//!
//! - [`Reason`]s split the difference from an average debtor's invoice of the same age: each day's
//!   difference of -ln(1 - h) in proportion to what the features add to that day's log-odds (path
//!   contributions, Saabas 2014), in percentage points of P(collected within 30 days).
//! - [`dilution_by_debtor`]: Bühlmann and Straub's (1970) credibility estimate of credited over
//!   invoiced ([`Credibility`]).
//! - [`loss_given_non_payment`]: what was written off of invoices unpaid 90 days past due, by
//!   weight n / (n + 20) against the policy's share.
//! - [`PayCalendar`]: how much more often debtors pay in each place of the month (gamma-Poisson;
//!   Clayton and Kaldor 1987).
//!
//! Dilution sizes the reserve, loss enters the price.
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
