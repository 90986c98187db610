//! The as-of date that a ledger itself suggests.

use super::evaluated;
use crate::evaluated::Desk;

#[test]
fn a_typo_year_is_set_aside_and_named() {
    let evaluation = evaluated("valid/typo_year.csv");
    assert_eq!(evaluation.offer.as_of.to_string(), "2026-05-14");
    let reason = "the latest invoice or settlement date in the ledger";
    assert_eq!(evaluation.offer.as_of_reason, reason);
    let [aside] = evaluation.provenance.dates_set_aside.as_slice() else { panic!("one date") };
    assert_eq!((aside.date.to_string().as_str(), aside.occurrences), ("2062-05-18", 1));
    let summary = report::summary(&evaluation);
    let first = format!("As of 2026-05-14: {reason}.");
    assert_eq!(summary.lines().next(), Some(first.as_str()));
    assert!(summary.contains("as too far from all others: 2062-05-18"), "{summary}");
}

#[test]
fn a_due_date_never_chooses_the_as_of_date() {
    let evaluation = evaluated("valid/far_due_dates.csv");
    assert_eq!(evaluation.offer.as_of.to_string(), "2026-05-18");
    assert!(evaluation.provenance.dates_set_aside.is_empty());
}

#[test]
fn settlements_choose_the_as_of_date_as_invoices_do() {
    let evaluation = evaluated("valid/paid_date_without_amount.csv");
    assert_eq!(evaluation.offer.as_of.to_string(), "2026-06-08");
}

#[test]
fn sixty_days_beyond_the_next_date_is_credible_and_sixty_one_is_not() {
    let header = "invoice_number,debtor_id,invoice_date,amount\n";
    let usual = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|day| format!("{day},1,2026-01-0{day},100.00\n"));
    let usual = usual.concat();
    for (last, as_of) in [("2026-03-10", "2026-03-10"), ("2026-03-11", "2026-01-09")] {
        let csv = format!("{header}{usual}10,1,{last},100.00\n");
        let evaluation = Desk::with("ledger.csv", csv).evaluate();
        assert_eq!(evaluation.offer.as_of.to_string(), as_of);
    }
}

#[test]
fn a_given_date_is_taken_as_it_is() {
    let csv = "invoice_number,debtor_id,invoice_date,amount\n1,1,2026-01-01,100.00\n";
    let evaluation = Desk::with("ledger.csv", csv).at("2027-05-05").evaluate();
    assert_eq!(evaluation.offer.as_of.to_string(), "2027-05-05");
    assert_eq!(evaluation.offer.as_of_reason, "given");
    assert_eq!(evaluation.offer.valid_until.to_string(), "2027-05-19");
}
