//! The rules of a policy: one file a rule, named by its code, and their list in [`rule`].

mod affiliate;
mod already_assigned;
mod already_funded;
mod clause;
mod concentration;
mod confirmed_amount;
mod consumer;
mod contra;
mod credit_balance;
mod cross_aged;
mod cutting;
mod debtor_limit;
mod disputed;
mod duplicate;
mod facility_limit;
mod foreign;
mod future_dated;
mod government;
mod group_limit;
mod insolvent;
mod long_dated;
mod minimum_size;
mod no_feasible_terms;
mod non_assignable;
mod not_offered;
mod past_due;
mod past_invoice_date;
mod progress_billing;
mod rule;
#[cfg(test)]
pub(super) mod tests;
mod unapplied_credit;
mod unconfirmed;
mod unconfirmed_debtor;

pub(super) use clause::{Alone, Grounds, Lever, Party, Seen, SharedLimit, Test, Verdict};
pub(super) use cutting::{Cutting, Left, Orders, Stage};
pub use rule::{Rule, RuleSet};
