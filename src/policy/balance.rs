use super::criteria::Criteria;
use super::cross_aging::{CrossAgeBase, is_cross_aged};
use super::receivable::Pool;

/// A debtor's balances, in minor units of the pool's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DebtorBalance {
    /// All its open invoices.
    pub gross: i128,
    /// Those beyond the policy's past-due limit for buying.
    pub past_due: i128,
    /// Those beyond the past-due limit at which a bought invoice leaves the borrowing base.
    pub stays_past_due: i128,
    /// Those that may be bought, or have been, and are not past due: an invoice that is excluded or
    /// held would cure its debtor otherwise. Index 0: by the limit for buying, 1: by that for
    /// staying.
    pub within: [i128; 2],
    /// Its unapplied credits.
    pub credit: i128,
    /// The balance left by the invoice and debtor rules, its credits and its limits.
    pub eligible: i128,
}

impl DebtorBalance {
    /// Returns the balances of a pool's debtors before any rule takes anything, index = debtor.
    /// `counts` tells of each receivable if it may be bought.
    pub(super) fn all(
        pool: &Pool,
        criteria: &Criteria,
        counts: impl Fn(usize) -> bool,
    ) -> Vec<Self> {
        let start = |credit: i64| Self { credit: credit.into(), ..Self::default() };
        let credits = pool.debtors.iter().map(|debtor| debtor.unapplied_credit.minor());
        let mut balances: Vec<Self> = credits.map(start).collect();
        for (index, receivable) in pool.receivables.iter().enumerate() {
            let open = i128::from(receivable.open.minor());
            let balance = &mut balances[receivable.debtor];
            balance.gross += open;
            let (days, counts) = (receivable.days_past_due(pool.as_of), counts(index));
            let [buying, staying] = [false, true].map(|funded| days > criteria.past_due(funded));
            balance.past_due += if buying { open } else { 0 };
            balance.stays_past_due += if staying { open } else { 0 };
            // What the debtor contests is no part of what it will pay on time.
            let within = i128::from(receivable.uncontested().minor());
            balance.within[0] += if counts && !buying { within } else { 0 };
            balance.within[1] += if counts && !staying { within } else { 0 };
        }
        balances
    }

    /// Returns true if the past-due share of the balance meets the policy's threshold: by the limit
    /// for buying or, for an invoice that has been bought, by that for staying. Exact, without
    /// division.
    pub(super) fn is_cross_aged(&self, criteria: &Criteria, funded: bool) -> bool {
        let rule = criteria.cross_aging;
        is_cross_aged(self.past_due(funded), self.of(rule.base, funded), rule)
    }

    /// Returns the past-due share of the balance that the policy's cross-aging rule names, by the
    /// limit for buying; 1 if something is past due and nothing is left of the balance.
    pub fn past_due_share(&self, base: CrossAgeBase) -> f64 {
        self.share(base, false)
    }

    /// Returns the past-due share by the limit for buying, or that for staying.
    pub(super) fn share(&self, base: CrossAgeBase, funded: bool) -> f64 {
        let balance = self.of(base, funded);
        match self.past_due(funded) {
            0 => 0.0,
            past_due if balance > 0 => past_due as f64 / balance as f64,
            _ => 1.0,
        }
    }

    /// Returns the balance of which a share is taken: what is past due, and what is within.
    pub(super) fn of(&self, base: CrossAgeBase, funded: bool) -> i128 {
        let counted = self.past_due(funded) + self.within[usize::from(funded)];
        match base {
            CrossAgeBase::Gross => counted,
            CrossAgeBase::Net => counted - self.credit,
        }
    }

    fn past_due(&self, funded: bool) -> i128 {
        if funded { self.stays_past_due } else { self.past_due }
    }
}
