//! Open invoices that are nearly the same as another open one.
//!
//! *Catches*: an invoice billed twice under a number that differs in its spelling or by a mark
//! behind it, with the same amount or the same issue date: see [`Change`](super::number::Change).
//! *Why*: the same claim is sold twice, by mistake (two systems, a re-typed export) or on purpose;
//! duplicate invoices are the fraud against which funders keep registries. Which numbers are near
//! is our own.
//! *Must not catch*: consecutive numbers with equal amounts, which staffing, haulage, subscriptions
//! and site billing have every week; instalments, part deliveries and surcharges under one number,
//! if such pairs have been paid before, by the debtor or often by the client's other debtors.
//! *Misses*: a copy under a number of its own; a copy made as the client makes its instalments.
//! *Measured* (`measured.rs`, on invented ledgers of eight honest trades): holds nothing of their
//! open value, 0.1 % of a wholesaler's if only a few months of payments are shown; finds more than
//! 94 % of copies, fewest of those that are re-dated and marked as the client marks its series.
//!
//! Of each group of likely copies at most one is not held: the one that brings the client least, so
//! that to list a copy never raises what is bought. If one has been bought or confirmed before,
//! which is not held, it is that one; if one looks wrong for another reason, all are held. Where
//! one was bought and its debtor has not confirmed it, a confirmation of another says nothing: the
//! debtor may mean the one that was bought, so both have to be confirmed.

use policy::{CopyOf, Finding, HoldReason, Pool, Receivable};
use words::{Fact, Facts};

use super::bills::Bills;
use super::clusters::Clusters;
use super::copies::{Copies, Same};

/// An invoice that may be a copy.
pub(super) struct Likely {
    /// Its index.
    pub at: usize,
    pub finding: Finding,
    pub copy_of: CopyOf,
}

/// Returns the invoices of which one that is nearly the same is bought, or is held as well. `wrong`
/// says of which receivables another screen has found something.
pub(super) fn find(
    pool: &Pool,
    wrong: &[bool],
    (bills, copies): (&Bills<'_>, &[Copies]),
) -> Vec<Likely> {
    let mut clusters = Clusters::new(pool.receivables.len());
    let mut like: Vec<Option<(Same, usize)>> = vec![None; pool.receivables.len()];
    for group in copies {
        let mut open: Vec<usize> =
            group.bills.iter().copied().filter(|bill| bills.is_open(*bill)).collect();
        open.sort_by(|a, b| rank(pool, wrong, *a).cmp(&rank(pool, wrong, *b)));
        let number = |at: usize| pool.receivables[at].number.as_str();
        let Some(&first) = open.first() else { continue };
        let other = open.iter().copied().find(|&at| number(at) != number(first));
        let Some(other) = other else { continue };
        for &at in &open {
            clusters.join(first, at);
            let peer = if number(at) == number(first) { other } else { first };
            like[at].get_or_insert((group.same, peer));
        }
    }
    let mut kept: Vec<Option<usize>> = vec![None; pool.receivables.len()];
    for at in (0..like.len()).filter(|&at| like[at].is_some()) {
        let kept = &mut kept[clusters.root(at)];
        if kept.is_none_or(|least| rank(pool, wrong, at) < rank(pool, wrong, least)) {
            *kept = Some(at);
        }
    }
    let found = like.iter().enumerate().filter_map(|(at, like)| {
        let ((same, peer), kept) = ((*like)?, kept[clusters.root(at)]?);
        (kept != at).then(|| Likely {
            at,
            finding: finding(same, &pool.receivables[peer]),
            copy_of: copy_of(&pool.receivables[at], &pool.receivables[kept]),
        })
    });
    found.collect()
}

fn copy_of(own: &Receivable, kept: &Receivable) -> CopyOf {
    let is_awaited = is_unconfirmed(kept) && !own.funded && own.number != kept.number;
    CopyOf { number: kept.number.clone(), is_awaited }
}

/// Returns true if it was bought without its debtor having confirmed it.
fn is_unconfirmed(own: &Receivable) -> bool {
    own.funded && !own.scrutiny.confirmed
}

/// Orders the invoices of a cluster, the one that is not held first.
fn rank<'p>(pool: &'p Pool, wrong: &[bool], at: usize) -> impl Ord + use<'p> {
    let own = &pool.receivables[at];
    let Receivable { funded, scrutiny, open, due, issue, number, .. } = own;
    let is_free = !funded && !scrutiny.confirmed;
    (is_free, !is_unconfirmed(own), !wrong[at], open.minor(), *due, *issue, number)
}

fn finding(same: Same, peer: &Receivable) -> Finding {
    let facts = Facts::new()
        .with("number", peer.number.as_str())
        .with("same", Fact::Variant(same.variant()));
    Finding::new(HoldReason::NearDuplicate, facts)
}

#[cfg(test)]
mod tests {
    use policy::HoldReason;

    use super::super::samples::{Book, flagged, open, paid, usd};
    use super::super::trades::{AS_OF, Row};

