//! Delivery dates: invoices for what is yet to come are held.

use factorage::policy::HoldReason;

use super::changes::LEDGER;
use crate::evaluated::{Desk, line, only_part, policy};

/// The standard ledger with a column of delivery dates called `header`: 1 is delivered the day
/// after the as-of date, 2 on it, 3 a fortnight after its date, 4 a week after it.
fn with_deliveries(header: &str, write: impl Fn(&str) -> String) -> String {
    let days = ["2026-07-01", "2026-06-30", "2026-06-15", "2026-06-08", ""];
    let mut lines = LEDGER.lines();
    let head = lines.next().expect("a header");
    let rows = lines.zip(days).map(|(row, day)| format!("{row},{}\n", write(day)));
    format!("{head},{header}\n{}", rows.collect::<String>())
}

/// The numbers of the invoices that are held because they were billed before delivery.
fn held(csv: &str, mapping: Option<&str>) -> Vec<String> {
    let limits = policy(&[("eligibility.concentration.limit_percent", "100")]);
    let mut desk = Desk::with("ledger.csv", csv).at("2026-06-30").policy(limits);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mapping.toml");
    std::fs::write(&file, mapping.unwrap_or_default()).expect("a mapping");
    desk.request.guidance.mapping = mapping.map(|_| file);
    let evaluation = desk.evaluate();
    assert!(evaluation.rejects.is_empty(), "{:?}", evaluation.rejects);
    let part = only_part(&evaluation);
    let is_held = |number: &&str| {
        let reasons = line(part, number).holds.iter().map(|hold| hold.reason);
        reasons.into_iter().any(|reason| reason == HoldReason::NotDelivered)
    };
    ["1", "2", "3", "4", "5"].iter().filter(|n| is_held(n)).map(ToString::to_string).collect()
}

#[test]
fn what_is_delivered_later_is_held_whatever_the_column_is_called() {
    for header in [
        "delivery_date",
        "Ship Date",
        "Service Date",
        "Leistungsdatum",
        "Lieferdatum",
        "Date de livraison",
        "Fecha de entrega",
        "Leverdatum",
        "Data di consegna",
    ] {
        // 2 came 29 days after its date and 3 a fortnight, where a week is usual.
        let csv = with_deliveries(header, ToOwned::to_owned);
        assert_eq!(held(&csv, None), ["1", "2", "3"], "{header}");
        // In another notation.
        let point = |day: &str| day.split('-').rev().collect::<Vec<_>>().join(".");
        assert_eq!(held(&with_deliveries(header, point), None), ["1", "2", "3"], "{header}");
    }
    assert!(held(LEDGER, None).is_empty());
    assert!(held(&with_deliveries("Promised", ToOwned::to_owned), None).is_empty());
}

#[test]
fn a_mapping_names_the_column_of_delivery_dates() {
    let mapping = "[columns]\ninvoice_number = \"invoice_number\"\ndebtor_name = \"customer\"\n\
        invoice_date = \"invoice_date\"\ndue_date = \"due_date\"\namount = \"amount\"\n\
        paid_date = \"paid_date\"\ndelivery_date = \"Handed over\"\n";
    let csv = with_deliveries("Handed over", ToOwned::to_owned);
    assert!(held(&csv, None).is_empty());
    assert_eq!(held(&csv, Some(mapping)), ["1", "2", "3"]);
}

/// Of several columns the one of deliveries counts, and two others are no question.
#[test]
fn a_delivery_counts_before_a_shipment() {
    let csv = with_deliveries("Delivery Date,Ship Date,Service Date", |day| {
        format!("{day},2026-06-01,2026-06-01")
    });
    assert_eq!(held(&csv, None), ["1", "2", "3"]);
    let csv = with_deliveries("Ship Date,Service Date", |day| format!("{day},2026-06-01"));
    assert_eq!(held(&csv, None), ["1", "2", "3"]);
}

/// The latest delivery of its lines is that of an invoice, in any order of them.
#[test]
fn an_invoice_of_several_lines_is_delivered_with_the_last() {
    let head = "Invoice No,Customer,Date,Due Date,Line Total,Item,Ship Date";
    let lines = [
        "1,Alder,2026-06-20,2026-07-20,100.00,a,2026-06-21",
        "1,Alder,2026-06-20,2026-07-20,100.00,b,2026-07-09",
        "1,Alder,2026-06-20,2026-07-20,100.00,c,",
        "2,Birch,2026-06-20,2026-07-20,100.00,a,2026-06-21",
        "2,Birch,2026-06-20,2026-07-20,100.00,b,2026-06-20",
    ];
    for order in [[0, 1, 2, 3, 4], [1, 0, 2, 4, 3], [2, 1, 0, 3, 4]] {
        let rows: Vec<&str> = order.iter().map(|&at| lines[at]).collect();
        let csv = format!("{head}\n{}\n", rows.join("\n"));
        let evaluation = Desk::with("lines.csv", csv).at("2026-06-30").evaluate();
        let part = only_part(&evaluation);
        let reasons = |number| line(part, number).holds.iter().map(|hold| hold.reason);
        assert!(reasons("1").any(|own| own == HoldReason::NotDelivered), "{order:?}");
        assert!(!reasons("2").any(|own| own == HoldReason::NotDelivered), "{order:?}");
    }
}

