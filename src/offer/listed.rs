//! The invoices that a ledger would have listed.

use std::collections::BTreeMap;

use basics::{Currency, Day};

use super::shown_ledger::{ShownInvoice, ShownLedger};

/// The range of a ledger: it tells if the ledger would have listed an invoice.
pub(super) struct Listed {
    date: Day,
    /// The earliest issue date of its invoices, in each currency.
    first: BTreeMap<Currency, Day>,
    /// True if it lists invoices that are not yet due, or closed ones.
    beyond_past_due: bool,
}

impl Listed {
    pub fn of(ledger: &ShownLedger<'_>) -> Self {
        let date = ledger.day();
        let mut first = BTreeMap::new();
        for invoice in ledger.invoices.iter().filter(|invoice| !invoice.issue_assumed) {
            let earliest = first.entry(invoice.currency).or_insert(invoice.issue);
            *earliest = invoice.issue.min(*earliest);
        }
        let beyond = |invoice: &ShownInvoice<'_>| invoice.open == 0 || invoice.due >= date;
        Self { date, first, beyond_past_due: ledger.invoices.iter().any(beyond) }
    }

    /// Returns true if the ledger would have listed an invoice: it was issued before the ledger's
    /// date, and the ledger goes back that far in its currency. A list of what is past due leaves
    /// out what was not.
    pub fn would_list(&self, invoice: &ShownInvoice<'_>) -> bool {
        let first = self.first.get(&invoice.currency);
        let goes_back = first.is_some_and(|&first| first <= invoice.issue);
        let was_past_due = invoice.due < self.date;
        !invoice.issue_assumed
            && invoice.issue < self.date
            && goes_back
            && (self.beyond_past_due || was_past_due)
    }
}
