//! Several equal round amounts of one day to a debtor that has never paid such an amount.
//!
//! *Catches*: invented invoices ("fresh air"): three or more of one amount and one issue date to
//! one debtor, the amount round, and nothing within 10 % of it paid by this debtor before.
//! *Why*: invented amounts are round and alike far more often than real ones, and come together
//! when cash is needed; funders look for both. Figures are our own: an amount is round if it has at
//! most three digits before its zeros, is a multiple of ten major units, and has at least three
//! zeros in minor units (1,000 in yen): 490.00, 4,990.00, 12,500.00, but not 4,995.00 or 499.00.
//! *Must not catch*: hours at a round rate, rents, lane rates and licences, which are equal and
//! round every month: the debtor has paid such amounts before, or exactly this amount has been paid
//! by three other debtors, so that it is a price of the client's list.
//! *Misses*: invented amounts that vary, batches of two, a list price.
//! *Measured* (`measured.rs`, on invented ledgers of eight honest trades): holds nothing of their
//! open value; finds 95 % of batches of five, the others at list prices.
//!
//! A client is not judged unless its ledger shows paid invoices, the first of them issued at least
//! 180 days ago (our own): of a first file of open items alone nobody can tell which amounts are
//! usual, and all of its rents and licences would wait; a few months do not show what is billed
//! once a year. New debtors wait then for `new_debtor`.
//! The same goes for invoices whose issue date was assumed: whatever is due together would seem to
//! be of one day.

use basics::{Day, Money, from_day_number};
use policy::{Finding, HoldReason, Pool};
use words::Facts;

use super::bills::Bills;

/// Equal amounts of one day that are a batch.
const BATCH: usize = 3;
/// Debtors that have paid exactly an amount, from which on it is a list price.
const LIST_PRICE: usize = 3;
/// Days since the first paid invoice.
const HISTORY: i32 = 180;
/// An amount counts as paid before if the difference times this is not larger than the amount.
const NEAR: i128 = 10;

/// Returns the findings, each with the index of its receivable.
pub(super) fn find(pool: &Pool, bills: &Bills<'_>) -> Vec<(usize, Finding)> {
    let mut round: Vec<(usize, Day, i64, usize)> = Vec::new();
    for (at, bill) in bills.all[..bills.open].iter().enumerate() {
        if let Some(issue) = bill.issue.filter(|_| is_round(pool.receivables[at].face)) {
            round.push((bill.debtor, issue, bill.face, at));
        }
    }
    round.sort_unstable();
    let same = |a: &(usize, Day, i64, usize), b: &(usize, Day, i64, usize)| {
        (a.0, a.1, a.2) == (b.0, b.1, b.2)
    };
    let mut batches = round.chunk_by(same).filter(|batch| batch.len() >= BATCH).peekable();
    let first = bills.all[bills.open..].iter().filter_map(|bill| bill.issue).min();
    let is_shown = first.is_some_and(|first| first <= pool.as_of - HISTORY);
    if batches.peek().is_none() || !is_shown {
        return Vec::new();
    }
    let paid = Paid::of(bills);
    let mut found = Vec::new();
    for batch in batches {
        let (debtor, issue, face, _) = batch[0];
        if paid.has_paid_such(debtor, face) || paid.is_list_price(face) {
            continue;
        }
        let facts = Facts::new()
            .with("count", batch.len())
            .with("amount", Money::from_minor(face, pool.currency))
            .with("currency", pool.currency)
            .with("issue", from_day_number(issue));
        let finding = Finding::new(HoldReason::RoundAmounts, facts);
        found.extend(batch.iter().map(|&(.., at)| (at, finding.clone())));
    }
    found
}

/// Returns true if an amount is round.
fn is_round(amount: Money) -> bool {
    let mut leading = amount.minor();
    let mut zeros = 0;
    while leading != 0 && leading % 10 == 0 {
        leading /= 10;
        zeros += 1;
    }
    let tens = amount.currency().digits() + 1;
    (1..1000).contains(&leading) && zeros >= tens.max(3)
}

/// The amounts that were paid.
struct Paid {
    /// By debtor, ascending.
    by_debtor: Vec<(usize, i64)>,
    /// By amount, with each debtor once.
    by_amount: Vec<(i64, usize)>,
}

impl Paid {
    fn of(bills: &Bills<'_>) -> Self {
        let paid = bills.all[bills.open..].iter();
        let mut by_debtor: Vec<_> = paid.map(|bill| (bill.debtor, bill.face)).collect();
        by_debtor.sort_unstable();
        by_debtor.dedup();
        let mut by_amount: Vec<_> =
            by_debtor.iter().map(|&(debtor, face)| (face, debtor)).collect();
        by_amount.sort_unstable();
        Self { by_debtor, by_amount }
    }

    /// Returns true if the debtor has paid an amount within 10 % of this one.
    fn has_paid_such(&self, debtor: usize, face: i64) -> bool {
        let is_near = |paid: i64| {
            let difference = i128::from(paid) - i128::from(face);
            difference.abs() * NEAR <= i128::from(face)
        };
        let at = self.by_debtor.partition_point(|&paid| paid < (debtor, face));
        let beside = [at.checked_sub(1), Some(at)];
        let mut beside = beside.into_iter().flatten().filter_map(|at| self.by_debtor.get(at));
        beside.any(|&(own, paid)| own == debtor && is_near(paid))
    }

