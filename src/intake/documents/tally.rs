use rust_decimal::Decimal;

use basics::counted;

use super::super::note::{Note, warning};

/// Counts of documents in a table that a ledger does not usually hold.
#[derive(Debug, Default)]
pub struct Tally {
    /// Documents that raise what is owed.
    pub positive: u64,
    /// Documents that lower it.
    pub negative: u64,
    /// Rows of suppliers' documents.
    pub payables: u64,
    /// Debits other than invoices.
    pub others: u64,
    /// Sum of these debits, in major units.
    pub other_amount: Decimal,
}

impl Tally {
    /// Counts a debit other than an invoice.
    pub fn add_other(&mut self, amount: Decimal) {
        self.others += 1;
        self.other_amount = self.other_amount.checked_add(amount).unwrap_or(Decimal::MAX);
    }

    /// A warning for each kind that the table holds.
    pub fn notes(&self, file: &str) -> Vec<Note> {
        let inverted = if self.negative > self.positive { self.negative } else { 0 };
        let all = [
            (
                warning::MOSTLY_NEGATIVE,
                inverted,
                counted(inverted, "document is", "documents are")
                    + " negative, more than are positive; if the export shows what debtors owe as \
                       negative amounts, reverse the signs",
            ),
            (
                warning::PAYABLES,
                self.payables,
                counted(self.payables, "row is a supplier bill", "rows are supplier bills")
                    + ": what the client owes, not what it is owed",
            ),
            (
                warning::OTHER_DEBITS,
                self.others,
                format!(
                    "left out {} totalling {}, such as journal entries and balances brought \
                     forward",
                    counted(self.others, "non-invoice debit", "non-invoice debits"),
                    self.other_amount
                ),
            ),
        ];
        let there = all.into_iter().filter(|(_, count, _)| *count > 0);
        there.map(|(code, _, what)| Note::new(code, format!("{file}: {what}"))).collect()
    }
}
