//! Tests of whole ledgers.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::options::Payers;
use super::{GenerateError, GenerateOptions, GeneratedSummary, generate};

type Record = HashMap<String, String>;

fn options(invoices: usize, debtors: usize, clients: usize, seed: u64) -> GenerateOptions {
    let end = day("2026-06-30");
    let currency = "USD".to_owned();
    GenerateOptions {
        invoices,
        debtors,
        clients,
        seed,
        end,
        months: 18,
        currency,
        payers: Payers::Mixed,
        seasonal: false,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn bytes(options: &GenerateOptions) -> (Vec<u8>, GeneratedSummary) {
    let mut out = Vec::new();
    let summary = generate(options, &mut out).unwrap();
    (out, summary)
}

fn records(options: &GenerateOptions) -> Vec<Record> {
    let (out, _) = bytes(options);
    csv::Reader::from_reader(out.as_slice()).deserialize().map(Result::unwrap).collect()
}

/// Cents of an amount field; zero when blank.
fn cents(record: &Record, column: &str) -> i64 {
    let text = &record[column];
    if text.is_empty() {
        return 0;
    }
    let (_, decimals) = text.split_once('.').unwrap();
    assert_eq!(decimals.len(), 2, "{text}");
    text.replace('.', "").parse().unwrap()
}

/// Date fields other than the due date that are not blank.
fn event_dates(record: &Record) -> Vec<NaiveDate> {
    ["invoice_date", "paid_date", "credited_date", "written_off_date", "disputed_date"]
        .iter()
        .filter(|&&column| !record[column].is_empty())
        .map(|&column| day(&record[column]))
        .collect()
}

#[test]
fn writes_exactly_the_rows_asked_for() {
    for (invoices, debtors, clients) in [(1, 1, 1), (7, 7, 3), (10, 7, 7), (1500, 60, 1)] {
        let wanted = options(invoices, debtors, clients, 5);
        let rows = records(&wanted);
        let distinct =
            |column: &str| rows.iter().map(|row| row[column].clone()).collect::<HashSet<_>>().len();
        assert_eq!(rows.len(), invoices);
        assert_eq!(distinct("debtor_id"), debtors);
        assert_eq!(distinct("debtor_name"), debtors);
        assert_eq!(distinct("client_id"), clients);
    }
}

#[test]
fn the_options_alone_decide_the_bytes() {
    let wanted = options(3000, 90, 4, 11);
    let first = bytes(&wanted).0;
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let several = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap();
    assert_eq!(first, alone.install(|| bytes(&wanted).0));
    assert_eq!(first, several.install(|| bytes(&wanted).0));
    assert_ne!(first, bytes(&options(3000, 90, 4, 12)).0);
}

#[test]
fn nothing_is_dated_after_the_end_and_something_close_to_it() {
    for end in ["2026-06-30", "2026-06-14", "2024-01-01", "1999-12-26"] {
        for (invoices, debtors, months) in [(1, 1, 18), (400, 20, 1), (900, 30, 12)] {
            let wanted =
                GenerateOptions { end: day(end), months, ..options(invoices, debtors, 1, 2) };
            let dates: Vec<NaiveDate> = records(&wanted).iter().flat_map(event_dates).collect();
            let latest = dates.into_iter().max().unwrap();
            assert!(latest <= wanted.end, "{latest}");
            assert!((wanted.end - latest).num_days() <= 4, "{latest} for {end}");
        }
    }
}

#[test]
fn bookings_never_exceed_the_amount_and_come_in_order() {
    for row in records(&options(20_000, 400, 6, 8)) {
        let booked = ["paid_amount", "credited_amount", "written_off_amount"];
        let pairs = ["paid", "credited", "written_off"];
        let total: i64 = booked.iter().map(|column| cents(&row, column)).sum();
        let amount = cents(&row, "amount");
        let invoiced = day(&row["invoice_date"]);
        if amount < 0 {
            assert!(row["invoice_number"].starts_with("CN-"));
            assert_eq!((total, event_dates(&row).len()), (0, 1));
            continue;
        }
        assert!(total <= amount, "{row:?}");
        assert!(booked.iter().all(|column| cents(&row, column) >= 0));
        for pair in pairs {
            let (date, value) = (format!("{pair}_date"), format!("{pair}_amount"));
            assert_eq!(row[&date].is_empty(), row[&value].is_empty(), "{row:?}");
        }
        assert!(event_dates(&row).iter().all(|&date| date >= invoiced), "{row:?}");
        let written_off = &row["written_off_date"];
        assert!(written_off.is_empty() || (total == amount && *written_off > row["credited_date"]));
        assert_eq!(row["disputed"] == "true", !row["disputed_date"].is_empty());
        if !row["paid_date"].is_empty() {
            let paid = day(&row["paid_date"]);
            assert!(row["credited_date"].is_empty() || day(&row["credited_date"]) <= paid);
            assert!(row["disputed_date"].is_empty() || day(&row["disputed_date"]) < paid);
            assert!(!matches!(paid.weekday(), Weekday::Sat | Weekday::Sun), "{row:?}");
        }
    }
}

#[test]
fn rows_follow_their_dates_and_numbers_are_unique() {
    let rows = records(&options(5000, 100, 5, 4));
    let mut seen = HashSet::new();
    let mut latest: HashMap<(String, bool), (String, String)> = HashMap::new();
    let mut before = String::new();
    for row in &rows {
        let (client, number) = (row["client_id"].clone(), row["invoice_number"].clone());
        assert!(row["invoice_date"] >= before);
        before.clone_from(&row["invoice_date"]);
        assert!(seen.insert((client.clone(), number.clone())));
        let kind = number.starts_with("CN-");
        let place = (before.clone(), number);
        if let Some(previous) = latest.insert((client, kind), place.clone()) {
            assert!(previous < place);
        }
    }
}

#[test]
fn the_summary_agrees_with_the_rows() {
    let wanted = options(20_000, 400, 6, 21);
    let summary = bytes(&wanted).1;
    let rows = records(&wanted);
    let mut counted = GeneratedSummary { invoices: rows.len(), ..GeneratedSummary::default() };
    for row in &rows {
        let amount = cents(row, "amount");
        let due = amount - cents(row, "credited_amount");
        let written_off = cents(row, "written_off_amount");
        let paid = cents(row, "paid_amount");
        counted.credit_notes += usize::from(amount < 0);
        counted.open += usize::from(amount > 0 && due - written_off > paid);
        counted.paid += usize::from(amount > 0 && due == paid);
        counted.written_off += usize::from(written_off > 0);
        counted.credited += usize::from(!row["credited_date"].is_empty());
        counted.disputed += usize::from(row["disputed"] == "true");
        counted.short_paid += usize::from(paid > 0 && paid < due);
    }
    assert_eq!(summary, counted);
    let whole = summary.open + summary.paid + summary.written_off + summary.credit_notes;
    assert_eq!(whole, summary.invoices);
}

#[test]
fn shares_are_those_of_an_ordinary_ledger() {
    for seed in 1..=5 {
        let summary = bytes(&options(20_000, 600, 5, seed)).1;
        let share = |part: usize| part * 1000 / summary.invoices;
        assert!((80..=150).contains(&share(summary.open)), "{summary:?}");
        assert!((25..=50).contains(&share(summary.credited)), "{summary:?}");
        assert!((9..=22).contains(&share(summary.disputed)), "{summary:?}");
        assert!((12..=28).contains(&share(summary.short_paid)), "{summary:?}");
        assert!((1..=12).contains(&share(summary.written_off)), "{summary:?}");
        assert!((1..=5).contains(&share(summary.credit_notes)), "{summary:?}");
    }
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let good = options(100, 10, 2, 1);
    let refused = |bad: GenerateOptions, says: &str| {
        let mut out = Vec::new();
        let message = generate(&bad, &mut out).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
        assert!(out.is_empty());
    };
    refused(options(0, 1, 1, 1), "invoices is 0; it must be between 1 and 20000000");
    refused(options(5, 6, 1, 1), "debtors is 6; it must be between 1 and 5");
    refused(options(5, 0, 1, 1), "debtors is 0");
    refused(options(5, 3, 4, 1), "clients is 4; it must be between 1 and 3");
    refused(GenerateOptions { months: 0, ..good.clone() }, "months is 0");
    refused(GenerateOptions { months: 121, ..good.clone() }, "between 1 and 120");
    refused(GenerateOptions { end: day("1989-12-31"), ..good.clone() }, "1989-12-31");
    for currency in ["JPY", "KWD", "usd", "", "ZZZ"] {
        refused(GenerateOptions { currency: currency.to_owned(), ..good.clone() }, currency);
    }
}

#[test]
fn a_refusing_output_is_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("no space"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = generate(&options(100, 10, 2, 1), Full).unwrap_err();
    assert!(matches!(error, GenerateError::Write(_)));
    assert!(error.to_string().contains("no space"), "{error}");
}

/// Debtor, due date and pay date of every invoice paid.
fn paid(payers: Payers) -> Vec<(String, NaiveDate, NaiveDate)> {
    let rows = records(&GenerateOptions { payers, ..options(4_000, 60, 1, 5) });
    let paid = rows.iter().filter(|row| !row["paid_date"].is_empty());
    let invoices = paid.filter(|row| !row["amount"].starts_with('-'));
    invoices
        .map(|row| (row["debtor_id"].clone(), day(&row["due_date"]), day(&row["paid_date"])))
        .collect()
}

#[test]
fn debtors_keep_to_the_days_on_which_they_pay() {
    let month_ends = paid(Payers::MonthEnd);
    let closes = month_ends.iter().filter(|(.., on)| *on == super::calendar::month_close(*on));
    assert!(closes.count() * 100 >= month_ends.len() * 97, "{}", month_ends.len());
    let mut weekdays = HashMap::<String, [usize; 7]>::new();
    for (debtor, _, on) in paid(Payers::Weekly) {
        weekdays.entry(debtor).or_default()[on.weekday().num_days_from_monday() as usize] += 1;
    }
    for (debtor, days) in weekdays {
        let (most, all): (usize, usize) = (*days.iter().max().unwrap(), days.iter().sum());
        assert!(most * 10 >= all * 8, "{debtor}: {days:?}");
    }
}

#[test]
fn slowing_debtors_pay_later_in_the_second_half() {
    let mean_late = |payers, second_half: bool| {
        let half = |due: &NaiveDate| (*due > day("2025-09-30")) == second_half;
        let all = paid(payers).into_iter().filter(|(_, due, _)| half(due));
        let late: Vec<i64> = all.map(|(_, due, on)| (on - due).num_days()).collect();
        late.iter().sum::<i64>() as f64 / late.len() as f64
    };
    let slower = |payers| mean_late(payers, true) - mean_late(payers, false);
    let (slowing, mixed) = (slower(Payers::Slowing), slower(Payers::Mixed));
    assert!(slowing - mixed > 10.0, "{slowing} {mixed}");
}