    /// Unremarkable paid invoices of debtor 1, enough for its client's customs to be known.
    fn known() -> Vec<Row> {
        let row = |at: i64| {
            paid(1, &format!("Z-{}", 7_000 + at), AS_OF - 300 + at as i32, 100_037 + 977 * at)
        };
        (0..60).map(row).collect()
    }

    fn pair(one: &str, other: &str) -> [Row; 2] {
        [open(1, one, AS_OF - 9, 77_701), open(1, other, AS_OF - 9, 77_701)]
    }

    fn flags(past: &[Row], pair: &[Row]) -> usize {
        flagged(&[past, pair].concat()).len()
    }

    #[test]
    fn one_of_two_near_numbers_with_the_same_amount_and_date_is_left() {
        for (one, other) in [
            ("INV-000299", "INV-000299A"),
            ("INV-000299", "INV 000299"),
            ("INV-000299", "INV-OOO299"),
            ("1001", "1001-1"),
            ("1001", "1001 (2)"),
            ("2026-0299", "20260299"),
            ("299", "299 copy"),
            ("299", "299-rev2"),
        ] {
            for past in [Vec::new(), known()] {
                assert_eq!(flags(&past, &pair(one, other)), 1, "{one} {other}");
            }
        }
        let rows = pair("INV-000299", "INV-000299A");
        let mut book = Book::of(&rows);
        book.screen();
        let said = "Invoice INV-000299 to this customer has nearly the same number and the same amount \
                    and date; both are bought only if both are confirmed.";
        assert_eq!(book.said(), [("INV-000299A", said.to_owned())]);
    }

    #[test]
    fn the_same_amount_or_date_suffices_unless_a_mark_alone_tells_too_little() {
        for (other, without_history) in
            [("INV 299", 1), ("299", 1), ("COPY INV-299", 1), ("INV-299A", 0), ("INV-299-1", 0)]
        {
            let [one, other] = pair("INV-299", other);
            let later = Row { issue: AS_OF - 2, ..other.clone() };
            let less = Row { cents: 55_501, ..other.clone() };
            let neither = Row { issue: AS_OF - 2, ..less.clone() };
            for (other, known_client, unknown) in
                [(&later, 1, without_history), (&less, 1, without_history), (&neither, 0, 0)]
            {
                let pair = [one.clone(), other.clone()];
                assert_eq!(flags(&known(), &pair), known_client, "{}", other.number);
                assert_eq!(flags(&[], &pair), unknown, "{}", other.number);
            }
        }
    }

    #[test]
    fn consecutive_numbers_are_not_flagged() {
        for (one, other) in [
            ("INV-0298", "INV-0299"),
            ("1001", "1002"),
            ("2026-1", "2026-2"),
            ("1-12", "11-2"),
            ("J105-1", "J105-2"),
            ("26W1", "26W2"),
            ("A-299", "B-299"),
        ] {
            assert_eq!(flags(&[], &pair(one, other)), 0, "{one} {other}");
        }
        // Equal numbers are the matter of the rule `duplicate`.
        assert_eq!(flags(&known(), &pair("299", "299")), 0);
        // To another debtor is another screen.
        let [one, other] = pair("299", "299A");
        assert_eq!(flags(&known(), &[one, Row { debtor: 2, ..other }]), 0);
    }

    #[test]
    fn two_marked_numbers_alone_are_flagged_only_where_marks_are_unheard_of() {
        for (one, other) in [("299A", "299B"), ("1001-1", "1001-2"), ("77/1", "77/2")] {
            let twins = pair(one, other);
            assert_eq!(flags(&known(), &twins), 1, "{one} {other}");
            assert_eq!(flags(&[], &twins), 0, "{one} {other}");
            let later = [twins[0].clone(), Row { due: AS_OF + 30, ..twins[1].clone() }];
            assert_eq!(flags(&known(), &later), 0, "{one} {other}");
            let series = (0..3).map(|at| {
                let number = format!("{}{}", 500 + at, &one[one.len() - 2..].replace('9', ""));
                paid(1, &number, AS_OF - 200, 60_001 + at)
            });
            let past = [known(), series.collect()].concat();
            assert_eq!(flags(&past, &twins), 0, "{one} {other}");
        }
    }

    #[test]
    fn pairs_as_the_debtor_has_paid_them_three_times_are_not_flagged() {
        for mark in ["-1", "A", " copy"] {
            let twins = pair("1001", &format!("1001{mark}"));
            for (times, expected) in [(0, 1), (2, 1), (3, 0)] {
                let past = (0..times).flat_map(|at| {
                    let number = format!("{}", 600 + 10 * at);
                    let own = paid(1, &number, AS_OF - 200 - at, 88_001 + i64::from(at));
                    [Row { number: format!("{number}{mark}"), ..own.clone() }, own]
                });
                let past = [known(), past.collect()].concat();
                assert_eq!(flags(&past, &twins), expected, "{mark} {times}");
                // With another date each, they say nothing of a pair of one day.
                let apart = past
                    .iter()
                    .enumerate()
                    .map(|(at, row)| Row { issue: row.issue - at as i32, ..row.clone() });
                assert_eq!(flags(&apart.collect::<Vec<_>>(), &twins), 1, "{mark} {times}");
            }
        }
    }

