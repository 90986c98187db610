//! Invoices with longer terms than the debtor usually has.
//!
//! *Catches*: an invoice due later than agreed: more than 15 days and more than half as long again
//! as the debtor's usual terms (our own).
//! *Why*: with a later due date an old or disputed invoice counts as current, and an invented one
//! is not missed until later: re-ageing, a manipulation that funders know well.
//! *Must not catch*: terms that this debtor has paid on before, though seldom (seasonal terms,
//! retentions): as long, and not half as long again, since a retention due after half a year says
//! nothing of a stage due after 75 days; new debtors with terms that others of the client have;
//! dates that were assumed.
//!
//! Usual are the median terms of at least three invoices that the debtor paid in cash. For a debtor
//! with fewer, longer are only terms beyond those of 99 in 100 paid invoices of the client, of
//! which there must be three: clients agree terms debtor by debtor. Terms are judged only if the
//! oldest of these invoices is half as long again ago, since a short history cannot show long terms
//! paid.
//!
//! Terms that any debtor of the client has paid on are terms of its trade: as long, and not half as
//! long again. An honest exception picks one of them, such as 60 days for a customer that has 30,
//! and nothing tells a stretched invoice from it. What looks wrong is a length that nobody has ever
//! paid on. Frequencies would not do: what is due later is open for longer, so that a single
//! exception of a small ledger is a large share of what is open.
//!
//! *Measured* (`measured.rs`, on invented ledgers of eight honest trades): holds nothing of any of
//! them; finds 86 % of what is stretched by 30 days, 95 % by 45 and 98 % by 60. Nearly all that it
//! misses is a wholesaler's, whose customers pay on 15 to 60 days: a stretch within these.

use basics::Day;
use policy::{Finding, HoldReason, Pool, Receivable};
use words::{Fact, Facts};

use super::past_bill::PastBill;

/// Paid invoices that suffice for a custom.
const CUSTOM: usize = 3;
/// Days by which terms may exceed the usual ones.
const DAYS: i64 = 15;

