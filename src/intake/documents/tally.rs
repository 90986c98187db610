use rust_decimal::Decimal;

use super::super::note::{Note, warning};

/// What a table holds that a ledger mostly does not.
#[derive(Debug, Default)]
pub struct Tally {
    /// Documents that raise what is owed.
    pub positive: u64,
    /// Documents that lower it.
    pub negative: u64,
    /// Rows of suppliers' documents.
    pub payables: u64,
    /// Debits that are no invoices.
    pub others: u64,
    /// What these add up to, in major units.
    pub other_amount: Decimal,
}

impl Tally {
    /// Counts a debit that is no invoice.
    pub fn add_other(&mut self, amount: Decimal) {
        self.others += 1;
        self.other_amount = self.other_amount.checked_add(amount).unwrap_or(Decimal::MAX);
    }

    /// A warning for each thing that is there.
    pub fn notes(&self, file: &str) -> Vec<Note> {
        let inverted = if self.negative > self.positive { self.negative } else { 0 };
        let all = [
            (
                warning::MOSTLY_NEGATIVE,
                inverted,
                "documents are negative, more than are not: if the export shows what is owed as \
                 negative, turn the signs"
                    .to_owned(),
            ),
            (
                warning::PAYABLES,
                self.payables,
                "rows are bills of suppliers: what the client owes, not what it is owed".to_owned(),
            ),
            (
                warning::OTHER_DEBITS,
                self.others,
                format!(
                    "rows of {} together are debits that are no invoices, such as journal entries \
                     and balances brought forward; they are in no balance here",
                    self.other_amount
                ),
            ),
        ];
        let there = all.into_iter().filter(|(_, count, _)| *count > 0);
        there
            .map(|(code, count, what)| Note::new(code, format!("{file}: {count} {what}")))
            .collect()
    }
}
