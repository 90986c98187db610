//! Invoices for what is yet to be delivered, or was when they were written.
//!
//! *Catches*: goods or services with a delivery date after the as-of date, or after the invoice's
//! own date.
//! *Why*: a debtor owes what it has received; an invoice written before that ("pre-billing") is a
//! promise, and is disputed or credited if nothing comes. Policies of factors and banks exclude it.
//! *Must not catch*: carriers and wholesalers that write the invoice when the goods leave: what is
//! delivered by the as-of date passes if it came no more days after the invoice than with 99 in 100
//! of the client's paid invoices; with fewer than three that tell, no more than a week (our own).
//! Nor retainers and subscriptions, which are billed before their period: the end of a period after
//! the as-of date is no sign by itself if the same debtor has paid such an invoice *in advance*, in
//! cash before its own delivery date. Such is one of at least half the amount whose date lay as
//! many days before its delivery or further, give or take the three days by which months and
//! quarters differ. One is enough, as it is for a debtor to be known (all of it our own). A payment
//! after the delivery shows no such habit: everybody pays what has come.
//! What is yet to come stays held until it is received: a debtor that confirms such an invoice
//! confirms an order.
//! *Misses*: ledgers without delivery dates, which are most.
//! *Measured* (`measured.rs`, on invented ledgers of eight honest trades): holds nothing of their
//! open value; finds all of what is delivered later, where dates are given.

use std::cmp::Reverse;

use basics::{Day, day_number, from_day_number};
use policy::{Finding, HoldReason, Pool, Receivable, Scrutiny};
use words::{Fact, Facts};

use super::past_bill::PastBill;

/// Paid invoices with a delivery date that suffice for a custom.
const CUSTOM: usize = 3;
/// Days from invoice to delivery that are taken for transport where no custom is known.
const TRANSPORT: i32 = 7;
/// The days by which months, quarters and half-years differ in length.
const MONTHS: i32 = 3;

