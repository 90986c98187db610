//! Files that are read without a reject, whatever is unusual about them.

use factorage::ledger::CurrencyTotals;

use super::{evaluated, files_in};
use crate::evaluated::only_part;

/// File, (rows read, invoices, credit notes, blank rows), and per currency the sum of the faces.
type Expected = (&'static str, [u64; 4], &'static [(&'static str, &'static str)]);

const TWO: [u64; 4] = [2, 2, 0, 0];
const ONE: [u64; 4] = [1, 1, 0, 0];

const FILES: [Expected; 28] = [
    ("any_column_order.csv", ONE, &[("USD", "1250.00")]),
    ("blank_lines.csv", [7, 2, 0, 5], &[("USD", "1599.95")]),
    ("byte_order_mark.csv", TWO, &[("USD", "1599.95")]),
    ("crlf.csv", TWO, &[("USD", "1599.95")]),
    ("empty_cells_behind_a_row.csv", TWO, &[("USD", "1599.95")]),
    ("extra_columns.csv", ONE, &[("USD", "1250.00")]),
    ("far_due_dates.csv", TWO, &[("USD", "1599.95")]),
    ("negative_amount.csv", [2, 1, 1, 0], &[("USD", "1250.00")]),
    ("no_currency.csv", ONE, &[("USD", "1250.00")]),
    ("no_due_date.csv", ONE, &[("USD", "1250.00")]),
    ("no_invoice_date.csv", ONE, &[("USD", "1250.00")]),
    ("no_last_line_end.csv", TWO, &[("USD", "1599.95")]),
    ("old_mac_line_ends.csv", TWO, &[("USD", "1599.95")]),
    ("overpayment.csv", TWO, &[("USD", "1599.95")]),
    ("paid_date_without_amount.csv", TWO, &[("USD", "1599.95")]),
    ("pipe.csv", TWO, &[("USD", "1599.95")]),
    ("quoted_line_break.csv", TWO, &[("USD", "1599.95")]),
    ("repeated_number.csv", TWO, &[("USD", "2510.00")]),
    ("semicolon.csv", TWO, &[("USD", "1599.95")]),
    ("several_clients.csv", TWO, &[("USD", "1599.95")]),
    ("spaces_around_cells.csv", ONE, &[("USD", "1250.00")]),
    ("synonym_header.csv", ONE, &[("USD", "1250.00")]),
    ("tab.csv", TWO, &[("USD", "1599.95")]),
    ("thousands_commas.csv", TWO, &[("USD", "1252000.50")]),
    ("times_of_day.csv", TWO, &[("USD", "1599.95")]),
    ("typo_year.csv", [10, 10, 0, 0], &[("USD", "1000.00")]),
    ("windows_1252_name.csv", ONE, &[("EUR", "1250.00")]),
    ("yen_and_dinar.csv", [3, 3, 0, 0], &[("JPY", "125000"), ("KWD", "349.955"), ("USD", "10.00")]),
];

#[test]
fn every_valid_file_is_in_the_table() {
    let names: Vec<&str> = FILES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(files_in("valid"), names);
}

