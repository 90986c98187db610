//! Finds the invoice of each reduction in a row of its own.

use std::collections::HashMap;

use basics::{Currency, Day};
use intake::{Loose, Note, Place, ReductionKind, bare, warning};

use super::gathered::Gathered;

/// A reduction, or the part of it that is applied to one invoice.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// Row of the invoice among all rows; `None` if it reduces no invoice.
    pub row: Option<usize>,
    pub debtor: u32,
    pub kind: ReductionKind,
    pub date: Option<Day>,
    /// Minor units, positive.
    pub amount: i64,
    pub currency: Currency,
    pub place: Place,
}

/// Applies each reduction to the invoice that it names, in order of their dates and up to its open
/// balance; the rest stays unapplied. The result is in order of the debtors: applied reductions by
/// invoice, then unapplied ones.
pub(super) fn link(gathered: &mut Gathered) -> Vec<Linked> {
    if gathered.loose.is_empty() {
        return Vec::new();
    }
    let mut reductions = std::mem::take(&mut gathered.loose);
    // None comes before every date: undated ones are applied first, as within a row.
    reductions.sort_by(|a, b| order(a).cmp(&order(b)));
    take_out_repeated(&mut reductions, gathered);
    let numbers = Numbers::of(gathered);
    let mut open: HashMap<usize, i64> = HashMap::new();
    let mut linked = Vec::with_capacity(reductions.len());
    let mut unmatched = Vec::new();
    for reduction in &reductions {
        let row = numbers.find(reduction, gathered);
        if row.is_none() && !reduction.applied_to.is_empty() {
            unmatched.push(reduction);
        }
        let applied = row.map_or(0, |row| {
            let left = *open.entry(row).or_insert_with(|| gathered.open_of(row));
            let left = left + displace(gathered, row, reduction);
            let applied = reduction.amount.min(left);
            open.insert(row, left - applied);
            applied
        });
        let part = |row, debtor, amount| Linked {
            row,
            debtor,
            kind: reduction.kind,
            date: reduction.date,
            amount,
            currency: reduction.currency,
            place: reduction.place,
        };
        if let Some(row) = row.filter(|_| applied > 0) {
            linked.push(part(Some(row), gathered.rows[row].debtor, applied));
        }
        if reduction.amount > applied {
            // The rest is credit of whoever owes the invoice, even if the payment's row names
            // another.
            let debtor = row.map_or(reduction.debtor, |row| gathered.rows[row].debtor);
            linked.push(part(None, debtor, reduction.amount - applied));
        }
    }
    let unmatched = unmatched_note(&unmatched, gathered);
    gathered.notes.warnings.extend(unmatched);
    // The sort is stable: reductions of one invoice stay in order of their dates.
    linked.sort_by_key(|part| (part.debtor, part.row.is_none(), part.row));
    gathered.loose = reductions;
    linked
}

/// Rejects each reduction that repeats the one before it, number included.
fn take_out_repeated(reductions: &mut Vec<Loose>, gathered: &mut Gathered) {
    let mut kept: Vec<Loose> = Vec::with_capacity(reductions.len());
    for reduction in reductions.drain(..) {
        let repeats =
            |first: &&Loose| !reduction.number.is_empty() && content(first) == content(&reduction);
        match kept.last().filter(repeats) {
            Some(first) => gathered.reject_repeated(&reduction, first),
            None => kept.push(reduction),
        }
    }
    *reductions = kept;
    gathered.rejects.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
}

/// The order in which reductions are applied; the place only distinguishes equal ones.
fn order(of: &Loose) -> impl Ord + '_ {
    (content(of), of.place.file, of.place.line)
}

/// Everything in which two reductions may differ, except their place in the files.
fn content(of: &Loose) -> impl Ord + '_ {
    (of.date, of.debtor, &of.applied_to, of.kind, of.amount, of.currency, &of.number)
}

/// Removes the part of a row's implied payment that this reduction explains, and returns it. The
/// row was taken as paid only because its balance is below its amount; a reduction in a row of its
/// own is the same money, which must not count twice.
fn displace(gathered: &mut Gathered, row: usize, loose: &Loose) -> i64 {
    let mut left = loose.amount;
    for reduction in gathered.reductions_of_mut(row) {
        if reduction.implied && !reduction.unapplied && loose.may_be_implied {
            let displaced = left.min(reduction.amount);
            reduction.amount -= displaced;
            left -= displaced;
        }
    }
    loose.amount - left
}

fn unmatched_note(unmatched: &[&Loose], gathered: &Gathered) -> Option<Note> {
    let first = unmatched.first()?;
    let sum: i128 = unmatched.iter().map(|reduction| i128::from(reduction.amount)).sum();
    let currency = first.currency;
    let same = unmatched.iter().all(|reduction| reduction.currency == currency);
    let of = basics::Money::from_total(sum, currency).ok().filter(|_| same);
    let of = of.map_or(String::new(), |sum| format!(" totalling {currency} {sum}"));
    let file = gathered.name_of(first.place.file);
    Some(Note::new(
        warning::UNMATCHED_SETTLEMENT,
        format!(
            "{}{of} for invoices that are not in the files (first: '{}' in {file}, line {}); kept \
             unapplied",
            basics::counted(unmatched.len(), "payment or credit", "payments or credits"),
            first.applied_to,
            first.place.line
        ),
    ))
}

/// The most invoices of one debtor and number that are kept. A real ledger has two at most; a
/// hostile one would make the search quadratic.
const MOST: usize = 20;

/// Invoices by number.
struct Numbers {
    /// Invoices by debtor and number.
    of_debtor: HashMap<(u32, String), Vec<usize>>,
    /// Invoices by number alone; `None` if several share it.
    of_number: HashMap<String, Option<usize>>,
}

impl Numbers {
    fn of(gathered: &Gathered) -> Self {
        let mut numbers = Self { of_debtor: HashMap::new(), of_number: HashMap::new() };
        for (at, row) in gathered.rows.iter().enumerate().filter(|(_, row)| row.face > 0) {
            let number = bare(gathered.number_of(row));
            let only = numbers.of_number.entry(number.clone()).or_insert(Some(at));
            // Once ambiguous, a number stays so: no later row equals the first one.
            *only = only.filter(|&only| only == at);
            let own = numbers.of_debtor.entry((row.debtor, number)).or_default();
            if own.len() < MOST {
                own.push(at);
            }
        }
        numbers
    }

    /// The invoice of the same debtor with the same number, or with one that differs only in
    /// punctuation; else the only invoice with this number, unless another client is named. Of
    /// several, the first in canonical order.
    fn find(&self, reduction: &Loose, gathered: &Gathered) -> Option<usize> {
        if reduction.applied_to.is_empty() {
            return None;
        }
        let fits = |at: &usize| gathered.rows[*at].currency == reduction.currency;
        let number = bare(&reduction.applied_to);
        let key = (reduction.debtor, number);
        if let Some(own) = self.of_debtor.get(&key) {
            let exact =
                |at: &&usize| gathered.number_of(&gathered.rows[**at]) == &*reduction.applied_to;
            let mut fitting = own.iter().filter(|at| fits(at));
            let exact = fitting.clone().find(exact);
            if let Some(at) = exact.or(fitting.next()) {
                return Some(*at);
            }
        }
        let client = |debtor: u32| &gathered.debtors[debtor as usize].client;
        let same_client = |at: &usize| {
            client(gathered.rows[*at].debtor) == client(reduction.debtor)
                || client(reduction.debtor).is_empty()
        };
        (*self.of_number.get(&key.1)?).filter(|at| fits(at) && same_client(at))
    }
}
