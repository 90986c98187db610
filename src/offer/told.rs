//! The outcome for an invoice that the client's ledgers show differently.

use basics::{Currency, Day};
use policy::Finding;

use super::ledger_change::LedgerChange;

/// The outcome for one open invoice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// The issue date that was shown first, if it is earlier.
    pub first_issue: Option<Day>,
    /// The due date that was shown first, if it is earlier.
    pub first_due: Option<Day>,
    /// The day of the last ledger that shows it otherwise: an answer from before that day is not
    /// about this invoice as it is now.
    pub shown_until: Option<Day>,
    /// The reasons to hold it, in their order.
    pub findings: Vec<Finding>,
}

impl Told {
    /// Adds what is told of the same invoice for another reason.
    pub(super) fn add(&mut self, other: Self) {
        self.first_issue = earlier(self.first_issue, other.first_issue);
        self.first_due = earlier(self.first_due, other.first_due);
        self.shown_until = self.shown_until.max(other.shown_until);
        self.findings.extend(other.findings);
    }
}

fn earlier(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    a.into_iter().chain(b).min()
}

/// An invoice of this ledger with its differences.
pub(super) struct Changed {
    /// Its place among the invoices of the client.
    pub place: usize,
    /// The outcome, if it is open.
    pub told: Told,
    /// The difference, if one is listed.
    pub change: Option<(Currency, LedgerChange)>,
}