    /// Returns true if exactly this amount has been paid by several debtors.
    fn is_list_price(&self, face: i64) -> bool {
        let from = self.by_amount.partition_point(|&(paid, _)| paid < face);
        let to = self.by_amount.partition_point(|&(paid, _)| paid <= face);
        to - from >= LIST_PRICE
    }
}

#[cfg(test)]
mod tests {
    use basics::{Currency, Money};

    use super::super::samples::{Book, flagged, open, ordinary, paid};
    use super::super::trades::{AS_OF, Row};
    use super::is_round;

    /// Invoices of debtor 1 with these amounts, issued on one day.
    fn batch(cents: &[i64]) -> Vec<Row> {
        let row =
            |(at, cents): (usize, &i64)| open(1, &format!("A-{}", 20 + at), AS_OF - 3, *cents);
        cents.iter().enumerate().map(row).collect()
    }

    fn with(past: Vec<Row>, cents: &[i64]) -> Vec<Row> {
        [past, batch(cents)].concat()
    }

    #[test]
    fn amounts_with_zeros_behind_at_most_three_digits_are_round() {
        for (minor, currency, expected) in [
            (500_000, Currency::USD, true),
            (499_000, Currency::USD, true),
            (1_250_000, Currency::USD, true),
            (49_000, Currency::USD, true),
            (1_000, Currency::USD, true),
            (499_500, Currency::USD, false),
            (49_900, Currency::USD, false),
            (123_400_000, Currency::USD, false),
            (500_001, Currency::USD, false),
            (0, Currency::USD, false),
            (-500_000, Currency::USD, false),
            (i64::MAX, Currency::USD, false),
            (499_000, "JPY".parse().expect("a currency"), true),
            (4_990, "JPY".parse().expect("a currency"), false),
            (4_990_000, "KWD".parse().expect("a currency"), true),
            (499_000, "KWD".parse().expect("a currency"), false),
        ] {
            let money = Money::from_minor(minor, currency);
            assert_eq!(is_round(money), expected, "{money} {currency}");
        }
    }

    #[test]
    fn three_equal_round_amounts_of_a_day_never_paid_before_are_flagged() {
        for cents in [499_000, 500_000, 1_250_000] {
            assert_eq!(flagged(&with(ordinary(), &[cents; 3])), ["A-20", "A-21", "A-22"]);
        }
        let rows = with(ordinary(), &[499_000; 10]);
        let mut book = Book::of(&rows);
        book.screen();
        let said = "It is one of 10 invoices of 4,990.00 USD dated 2026-06-27 to a customer that has \
                    never paid an amount near it.";
        assert_eq!(book.said()[9], ("A-29", said.to_owned()));
    }

    #[test]
    fn two_unequal_uneven_or_of_several_days_are_not() {
        for cents in [&[499_000; 2][..], &[499_000, 498_000, 497_000], &[499_500; 5], &[49_900; 5]]
        {
            assert!(flagged(&with(ordinary(), cents)).is_empty(), "{cents:?}");
        }
        let mut rows = with(ordinary(), &[499_000; 4]);
        for (at, row) in rows.iter_mut().enumerate().skip(20) {
            row.issue -= at as i32 / 2;
        }
        assert!(flagged(&rows).is_empty());
    }

    #[test]
    fn what_the_debtor_has_paid_before_is_not() {
        // Within 10 %: 4,491.00 to 5,489.00.
        for (before, is_flagged) in [
            (499_000, false),
            (449_100, false),
            (548_900, false),
            (449_099, true),
            (548_901, true),
            (50_000, true),
        ] {
            let past = [ordinary(), vec![paid(1, "P-1", AS_OF - 200, before)]].concat();
            assert_eq!(!flagged(&with(past, &[499_000; 3])).is_empty(), is_flagged, "{before}");
        }
        let credited = Row { credited: true, ..paid(1, "P-1", AS_OF - 200, 499_000) };
        assert!(!flagged(&with([ordinary(), vec![credited]].concat(), &[499_000; 3])).is_empty());
    }

    #[test]
    fn a_price_that_three_other_debtors_have_paid_is_not() {
        for (payers, is_flagged) in [(2_usize, true), (3, false), (5, false)] {
            let own = |debtor| paid(50 + debtor, &format!("P-{debtor}7"), AS_OF - 200, 499_000);
            let past = [ordinary(), (0..payers).map(own).collect()].concat();
            assert_eq!(!flagged(&with(past, &[499_000; 3])).is_empty(), is_flagged, "{payers}");
        }
        // One debtor that paid it often is not a list.
        let own = |at| paid(50, &format!("P-{at}7"), AS_OF - 200 + at, 499_000);
        let past = [ordinary(), (0..5).map(own).collect()].concat();
        assert_eq!(flagged(&with(past, &[499_000; 3])).len(), 3);
    }

    #[test]
    fn without_a_history_or_an_issue_date_nobody_is_judged() {
        assert!(flagged(&batch(&[499_000; 8])).is_empty());
        for (ago, is_judged) in [(300, true), (180, true), (179, false), (40, false)] {
            let moved = |row: Row| Row { issue: AS_OF - ago, due: AS_OF - ago + 30, ..row };
            let past = ordinary().into_iter().map(moved);
            let rows = with(past.collect(), &[499_000; 8]);
            assert_eq!(!flagged(&rows).is_empty(), is_judged, "{ago}");
        }
        let rows = with(ordinary(), &[499_000; 8]);
        let mut book = Book::of(&rows);
        book.pool.receivables.iter_mut().for_each(|own| own.issue_assumed = true);
        book.screen();
        assert!(book.said().is_empty());
    }
}
