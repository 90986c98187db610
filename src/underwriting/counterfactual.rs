//! The smallest change that would make an invoice eligible, verified by running the rules again
//! with that change.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use schemars::JsonSchema;
use serde::Serialize;

use crate::basics::Money;

use super::concentration::beyond_limit;
use super::{Assessment, CrossAgeBase, DebtorAccount, Eligibility, Policy, Pool, Rule, assess};

/// A change that would make the policy buy more of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counterfactual {
    /// What would have to change.
    pub change: Change,
    /// The same in words.
    pub sentence: String,
    /// By how much: what has to be paid, or a limit raised; absent where it is a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What more of the invoice would then pass the rules.
    pub gains: Money,
}

/// What may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The client shows that the other invoice of this number is another one.
    NumberExplained,
    /// Whoever else is to be paid releases it.
    Released,
    /// The debtor withdraws its dispute.
    DisputeSettled,
    /// Time passes until it is close enough to its due date.
    Time,
    /// The debtor pays some of what is past due.
    PastDuePaid,
    /// The debtor's credits are paid out or used.
    CreditsUsed,
    /// The client pays what it owes the debtor.
    PayablePaid,
    /// The limit for the debtor is raised.
    LimitRaised,
}

/// Counterfactuals for one debtor's receivables, which stand at `own` in the pool.
pub fn counterfactuals(
    pool: &Pool,
    policy: &Policy,
    eligibility: &Eligibility,
    own: std::ops::Range<usize>,
) -> Vec<Option<Counterfactual>> {
    let case = Case { pool, policy, eligibility, own: own.clone() };
    own.map(|index| case.of(index)).collect()
}

struct Case<'a> {
    pool: &'a Pool,
    policy: &'a Policy,
    eligibility: &'a Eligibility,
    own: std::ops::Range<usize>,
}

