//! A client's ledger beside one that it sent before.

use basics::Currency;

use super::ledger_change::{ChangeKind, LedgerChange};
use super::matching::{Matched, matched};
use super::rebilled::Replaced;
use super::shown_ledger::ShownLedger;

/// A ledger and an earlier one, matched.
pub(super) struct Comparing<'a> {
    pub before: &'a ShownLedger<'a>,
    pub now: &'a ShownLedger<'a>,
    pub matched: Matched,
}

impl<'a> Comparing<'a> {
    /// Matches the invoices of the two.
    pub fn of(before: &'a ShownLedger<'a>, now: &'a ShownLedger<'a>) -> Self {
        Self { before, now, matched: matched(before, now) }
    }

    /// Names an invoice that the earlier ledger shows as open and the new one lacks, by its index
    /// in the earlier one; with it, what another may bill again.
    pub fn vanished(&self, at: usize) -> Option<(Currency, LedgerChange, Option<Replaced<'_>>)> {
        let invoice = &self.before.invoices[at];
        if invoice.open <= 0 {
            return None;
        }
        let change = invoice.change(ChangeKind::Vanished, &self.before.debtors[invoice.debtor]);
        let change = LedgerChange { before: Some(invoice.facts()), ..change };
        let again = self.matched.debtors[invoice.debtor].map(|debtor| {
            Replaced::vanished(invoice, debtor, self.before.day(), &self.matched.new)
        });
        Some((invoice.currency, change, again))
    }

    /// Returns an invoice that the earlier ledger shows as credited and the new one leaves out, by
    /// its index in the earlier one.
    pub fn credited(&self, at: usize) -> Option<Replaced<'_>> {
        let invoice = &self.before.invoices[at];
        let debtor = self.matched.debtors[invoice.debtor].filter(|_| invoice.is_credited())?;
        Some(Replaced::left_out(invoice, debtor, self.before.day()))
    }

    /// Returns what the debtors had paid by then: debtor, currency and amount in minor units;
    /// `None` where the new ledger does not have the debtor.
    pub fn paid(&self) -> impl Iterator<Item = Option<(usize, Currency, i64)>> + '_ {
        let paid = self.before.invoices.iter().filter(|invoice| invoice.is_collected);
        paid.map(|invoice| {
            let debtor = self.matched.debtors[invoice.debtor]?;
            Some((debtor, invoice.currency, invoice.face))
        })
    }
}