/// Returns the findings, each with the index of its receivable.
pub(super) fn find(pool: &Pool, past: &[PastBill<'_>]) -> Vec<(usize, Finding)> {
    let terms = Terms::of(past);
    let found = pool.receivables.iter().enumerate().filter_map(|(at, own)| {
        let (usual, whose) = terms.usual(own.debtor)?;
        let days = days_of(own).filter(|&days| is_long(days, usual))?;
        let is_shown = 2 * between(terms.first?, pool.as_of) >= 3 * days;
        if !is_shown || terms.are_of_the_trade(days) {
            return None;
        }
        let facts = Facts::new()
            .with("terms", Fact::Count(days))
            .with("usual", Fact::Count(usual))
            .with("whose", Fact::Variant(whose));
        Some((at, Finding::new(HoldReason::LongTerms, facts)))
    });
    found.collect()
}

fn is_long(days: i64, usual: i64) -> bool {
    days > usual + DAYS && 2 * days > 3 * usual
}

/// Returns the terms of an invoice; `None` if one of its dates was assumed.
fn days_of(own: &Receivable) -> Option<i64> {
    (!own.issue_assumed && !own.due_assumed).then(|| between(own.issue, own.due))
}

fn between(issue: Day, due: Day) -> i64 {
    i64::from(due) - i64::from(issue)
}

/// The terms of paid invoices.
struct Terms {
    /// By debtor, ascending.
    by_debtor: Vec<(usize, i64)>,
    /// Of all debtors, ascending.
    all: Vec<i64>,
    /// The first issue date.
    first: Option<Day>,
}

impl Terms {
    fn of(past: &[PastBill<'_>]) -> Self {
        let paid = past.iter().filter(|bill| bill.is_paid_in_cash() && bill.is_dated);
        let first = paid.clone().map(|bill| bill.issue).min();
        let mut by_debtor: Vec<_> =
            paid.map(|bill| (bill.debtor, between(bill.issue, bill.due))).collect();
        by_debtor.sort_unstable();
        let mut all: Vec<i64> = by_debtor.iter().map(|&(_, days)| days).collect();
        all.sort_unstable();
        Self { by_debtor, all, first }
    }

    fn own(&self, debtor: usize) -> &[(usize, i64)] {
        let from = self.by_debtor.partition_point(|&(own, _)| own < debtor);
        let to = self.by_debtor.partition_point(|&(own, _)| own <= debtor);
        &self.by_debtor[from..to]
    }

    /// Returns the usual terms of a debtor, and whose they are.
    fn usual(&self, debtor: usize) -> Option<(i64, &'static str)> {
        let own = self.own(debtor);
        if own.len() >= CUSTOM {
            return Some((own[own.len() / 2].1, "debtor"));
        }
        // The nearest rank: the least value that 99 in 100 do not exceed.
        let rank = (99 * self.all.len()).div_ceil(100);
        (self.all.len() >= CUSTOM).then(|| (self.all[rank - 1], "client"))
    }

    /// Returns true if a debtor of the client, this one or another, has paid on terms as long as
    /// these, and not half as long again.
    fn are_of_the_trade(&self, days: i64) -> bool {
        let at = self.all.partition_point(|&paid| paid < days);
        self.all.get(at).is_some_and(|&paid| 2 * paid <= 3 * days)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Book, flagged, open, ordinary, paid};
    use super::super::trades::{AS_OF, Row};

    /// Three paid invoices of debtor 1 on these terms, and an open one on those.
    fn book(usual: [i32; 3], days: i32) -> Vec<Row> {
        let past = usual.iter().enumerate().map(|(at, terms)| {
            let row = paid(1, &format!("P-{at}"), AS_OF - 300, 50_001 + at as i64);
            Row { due: row.issue + terms, ..row }
        });
        let own = open(1, "A-1", AS_OF - 5, 70_001);
        let own = Row { due: own.issue + days, ..own };
        past.chain([own]).collect()
    }

    #[test]
    fn terms_beyond_the_debtors_usual_ones_are_flagged() {
        // 15 days and half as long again, both exceeded: 30 -> 46, 20 -> 36, 60 -> 91.
        for (usual, days) in [(30, 46), (20, 36), (60, 91), (0, 16)] {
            assert_eq!(flagged(&book([usual; 3], days)), ["A-1"], "{usual} {days}");
            assert!(flagged(&book([usual; 3], days - 1)).is_empty(), "{usual} {days}");
        }
        // The median counts; the longest is short of these terms.
        assert_eq!(flagged(&book([30, 30, 45], 60)), ["A-1"]);
        let rows = book([30; 3], 75);
        let mut book = Book::of(&rows);
        book.screen();
        let said = "The invoice is due 75 days after its date; this customer's usual terms are 30 \
                    days.";
        assert_eq!(book.said(), [("A-1", said.to_owned())]);
    }

    #[test]
    fn terms_that_the_debtor_has_paid_on_before_are_not() {
        for longest in [60, 75, 90] {
            assert!(flagged(&book([30, 30, longest], 60)).is_empty(), "{longest}");
        }
        // A retention after half a year says nothing of 60 days.
        assert_eq!(flagged(&book([30, 30, 180], 60)), ["A-1"]);
    }

    #[test]
    fn a_debtor_without_payments_may_have_the_longest_terms_of_others() {
        let new = |days: i32| {
            let own = open(1, "A-1", AS_OF - 5, 70_001);
            let own = Row { due: own.issue + days, ..own };
            let past = ordinary().into_iter().enumerate().map(|(at, row)| {
                let terms = if at == 0 { 60 } else { 30 };
                Row { due: row.issue + terms, ..row }
            });
            past.chain([own]).collect::<Vec<_>>()
        };
        assert!(flagged(&new(90)).is_empty());
        assert_eq!(flagged(&new(91)), ["A-1"]);
        let rows = new(95);
        let mut book = Book::of(&rows);
        book.screen();
        let said = "The invoice is due 95 days after its date; 99 in 100 paid invoices of the client \
                    had terms of 60 days or fewer.";
        assert_eq!(book.said(), [("A-1", said.to_owned())]);
    }

    #[test]
    fn assumed_dates_short_histories_and_too_few_payments_are_not_judged() {
        let rows = book([30; 3], 75);
        for assume in 0..4 {
            let mut book = Book::of(&rows);
            book.pool.receivables[0].issue_assumed = assume == 1;
            book.pool.receivables[0].due_assumed = assume == 2;
            book.past.iter_mut().for_each(|bill| bill.is_dated = assume != 3);
            book.screen();
            assert_eq!(book.said().is_empty(), assume > 0, "{assume}");
        }
        // 75 days are shown by payments of invoices of 113 days ago, not of 112.
        for (ago, is_shown) in [(113, true), (112, false), (40, false)] {
            let mut rows = book([30; 3], 75);
            for row in rows.iter_mut().filter(|row| row.closed.is_some()) {
                (row.issue, row.due) = (AS_OF - ago, AS_OF - ago + 30);
            }
            assert_eq!(!flagged(&rows).is_empty(), is_shown, "{ago}");
        }
        assert!(flagged(&book([30; 3], 75)[1..]).is_empty());
        assert!(flagged(&[open(1, "A-1", AS_OF - 5, 70_001)]).is_empty());
        let credited = book([30; 3], 75).into_iter().map(|row| Row { credited: true, ..row });
        assert!(flagged(&credited.collect::<Vec<_>>()).is_empty());
    }

    #[test]
    fn terms_on_which_other_debtors_pay_are_not() {
        // 60 days are a term of the trade if one of 200 paid invoices had them, or up to 90; 61
        // days are one if it had 61 to 91.
        for (longest, at_60, at_61) in [
            (30, true, true),
            (60, false, true),
            (61, false, false),
            (90, false, false),
            (91, true, false),
            (92, true, true),
        ] {
            let past = (0..200_usize).map(|at| {
                let own = paid(10 + at / 4, &format!("P-{}", 2 * at), AS_OF - 300, 50_001);
                Row { due: own.issue + if at == 0 { longest } else { 30 }, ..own }
            });
            let past: Vec<Row> = past.collect();
            for (days, is_flagged) in [(60, at_60), (61, at_61)] {
                let own = open(59, "A-1", AS_OF - 5, 70_001);
                let own = Row { due: own.issue + days, ..own };
                let rows = [past.as_slice(), &[own]].concat();
                assert_eq!(!flagged(&rows).is_empty(), is_flagged, "{longest} {days}");
            }
        }
    }
}
