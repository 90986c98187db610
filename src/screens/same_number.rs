//! Invoices that have the number and the amount of an invoice to another debtor.
//!
//! *Catches*: one invoice listed under two debtors, so that it passes twice, or past the limit of
//! the first. The other may be open or paid; both are flagged if both are open.
//! *Why*: a client numbers its invoices once, so the number tells that they are one claim. Our own.
//! *Must not catch*: clients that number per debtor, of whose debtors several have the same number;
//! an invoice to the wrong debtor that was credited and billed to the right one.
//! *Measured* (`measured.rs`, on invented ledgers of eight honest trades): holds nothing of their
//! open value; finds all second copies where the client numbers its invoices once, and none where
//! it numbers per debtor.
//!
//! A client numbers per debtor if one in twenty of its paid invoices shares its number with another
//! debtor's, and a number came again three times at least. With fewer than twenty paid invoices,
//! open ones are counted as well; it then takes half of all, and a number came again only where no
//! amount is the same, so that it is not one claim: nobody sells half a ledger twice.

use policy::{Finding, HoldReason};
use words::Facts;

use super::bills::{Bill, Bills};
use super::clusters::Clusters;
use super::number::Change;

/// Times that one more debtor has a number, from which on a client may number per debtor (our own).
const LEAST_AGAIN: usize = 3;
/// One paid invoice in this many that shares its number with another debtor's shows that a client
/// numbers per debtor (our own).
const ONE_IN: usize = 20;
/// Paid bills that suffice to tell how a client numbers (our own).
const KNOWN_CLIENT: usize = 20;

/// A bill under its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Numbered {
    bits: u64,
    face: i64,
    debtor: usize,
    bill: usize,
}

/// Returns the findings, each with the index of its receivable.
pub(super) fn find(bills: &Bills<'_>) -> Vec<(usize, Finding)> {
    let own = bills.members.iter().filter(|member| member.change == Change::Spelled);
    let numbered = own.map(|member| Numbered {
        bits: member.bits,
        face: bills.all[member.bill].face,
        debtor: member.debtor,
        bill: member.bill,
    });
    let mut numbered: Vec<Numbered> = numbered.collect();
    numbered.sort_unstable();
    let claims = numbered.chunk_by(|a, b| (a.bits, a.face) == (b.bits, b.face));
    let mut found = Vec::new();
    for claim in claims.filter(|claim| has_several_debtors(claim)) {
        let first = claim[0].debtor;
        let other = claim.iter().find(|one| one.debtor != first).unwrap_or(&claim[0]);
        for one in claim.iter().filter(|one| bills.is_open(one.bill)) {
            let peer = if one.debtor == first { other } else { &claim[0] };
            found.push((one.bill, finding(&bills.all[peer.bill])));
        }
    }
    // Whether it is the client's custom matters only if there is something to tell.
    if found.is_empty() || numbers_per_debtor(bills, &numbered) {
        return Vec::new();
    }
    found
}

fn finding(peer: &Bill<'_>) -> Finding {
    Finding::new(HoldReason::SameNumber, Facts::new().with("debtor", peer.debtor_name))
}

fn has_several_debtors(bills: &[Numbered]) -> bool {
    bills.iter().any(|one| one.debtor != bills[0].debtor)
}

fn numbers_per_debtor(bills: &Bills<'_>, numbered: &[Numbered]) -> bool {
    let is_known = bills.paid() >= KNOWN_CLIENT;
    let counted = numbered.iter().filter(|one| !is_known || !bills.is_open(one.bill));
    let counted: Vec<Numbered> = counted.copied().collect();
    // Each number once a debtor, so that a copy is no evidence.
    let (mut all, mut shared, mut again) = (0, 0, 0);
    for number in counted.chunk_by(|a, b| a.bits == b.bits) {
        let (debtors, claims) = debtors_and_claims(number);
        all += debtors;
        if debtors > 1 {
            shared += debtors;
            again += if is_known { debtors } else { claims } - 1;
        }
    }
    let one_in = if is_known { ONE_IN } else { 2 };
    again >= LEAST_AGAIN && shared * one_in >= all
}

