//! Exports that are no plain ledgers, evaluated: what reading found out has to reach the offer.

use factorage::policy::Rule;

use crate::evaluated::{Desk, only_part};

const AGEING: &str = "North Road Services,,,,,,\nA/R Aging Detail,,,,,,\n\"As of June 30, 2026\",,,,,,\n,,,,,,\n\
    ,Date,Transaction type,Num,Customer,Due date,Open balance\nCURRENT,,,,,,\n\
    ,06/18/2026,Invoice,1201,Ash Ltd,07/18/2026,\"1,000.00\"\n\
    ,06/19/2026,Invoice,1202,Birch Ltd,07/19/2026,\"1,000.00\"\n\
    ,06/20/2026,Invoice,1203,Cedar Ltd,07/20/2026,\"1,000.00\"\n\
    ,06/21/2026,Invoice,1204,Dogwood Ltd,07/21/2026,\"1,000.00\"\n\
    ,06/22/2026,Payment,,Ash Ltd,,-200.00\nTOTAL,,,,,,\"$3,800.00\"\n";

#[test]
fn an_ageing_report_is_evaluated_as_of_its_own_date_with_its_payments_set_off() {
    let evaluation = Desk::with("aging.csv", AGEING).evaluate();
    assert_eq!(evaluation.offer.as_of.to_string(), "2026-06-30");
    assert_eq!(evaluation.offer.as_of_reason, "stated by the report");
    let part = only_part(&evaluation);
    assert_eq!(part.totals.gross.to_string(), "4000.00");
    let ash = part.lines.iter().find(|line| line.invoice_number == "1201").expect("Ash");
    assert_eq!(ash.reason, Some(Rule::UnappliedCredit));
    // A quarter of the 3,800.00 that are left is 950.00: the cap takes 50.00 of each other one.
    let bought = ash.price.expect("bought in part").amount_bought;
    assert_eq!(bought.to_string(), "800.00");
    assert_eq!(part.totals.amount_bought.to_string(), "3650.00");
    assert!(evaluation.certificate.checks.iter().all(|check| check.difference.is_zero()));
}

const PAID_TO_ANOTHER: &str = "invoice_number,debtor_name,client_id,invoice_date,due_date,amount,payee\n\
    1,Ash Ltd,North Road,2026-06-18,2026-07-18,1000.00,North Road\n\
    2,Birch Ltd,North Road,2026-06-19,2026-07-19,1000.00,Quick Factors Inc\n";

#[test]
fn an_invoice_payable_to_someone_else_is_not_bought() {
    let evaluation = Desk::with("ledger.csv", PAID_TO_ANOTHER).evaluate();
    let reasons: Vec<_> = only_part(&evaluation).lines.iter().map(|line| line.reason).collect();
    assert_eq!(reasons[1], Some(Rule::AlreadyAssigned));
    assert_ne!(reasons[0], Some(Rule::AlreadyAssigned));
}

#[test]
fn what_the_client_owes_is_not_evaluated() {
    let bills = "Vendor,Bill No,Bill Date,Due Date,Amount\nMill,1,2026-06-18,2026-07-18,1000.00\n";
    let refused = Desk::with("bills.csv", bills).try_evaluate().map(|_| ());
    let sentence = refused.expect_err("payables").to_string();
    assert!(sentence.ends_with("payables cannot be bought"), "{sentence}");
}

#[test]
fn payments_without_invoices_are_not_evaluated() {
    let payments = "Payment Number,Payment Date,Customer,Invoice Number,Amount\n\
                    P-1,2026-06-10,Mill,V-1,400.00\n";
    let refused = Desk::with("payments.csv", payments).try_evaluate().map(|_| ());
    let sentence = refused.expect_err("payments").to_string();
    assert_eq!(
        sentence,
        "the files contain no invoices to evaluate, only 1 payment or credit and 0 customers"
    );
}

#[test]
fn payments_in_a_second_file_give_their_invoices_a_history() {
    let invoices = "Invoice Number,Customer,Invoice Date,Due Date,Amount\n\
                    V-1,Mill,2026-05-01,2026-05-31,400.00\nV-2,Mill,2026-05-04,2026-06-03,600.00\n";
    let payments = "Payment Number,Payment Date,Customer,Invoice Number,Amount\n\
                    P-1,2026-06-10,Mill,V-1,400.00\nP-2,2026-06-12,Mill,V-2,150.00\n";
    let files = [("a.csv", invoices.as_bytes()), ("b.csv", payments.as_bytes())];
    let evaluation = Desk::with_files(&files).evaluate();
    assert_eq!(evaluation.offer.as_of.to_string(), "2026-06-12");
    let part = only_part(&evaluation);
    let open: Vec<_> = part
        .lines
        .iter()
        .map(|line| (line.invoice_number.as_str(), line.open.to_string()))
        .collect();
    assert_eq!(open, [("V-2", "450.00".to_owned())]);
    assert!(part.scoring.sentence.contains("1 paid invoice"), "{}", part.scoring.sentence);
}