impl Case<'_> {
    fn of(&self, index: usize) -> Option<Counterfactual> {
        let assessment = &self.eligibility.assessments[index];
        let rule = match assessment.excluded_by {
            Some(rule) => rule,
            None if assessment.concentration_excess.minor() > 0 => return self.limit(index),
            None => {
                let cut = assessment.parts().into_iter().find(|(_, part)| part.minor() > 0);
                cut.map(|(rule, _)| rule)?
            }
        };
        let mut changed = self.alone();
        let at = index - self.own.start;
        let receivable = &mut changed.receivables[at];
        let (change, amount) = match rule {
            Rule::Duplicate => {
                receivable.duplicate = false;
                (Change::NumberExplained, None)
            }
            Rule::AlreadyAssigned => {
                receivable.already_assigned = false;
                (Change::Released, None)
            }
            Rule::Disputed => {
                receivable.disputed = Some(false);
                (Change::DisputeSettled, None)
            }
            Rule::LongDated => {
                changed.as_of = receivable.due - self.policy.maximum_days_to_due();
                (Change::Time, None)
            }
            Rule::CrossAged => (Change::PastDuePaid, Some(self.pay_past_due(&mut changed)?)),
            Rule::CreditBalance | Rule::UnappliedCredit => {
                let credit = changed.debtors[0].unapplied_credit;
                changed.debtors[0].unapplied_credit = Money::zero(self.pool.currency);
                (Change::CreditsUsed, Some(credit))
            }
            Rule::Contra => {
                let owed = changed.debtors[0].told.payable.take()?;
                (Change::PayablePaid, Some(owed))
            }
            Rule::DebtorLimit => {
                let own = &self.eligibility.assessments[self.own.clone()];
                let excess: i64 = own.iter().map(|a| a.limit_excess.minor()).sum();
                let limit = changed.debtors[0].told.limit.as_mut()?;
                let more = Money::from_minor(excess, self.pool.currency);
                *limit = limit.checked_add(more).ok()?;
                (Change::LimitRaised, Some(more))
            }
            // Nothing that the client can do makes an invoice younger or larger.
            Rule::Affiliate
            | Rule::Government
            | Rule::Foreign
            | Rule::Insolvent
            | Rule::FutureDated
            | Rule::PastDue
            | Rule::MinimumSize
            | Rule::Concentration
            | Rule::NoFeasibleTerms => return None,
        };
        let after = assess(&changed, self.policy).assessments[at];
        let gains = passed(&after).checked_sub(passed(assessment)).ok()?;
        if gains.minor() <= 0 {
            return None;
        }
        let wait = (change == Change::Time).then_some(changed.as_of - self.pool.as_of);
        Some(Counterfactual { change, sentence: sentence(change, amount, wait), amount, gains })
    }

    /// The debtor's receivables as a pool of their own: but for concentration, the rules look at
    /// nothing else.
    fn alone(&self) -> Pool {
        let mut receivables = self.pool.receivables[self.own.clone()].to_vec();
        let debtor: &DebtorAccount = &self.pool.debtors[receivables[0].debtor];
        receivables.iter_mut().for_each(|receivable| receivable.debtor = 0);
        Pool {
            currency: self.pool.currency,
            as_of: self.pool.as_of,
            receivables,
            debtors: vec![debtor.clone()],
        }
    }

    /// Pays the smallest amount of what is past due, the oldest first, that ends cross-aging:
    /// (past due - x) / (balance - x) comes to the threshold.
    fn pay_past_due(&self, pool: &mut Pool) -> Option<Money> {
        let rule = self.policy.cross_aging();
        let debtor = &self.eligibility.debtors[self.pool.receivables[self.own.start].debtor];
        let balance = match rule.base {
            CrossAgeBase::Gross => debtor.gross,
            CrossAgeBase::Net => debtor.gross - debtor.credit,
        };
        let decimal = |minor: i128| Decimal::try_from_i128_with_scale(minor, 0).ok();
        let share = rule.threshold_percent.fraction();
        let above = decimal(debtor.past_due)?.checked_sub(decimal(balance)?.checked_mul(share)?)?;
        let needed = above.checked_div(Decimal::ONE.checked_sub(share)?)?;
        let ceiling = needed.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        // Where reaching the threshold is enough to fail, one more cent.
        let exact = ceiling == needed && rule.comparator == super::Comparator::AtLeast;
        let needed = ceiling.to_i64()?.checked_add(i64::from(exact))?.max(1);
        let mut left = needed;
        let mut order: Vec<usize> = (0..pool.receivables.len()).collect();
        order.sort_by_key(|&index| pool.receivables[index].due);
        for index in order {
            let receivable = &mut pool.receivables[index];
            if receivable.days_past_due(pool.as_of) <= self.policy.past_due_days() {
                break;
            }
            let paid = receivable.open.minor().min(left);
            receivable.open =
                Money::from_minor(receivable.open.minor() - paid, receivable.open.currency());
            left -= paid;
        }
        pool.receivables.iter_mut().for_each(|receivable| {
            // A paid invoice is no balance; its flags matter to nobody.
            if receivable.open.minor() == 0 {
                receivable.due = pool.as_of;
            }
        });
        (left == 0).then(|| Money::from_minor(needed, self.pool.currency))
    }

    /// The debtor's limit raised by all that is above it, run through the limit again.
    fn limit(&self, index: usize) -> Option<Counterfactual> {
        let own = &self.eligibility.assessments[self.own.clone()];
        let excess: i64 = own.iter().map(|a| a.concentration_excess.minor()).sum();
        let cap = self.eligibility.concentration_cap.minor().checked_add(excess)?;
        let amounts = own.iter().map(|a| passed(a).minor());
        if beyond_limit(cap, amounts.collect::<Vec<_>>()).iter().any(|&beyond| beyond > 0) {
            return None;
        }
        let amount = Some(Money::from_minor(excess, self.pool.currency));
        Some(Counterfactual {
            change: Change::LimitRaised,
            sentence: sentence(Change::LimitRaised, amount, None),
            amount,
            gains: self.eligibility.assessments[index].concentration_excess,
        })
    }
}

/// What of an invoice passes every rule but concentration, which depends on all other debtors.
fn passed(assessment: &Assessment) -> Money {
    let parts = [assessment.bought, assessment.concentration_excess, assessment.declined];
    let currency = assessment.bought.currency();
    Money::from_minor(parts.iter().map(|part| part.minor()).sum(), currency)
}

fn sentence(change: Change, amount: Option<Money>, wait: Option<i32>) -> String {
    let amount = amount.map(|amount| format!("{} {}", amount.grouped(), amount.currency()));
    let amount = amount.unwrap_or_default();
    match change {
        Change::NumberExplained => {
            "If the client shows that it is another invoice than the one with the same number."
                .into()
        }
        Change::Released => "If whoever else is to be paid releases it.".into(),
        Change::DisputeSettled => "If the customer withdraws its dispute.".into(),
        Change::Time => format!("In {} days.", wait.unwrap_or_default()),
        Change::PastDuePaid => format!("If the customer pays {amount} of what is past due."),
        Change::CreditsUsed => format!("If its credits of {amount} are paid out or used."),
        Change::PayablePaid => {
            format!("If the client pays the {amount} that it owes the customer.")
        }
        Change::LimitRaised => format!("If the limit for this customer is raised by {amount}."),
    }
}
