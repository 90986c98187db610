//! Invoices that bill anew what was credited, or what was open and is gone from the ledger, to be
//! due later: re-ageing by another number.
//!
//! An invoice replaces such a one of the same debtor if it is issued after that one and within
//! [`AROUND`] days of the credit (or of the ledger that showed the other last), is due later, and
//! its amount is within [`WITHIN_PERCENT`] of what was credited or open. A lower amount alone makes
//! it no honest correction: that is due when the first was. Each is replaced by one other at most:
//! of several, the one with the nearest amount, then the first issued. Our own rule, after the
//! trade's "credit and rebill".

use std::collections::HashMap;

use basics::{Currency, Day, from_day_number};
use policy::{Finding, HoldReason};
use words::{Fact, Facts};

use super::ledger_change::{ChangeKind, LedgerChange};
use super::shown_ledger::{ShownInvoice, ShownLedger};
use super::told::{Changed, Told};

/// Days before and after the credit in which the new invoice is issued.
const AROUND: Day = 30;

/// The most by which the new invoice is larger or smaller: beyond that it bills something else.
const WITHIN_PERCENT: i128 = 25;

/// An invoice that another may replace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replaced<'a> {
    invoice: &'a ShownInvoice<'a>,
    how: Gone<'a>,
    /// Its index in this ledger, if that has it.
    at: Option<usize>,
    /// Its debtor, by the index of this ledger.
    debtor: usize,
    /// The day of its end: the one from which the credit is known, or on which it was shown last.
    known: Day,
}

/// The end of an invoice that another may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gone<'a> {
    /// Closed by a credit.
    Credited,
    /// Open in an earlier ledger, and not in this one: replaced only by what that one lacks, in
    /// order of the indices.
    Vanished(&'a [usize]),
}

impl<'a> Replaced<'a> {
    /// The invoices of a ledger that a credit has closed, each known from the day that `since`
    /// gives, else from the ledger's own.
    pub fn of(
        ledger: &'a ShownLedger<'a>,
        since: impl Fn(usize) -> Option<Day>,
    ) -> impl Iterator<Item = Self> {
        let day = ledger.day();
        let all = ledger.invoices.iter().enumerate();
        all.filter(|(_, invoice)| invoice.is_credited()).map(move |(at, invoice)| Self {
            at: Some(at),
            ..Self::left_out(invoice, invoice.debtor, since(at).unwrap_or(day))
        })
    }

    /// An invoice that was open in an earlier ledger, of this date, and is gone. `new` are those
    /// that the same ledger lacks.
    pub fn vanished(
        invoice: &'a ShownInvoice<'a>,
        debtor: usize,
        ledger: Day,
        new: &'a [usize],
    ) -> Self {
        Self { invoice, how: Gone::Vanished(new), at: None, debtor, known: ledger }
    }

    /// An invoice of a ledger of this date that the new one leaves out. A credit without a date
    /// counts from that date on.
    pub fn left_out(invoice: &'a ShownInvoice<'a>, debtor: usize, ledger: Day) -> Self {
        let known = invoice.credited_on.unwrap_or(ledger);
        Self { invoice, how: Gone::Credited, at: None, debtor, known }
    }

    /// The amount that another may bill again, minor units.
    fn amount(&self) -> i64 {
        match self.how {
            Gone::Credited => self.invoice.credited,
            Gone::Vanished(_) => self.invoice.open,
        }
    }

    /// Returns true if it may be replaced by an invoice with this index.
    fn may_be_replaced_by(&self, at: usize) -> bool {
        match self.how {
            Gone::Credited => true,
            Gone::Vanished(new) => new.binary_search(&at).is_ok(),
        }
    }

    /// Returns true if an invoice of the same debtor and currency replaces it.
    fn is_replaced_by(&self, other: &ShownInvoice<'_>) -> bool {
        let (before, amount) = (i128::from(self.amount()), i128::from(other.face));
        let is_alike = 100 * (amount - before).abs() <= WITHIN_PERCENT * before;
        is_alike
            && other.issue > self.invoice.issue
            && other.due > self.invoice.due
            && (other.issue - self.known).abs() <= AROUND
    }
}

