//! The differences of an invoice that two ledgers of a client have.

use basics::{Day, from_day_number};
use policy::{Finding, HoldReason};
use words::{Fact, Facts};

use super::ledger_change::ChangeKind;
use super::shown_ledger::ShownInvoice;

/// An invoice in both ledgers.
pub(super) struct Pair<'a> {
    pub before: &'a ShownInvoice<'a>,
    pub now: &'a ShownInvoice<'a>,
    /// True if another debtor owes it.
    pub is_moved: bool,
}

impl Pair<'_> {
    /// Returns how it differs.
    pub fn kinds(&self) -> Vec<ChangeKind> {
        let Self { before, now, is_moved } = *self;
        let is_reopened = before.open == 0 && now.open > 0;
        let kinds = [
            (self.is_re_dated(), ChangeKind::ReDated),
            (self.is_amount_changed(), ChangeKind::AmountChanged),
            (is_reopened, ChangeKind::Reopened),
            (is_moved, ChangeKind::DebtorChanged),
        ];
        kinds.into_iter().filter(|(differs, _)| *differs).map(|(_, kind)| kind).collect()
    }

    fn is_issued_later(&self) -> bool {
        let stated = !self.before.issue_assumed && !self.now.issue_assumed;
        stated && self.now.issue > self.before.issue
    }

    /// Only a date that both ledgers state shows that somebody changed it.
    fn is_re_dated(&self) -> bool {
        let stated = !self.before.due_assumed && !self.now.due_assumed;
        self.is_issued_later() || (stated && self.now.due > self.before.due)
    }

    /// A report of balances shows the balance as the amount.
    fn is_amount_changed(&self) -> bool {
        let Self { before, now, .. } = *self;
        if now.face == before.face {
            return before.open > 0 && now.open > before.open;
        }
        let shows_balances =
            now.face == now.open || (before.face == before.open && now.face > before.face);
        !(shows_balances && now.open <= before.open && before.open > 0)
    }

    /// Returns the issue date of the previous ledger if it is earlier, unless it was only assumed.
    pub fn first_issue(&self) -> Option<Day> {
        let Self { before, now, .. } = *self;
        let is_known = !before.issue_assumed || now.issue_assumed;
        (is_known && before.issue < now.issue).then_some(before.issue)
    }

    /// Returns the due date from which it counts, if that is earlier: the one of the previous
    /// ledger or, where that was assumed, this one's moved back with the issue date.
    pub fn first_due(&self) -> Option<Day> {
        let Self { before, now, .. } = *self;
        let first = if !before.due_assumed || now.due_assumed {
            before.due
        } else if self.is_issued_later() {
            now.due - (now.issue - before.issue)
        } else {
            return None;
        };
        (first < now.due).then_some(first)
    }

    /// Returns what looks wrong about a difference; `None` if nothing does.
    pub fn finding(&self, kind: ChangeKind, debtor_before: &str) -> Option<Finding> {
        let Self { before, now, .. } = *self;
        let dates = |facts: Facts, first: Day, date: Day| {
            facts.with("first_due", from_day_number(first)).with("due", from_day_number(date))
        };
        let (reason, facts) = match (kind, self.first_due()) {
            (ChangeKind::ReDated, Some(first)) => {
                let facts = Facts::new().with("of", Fact::Variant("due"));
                (HoldReason::ReDated, dates(facts, first, now.due))
            }
            (ChangeKind::ReDated, None) => {
                let facts = Facts::new().with("of", Fact::Variant("issue"));
                (HoldReason::ReDated, dates(facts, before.issue, now.issue))
            }
            (ChangeKind::AmountChanged, _) => {
                let is_larger = now.face > before.face;
                // More of what was closed is open: that it was reopened says it.
                let is_more = before.open > 0 && now.open > before.open;
                let (of, was, is) = match (is_larger, is_more) {
                    (true, _) => ("amount", before.face, now.face),
                    (false, true) => ("open", before.open, now.open),
                    (false, false) => return None,
                };
                let facts = Facts::new().with("of", Fact::Variant(of));
                let facts = facts.with("before", before.money(was)).with("now", now.money(is));
                (HoldReason::AmountRaised, facts.with("currency", now.currency))
            }
            (ChangeKind::Reopened, _) => (HoldReason::Reopened, Facts::new()),
            (ChangeKind::DebtorChanged, _) => {
                (HoldReason::DebtorChanged, Facts::new().with("debtor", debtor_before))
            }
            _ => return None,
        };
        Some(Finding::new(reason, facts))
    }
}
