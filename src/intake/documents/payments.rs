//! Rows of a payments file: one per payment, or one per invoice that it pays.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::super::field::Field;
use super::super::row_cells::Cells;
use super::DocumentCells;

/// The payments of a file, before what is left of each is known.
#[derive(Debug, Default)]
pub struct Payments {
    rows: Vec<DocumentCells>,
    /// Rows of each payment, by its number, debtor, date and amount.
    of_payment: HashMap<[String; 2], Vec<usize>>,
}

impl Payments {
    /// Takes in a row.
    pub fn take(&mut self, cells: &DocumentCells) {
        let number = cells.cell(Field::DocumentId);
        let number = if number.is_empty() { cells.cell(Field::InvoiceNumber) } else { number };
        let at = self.rows.len();
        self.rows.push(cells.clone());
        let fields = [Field::DebtorId, Field::DebtorName, Field::PaidDate, Field::Amount];
        let others = fields.map(|field| cells.cell(field)).join("\u{1f}");
        // A payment without a number stands alone.
        let number = if number.is_empty() { format!("\u{1f}{at}") } else { number.to_owned() };
        self.of_payment.entry([number, others]).or_default().push(at);
    }

    /// The rows with what each settles in `Amount`: what is applied to its invoice, or what its
    /// payment leaves unapplied. A row of which nothing is left is empty.
    pub fn into_settlements(mut self) -> Vec<(DocumentCells, Share)> {
        let mut shares = vec![Share::Nothing; self.rows.len()];
        for rows in self.of_payment.values() {
            self.share_out(rows, &mut shares);
        }
        let negative = |cells: &DocumentCells| {
            let amount = [Field::AppliedAmount, Field::Amount];
            amount.iter().any(|&field| cells.number(field).is_some_and(|n| n < Decimal::ZERO))
        };
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
            // A payment of one row pays its invoice with all of it.
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
            // Without a readable amount the row's own check names the fault.
            (None, Some(&at), _) if whole.is_none() => shares[at] = Share::Unapplied(Decimal::ZERO),
            _ => {}
        }
    }
}

/// What one row of a payment settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Nothing that another row does not.
    Nothing,
    /// It takes a payment back, among payments that do not.
    Reversal,
    /// This much of the invoice that it names.
    Applied(Decimal),
    /// What the payment leaves.
    Unapplied(Decimal),
    /// Part of it pays the invoice, and no other row holds the rest.
    Both { applied: Decimal, unapplied: Decimal },
}