/// Returns the findings, each with the index of its receivable.
pub(super) fn find(
    pool: &Pool,
    past: &[PastBill<'_>],
    delivered: &[Option<Day>],
) -> Vec<(usize, Finding)> {
    let known = pool.receivables.iter().zip(delivered).enumerate();
    let mut known =
        known.filter_map(|(at, (own, delivered))| Some((at, own, (*delivered)?))).peekable();
    if known.peek().is_none() {
        return Vec::new();
    }
    let (usual, advances) = (usual_days(past), Advances::of(past));
    let found = known.filter_map(|(at, own, delivered)| {
        let than = if delivered > pool.as_of {
            "as_of"
        } else if !own.issue_assumed && delivered - own.issue > usual {
            "issue"
        } else {
            return None;
        };
        if advances.cover(own, delivered) {
            return None;
        }
        let facts = Facts::new()
            .with("delivered", from_day_number(delivered))
            .with("than", Fact::Variant(than));
        Some((at, Finding::new(HoldReason::NotDelivered, facts)))
    });
    found.collect()
}

/// Returns those of the findings whose goods were yet to come when the debtor answered, or are by
/// the as-of date, and were not received: who confirms such an invoice confirms an order, no debt.
pub(super) fn promised(
    pool: &Pool,
    delivered: &[Option<Day>],
    found: &[(usize, Finding)],
) -> Vec<usize> {
    let is_promised = |at: &usize| {
        let Scrutiny { answer, received, .. } = &pool.receivables[*at].scrutiny;
        let known = answer.as_ref().map_or(pool.as_of, |answer| day_number(answer.on));
        delivered[*at].is_some_and(|day| day > known) && !received
    };
    found.iter().map(|(at, _)| *at).filter(is_promised).collect()
}

/// Days from invoice to delivery that 99 in 100 paid invoices of the client do not exceed, 0 or
/// more.
fn usual_days(past: &[PastBill<'_>]) -> i32 {
    let paid = past.iter().filter(|bill| bill.is_paid_in_cash() && bill.is_dated);
    let mut days: Vec<i32> = paid.filter_map(|bill| Some(bill.delivered? - bill.issue)).collect();
    if days.len() < CUSTOM {
        return TRANSPORT;
    }
    days.sort_unstable();
    days[(99 * days.len()).div_ceil(100) - 1].max(0)
}

/// The invoices that were paid before their delivery: debtor, days from invoice to delivery, and
/// the largest amount among those of the debtor with as many days or more; the most days first.
struct Advances(Vec<(usize, Reverse<i32>, i64)>);

impl Advances {
    fn of(past: &[PastBill<'_>]) -> Self {
        let advance = |bill: &PastBill<'_>| {
            let delivered = bill.delivered.filter(|_| bill.is_dated)?;
            let days = Reverse(delivered - bill.issue);
            (bill.paid_on? < delivered).then_some((bill.debtor, days, bill.face.minor()))
        };
        let mut all: Vec<_> = past.iter().filter_map(advance).collect();
        all.sort_unstable();
        for at in 1..all.len() {
            if all[at - 1].0 == all[at].0 {
                all[at].2 = all[at].2.max(all[at - 1].2);
            }
        }
        Self(all)
    }

    /// True if the debtor has paid such an invoice in advance.
    fn cover(&self, own: &Receivable, delivered: Day) -> bool {
        let least = Reverse(delivered - own.issue - MONTHS);
        let end =
            self.0.partition_point(|&(debtor, days, _)| (debtor, days) <= (own.debtor, least));
        let last = self.0[..end].last().filter(|last| last.0 == own.debtor);
        let is_large = |largest: i64| largest >= own.face.minor() - largest;
        !own.issue_assumed && last.is_some_and(|&(.., largest)| is_large(largest))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Book, flagged, open, paid};
    use super::super::trades::{AS_OF, Row};

    /// An open invoice of 20 days ago, delivered these days after its date.
    fn delivered(days: i32) -> Row {
        let own = open(1, "A-1", AS_OF - 20, 70_001);
        Row { delivered: Some(own.issue + days), ..own }
    }

    /// Paid invoices that were delivered these days after their dates.
    fn customs(days: &[i32]) -> Vec<Row> {
        let row = |(at, days): (usize, &i32)| {
            let own = paid(2, &format!("P-{}", 7 * at), AS_OF - 100, 50_001 + at as i64);
            Row { delivered: Some(own.issue + days), ..own }
        };
        days.iter().enumerate().map(row).collect()
    }

    #[test]
    fn what_comes_after_the_as_of_date_is_flagged() {
        for (days, is_wrong) in [(21, true), (50, true), (400, true), (0, false), (-9, false)] {
            assert_eq!(!flagged(&[delivered(days)]).is_empty(), is_wrong, "{days}");
            // Whatever the custom.
            let rows = [customs(&[90; 3]), vec![delivered(days)]].concat();
            assert_eq!(!flagged(&rows).is_empty(), is_wrong, "{days}");
        }
        let rows = [delivered(21)];
        let mut book = Book::of(&rows);
        book.screen();
        let said = "The delivery date is 2026-07-01, after the as-of date.".to_owned();
        assert_eq!(book.said(), [("A-1", said)]);
    }

    #[test]
    fn what_came_later_than_usual_after_the_invoice_is_flagged() {
        // A week where no custom is known; with one, as long as 99 in 100.
        let hundreds = [vec![2; 198], vec![3, 15]].concat();
        for (custom, longest) in [
            (vec![], 7),
            (vec![1, 1], 7),
            (vec![0, 0, 0], 0),
            (vec![-5, -5, -5], 0),
            (vec![1, 2, 3], 3),
            (vec![12, 12, 12], 12),
            (hundreds, 2),
        ] {
            let of = |days| [customs(&custom), vec![delivered(days)]].concat();
            assert!(flagged(&of(longest)).is_empty(), "{longest}");
            assert_eq!(flagged(&of(longest + 1)), ["A-1"], "{longest}");
        }
        let rows = [delivered(8)];
        let mut book = Book::of(&rows);
        book.screen();
        let said = "The delivery date is 2026-06-18, after the invoice date.".to_owned();
        assert_eq!(book.said(), [("A-1", said)]);
    }

    #[test]
    fn an_assumed_invoice_date_is_not_compared() {
        for (days, is_wrong) in [(15, false), (20, false), (21, true)] {
            let rows = [delivered(days)];
            let mut book = Book::of(&rows);
            book.pool.receivables[0].issue_assumed = true;
            book.screen();
            assert_eq!(!book.said().is_empty(), is_wrong, "{days}");
        }
    }

    /// A retainer of this debtor, paid 20 days after its date; its period ends these days after
    /// it.
    fn retainer(debtor: usize, days: i32, cents: i64) -> Row {
        let own = paid(debtor, &format!("R-{days}"), AS_OF - 400, cents);
        Row { delivered: Some(own.issue + days), closed: Some(own.issue + 20), ..own }
    }

    #[test]
    fn a_period_in_advance_passes_if_the_debtor_has_paid_such_a_one_in_advance() {
        // The open one is of 700.01, 20 days old, and its period ends 31 days after its date.
        for (before, passes) in [
            (vec![], false),
            (vec![retainer(1, 31, 70_001)], true),
            // February's; half the amount; a quarter's.
            (vec![retainer(1, 28, 70_001)], true),
            (vec![retainer(1, 31, 35_001)], true),
            (vec![retainer(1, 90, 70_001)], true),
            // Of another debtor; of days that differ; too small; both, in two invoices.
            (vec![retainer(2, 31, 70_001)], false),
            (vec![retainer(1, 27, 70_001)], false),
            (vec![retainer(1, 31, 35_000)], false),
            (vec![retainer(1, 27, 70_001), retainer(1, 60, 35_000)], false),
            (vec![retainer(1, 28, 70_001), retainer(1, 60, 35_000)], true),
            // Paid on the day of its delivery, or credited.
            (vec![Row { closed: Some(AS_OF - 369), ..retainer(1, 31, 70_001) }], false),
            (vec![Row { closed: Some(AS_OF - 370), ..retainer(1, 31, 70_001) }], true),
            (vec![Row { credited: true, ..retainer(1, 31, 70_001) }], false),
        ] {
            let mut rows = [before, vec![delivered(31)]].concat();
            assert_eq!(flagged(&rows).is_empty(), passes, "{rows:?}");
            rows.reverse();
            assert_eq!(flagged(&rows).is_empty(), passes, "in another order: {rows:?}");
        }
        // A year in advance is no month in advance.
        let rows = [retainer(1, 31, 70_001), delivered(365)];
        assert_eq!(flagged(&rows), ["A-1"]);
        let rows = [retainer(1, 366, 70_001), delivered(365)];
        assert!(flagged(&rows).is_empty());
    }
}
