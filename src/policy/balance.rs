use super::criteria::Criteria;
use super::cross_aging::{CrossAgeBase, is_cross_aged};
use super::receivable::Pool;

/// A debtor's balances, in minor units of the pool's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DebtorBalance {
    /// All its open invoices.
    pub gross: i128,
    /// Those beyond the policy's past-due limit.
    pub past_due: i128,
    /// Its unapplied credits.
    pub credit: i128,
    /// The balance left by the invoice and debtor rules, its credits and its limits.
    pub eligible: i128,
}

impl DebtorBalance {
    /// Returns the balances of a pool's debtors before any rule takes anything, index = debtor.
    pub(super) fn all(pool: &Pool, criteria: &Criteria) -> Vec<Self> {
        let start = |credit: i64| Self { credit: credit.into(), ..Self::default() };
        let credits = pool.debtors.iter().map(|debtor| debtor.unapplied_credit.minor());
        let mut balances: Vec<Self> = credits.map(start).collect();
        for receivable in &pool.receivables {
            // Each balance fits into 64 bits, their sum need not.
            let open = i128::from(receivable.open.minor());
            let balance = &mut balances[receivable.debtor];
            balance.gross += open;
            if receivable.days_past_due(pool.as_of) > criteria.past_due_days {
                balance.past_due += open;
            }
        }
        balances
    }

    /// Returns true if the past-due share of the balance meets the policy's threshold. Exact,
    /// without division.
    pub(super) fn is_cross_aged(&self, criteria: &Criteria) -> bool {
        let rule = criteria.cross_aging;
        is_cross_aged(self.past_due, self.of(rule.base), rule)
    }

    /// Returns the past-due share of the balance that the policy's cross-aging rule names; 1 if
    /// nothing is left of it.
    pub fn past_due_share(&self, base: CrossAgeBase) -> f64 {
        let balance = self.of(base);
        if balance > 0 { self.past_due as f64 / balance as f64 } else { 1.0 }
    }

    /// Returns the balance of which a share is taken.
    pub(super) fn of(&self, base: CrossAgeBase) -> i128 {
        match base {
            CrossAgeBase::Gross => self.gross,
            CrossAgeBase::Net => self.gross - self.credit,
        }
    }
}