/// A monthly retainer, billed on the first of the month: the debtor has paid May's in May.
#[test]
fn a_retainer_that_its_debtor_pays_in_advance_is_bought() {
    let ledger = |paid: &str| {
        format!(
            "invoice_number,customer,invoice_date,due_date,currency,amount,paid_date,service end\n\
             5,Alder,2026-05-01,2026-05-31,USD,1000.00,{paid},2026-05-31\n\
             6,Alder,2026-06-29,2026-07-29,USD,1000.00,,2026-07-31\n"
        )
    };
    let held = |paid: &str| {
        let limits = policy(&[("eligibility.concentration.limit_percent", "100")]);
        let desk = Desk::with("ledger.csv", ledger(paid)).at("2026-06-30").policy(limits);
        let evaluation = desk.evaluate();
        let holds = &line(only_part(&evaluation), "6").holds;
        holds.iter().any(|hold| hold.reason == HoldReason::NotDelivered)
    };
    assert!(!held("2026-05-20"));
    assert!(held("2026-06-10"), "paid once it was delivered");
}

/// `TBD` and its like say that a day is not known yet; a day that no month has is a fault.
#[test]
fn a_delivery_that_is_not_known_yet_is_read_as_unknown_and_counted() {
    for word in ["TBD", "t.b.c.", "n/a", "N/A", "Pending", "-", "unknown", "to be confirmed"] {
        for (header, dotted) in [("delivery_date", false), ("Ship Date", true)] {
            let csv = with_deliveries(header, |day| match (day, dotted) {
                ("2026-06-15", _) => word.to_owned(),
                (day, false) => day.to_owned(),
                (day, true) => day.split('-').rev().collect::<Vec<_>>().join("."),
            });
            let evaluation = Desk::with("ledger.csv", &csv).at("2026-06-30").evaluate();
            assert!(evaluation.rejects.is_empty(), "{word} {header}: {:?}", evaluation.rejects);
            assert_eq!(evaluation.certificate.assumptions.unknown_deliveries, 1, "{word}");
            assert_eq!(held(&csv, None), ["1", "2"], "{word} {header}");
        }
    }
    for fault in ["31/02/2026", "2026-02-31", "soon-ish", "yes"] {
        let csv = with_deliveries("delivery_date", |day| match day {
            "2026-06-15" => fault.to_owned(),
            day => day.to_owned(),
        });
        let evaluation = Desk::with("ledger.csv", &csv).at("2026-06-30").evaluate();
        let rejects = evaluation.rejects.iter().map(|reject| (reject.line, reject.code.as_str()));
        assert_eq!(rejects.collect::<Vec<_>>(), [(4, "bad_date")], "{fault}");
        assert_eq!(evaluation.certificate.assumptions.unknown_deliveries, 0, "{fault}");
    }
}

/// Faults tell which of day and month comes first; that a day is not known tells nothing.
#[test]
fn a_delivery_that_is_not_known_yet_is_no_evidence_of_how_days_are_written() {
    let ledger = |day: &dyn Fn(&str) -> String, unknown: &str| {
        format!(
            "Invoice No,Customer,Date,Due Date,Amount,Ship Date\n\
             1,Alder,{},{},100.00,{}\n2,Birch,{},{},200.00,{unknown}\n",
            day("2026-06-02"),
            day("2026-07-02"),
            day("2026-06-05"),
            day("2026-06-03"),
            day("2026-07-13"),
        )
    };
    let serial = |day: &str| {
        let epoch = "1899-12-30".parse::<chrono::NaiveDate>().expect("a day");
        (day.parse::<chrono::NaiveDate>().expect("a day") - epoch).num_days().to_string()
    };
    let slashed = |day: &str| {
        let parts: Vec<&str> = day.split('-').collect();
        format!("{}/{}/{}", parts[2], parts[1], parts[0])
    };
    let dates = |csv: &str| {
        let evaluation = Desk::with("ledger.csv", csv).at("2026-06-30").evaluate();
        let lines = only_part(&evaluation).lines.iter();
        lines.map(|line| (line.invoice_date, line.due_date)).collect::<Vec<_>>()
    };
    for written in [&serial as &dyn Fn(&str) -> String, &slashed] {
        let csv = ledger(written, "");
        assert_eq!(dates(&csv).len(), 2);
        assert_eq!(dates(&ledger(written, "TBD")), dates(&csv), "{csv}");
    }
}

/// A line that is not delivered yet and one that is give the day of the one that is known.
#[test]
fn of_several_lines_the_known_delivery_counts() {
    let head = "Invoice No,Customer,Date,Due Date,Line Total,Item,Ship Date";
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let lines = ["TBD", "2026-07-09", "-"];
        let rows =
            order.map(|at| format!("1,Alder,2026-06-20,2026-07-20,100.00,{at},{}\n", lines[at]));
        let csv = format!("{head}\n{}", rows.concat());
        let evaluation = Desk::with("lines.csv", csv).at("2026-06-30").evaluate();
        let holds = &line(only_part(&evaluation), "1").holds;
        assert!(holds.iter().any(|own| own.reason == HoldReason::NotDelivered), "{order:?}");
    }
}