    #[test]
    fn pairs_that_the_clients_debtors_pay_often_are_not_flagged() {
        // Three pairs of 300 paid invoices are one in a hundred; of 306 they are fewer.
        for (others, expected) in [(294, 0), (300, 1)] {
            let plain =
                (0..others).map(|at: i64| paid(5, &format!("{}", 9_000 + 7 * at), 20_000, at));
            let pairs = (0..3).flat_map(|at: i64| {
                let own =
                    paid(20 + at as usize, &format!("{}", 600 + 10 * at), 20_100, 88_001 + at);
                [Row { number: format!("{}-1", own.number), ..own.clone() }, own]
            });
            let past: Vec<Row> = plain.chain(pairs).collect();
            assert_eq!(flags(&past, &pair("1001", "1001-1")), expected, "{others}");
        }
    }

    #[test]
    fn the_one_that_brings_least_is_left() {
        let three = || ["299", "299A", "INV 299"].map(|number| open(1, number, AS_OF - 9, 77_701));
        let left = |change: &dyn Fn(&mut Book<'_>)| {
            let rows = three();
            let mut book = Book::of(&rows);
            change(&mut book);
            book.screen();
            let own = &book.pool.receivables;
            let left = own.iter().filter(|own| own.scrutiny.findings.is_empty());
            left.map(|own| own.number.clone()).collect::<Vec<_>>()
        };
        assert_eq!(left(&|_| {}), ["299"]);
        assert_eq!(left(&|book| book.pool.receivables[1].open = usd(77_700)), ["299A"]);
        assert_eq!(left(&|book| book.pool.receivables[2].due -= 1), ["INV 299"]);
        // What was bought or confirmed before is not held, so nothing else may be bought.
        assert_eq!(left(&|book| book.pool.receivables[1].funded = true), ["299A"]);
        let confirm = |book: &mut Book<'_>| {
            book.pool.receivables[0].open = usd(1);
            book.pool.receivables[2].scrutiny.confirmed = true;
        };
        assert_eq!(left(&confirm), ["INV 299"]);
        // One looks wrong for another reason, so none is left.
        let wrong = |book: &mut Book<'_>| book.delivered[1] = Some(AS_OF + 5);
        assert_eq!(left(&wrong), [""; 0]);
    }

    /// Whichever of the two it is, and whatever else would decide which of them is left.
    #[test]
    fn a_copy_of_what_was_bought_unconfirmed_waits_for_both() {
        for bought in [0, 1] {
            for less in [0, 1] {
                for confirmed in [vec![], vec![bought], vec![1 - bought], vec![0, 1]] {
                    let mut rows = pair("299", "INV 299");
                    rows[less].cents -= 1;
                    let mut book = Book::of(&rows);
                    book.pool.receivables[bought].funded = true;
                    for &at in &confirmed {
                        book.pool.receivables[at].scrutiny.confirmed = true;
                    }
                    book.screen();
                    let other = &book.pool.receivables[1 - bought].scrutiny;
                    let may_be_bought = other.confirmed || other.findings.is_empty();
                    assert_eq!(
                        may_be_bought,
                        confirmed.len() == 2,
                        "{bought} {less} {confirmed:?}"
                    );
                    let is_awaited = other.copy_of.as_ref().is_some_and(|of| of.is_awaited);
                    assert_eq!(is_awaited, !confirmed.contains(&bought), "{bought} {confirmed:?}");
                }
            }
        }
    }

    #[test]
    fn assumed_dates_have_nothing_in_common() {
        let [one, other] = pair("299", "INV-299");
        let rows = [one, Row { cents: 55_501, ..other }];
        for assumed in [false, true] {
            let mut book = Book::of(&rows);
            book.pool.receivables.iter_mut().for_each(|own| own.issue_assumed = assumed);
            book.screen();
            assert_eq!(book.said().is_empty(), assumed);
        }
    }

    #[test]
    fn findings_that_are_there_stay_and_all_are_in_order() {
        let mut rows = vec![open(1, "299", AS_OF - 9, 77_701)];
        rows.push(Row { delivered: Some(AS_OF + 5), ..open(1, "299A", AS_OF - 9, 77_701) });
        let mut book = Book::of(&rows);
        // So that it is the one that is left.
        book.pool.receivables[0].funded = true;
        for reason in [HoldReason::Drawn, HoldReason::ReDated, HoldReason::NotDelivered] {
            let finding = super::Finding::new(reason, super::Facts::new().with("due", 1));
            book.pool.receivables[1].scrutiny.findings.push(finding);
        }
        book.screen();
        let found = &book.pool.receivables[1].scrutiny.findings;
        let reasons: Vec<&str> = found.iter().map(|finding| finding.reason.code()).collect();
        assert_eq!(reasons, ["re_dated", "near_duplicate", "not_delivered", "drawn"]);
        assert!(found[2].facts.get("due").is_some());
    }
}
