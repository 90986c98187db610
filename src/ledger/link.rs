//! Finds the invoice of each settlement that stands in a row of its own.

use std::collections::HashMap;

use crate::basics::{Currency, Day};

use super::SettlementKind;
use super::assemble::Gathered;
use super::batch::{Loose, Place};
use super::field::bare;
use super::note::{Note, warning};

/// A settlement, or the part of it that reduces one invoice.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// Row of the invoice among all rows; none when it reduces no invoice.
    pub row: Option<usize>,
    pub debtor: u32,
    pub kind: SettlementKind,
    pub date: Option<Day>,
    /// Minor units, positive.
    pub amount: i64,
    pub currency: Currency,
    pub place: Place,
}

/// Applies each settlement to the invoice that it names, in order of their dates and no further
/// than it is open; the rest stays unapplied. The result is in order of the debtors, applied ones
/// by invoice, then unapplied ones.
pub(super) fn link(gathered: &mut Gathered) -> Vec<Linked> {
    if gathered.settlements.is_empty() {
        return Vec::new();
    }
    let mut settlements = std::mem::take(&mut gathered.settlements);
    settlements.sort_by(|a, b| order(a).cmp(&order(b)));
    let numbers = Numbers::of(gathered);
    let mut open: HashMap<usize, i64> = HashMap::new();
    let mut linked = Vec::with_capacity(settlements.len());
    let mut unmatched = Vec::new();
    for settlement in &settlements {
        let row = numbers.find(settlement, gathered);
        if row.is_none() && !settlement.applied_to.is_empty() {
            unmatched.push(settlement);
        }
        let applied = row.map_or(0, |row| {
            displace(gathered, row, settlement);
            let open = open.entry(row).or_insert_with(|| gathered.open_of(row));
            let applied = settlement.amount.min(*open);
            *open -= applied;
            applied
        });
        let part = |row, debtor, amount| Linked {
            row,
            debtor,
            kind: settlement.kind,
            date: settlement.date,
            amount,
            currency: settlement.currency,
            place: settlement.place,
        };
        if let Some(row) = row.filter(|_| applied > 0) {
            linked.push(part(Some(row), gathered.rows[row].debtor, applied));
        }
        if settlement.amount > applied {
            let debtor = row.map_or(settlement.debtor, |row| gathered.rows[row].debtor);
            linked.push(part(None, debtor, settlement.amount - applied));
        }
    }
    let unmatched = unmatched_note(&unmatched, gathered);
    gathered.notes.warnings.extend(unmatched);
    linked.sort_by_key(|part| (part.debtor, part.row.is_none(), part.row));
    gathered.settlements = settlements;
    linked
}

/// The order in which settlements are applied; the place only tells equal ones apart.
fn order(of: &Loose) -> impl Ord + '_ {
    let place = (of.place.file, of.place.line);
    (of.date, of.debtor, &of.applied_to, of.kind, of.amount, of.currency, place)
}

/// What was taken as paid only because the balance is lower than the amount is this settlement,
/// when it is on file.
fn displace(gathered: &mut Gathered, row: usize, settlement: &Loose) {
    let mut left = settlement.amount;
    for reduction in gathered.reductions_of_mut(row) {
        if reduction.implied && !reduction.unapplied && settlement.may_be_implied {
            let displaced = left.min(reduction.amount);
            reduction.amount -= displaced;
            left -= displaced;
        }
    }
}

fn unmatched_note(unmatched: &[&Loose], gathered: &Gathered) -> Option<Note> {
    let first = unmatched.first()?;
    let sum: i128 = unmatched.iter().map(|settlement| i128::from(settlement.amount)).sum();
    let currency = first.currency;
    let same = unmatched.iter().all(|settlement| settlement.currency == currency);
    let of = crate::basics::Money::from_total(sum, currency).ok().filter(|_| same);
    let of = of.map_or(String::new(), |sum| format!(" of {currency} {sum} together"));
    let file = gathered.name_of(first.place.file);
    Some(Note::new(
        warning::UNMATCHED_SETTLEMENT,
        format!(
            "{} settlements{of} name invoices that the files do not hold (first: '{}' in {file}, \
             line {}); they are kept unapplied",
            unmatched.len(),
            first.applied_to,
            first.place.line
        ),
    ))
}

/// Invoices by number.
struct Numbers {
    rows: HashMap<String, Vec<usize>>,
}

impl Numbers {
    fn of(gathered: &Gathered) -> Self {
        let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in gathered.rows.iter().enumerate().filter(|(_, row)| row.face > 0) {
            rows.entry(bare(gathered.number_of(row))).or_default().push(at);
        }
        Self { rows }
    }

    /// The invoice of the same debtor, else the only one of this number; of several the first in
    /// canonical order.
    fn find(&self, settlement: &Loose, gathered: &Gathered) -> Option<usize> {
        if settlement.applied_to.is_empty() {
            return None;
        }
        let candidates = self.rows.get(&bare(&settlement.applied_to))?;
        let fits = |at: &&usize| gathered.rows[**at].currency == settlement.currency;
        let own = |at: &&usize| fits(at) && gathered.rows[**at].debtor == settlement.debtor;
        let own = candidates.iter().find(own).copied();
        own.or_else(|| match candidates.as_slice() {
            [only] => Some(*only).filter(|at| fits(&at)),
            _ => None,
        })
    }
}