/// Finds the open invoices of a ledger that replace others, in order of their places.
pub(super) fn rebilled(now: &ShownLedger<'_>, credited: &[Replaced<'_>]) -> Vec<Changed> {
    if credited.is_empty() {
        return Vec::new();
    }
    let mut of_debtor: HashMap<(usize, Currency), Vec<usize>> = HashMap::new();
    for replaced in credited {
        of_debtor.entry((replaced.debtor, replaced.invoice.currency)).or_default();
    }
    // What was itself credited may have replaced another: a chain of them counts from its start.
    let may_replace = |i: &ShownInvoice<'_>| i.open > 0 || i.is_credited();
    for (at, invoice) in now.invoices.iter().enumerate().filter(|(_, i)| may_replace(i)) {
        if let Some(own) = of_debtor.get_mut(&(invoice.debtor, invoice.currency)) {
            own.push(at);
        }
    }
    of_debtor.values_mut().for_each(|own| own.sort_by_key(|&at| now.invoices[at].issue));
    let mut order: Vec<&Replaced<'_>> = credited.iter().collect();
    order.sort_by_key(|r| (r.invoice.issue, r.debtor, r.invoice.number, r.invoice.face, r.known));
    let mut first: HashMap<usize, (&Replaced<'_>, Day, Day)> = HashMap::new();
    for replaced in order {
        let own = &of_debtor[&(replaced.debtor, replaced.invoice.currency)];
        let start = own.partition_point(|&at| now.invoices[at].issue < replaced.known - AROUND);
        let end = own.partition_point(|&at| now.invoices[at].issue <= replaced.known + AROUND);
        let free = own[start..end.max(start)].iter().copied().filter(|at| {
            !first.contains_key(at)
                && replaced.is_replaced_by(&now.invoices[*at])
                && replaced.may_be_replaced_by(*at)
        });
        let key = |&at: &usize| {
            let invoice = &now.invoices[at];
            (invoice.face.abs_diff(replaced.amount()), invoice.issue, at)
        };
        let Some(at) = free.min_by_key(key) else { continue };
        let chained = replaced.at.and_then(|own| first.get(&own));
        let chained = chained.map(|&(_, issue, due)| (issue, due));
        let (issue, due) = chained.unwrap_or((Day::MAX, Day::MAX));
        let dates = (issue.min(replaced.invoice.issue), due.min(replaced.invoice.due));
        first.insert(at, (replaced, dates.0, dates.1));
    }
    let open = first.into_iter().filter(|(at, _)| now.invoices[*at].open > 0);
    let mut found: Vec<Changed> = open
        .map(|(at, (replaced, issue, due))| {
            rebilling(now, &now.invoices[at], replaced, (issue, due))
        })
        .collect();
    found.sort_by_key(|changed| changed.place);
    found
}

fn rebilling(
    ledger: &ShownLedger<'_>,
    invoice: &ShownInvoice<'_>,
    replaced: &Replaced<'_>,
    (first_issue, first_due): (Day, Day),
) -> Changed {
    let old = replaced.invoice;
    let dated = if old.credited_on.is_some() { "yes" } else { "no" };
    let how = match replaced.how {
        Gone::Credited => "credited",
        Gone::Vanished(_) => "vanished",
    };
    let facts = Facts::new()
        .with("number", old.number)
        .with("how", Fact::Variant(how))
        .with("dated", Fact::Variant(dated))
        .with("credited", from_day_number(replaced.known))
        .with("first_due", from_day_number(first_due));
    let debtor = &ledger.debtors[invoice.debtor];
    let change = LedgerChange {
        replaces: Some(old.number.to_owned()),
        before: Some(old.facts()),
        now: Some(invoice.facts()),
        ..invoice.change(ChangeKind::Rebilled, debtor)
    };
    Changed {
        place: invoice.place,
        told: Told {
            first_issue: Some(first_issue),
            first_due: Some(first_due),
            shown_until: None,
            findings: vec![Finding::new(HoldReason::Rebilled, facts)],
        },
        change: Some((invoice.currency, change)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{day, is_whole, ledger_of, shown};
    use super::super::since_last::SinceLast;
    use super::*;
    use basics::day_number;

    fn on(date: &str) -> Day {
        day_number(day(date))
    }

    /// 1,000.00 of the first of March, due in April, credited on the tenth of May.
    fn credited() -> ShownInvoice<'static> {
        let credited = shown("A-1", "2026-03-01", "2026-04-01", 100_000);
        let on = Some(on("2026-05-10"));
        ShownInvoice { open: 0, credited: 100_000, credited_on: on, ..credited }
    }

    /// The same billed again two days later.
    fn again() -> ShownInvoice<'static> {
        shown("A-7", "2026-05-12", "2026-06-12", 100_000)
    }

    /// The first due dates of what is billed anew, by number.
    fn found(all: &[ShownInvoice<'static>]) -> Vec<(&'static str, Option<Day>)> {
        let ledger = ledger_of("2026-06-30", all);
        let since = SinceLast::of(&ledger, &[]);
        assert_eq!(since.told.len(), since.changes.len());
        let told = since.told.iter().map(|(&place, told)| {
            assert_eq!(told.findings.len(), 1);
            assert_eq!(told.findings[0].reason, HoldReason::Rebilled);
            is_whole(&told.findings[0].sentence());
            (all[place].number, told.first_due)
        });
        told.collect()
    }

    #[test]
    fn what_is_credited_and_billed_again_counts_from_its_first_due_date() {
        let first = Some(credited().due);
        assert_eq!(found(&[credited(), again()]), [("A-7", first)]);
        assert_eq!(found(&[again(), credited()]), [("A-7", first)], "in any order");
        let dearer = ShownInvoice { face: 125_000, open: 125_000, ..again() };
        assert_eq!(found(&[credited(), dearer]), [("A-7", first)], "with a quarter more");
        for cents in [99_999, 75_000] {
            let less = ShownInvoice { face: cents, open: cents, ..again() };
            assert_eq!(found(&[credited(), less]), [("A-7", first)], "less, but due later");
        }
        let before = ShownInvoice { issue: on("2026-04-10"), ..again() };
        assert_eq!(found(&[credited(), before]), [("A-7", first)], "30 days before the credit");
        let part_paid = ShownInvoice { credited: 60_000, ..credited() };
        let rest = ShownInvoice { face: 60_000, open: 60_000, ..again() };
        assert_eq!(found(&[part_paid, rest]), [("A-7", first)], "the rest of it");
        let undated = ShownInvoice { credited_on: None, ..credited() };
        let june = ShownInvoice { issue: on("2026-06-02"), ..again() };
        assert_eq!(found(&[undated, june]), [("A-7", first)], "known on the ledger's date");
    }

    #[test]
    fn an_honest_credit_is_not_punished() {
        let with = |change: fn(&mut ShownInvoice<'static>)| {
            let mut other = again();
            change(&mut other);
            found(&[credited(), other])
        };
        assert_eq!(with(|i| (i.face, i.due) = (60_000, credited().due)), [], "less is billed");
        assert_eq!(with(|i| i.face = 74_999), [], "something smaller is billed");
        assert_eq!(with(|i| i.face = 125_001), [], "something larger is billed");
        assert_eq!(with(|i| i.due = credited().due), [], "due when it was");
        assert_eq!(with(|i| i.issue = credited().issue), [], "billed at the same time");
        assert_eq!(with(|i| i.issue += 29), [], "more than 30 days after the credit");
        assert_eq!(with(|i| i.debtor = 1), [], "to another customer");
        assert_eq!(with(|i| i.open = 0), [], "paid");
        assert_eq!(with(|i| i.currency = "EUR".parse().expect("euros")), []);
        let paid = ShownInvoice { credited: 49_999, ..credited() };
        let rest = ShownInvoice { face: 50_000, open: 50_000, ..again() };
        assert_eq!(found(&[paid, rest]), [], "most of it was paid");
    }

    #[test]
    fn what_was_open_and_is_gone_may_be_billed_again() {
        let open = shown("A-1", "2026-03-01", "2026-04-01", 100_000);
        let paid = ShownInvoice { open: 0, is_collected: true, debtor: 1, ..open };
        let before = ledger_of("2026-05-31", &[open, paid]);
        let first_due = |new: &[ShownInvoice<'static>]| {
            let now = ledger_of("2026-06-30", &[&[paid], new].concat());
            let since = SinceLast::of(&now, std::slice::from_ref(&before));
            let told = since.told.values().find(|told| told.first_due.is_some())?;
            is_whole(&told.findings[0].sentence());
            Some((told.findings[0].reason, told.first_due))
        };
        let new = shown("A-1R", "2026-06-02", "2026-07-10", 100_000);
        let held = Some((HoldReason::Rebilled, Some(open.due)));
        assert_eq!(first_due(&[new]), held);
        assert_eq!(first_due(&[ShownInvoice { face: 75_000, open: 75_000, ..new }]), held);
        assert_eq!(first_due(&[ShownInvoice { face: 74_999, open: 74_999, ..new }]), None);
        assert_eq!(first_due(&[ShownInvoice { debtor: 2, ..new }]), None, "another customer's");
        assert_eq!(first_due(&[ShownInvoice { open: 0, ..open }, new]), None, "it was paid");
        // What the previous ledger showed beside it is none that replaces it.
        let before = ledger_of("2026-05-31", &[open, paid, new]);
        let now = ledger_of("2026-06-30", &[paid, new]);
        assert!(SinceLast::of(&now, std::slice::from_ref(&before)).told.is_empty());
        // An export of open items leaves out what was paid.
        let since = SinceLast::of(&ledger_of("2026-06-30", &[new]), std::slice::from_ref(&before));
        assert!(since.told.is_empty());
    }

    #[test]
    fn one_credit_is_billed_again_once() {
        let later = ShownInvoice { number: "A-8", issue: again().issue + 1, ..again() };
        let dearer = ShownInvoice { number: "A-6", face: 101_000, open: 101_000, ..again() };
        assert_eq!(found(&[credited(), dearer, later, again()]), [("A-7", Some(credited().due))]);
        let other = ShownInvoice { number: "A-2", issue: credited().issue + 1, ..credited() };
        let both = found(&[credited(), other, again(), later]);
        assert_eq!(both.iter().map(|(number, _)| *number).collect::<Vec<_>>(), ["A-7", "A-8"]);
    }

    #[test]
    fn a_chain_counts_from_its_start() {
        let second = ShownInvoice {
            open: 0,
            credited: 100_000,
            credited_on: Some(on("2026-06-08")),
            ..again()
        };
        let third = shown("A-9", "2026-06-10", "2026-07-10", 100_000);
        assert_eq!(found(&[credited(), second, third]), [("A-9", Some(credited().due))]);
    }

    #[test]
    fn a_credit_that_only_the_previous_ledger_shows_counts_too() {
        let before = ledger_of("2026-05-31", &[credited()]);
        let now = ledger_of("2026-06-30", &[ShownInvoice { issue: on("2026-06-01"), ..again() }]);
        let since = SinceLast::of(&now, std::slice::from_ref(&before));
        assert_eq!(since.told[&0].first_due, Some(credited().due));
        let change = &since.changes[0].1;
        assert_eq!(
            (change.change, change.replaces.as_deref()),
            (ChangeKind::Rebilled, Some("A-1"))
        );
    }
}
