//! Results do not depend on later rows and facts, the order of rows, the split into files or
//! threads.

use chrono::{NaiveDate, TimeDelta};
use csv::{ReaderBuilder, StringRecord, WriterBuilder};
use factorage::app::generate::{GenerateOptions, Payers, generate};
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

use super::cases;
use super::ledgers::{END, HEADER, Rows, csv, desk, realistic, with_hostile_rows};
use crate::evaluated::{Desk, date, offer_text, offer_without_provenance, priced_policy};

/// Column of the issue date.
const ISSUED: usize = 4;

/// Date columns with the amount or flag that they date.
const DATED: [(usize, usize); 4] = [(8, 9), (11, 10), (13, 12), (15, 14)];

fn records(rows: &[String]) -> Vec<StringRecord> {
    let text = rows.join("\n");
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a record")).collect()
}

/// The rows issued by `day`.
fn issued_by(rows: &[String], day: &str) -> Rows {
    let issued = |row: &&String| records(std::slice::from_ref(*row))[0][ISSUED] <= *day;
    rows.iter().filter(issued).cloned().collect()
}

/// The rows with every fact dated after `day` taken out.
fn known_by(rows: &[String], day: &str) -> Rows {
    let known = |record: StringRecord| {
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        for (date, fact) in DATED {
            if cells[date].as_str() > day {
                cells[date].clear();
                cells[fact].clear();
            }
        }
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&cells).expect("cells");
        let row = writer.into_inner().expect("bytes");
        String::from_utf8(row).expect("UTF-8").trim_end().to_owned()
    };
    records(rows).into_iter().map(known).collect()
}

fn offer(rows: &[String], day: &str) -> String {
    offer_without_provenance(&desk(rows).at(day).evaluate())
}

/// Rows dated just after `day`: of the debtor of a known row, of a new one and of a new client.
fn later_rows(known: &StringRecord, day: NaiveDate) -> Rows {
    let on = |days| (day + TimeDelta::days(days)).to_string();
    let [client, number, debtor, name] = [0, 1, 2, 3].map(|cell| &known[cell]);
    let of_known = format!("{client},{number},{debtor},\"{name}\"");
    vec![
        format!("{of_known},{},{},USD,5000.00,,,,,,,false,,,", on(1), on(31)),
        format!("{of_known},{},{},USD,-50000.00,,,,,,,,,,", on(1), on(1)),
        format!("{of_known},{},{},USD,800.00,,,800.00,{},,,no,,,", on(2), on(32), on(3)),
        format!("C001,X-1,D777,Newcomer,{},{},USD,9.00,{},,,,,,,,,", on(1), on(11), on(20)),
        format!("C777,X-2,D778,Other,{},{},EUR,9.00,,,,,,,Y,{},,", on(2), on(32), on(4)),
    ]
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn rows_and_facts_dated_later_change_nothing(
        rows in realistic(150),
        days_before_end in 0_i64..=90,
    ) {
        let as_of = date(END) - TimeDelta::days(days_before_end);
        let day = as_of.to_string();
        let issued = issued_by(&rows, &day);
        prop_assume!(!issued.is_empty());
        let expected = offer(&known_by(&issued, &day), &day);
        prop_assert_eq!(&offer(&issued, &day), &expected, "facts dated later");
        prop_assert_eq!(&offer(&rows, &day), &expected, "rows dated later");
        let mut more = rows;
        // The row issued last is most likely still open.
        let last = records(&issued).pop().expect("an issued row");
        more.extend(later_rows(&last, as_of));
        prop_assert_eq!(&offer(&more, &day), &expected, "rows dated the next days");
    }

    #[test]
    fn the_order_of_rows_changes_only_the_provenance(
        (rows, shuffled) in with_hostile_rows(100)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        days_before_end in 0_i64..=90,
    ) {
        let day = (date(END) - TimeDelta::days(days_before_end)).to_string();
        let given = desk(&rows).at(&day).try_evaluate();
        prop_assume!(given.is_ok(), "something was issued by then");
        prop_assert_eq!(offer(&rows, &day), offer(&shuffled, &day));
    }

    #[test]
    fn the_split_into_files_changes_only_the_provenance(
        rows in with_hostile_rows(100),
        at in any::<prop::sample::Index>(),
    ) {
        let (first, second) = rows.split_at(at.index(rows.len() + 1));
        let (first, second) = (csv(first), csv(second));
        let files: [(&str, &[u8]); 2] = [("b.csv", first.as_bytes()), ("a.csv", second.as_bytes())];
        let split = Desk::with_files(&files).at(END).evaluate();
        prop_assert_eq!(offer(&rows, END), offer_without_provenance(&split));
    }

    #[test]
    fn the_split_into_files_changes_no_price(
        rows in with_hostile_rows(60),
        at in any::<prop::sample::Index>(),
    ) {
        let priced = |files: &[(&str, &[u8])]| {
            let desk = Desk::with_files(files).at(END).policy(priced_policy(&[]));
            offer_without_provenance(&desk.evaluate())
        };
        let (first, second) = rows.split_at(at.index(rows.len() + 1));
        let (first, second) = (csv(first), csv(second));
        let whole = csv(&rows);
        let split = priced(&[("b.csv", first.as_bytes()), ("a.csv", second.as_bytes())]);
        prop_assert_eq!(priced(&[("ledger.csv", whole.as_bytes())]), split);
    }

    #[test]
    fn the_number_of_threads_changes_no_byte(rows in with_hostile_rows(150)) {
        let desk = desk(&rows);
        let on = |threads: usize| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| offer_text(&desk.evaluate()))
        };
        let one = on(1);
        prop_assert_eq!(&on(2), &one);
        prop_assert_eq!(&on(7), &one);
    }
}

