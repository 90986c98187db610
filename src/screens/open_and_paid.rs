//! Open invoices that are nearly the same as one that the debtor has paid.
//!
//! *Catches*: an invoice that was paid and is listed again as open, under a number that differs in
//! its spelling or by a mark behind it, with the same amount or the same issue date.
//! *Why*: nobody owes it any more; a re-typed or re-issued invoice keeps a paid claim in the
//! ledger. Nearness as in [`near_duplicate`](super::near_duplicate).
//! *Must not catch*: instalments, balances after a deposit and surcharges, if such pairs have been
//! paid before; what was credited and billed anew, which is not paid; equal numbers, which the rule
//! `duplicate` and the comparison with the previous ledger know.
//! *Measured* (as there): holds 0.3 % of the open value of construction, up to 2.4 % of one ledger
//! whose deposits are as large as its stages, and nothing of seven other trades; finds more than
//! 94 % of copies.

use policy::{Finding, HoldReason};
use words::{Fact, Facts};

use super::bills::Bills;
use super::copies::Copies;

/// Returns the findings, each with the index of its receivable.
pub(super) fn find(bills: &Bills<'_>, copies: &[Copies]) -> Vec<(usize, Finding)> {
    let mut found: Vec<Option<Finding>> = vec![None; bills.open];
    for group in copies {
        let (open, mut paid): (Vec<usize>, Vec<usize>) =
            group.bills.iter().partition(|bill| bills.is_open(**bill));
        let number = |bill: usize| bills.all[bill].number;
        paid.sort_by_key(|bill| (bills.all[*bill].issue, number(*bill)));
        let Some(&first) = paid.first() else { continue };
        let other = paid.iter().copied().find(|&bill| number(bill) != number(first));
        for at in open {
            let peer = if number(at) == number(first) { other } else { Some(first) };
            if let (None, Some(peer)) = (&found[at], peer) {
                let facts = Facts::new()
                    .with("number", number(peer))
                    .with("same", Fact::Variant(group.same.variant()));
                found[at] = Some(Finding::new(HoldReason::OpenAndPaid, facts));
            }
        }
    }
    found.into_iter().enumerate().filter_map(|(at, found)| Some((at, found?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Book, flagged, open, paid};
    use super::super::trades::{AS_OF, Row};

    #[test]
    fn an_open_invoice_that_is_nearly_a_paid_one_is_flagged() {
        for (before, now) in [
            ("INV-000299", "INV-000299A"),
            ("INV-000299", "INV 299"),
            ("299A", "299"),
            ("20260299", "2026-0299"),
            ("299", "299 copy"),
        ] {
            let rows = [paid(1, before, AS_OF - 70, 77_701), open(1, now, AS_OF - 70, 77_701)];
            assert_eq!(flagged(&rows), [now], "{before}");
        }
        let rows = [paid(1, "299", AS_OF - 70, 77_701), open(1, "INV-299", AS_OF - 5, 77_701)];
        let mut book = Book::of(&rows);
        book.screen();
        let said = "Invoice 299 to this customer has nearly the same number and the same amount, and \
                    has been paid.";
        assert_eq!(book.said(), [("INV-299", said.to_owned())]);
    }

    #[test]
    fn what_was_credited_is_another_debtors_or_differs_is_not() {
        let (before, now) =
            (paid(1, "299", AS_OF - 70, 77_701), open(1, "299-R1", AS_OF - 70, 77_701));
        assert_eq!(flagged(&[before.clone(), now.clone()]), ["299-R1"]);
        for other in [
            Row { credited: true, ..before.clone() },
            Row { debtor: 2, ..before.clone() },
            Row { number: "298".to_owned(), ..before.clone() },
            Row { number: "299-R1".to_owned(), ..before.clone() },
            Row { issue: AS_OF - 71, cents: 77_700, ..before.clone() },
        ] {
            assert!(flagged(&[other.clone(), now.clone()]).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn instalments_of_a_debtor_that_has_paid_such_before_are_not() {
        let part = |at: i32, number: String| {
            let cents = 50_001 + i64::from(at);
            paid(1, &number, AS_OF - 300 + at, cents)
        };
        for (times, expected) in [(0, 1), (2, 1), (3, 0)] {
            let mut rows = Vec::new();
            for at in 0..times {
                rows.push(part(at, format!("{}", 500 + at)));
                rows.push(part(at, format!("{}-1", 500 + at)));
            }
            rows.push(part(9, "800".to_owned()));
            rows.push(Row { closed: None, ..part(9, "800-1".to_owned()) });
            assert_eq!(flagged(&rows).len(), expected, "{times}");
        }
    }

    #[test]
    fn both_of_two_open_copies_of_a_paid_invoice_are_flagged() {
        let copy = |number| open(1, number, AS_OF - 70, 77_701);
        let rows = [paid(1, "299", AS_OF - 70, 77_701), copy("299A"), copy("INV299")];
        assert_eq!(flagged(&rows), ["299A", "INV299"]);
    }
}
