//! The sample ledger, and what was put into it.

use super::samples::{Book, flagged, open};
use super::trades::{AS_OF, Row};

/// The rows of a plain ledger file by the as-of date; what was closed later is open.
fn ledger(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let column = |name: &str| headers.iter().position(|own| own == name).expect("a column");
    let names = ["invoice_number", "debtor_id", "invoice_date", "due_date", "amount"];
    let [number, debtor, issue, due, amount] = names.map(column);
    let [paid, credited] = ["paid_date", "credited_amount"].map(column);
    let [written_off, paid_amount] = ["written_off_date", "paid_amount"].map(column);
    let mut rows = Vec::new();
    for record in reader.records().map(|record| record.expect("a record")) {
        let cents = |at: usize| record[at].replace('.', "").parse::<i64>().unwrap_or(0);
        let day = |at: usize| day(&record[at]);
        let is_closed = !record[written_off].is_empty()
            || cents(paid_amount) + cents(credited) >= cents(amount);
        let issue = day(issue).expect("an issue date");
        if issue > AS_OF {
            continue;
        }
        rows.push(Row {
            debtor: record[debtor][1..].parse().expect("a debtor"),
            number: record[number].to_owned(),
            issue,
            due: day(due).expect("a due date"),
            cents: cents(amount),
            closed: day(paid).filter(|day| is_closed && *day <= AS_OF),
            credited: false,
            delivered: None,
        });
    }
    rows
}

/// Days since 1970-01-01 of a date in ISO 8601, by Hinnant's algorithm.
fn day(date: &str) -> Option<i32> {
    let mut parts = date.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
            - 719_468,
    )
}

fn sample() -> Vec<Row> {
    ledger(include_str!("../../data/sample_ledger.csv"))
}

#[test]
fn nothing_looks_wrong_in_the_sample_ledger() {
    let rows = sample();
    let mut book = Book::of(&rows);
    book.screen();
    assert_eq!((book.rows.len(), book.said()), (187, Vec::new()));
}

#[test]
fn fresh_air_in_the_sample_ledger_is_flagged_and_one_of_three_spellings_is_left() {
    let mut rows = sample();
    let at = rows.iter().position(|row| row.number == "INV-001466").expect("a row");
    assert!(rows[at].closed.is_none());
    for number in ["INV-001466A", "INV 001466"] {
        rows.push(Row { number: number.to_owned(), ..rows[at].clone() });
    }
    let invented = |at: i64| open(9999, &format!("INV-0090{at}"), AS_OF, 499_000);
    rows.extend((0..10).map(invented));
    let found = flagged(&rows);
    let of = |start: &str| found.iter().filter(|number| number.starts_with(start)).count();
    assert_eq!((of("INV-0090"), of("INV-001466"), found.len()), (10, 2, 12), "{found:?}");
}
