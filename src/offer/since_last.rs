//! The comparison of a client's ledger with those that it sent before.

use std::collections::{BTreeMap, HashMap};

use basics::{Currency, Day, Money, MoneyError};

use super::backdated::backdated;
use super::changed::changed;
use super::comparing::Comparing;
use super::last_shown::last_shown;
use super::ledger_change::{ChangeKind, LedgerChange};
use super::rebilled::{Replaced, rebilled};
use super::shown_ledger::ShownLedger;
use super::told::{Changed, Told};

/// The outcome for one client's invoices, the credits of all ledgers included.
#[derive(Debug, Default, PartialEq)]
pub struct SinceLast {
    /// The outcome for each open invoice that has any, by its place among the invoices of the
    /// client.
    pub told: BTreeMap<usize, Told>,
    /// The differences, with the currency of each, ordered by kind, debtor and number.
    pub changes: Vec<(Currency, LedgerChange)>,
    /// The largest invoice that each debtor had paid by an earlier ledger, minor units, by its
    /// index among the debtors of this ledger.
    pub paid_before: BTreeMap<(usize, Currency), i64>,
    /// True if an earlier ledger shows a paid invoice of any debtor.
    pub shows_paid: bool,
}

impl SinceLast {
    /// Compares a ledger with those before it, in order of their dates, and finds what is billed
    /// anew in any. Of several ledgers the earliest dates of an invoice count, and what differs
    /// from any of them is told once.
    pub fn of(now: &ShownLedger<'_>, earlier: &[ShownLedger<'_>]) -> Self {
        let all: Vec<_> = earlier.iter().map(|before| Comparing::of(before, now)).collect();
        let mut since = Self::default();
        since.add(changed(&all).into_iter().chain(backdated(&all)));
        let gone = || last_shown(&all).into_iter().map(|(of, at)| (&all[of], at));
        let mut replaced = credited(&all, now);
        // An export of open items leaves out what was paid.
        if now.invoices.iter().any(|invoice| invoice.open <= 0) {
            let vanished = gone().filter_map(|(of, at)| of.vanished(at));
            for (currency, change, again) in vanished {
                since.changes.push((currency, change));
                replaced.extend(again);
            }
        }
        // The new ledger may leave out what is closed.
        replaced.extend(gone().filter_map(|(of, at)| of.credited(at)));
        since.add(rebilled(now, &replaced));
        for paid in all.iter().flat_map(Comparing::paid) {
            since.shows_paid = true;
            if let Some((debtor, currency, face)) = paid {
                let largest = since.paid_before.entry((debtor, currency)).or_default();
                *largest = face.max(*largest);
            }
        }
        since.told.values_mut().for_each(|told| told.findings.sort_by_key(|found| found.reason));
        since.changes.sort_by(|(_, a), (_, b)| key(a).cmp(&key(b)));
        since
    }

    fn add(&mut self, all: impl IntoIterator<Item = Changed>) {
        for Changed { place, told, change } in all {
            if told != Told::default() {
                self.told.entry(place).or_default().add(told);
            }
            self.changes.extend(change);
        }
    }

    /// Returns the number and sum of the invoices in each currency that have vanished.
    ///
    /// # Errors
    /// If a sum overflows.
    pub fn vanished(&self) -> Result<Vec<(usize, Money)>, MoneyError> {
        let mut sums: BTreeMap<Currency, (usize, i128)> = BTreeMap::new();
        for (currency, change) in &self.changes {
            let before = change.before.filter(|_| change.change == ChangeKind::Vanished);
            if let Some(before) = before {
                let (count, sum) = sums.entry(*currency).or_default();
                *count += 1;
                *sum += i128::from(before.open.minor());
            }
        }
        let money = |(currency, (count, sum))| Ok((count, Money::from_total(sum, currency)?));
        sums.into_iter().map(money).collect()
    }
}

