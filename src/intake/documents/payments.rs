//! Rows of a payments file: one per payment, or one per invoice that a payment pays.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::super::field::Field;
use super::super::row_cells::Cells;
use super::DocumentCells;

/// The payments of a file, gathered until the unapplied part of each is known.
#[derive(Debug, Default)]
pub struct Payments {
    rows: Vec<DocumentCells>,
    /// Rows of each payment, by its number, debtor, date and amount.
    of_payment: HashMap<[String; 2], Vec<usize>>,
}

impl Payments {
    /// Adds a row.
    pub fn take(&mut self, cells: &DocumentCells) {
        let number = cells.cell(Field::DocumentId);
        let number = if number.is_empty() { cells.cell(Field::InvoiceNumber) } else { number };
        let at = self.rows.len();
        self.rows.push(cells.clone());
        let fields = [Field::DebtorId, Field::DebtorName, Field::PaidDate, Field::Amount];
        let others = fields.map(|field| cells.cell(field)).join("\u{1f}");
        // A payment without a number is a payment of one row, so its key must be unique.
        let number = if number.is_empty() { format!("\u{1f}{at}") } else { number.to_owned() };
        self.of_payment.entry([number, others]).or_default().push(at);
    }

    /// The rows, each with its share of the payment in `Amount`: the part applied to its invoice,
    /// or the part that stays unapplied.
    pub fn into_settlements(mut self) -> Vec<(DocumentCells, Share)> {
        let mut shares = vec![Share::Nothing; self.rows.len()];
        for rows in self.of_payment.values() {
            self.share_out(rows, &mut shares);
        }
        let negative = |cells: &DocumentCells| {
            let amount = [Field::AppliedAmount, Field::Amount];
            amount.iter().any(|&field| cells.number(field).is_some_and(|n| n < Decimal::ZERO))
        };
        // If at least half of the payments are negative, the file writes payments with a minus.
        let negatives = self.rows.iter().filter(|cells| negative(cells)).count();
        if 2 * negatives < self.rows.len() {
            let reversals = self.rows.iter().zip(&mut shares).filter(|(row, _)| negative(row));
            reversals.for_each(|(_, share)| *share = Share::Reversal);
        }
        for (cells, share) in self.rows.iter_mut().zip(&shares) {
            if let Share::Applied(sum) | Share::Unapplied(sum) | Share::Both { applied: sum, .. } =
                share
                && !cells.is_faulty(Field::Amount)
            {
                cells.set_number(Field::Amount, *sum);
            }
        }
        self.rows.into_iter().zip(shares).collect()
    }

    fn share_out(&self, rows: &[usize], shares: &mut [Share]) {
        let whole =
            rows.iter().find_map(|&at| self.rows[at].number(Field::Amount)).map(|n| n.abs());
        let mut left = whole;
        for &at in rows {
            let cells = &self.rows[at];
            if cells.cell(Field::AppliedTo).is_empty() {
                continue;
            }
            let applied = cells.number(Field::AppliedAmount).map(|n| n.abs());
            // A payment of one row pays its invoice in full.
            let sum = applied.or(whole.filter(|_| rows.len() == 1)).or(cells.number(Field::Amount));
            let sum = sum.unwrap_or_default().abs();
            left = left.map(|left| left - sum);
            shares[at] = Share::Applied(sum);
        }
        let open = left.filter(|left| *left > Decimal::ZERO);
        let bare = rows.iter().rev().find(|&&at| self.rows[at].cell(Field::AppliedTo).is_empty());
        match (open, bare, rows.last()) {
            (Some(left), Some(&at), _) => shares[at] = Share::Unapplied(left),
            (Some(left), None, Some(&at)) => {
                if let Share::Applied(applied) = shares[at] {
                    shares[at] = Share::Both { applied, unapplied: left };
                }
            }
            // If the amount cannot be read, the check of the row names the fault.
            (None, Some(&at), _) if whole.is_none() => shares[at] = Share::Unapplied(Decimal::ZERO),
            _ => {}
        }
    }
}

/// The share of a payment in one of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// None: another row holds all of it.
    Nothing,
    /// A reversal of a payment, in a file in which most are not.
    Reversal,
    /// The amount applied to the invoice that the row names.
    Applied(Decimal),
    /// The amount that the payment leaves unapplied.
    Unapplied(Decimal),
    /// Both, because no other row holds the unapplied amount.
    Both { applied: Decimal, unapplied: Decimal },
}
