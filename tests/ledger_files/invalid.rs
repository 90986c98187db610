//! Files with one good row and one bad: the bad one is named and kept out, the good one evaluated.

use super::{evaluated, files_in, path};
use crate::evaluated::{Desk, only_part};

/// The reject that a file must have.
struct Expected {
    file: &'static str,
    line: u64,
    column: &'static str,
    value: &'static str,
    code: &'static str,
    /// Part of the message.
    says: &'static str,
    /// Control total of the rejected amount, as far as it could be read.
    rejected: &'static str,
}

const fn on(file: &'static str, column: &'static str, value: &'static str) -> Expected {
    let (code, says) = ("", "");
    Expected { file, line: 3, column, value, code, says, rejected: "349.95" }
}

impl Expected {
    const fn code(self, code: &'static str, says: &'static str) -> Self {
        Self { code, says, ..self }
    }

    const fn rejected(self, rejected: &'static str) -> Self {
        Self { rejected, ..self }
    }
}

const REAL: &str = "expected a valid date in the form YYYY-MM-DD";
const SHORT: &str = "X-1,11,South Mill,2026-05-18,2026-06-17,USD,349.95";
const LONG: &str = "X-1,11,South Mill,2026-05-18,2026-06-17,USD,349.95,,,,,no,over,long";

const CUT: &str =
    "NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN…";

/// Files whose rejected amount could be read, and is zero.
const ZERO_IS_AN_AMOUNT: [&str; 1] = ["zero_amount.csv"];

const FILES: [Expected; 21] = [
    on("absurd_year.csv", "paid_date", "9999-12-31")
        .code("date_out_of_range", "expected a date from 1970-01-01 to 2200-12-31"),
    on("amount_beyond_64_bits.csv", "amount", "92233720368547758.08")
        .code("amount_out_of_range", "beyond 64 bits of minor units")
        .rejected("0.00"),
    on("bad_amount.csv", "amount", "349,95")
        .code("bad_amount", "expected a number such as 1234.56 or 1,234.56")
        .rejected("0.00"),
    on("bad_date.csv", "invoice_date", "18/18/2026").code("bad_date", REAL),
    on("bad_flag.csv", "disputed", "perhaps").code("bad_flag", "expected yes or no"),
    Expected { line: 4, ..on("bad_row_behind_a_line_break.csv", "invoice_date", "soon") }
        .code("bad_date", REAL),
    on("both_dates_missing.csv", "invoice_date", "")
        .code("missing_date", "neither an invoice date nor a due date"),
    on("credits_exceed_amount.csv", "credited_amount", "350.00")
        .code("reductions_exceed_face", "together exceed the amount of the invoice"),
    on("february_30.csv", "due_date", "2026-02-30").code("bad_date", REAL),
    on("long_row.csv", "", LONG)
        .code("column_count", "the row has 14 cells but the header has 12")
        .rejected("0.00"),
    on("missing_amount.csv", "amount", "")
        .code("missing_amount", "amount is empty")
        .rejected("0.00"),
    on("missing_debtor.csv", "debtor_id", "")
        .code("missing_debtor", "neither a debtor id nor a debtor name"),
    on("missing_number.csv", "invoice_number", "")
        .code("missing_invoice_number", "invoice_number is empty"),
    on("negative_payment.csv", "paid_amount", "-49.95")
        .code("negative_settlement", "expected a positive amount"),
    on("number_too_long.csv", "invoice_number", CUT)
        .code("text_too_long", "expected at most 500 characters"),
    on("repeated_row.csv", "invoice_number", "G-1")
        .code("duplicate_row", "repeats ")
        .rejected("1250.00"),
    on("short_row.csv", "", SHORT)
        .code("column_count", "the row has 7 cells but the header has 12")
        .rejected("0.00"),
    on("too_many_decimals.csv", "amount", "349.955")
        .code("too_precise", "USD has 2 decimal places; the amount has more")
        .rejected("0.00"),
    on("unknown_currency.csv", "currency", "USX")
        .code("bad_currency", "expected an ISO 4217 code such as USD")
        .rejected("0.00"),
    on("yen_with_decimals.csv", "amount", "349.95")
        .code("too_precise", "JPY has 0 decimal places; the amount has more")
        .rejected("0.00"),
    on("zero_amount.csv", "amount", "0.00")
        .code("zero_amount", "neither an invoice nor a credit note")
        .rejected("0.00"),
];

#[test]
fn every_invalid_file_is_in_the_table() {
    let names: Vec<&str> = FILES.iter().map(|expected| expected.file).collect();
    assert_eq!(files_in("invalid"), names);
}

#[test]
fn a_bad_row_is_a_reject_with_file_line_column_value_and_code() {
    for expected in FILES {
        let file = expected.file;
        let name = format!("invalid/{file}");
        let evaluation = evaluated(&name);
        let [reject] = evaluation.rejects.as_slice() else {
            panic!("{file}: one reject expected: {:?}", evaluation.rejects)
        };
        assert_eq!(reject.file.as_ref(), path(&name).display().to_string(), "{file}");
        assert_eq!(reject.line, expected.line, "{file}");
        assert_eq!(reject.column, expected.column, "{file}");
        assert_eq!(reject.value, expected.value, "{file}");
        assert_eq!(reject.code.as_str(), expected.code, "{file}");
        assert!(reject.message.contains(expected.says), "{file}: {}", reject.message);
    }
}

#[test]
fn a_bad_row_keeps_no_good_row_from_the_offer() {
    for Expected { file, rejected, .. } in FILES {
        let evaluation = evaluated(&format!("invalid/{file}"));
        let rows = evaluation.certificate.rows;
        assert!(evaluation.certificate.foots, "{file}");
        assert_eq!((rows.read, rows.invoices, rows.rejects), (2, 1, 1), "{file}");
        let part = only_part(&evaluation);
        assert_eq!(part.totals.gross.to_string(), "1250.00", "{file}");
        let usd = evaluation.certificate.currencies.iter().find(|c| c.currency.code() == "USD");
        let usd = usd.expect("the good row is in US dollars");
        assert_eq!(usd.face.to_string(), "1250.00", "{file}");
        assert_eq!(usd.rejected.to_string(), rejected, "{file}");
        assert_eq!(usd.amount_column, usd.face.to_decimal() + usd.rejected, "{file}");
        // Half of the defects leave no amount in dollars to add up.
        let unread = u64::from(rejected == "0.00" && !ZERO_IS_AN_AMOUNT.contains(&file));
        assert_eq!(rows.rejects_without_amount, unread, "{file}");
        let counted: u64 = evaluation.provenance.rejects.values().sum();
        assert_eq!(counted, 1, "{file}");
    }
}

#[test]
fn a_repeated_row_names_the_line_that_it_repeats() {
    let evaluation = evaluated("invalid/repeated_row.csv");
    let first = path("invalid/repeated_row.csv").display().to_string();
    assert_eq!(evaluation.rejects[0].message, format!("repeats {first}, line 2"));
}

#[test]
fn a_reject_is_found_on_its_line_behind_blank_lines_and_line_breaks() {
    let csv = "\r\ninvoice_number,debtor_id,invoice_date,amount\r\n\r\n\r\n\
               1,\"A\r\n\r\nB\",2026-05-04,10.00\r\n,,,\r\n\r\n2,A,soon,10.00\r\n";
    let evaluation = Desk::with("ledger.csv", csv).evaluate();
    let lines: Vec<u64> = evaluation.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [10]);
    assert_eq!(evaluation.certificate.rows.classified.blank, 5);
}