/// Returns the debtors that have a number, and the claims that it may stand for: debtors with the
/// same amount have one.
fn debtors_and_claims(number: &[Numbered]) -> (usize, usize) {
    let mut debtors: Vec<usize> = number.iter().map(|one| one.debtor).collect();
    debtors.sort_unstable();
    debtors.dedup();
    let place = |one: &Numbered| debtors.partition_point(|debtor| *debtor < one.debtor);
    let mut clusters = Clusters::new(debtors.len());
    let alike = number.windows(2).filter(|pair| pair[0].face == pair[1].face);
    let joined = alike.filter(|pair| clusters.join(place(&pair[0]), place(&pair[1]))).count();
    (debtors.len(), debtors.len() - joined)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Book, flagged, open, ordinary, paid};
    use super::super::trades::{AS_OF, Row};

    #[test]
    fn one_claim_under_two_debtors_is_flagged_at_both() {
        for (one, other) in [
            ("INV-000299", "INV-000299"),
            ("INV-000299", "inv 299"),
            ("2026/77", "2026-077"),
            ("1001", "1OO1"),
        ] {
            let rows = [open(1, one, AS_OF - 9, 77_701), open(2, other, AS_OF - 3, 77_701)];
            assert_eq!(flagged(&rows), [one, other]);
            assert_eq!(flagged(&[ordinary(), rows.to_vec()].concat()), [one, other]);
        }
        let rows = [open(1, "299", AS_OF - 9, 77_701), open(2, "299", AS_OF - 9, 77_701)];
        let mut book = Book::of(&rows);
        book.screen();
        let said = |debtor| {
            ("299", format!("An invoice to Debtor {debtor} has the same number and amount."))
        };
        assert_eq!(book.said(), [said(2), said(1)]);
    }

    #[test]
    fn a_claim_that_another_debtor_paid_is_flagged() {
        let own = open(1, "299", AS_OF - 9, 77_701);
        let past = paid(2, "INV-299", AS_OF - 90, 77_701);
        assert_eq!(flagged(&[own.clone(), past.clone()]), ["299"]);
        // Credited to the wrong debtor and billed to the right one.
        let credited = Row { credited: true, ..past.clone() };
        assert!(flagged(&[own.clone(), credited]).is_empty());
        let less = Row { cents: 77_700, ..past };
        assert!(flagged(&[own, less]).is_empty());
    }

    #[test]
    fn other_amounts_other_numbers_and_numbers_without_digits_are_not() {
        for (one, other, cents) in [
            ("299", "299", 77_702),
            ("299", "300", 77_701),
            ("299", "299A", 77_701),
            ("A-299", "B-299", 77_701),
            ("DEPOSIT", "DEPOSIT", 77_701),
            ("-", "-", 77_701),
        ] {
            let rows = [open(1, one, AS_OF - 9, 77_701), open(2, other, AS_OF - 9, cents)];
            assert!(flagged(&rows).is_empty(), "{one} {other} {cents}");
        }
    }

    /// Invoices of several debtors, each numbered from 1, all but the last two of a debtor paid.
    fn per_debtor(debtors: usize, count: i32, cents: impl Fn(usize, i32) -> i64) -> Vec<Row> {
        let row = |debtor: usize, at: i32| {
            let own = paid(debtor, &format!("{at}"), AS_OF - 20 * (count - at), cents(debtor, at));
            if at > count - 2 { Row { closed: None, ..own } } else { own }
        };
        (0..debtors).flat_map(|debtor| (1..=count).map(move |at| row(debtor, at))).collect()
    }

    #[test]
    fn clients_that_number_per_debtor_are_not() {
        assert!(flagged(&per_debtor(6, 12, |_, _| 77_701)).is_empty());
        // A first file of open items at three prices.
        let prices = |debtor, _| [77_701, 88_801, 99_901][debtor % 3];
        assert!(flagged(&per_debtor(12, 2, prices)).is_empty());
    }

    #[test]
    fn copies_alone_do_not_show_that_a_client_numbers_per_debtor() {
        for copies in [3, 10, 40] {
            let own = |at: i64| open(1, &format!("A-{at}"), AS_OF - 9, 70_001 + at);
            let other = |at: i64| Row { debtor: 2, ..own(at) };
            let rows: Vec<Row> = (0..copies).flat_map(|at| [own(at), other(at)]).collect();
            assert_eq!(flagged(&rows).len(), 2 * copies as usize, "{copies}");
        }
        // Two numbers that both debtors paid are a coincidence among many.
        let shared = |at: i32| [paid(7, "55", at, 50_003), paid(8, "55", at, 50_009)];
        let rows = [ordinary(), shared(AS_OF - 90).to_vec()].concat();
        let pair = [open(1, "299", AS_OF - 9, 77_701), open(2, "299", AS_OF - 3, 77_701)];
        assert_eq!(flagged(&[rows, pair.to_vec()].concat()), ["299", "299"]);
    }
}