#[test]
fn a_row_dated_later_does_not_rename_its_debtor() {
    let row = |number: &str, name: &str, day: &str| {
        format!("C001,{number},D1,{name},{day},2026-08-01,USD,900.00,,,,,,,false,,,US")
    };
    let known = vec![row("1", "Zeta Ltd", "2026-06-01")];
    let with_later = vec![known[0].clone(), row("2", "Acme Ltd", "2026-07-15")];
    let name = |rows: &[String]| {
        let evaluation = desk(rows).evaluate();
        evaluation.offer.parts[0].lines[0].debtor_name.clone()
    };
    assert_eq!(name(&with_later), name(&known));
}

#[test]
fn a_debtor_bears_the_names_that_its_rows_had_given_by_the_day() {
    let row = |number: u32, name: &str, day: &str| {
        format!("C001,{number},D1,{name},{day},2026-08-01,USD,900.00,,,,,,,false,,,US")
    };
    let mut rows = vec![
        row(1, "Zeta Ltd", "2026-06-20"),
        row(2, "Zeta Ltd", "2026-05-01"),
        row(3, "Acme Ltd", "2026-06-10"),
    ];
    for _ in 0..2 {
        // Of several names the first in text order is shown, whatever the order of the rows.
        for (day, name) in [("2026-05-20", "Zeta Ltd"), ("2026-06-15", "Acme Ltd")] {
            let evaluation = desk(&rows).at(day).evaluate();
            assert_eq!(evaluation.offer.parts[0].lines[0].debtor_name, name, "{day}");
        }
        rows.reverse();
    }
}

#[test]
fn a_row_without_a_name_does_not_rename_its_debtor() {
    let row = |number: &str, name: &str| {
        format!("C001,{number},D1,{name},2026-06-01,2026-08-01,USD,900.00,,,,,,,false,,,US")
    };
    let evaluation = desk(&[row("1", "Zeta Ltd"), row("2", "")]).evaluate();
    let part = &evaluation.offer.parts[0];
    let names: Vec<_> = part.lines.iter().map(|line| line.debtor_name.as_str()).collect();
    assert_eq!(names, ["Zeta Ltd"; 2]);
    assert_eq!(evaluation.certificate.assumptions.debtors_with_several_names, 0);
}

#[test]
fn the_order_of_columns_changes_only_the_provenance() {
    let rows = super::ledgers::HOSTILE.map(str::to_owned)[..10].to_vec();
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let turned = |record: &StringRecord| record.iter().rev().map(str::to_owned).collect::<Vec<_>>();
    for record in records(&[HEADER.to_owned()]).iter().chain(&records(&rows)) {
        writer.write_record(turned(record)).expect("cells");
    }
    let bytes = writer.into_inner().expect("bytes");
    let evaluation = Desk::with("ledger.csv", bytes).at(END).evaluate();
    assert_eq!(offer(&rows, END), offer_without_provenance(&evaluation));
}

#[test]
fn a_file_of_several_blocks_gives_the_same_offer_on_any_number_of_threads() {
    let options = GenerateOptions {
        seasonal: false,
        invoices: 40_000,
        debtors: 300,
        clients: 3,
        seed: 11,
        end: date(END),
        months: 18,
        currency: "USD".to_owned(),
        payers: Payers::Mixed,
    };
    let mut bytes = Vec::new();
    generate(&options, &mut bytes).expect("options within their ranges");
    assert!(bytes.len() > 2 * (2 << 20), "more than two blocks of 2 MiB: {}", bytes.len());
    let desk = Desk::with("ledger.csv", bytes).at(END);
    let on = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let evaluation = pool.install(|| desk.evaluate());
        assert_eq!(evaluation.certificate.rows.read, 40_000);
        offer_text(&evaluation)
    };
    assert!(on(1) == on(7), "offers differ");
}
