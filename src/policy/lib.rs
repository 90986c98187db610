//! Policy: the written rules decide which invoices are bought, how much of each, and why.
//!
//! [`Policy`] is read from TOML, [`assess`] runs its rules level by level over a [`Pool`] of plain
//! values, [`counterfactuals`] finds the smallest change that would lift a rule. A rule is a file
//! of `rules/`: its test or cut, the facts of its reason, its lever; its sentences are in the
//! catalogue of the room `words` under its code.
//!
//! ```
//! use factorage_policy::Policy;
//!
//! let policy = Policy::standard()?;
//! let sentences = policy.sentences();
//! assert!(sentences.iter().any(|(_, said)| said.iter().any(|s| s.contains("past due"))));
//! // A fault in a policy is named.
//! let wrong = policy.text().replace("valid_days", "valid_dayz");
//! let error = wrong.parse::<Policy>().unwrap_err().to_string();
//! assert!(error.contains("valid_dayz"), "{error}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
mod age_tests;
mod assessment;
mod balance;
mod change;
mod check;
mod concentration;
mod confirm;
#[cfg(test)]
mod confirm_laws;
mod confirmation;
mod confirmations;
mod counterfactual;
mod criteria;
mod cross_aging;
mod eligibility;
mod extends;
#[cfg(test)]
mod funded_tests;
mod hold;
mod holding;
#[cfg(test)]
mod laws;
mod limit_terms;
mod objection;
mod policy;
mod reasons;
mod receivable;
mod risk_terms;
mod rules;
mod sentences;
mod teaching;
mod terms;
#[cfg(test)]
mod tests;
mod usual_terms;
mod verification;

pub use assessment::Assessment;
pub use balance::DebtorBalance;
pub use change::Change;
pub use concentration::{
    Concentration, ConcentrationBy, Denominator, beyond_limit, cap as concentration_cap,
};
pub use confirm::{ConfirmTerms, Confirmable, Verification};
pub use confirmation::{AnswerTime, Channel, ConfirmOutcome, Confirmation, NoTime, UnknownWord};
pub use confirmations::Confirmations;
pub use counterfactual::{Counterfactual, counterfactuals};
pub use criteria::Criteria;
pub use cross_aging::{Comparator, CrossAgeBase, CrossAging, is_cross_aged};
pub use eligibility::{Condition, Eligibility, assess};
pub use hold::{Finding, HoldKind, HoldReason};
pub use limit_terms::{LimitBasis, LimitOrder, LimitTerms};
pub use objection::Objection;
pub use policy::{Policy, PolicyError};
pub use reasons::Reasons;
pub use receivable::{
    Acquaintance, CopyOf, DebtorAccount, GivenAnswer, Pool, Receivable, Room, Scrutiny,
};
pub use risk_terms::RiskTerms;
pub use rules::{Rule, RuleSet};
pub use teaching::teaches;
pub use usual_terms::{TermsSource, UsualTerms};
pub use verification::VerificationRules;