#[test]
fn every_row_and_amount_of_a_valid_file_is_in_the_ledger() {
    for (name, [read, invoices, credit_notes, blank], totals) in FILES {
        let evaluation = evaluated(&format!("valid/{name}"));
        let certificate = &evaluation.certificate;
        assert!(certificate.foots, "{name}");
        assert!(evaluation.rejects.is_empty(), "{name}: {:?}", evaluation.rejects);
        let rows = certificate.rows;
        assert_eq!((rows.read, rows.invoices), (read, invoices), "{name}");
        assert_eq!(
            (rows.classified.credit_note, rows.classified.blank),
            (credit_notes, blank),
            "{name}"
        );
        assert_eq!((rows.rejects, rows.rejects_without_amount), (0, 0), "{name}");
        let faces = certificate
            .currencies
            .iter()
            .map(|c| (c.currency.code().to_owned(), c.face.to_string()));
        let expected = totals.iter().map(|(code, face)| ((*code).to_owned(), (*face).to_owned()));
        assert_eq!(faces.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_delimiter_or_line_end_changes_no_line_of_the_offer() {
    let lines = |name: &str| {
        let evaluation = evaluated(&format!("valid/{name}.csv"));
        let lines = &only_part(&evaluation).lines;
        serde_json::to_string(lines).expect("JSON")
    };
    let expected = lines("crlf");
    assert!(expected.contains("North Mill"));
    for name in [
        "semicolon",
        "tab",
        "pipe",
        "old_mac_line_ends",
        "byte_order_mark",
        "no_last_line_end",
        "times_of_day",
        "empty_cells_behind_a_row",
    ] {
        assert_eq!(lines(name), expected, "{name}");
    }
}

#[test]
fn names_survive_quotes_line_breaks_and_windows_1252() {
    let name = |file: &str| {
        let evaluation = evaluated(file);
        only_part(&evaluation).lines[0].debtor_name.clone()
    };
    assert_eq!(name("valid/quoted_line_break.csv"), "North \"Old\" Mill,\nUnit 4");
    assert_eq!(name("valid/windows_1252_name.csv"), "Café Zoë – Nîmes");
    let evaluation = evaluated("valid/windows_1252_name.csv");
    assert_eq!(evaluation.certificate.files[0].rows_read_as_windows_1252, 1);
}

#[test]
fn header_cells_are_recognised_by_synonym_and_the_rest_is_named() {
    let evaluation = evaluated("valid/synonym_header.csv");
    let file = &evaluation.certificate.files[0];
    assert!(file.recognised_columns.contains(&"Invoice # = invoice_number".to_owned()));
    assert!(file.recognised_columns.contains(&"Customer No. = debtor_id".to_owned()));
    assert_eq!(file.recognised_columns.len(), 7);
    assert_eq!(file.ignored_columns, ["Memo"]);
    let evaluation = evaluated("valid/extra_columns.csv");
    assert_eq!(evaluation.certificate.files[0].ignored_columns, ["salesperson"]);
}

#[test]
fn what_a_row_does_not_say_is_assumed_and_counted() {
    let assumptions = |name: &str| evaluated(name).certificate.assumptions;
    let due = |name: &str| {
        let evaluation = evaluated(name);
        let line = &only_part(&evaluation).lines[0];
        (line.invoice_date.to_string(), line.due_date.to_string())
    };
    let dates = |issue: &str, due: &str| (issue.to_owned(), due.to_owned());
    assert_eq!(assumptions("valid/no_due_date.csv").due_date_assumed, 1);
    assert_eq!(due("valid/no_due_date.csv"), dates("2026-05-04", "2026-06-03"));
    assert_eq!(assumptions("valid/no_invoice_date.csv").invoice_date_assumed, 1);
    assert_eq!(due("valid/no_invoice_date.csv"), dates("2026-05-04", "2026-06-03"));
    let currency = assumptions("valid/no_currency.csv");
    assert_eq!((currency.currency_assumed, currency.currency.code()), (1, "USD"));
    assert_eq!(assumptions("valid/repeated_number.csv").duplicate_numbers, 2);
}

#[test]
fn a_negative_amount_is_a_credit_note_that_the_debtor_sets_off() {
    let evaluation = evaluated("valid/negative_amount.csv");
    let totals = totals(&evaluation.certificate.currencies);
    assert_eq!(totals.credit_note_amount.to_string(), "200.00");
    assert_eq!(totals.amount_column.to_string(), "1050.00");
    let part = only_part(&evaluation);
    assert_eq!(part.lines.len(), 1, "a credit note is no line of the offer");
    let step = &part.waterfall[part.waterfall.len() - 2];
    assert_eq!(
        (step.rule.code(), step.amount.to_string().as_str()),
        ("unapplied_credit", "200.00")
    );
}

#[test]
fn a_paid_date_pays_what_was_open_and_more_than_that_is_unapplied_cash() {
    let evaluation = evaluated("valid/paid_date_without_amount.csv");
    let paid = totals(&evaluation.certificate.currencies);
    assert_eq!(
        (paid.payments.to_string(), paid.credits.to_string()),
        ("1200.00".into(), "50.00".into())
    );
    assert_eq!((paid.open.to_string(), paid.unapplied.minor()), ("349.95".into(), 0));
    let evaluation = evaluated("valid/overpayment.csv");
    let over = totals(&evaluation.certificate.currencies);
    assert_eq!(over.payments.to_string(), "1250.00");
    assert_eq!(over.unapplied.to_string(), "50.00");
    assert_eq!(over.open.to_string(), "349.95");
}

#[test]
fn clients_and_currencies_are_parts_of_their_own() {
    let parts = |name: &str| -> Vec<(String, String)> {
        let evaluation = evaluated(name);
        let parts = evaluation.offer.parts.iter();
        parts.map(|part| (part.client.clone(), part.currency.code().to_owned())).collect()
    };
    let pair = |client: &str, currency: &str| (client.to_owned(), currency.to_owned());
    assert_eq!(parts("valid/several_clients.csv"), [pair("ACME", "USD"), pair("BETA", "USD")]);
    let currencies = ["JPY", "KWD", "USD"].map(|currency| pair("", currency));
    assert_eq!(parts("valid/yen_and_dinar.csv"), currencies);
}

#[track_caller]
fn totals(currencies: &[CurrencyTotals]) -> CurrencyTotals {
    let [totals] = currencies else { panic!("one currency expected: {currencies:?}") };
    *totals
}
