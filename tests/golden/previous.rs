//! This ledger beside the client's previous one.

use factorage::ledger::Source;
use factorage::offer::ChangeKind;

use crate::evaluated::{Desk, offer_text, only_part};

const HEADER: &str = "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date\n";

const BEFORE: &str = "\
    1,Alder,2026-03-01,2026-03-31,USD,1000.00,\n\
    2,Alder,2026-04-01,2026-05-01,USD,2000.00,\n\
    3,Birch,2026-04-01,2026-05-01,USD,3000.00,2026-04-20\n\
    4,Birch,2026-04-01,2026-05-01,USD,4000.00,\n\
    5,Cedar,2026-04-01,2026-05-01,USD,5000.00,\n";

/// The same invoices two months later.
const NOW: &str = "\
    1,Alder,2026-05-20,2026-06-19,USD,1000.00,\n\
    2,Alder,2026-04-01,2026-05-01,USD,2500.00,\n\
    3,Birch,2026-04-01,2026-05-01,USD,3000.00,\n\
    5,Cedar,2026-04-01,2026-05-01,USD,5000.00,2026-05-10\n\
    6,Cedar,2026-06-01,2026-07-01,USD,6000.00,\n";

fn changes(now: &str, before: &str) -> Vec<(ChangeKind, String)> {
    let mut desk = Desk::with("now.csv", format!("{HEADER}{now}")).at("2026-06-30");
    desk.request.previous = vec![Source::bytes("before.csv", format!("{HEADER}{before}"))];
    let evaluation = desk.evaluate();
    let part = only_part(&evaluation);
    assert_eq!(offer_text(&evaluation).contains("\"changes\""), !part.changes.is_empty());
    part.changes.iter().map(|c| (c.change, c.invoice_number.clone())).collect()
}

#[test]
fn what_makes_a_ledger_look_better_is_named() {
    // 5 was paid and 6 is new, as it should be.
    let expected = [
        (ChangeKind::ReDated, "1"),
        (ChangeKind::AmountChanged, "2"),
        (ChangeKind::Reopened, "3"),
        (ChangeKind::Vanished, "4"),
    ];
    assert_eq!(changes(NOW, BEFORE), expected.map(|(kind, number)| (kind, number.to_owned())));
}

#[test]
fn a_ledger_beside_itself_has_nothing_odd() {
    assert_eq!(changes(NOW, NOW), []);
}

#[test]
fn what_is_gone_from_a_report_of_open_items_was_paid() {
    let open_only = "6,Cedar,2026-06-01,2026-07-01,USD,6000.00,\n\
        1,Alder,2026-03-01,2026-03-31,USD,400.00,\n";
    let before = "1,Alder,2026-03-01,2026-03-31,USD,1000.00,\n\
        4,Birch,2026-04-01,2026-05-01,USD,4000.00,\n";
    assert_eq!(changes(open_only, before), [], "600 of 1,000 was paid, and all of 4,000");
}