/// The invoices of this ledger that a credit has closed. A credit without a date is as old as the
/// first ledger that shows it.
fn credited<'a>(all: &[Comparing<'a>], now: &'a ShownLedger<'a>) -> Vec<Replaced<'a>> {
    let mut known: HashMap<usize, Day> = HashMap::new();
    for comparing in all {
        let pairs = comparing.matched.pairs.iter();
        let shown = pairs.filter(|(old, _)| comparing.before.invoices[*old].is_credited());
        for &(_, new) in shown {
            known.entry(new).or_insert(comparing.before.day());
        }
    }
    Replaced::of(now, |at| known.get(&at).copied()).collect()
}

/// The order of the list: by kind, debtor and number; the dates tell copies apart.
fn key(change: &LedgerChange) -> impl Ord + '_ {
    let facts = change.now.or(change.before);
    let facts = facts.map(|f| (f.invoice_date, f.due_date, f.face.minor(), f.open.minor()));
    (change.change, &*change.debtor_id, &*change.invoice_number, facts)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{day, is_whole, ledger_of, shown};
    use super::super::shown_ledger::ShownInvoice;
    use super::*;
    use HoldReason::{AmountRaised, Backdated, DebtorChanged, ReDated, Reopened};
    use basics::day_number;
    use policy::HoldReason;

    /// 1,000.00 of the first of May, due in June, of the first debtor, all of it open.
    fn invoice() -> ShownInvoice<'static> {
        shown("A-1", "2026-05-01", "2026-06-01", 100_000)
    }

    /// Paid invoices from January on, so that a ledger goes back and shows closed ones.
    fn paid() -> ShownInvoice<'static> {
        let paid = shown("P-1", "2026-01-05", "2026-02-05", 70_000);
        ShownInvoice { open: 0, is_collected: true, debtor: 1, ..paid }
    }

    /// The ledgers of the 31st of May and the 30th of June, each with the paid invoice.
    fn since(before: &[ShownInvoice<'static>], now: &[ShownInvoice<'static>]) -> SinceLast {
        let with_paid = |all: &[ShownInvoice<'static>]| [all, &[paid()]].concat();
        let before = ledger_of("2026-05-31", &with_paid(before));
        SinceLast::of(&ledger_of("2026-06-30", &with_paid(now)), std::slice::from_ref(&before))
    }

    fn kinds(since: &SinceLast) -> Vec<ChangeKind> {
        since.changes.iter().flat_map(|(_, change)| change.kinds()).collect()
    }

    /// The reasons to hold the first invoice of the ledger, and the due date that it counts from.
    fn told(since: &SinceLast) -> (Vec<HoldReason>, Option<Day>) {
        let told = since.told.get(&0).cloned().unwrap_or_default();
        told.findings.iter().for_each(|finding| is_whole(&finding.sentence()));
        (told.findings.iter().map(|finding| finding.reason).collect(), told.first_due)
    }

    fn became(now: ShownInvoice<'static>) -> (Vec<HoldReason>, Option<Day>, Vec<ChangeKind>) {
        let since = since(&[invoice()], &[now]);
        let (reasons, first) = told(&since);
        (reasons, first, kinds(&since))
    }

    fn on(date: &str) -> Day {
        day_number(day(date))
    }

    #[test]
    fn what_is_the_same_tells_nothing() {
        let nothing = (vec![], None, vec![]);
        assert_eq!(became(invoice()), nothing);
        assert_eq!(became(ShownInvoice { open: 60_000, ..invoice() }), nothing, "partly paid");
        assert_eq!(became(ShownInvoice { open: 0, ..invoice() }), nothing, "paid");
        let sooner = ShownInvoice { due: invoice().due - 5, ..invoice() };
        assert_eq!(became(sooner), nothing, "due sooner");
    }

    #[test]
    fn a_later_due_date_counts_from_the_first() {
        let first = Some(on("2026-06-01"));
        let later = |issue: Day, due: Day| {
            let now = invoice();
            became(ShownInvoice { issue: now.issue + issue, due: now.due + due, ..now })
        };
        let re_dated = || (vec![ReDated], first, vec![ChangeKind::ReDated]);
        assert_eq!(later(0, 1), re_dated());
        assert_eq!(later(40, 40), re_dated(), "with the issue date");
        assert_eq!(later(-3, 10), re_dated(), "although dated earlier");
        // Dated later but due when it was: it is no younger by its due date.
        assert_eq!(later(5, 0), (vec![ReDated], None, vec![ChangeKind::ReDated]));
        assert_eq!(later(5, -4), (vec![ReDated], None, vec![ChangeKind::ReDated]));
    }

    #[test]
    fn an_assumed_date_was_changed_by_nobody() {
        let of = |before, now| {
            let since = since(&[before], &[now]);
            let told = since.told.get(&0).cloned().unwrap_or_default();
            (kinds(&since), told.first_issue, told.first_due)
        };
        let now = ShownInvoice { due: invoice().due + 14, ..invoice() };
        let assumed = |i: ShownInvoice<'static>| ShownInvoice { due_assumed: true, ..i };
        // Where this ledger states no due date, the stated one is the better known.
        assert_eq!(of(invoice(), assumed(now)), (vec![], None, Some(invoice().due)));
        assert_eq!(of(assumed(invoice()), now), (vec![], None, None));
        // Terms of 31 + 14 days from the first issue date.
        let later = ShownInvoice { issue: now.issue + 20, due: now.due + 20, ..now };
        let issue = invoice().issue;
        let first = (vec![ChangeKind::ReDated], Some(issue), Some(issue + 45));
        assert_eq!(of(assumed(invoice()), later), first);
        // Both count the terms of the policy from the date that moved.
        let moved = ShownInvoice { issue: issue + 20, due: invoice().due + 20, ..invoice() };
        let first = (vec![ChangeKind::ReDated], Some(issue), Some(invoice().due));
        assert_eq!(of(assumed(invoice()), assumed(moved)), first);
    }

    #[test]
    fn a_higher_amount_is_raised_and_a_lower_one_only_named() {
        let changed = vec![ChangeKind::AmountChanged];
        let with = |face, open| became(ShownInvoice { face, open, ..invoice() });
        assert_eq!(with(100_001, 100_001), (vec![AmountRaised], None, changed.clone()));
        assert_eq!(with(250_000, 100_000), (vec![], None, vec![]), "the report showed a balance");
        assert_eq!(with(90_000, 50_000), (vec![], None, changed.clone()));
        assert_eq!(with(90_000, 90_000), (vec![], None, vec![]), "a balance that was paid down");
        // Of an invoice of which a part is paid.
        let part = ShownInvoice { open: 60_000, ..invoice() };
        let of = |face, open| {
            let since = since(&[part], &[ShownInvoice { face, open, ..part }]);
            (told(&since).0, kinds(&since))
        };
        assert_eq!(of(100_000, 60_000), (vec![], vec![]));
        assert_eq!(of(100_000, 60_001), (vec![AmountRaised], changed.clone()), "more is open");
        assert_eq!(of(120_000, 60_000), (vec![AmountRaised], changed.clone()));
        assert_eq!(of(90_000, 90_000), (vec![AmountRaised], changed), "more is open");
        assert_eq!(of(60_000, 60_000), (vec![], vec![]), "a report of balances");
    }

    #[test]
    fn what_was_closed_and_is_open_is_reopened() {
        let closed = ShownInvoice { open: 0, ..invoice() };
        let of = |now| {
            let since = since(&[closed], &[now]);
            (told(&since).0, kinds(&since))
        };
        let reopened = (vec![Reopened], vec![ChangeKind::Reopened]);
        assert_eq!(of(invoice()), reopened);
        assert_eq!(of(ShownInvoice { open: 1, ..invoice() }), reopened, "a part of it");
        assert_eq!(of(closed), (vec![], vec![]));
        let later = ShownInvoice { issue: on("2026-06-10"), due: on("2026-07-10"), ..invoice() };
        assert_eq!(of(later).0, [ReDated, Reopened], "the same amount, dated anew");
        // A client whose numbers begin anew.
        let other = ShownInvoice { face: 40_000, open: 40_000, ..later };
        assert_eq!(of(other), (vec![], vec![]));
    }

    #[test]
    fn an_invoice_under_another_debtor_is_moved() {
        let moved = |now: ShownInvoice<'static>| became(ShownInvoice { debtor: 2, ..now });
        let (reasons, first, kinds) = moved(invoice());
        assert_eq!((reasons, first), (vec![DebtorChanged], None));
        assert_eq!(kinds, [ChangeKind::DebtorChanged]);
        let later = ShownInvoice { due: invoice().due + 30, ..invoice() };
        let (reasons, first, _) = moved(later);
        assert_eq!((reasons, first), (vec![ReDated, DebtorChanged], Some(invoice().due)));
        let raised = ShownInvoice { face: 110_000, open: 110_000, ..invoice() };
        assert_eq!(moved(raised).0, [AmountRaised, DebtorChanged], "the dates are the same");
        // Neither amount nor dates agree, so it is another invoice, dated before the ledger.
        let other = ShownInvoice { due: invoice().due + 30, ..raised };
        assert_eq!(moved(other).0, [Backdated]);
    }

    #[test]
    fn a_debtor_whose_name_is_spelled_differently_is_the_same() {
        let before = ledger_of("2026-05-31", &[invoice()]);
        let mut now = ledger_of("2026-06-30", &[invoice()]);
        // Renumbered; the sample spells names as they are.
        now.debtors[0].id = "another id";
        assert_eq!(SinceLast::of(&now, std::slice::from_ref(&before)), SinceLast::default());
        now.debtors[0].spelled = "somebody else".to_owned();
        assert_eq!(told(&SinceLast::of(&now, std::slice::from_ref(&before))).0, [DebtorChanged]);
    }

    #[test]
    fn an_invoice_numbered_anew_is_the_same() {
        let since = |now| since(&[invoice()], &[now]);
        let renumbered = ShownInvoice { number: "2026/A-1", ..invoice() };
        assert_eq!(kinds(&since(renumbered)), []);
        let later = ShownInvoice { due: renumbered.due + 1, ..renumbered };
        assert_eq!(kinds(&since(later)), [ChangeKind::Backdated, ChangeKind::Vanished]);
    }

    #[test]
    fn an_invoice_from_before_the_last_ledger_is_backdated_if_that_would_list_it() {
        let new = |issue: &str| {
            let new = shown("A-9", "2026-05-20", "2026-08-01", 5_000);
            ShownInvoice { issue: on(issue), debtor: 2, ..new }
        };
        let told_of = |now| {
            let since = since(&[], &[now]);
            assert!(since.changes.iter().all(|(_, c)| c.before.is_none()));
            (told(&since).0, kinds(&since))
        };
        let backdated = (vec![Backdated], vec![ChangeKind::Backdated]);
        assert_eq!(told_of(new("2026-05-30")), backdated);
        assert_eq!(told_of(new("2026-01-05")), backdated, "as old as the oldest listed");
        let fine = (vec![], vec![]);
        assert_eq!(told_of(new("2026-05-31")), fine, "of its own day");
        assert_eq!(told_of(new("2026-06-15")), fine);
        assert_eq!(told_of(new("2026-01-04")), fine, "the ledger does not go back that far");
        assert_eq!(told_of(ShownInvoice { issue_assumed: true, ..new("2026-05-20") }), fine);
        assert_eq!(told_of(ShownInvoice { open: 0, ..new("2026-05-20") }), fine, "paid since");
        let euros = ShownInvoice { currency: "EUR".parse().expect("euros"), ..new("2026-05-20") };
        assert_eq!(told_of(euros), fine, "it lists no invoices in euros");
    }

    #[test]
    fn a_list_of_what_is_past_due_leaves_out_the_rest() {
        let late = shown("A-1", "2026-01-05", "2026-02-05", 70_000);
        let before = ledger_of("2026-05-31", &[late]);
        let with = |due: &str| {
            let new = ShownInvoice { due: on(due), ..shown("A-2", "2026-04-01", due, 1_000) };
            kinds(&SinceLast::of(
                &ledger_of("2026-06-30", &[late, new]),
                std::slice::from_ref(&before),
            ))
        };
        assert_eq!(with("2026-06-20"), []);
        assert_eq!(with("2026-05-20"), [ChangeKind::Backdated]);
    }

    #[test]
    fn what_was_open_and_is_in_no_ledger_has_vanished() {
        let (a, b) = (invoice(), shown("B-1", "2026-05-02", "2026-06-02", 1));
        let euros = ShownInvoice { currency: "EUR".parse().expect("euros"), number: "E", ..a };
        let gone = since(&[a, b, euros], &[]);
        assert_eq!(kinds(&gone), [ChangeKind::Vanished; 3]);
        let sums = gone.vanished().expect("it fits");
        let sums: Vec<String> = sums
            .iter()
            .map(|(count, open)| format!("{count} {open} {}", open.currency()))
            .collect();
        assert_eq!(sums, ["1 1000.00 EUR", "2 1000.01 USD"]);
        assert_eq!(kinds(&since(&[ShownInvoice { open: 0, ..a }], &[])), [], "a closed one may go");
        // An export of open items leaves out what was paid.
        let (before, now) = (ledger_of("2026-05-31", &[a, b]), ledger_of("2026-06-30", &[b]));
        assert_eq!(kinds(&SinceLast::of(&now, std::slice::from_ref(&before))), []);
    }

    #[test]
    fn an_invoice_that_shares_its_number_is_told_by_its_dates_and_amount() {
        let first = invoice();
        let second = ShownInvoice { issue: on("2026-06-01"), due: on("2026-07-01"), ..first };
        assert_eq!(kinds(&since(&[first], &[first, second])), [], "a new one with the number");
        assert_eq!(kinds(&since(&[first], &[second, first])), [], "in any order");
        let other = ShownInvoice { face: 30_000, open: 30_000, ..first };
        // One of two is re-dated: its amount tells which.
        let later = ShownInvoice { due: first.due + 9, ..first };
        let now = since(&[first, other], &[later, other]);
        assert_eq!(
            (told(&now), kinds(&now)),
            ((vec![ReDated], Some(first.due)), vec![ChangeKind::ReDated])
        );
        // One is left on each side.
        let changed = ShownInvoice { face: 40_000, open: 40_000, ..other };
        assert_eq!(kinds(&since(&[first, other], &[first, changed])), [ChangeKind::AmountChanged]);
        // Both changed amounts and dates: which is which cannot be told.
        let strange = |face| ShownInvoice { face, open: face, due: first.due + 7, ..first };
        assert_eq!(kinds(&since(&[first, other], &[strange(1), strange(2)])), []);
        assert_eq!(kinds(&since(&[first, first], &[first])), [], "a copy was taken out");
    }

    #[test]
    fn who_paid_before_is_known() {
        let since = since(&[paid(), ShownInvoice { face: 5, ..paid() }], &[]);
        assert!(since.shows_paid);
        assert_eq!(since.paid_before, [((1, Currency::USD), 70_000)].into());
        let none = SinceLast::of(&ledger_of("2026-06-30", &[paid()]), &[]);
        assert_eq!((none.shows_paid, none.paid_before.len()), (false, 0), "its own are known");
    }
}
