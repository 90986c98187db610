//! The cost of a file grows with its rows and not with their square.
//!
//! Counted in the processor time of the program itself: seconds on the clock grow with whatever
//! else the machine does, and instructions cannot be counted everywhere.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::hostile::{HEADER, lines};

/// Rows of the smaller file; the larger has [`TIMES`] as many.
const ROWS: usize = 20_000;
const TIMES: usize = 4;

/// The most that [`TIMES`] the rows may cost, as a multiple: about 4 where each row costs the same,
/// 16 where each row costs as much as there are rows.
const MOST: f64 = 8.0;

/// Measurements of each size at most; the least counts, because others only add to it.
const ROUNDS: usize = 3;

/// The user time in seconds of a program that ends well, with all of its threads.
#[track_caller]
fn user_seconds(folder: &TempDir, program: &str, arguments: &[&str]) -> f64 {
    // `times` of a shell is the same everywhere; its second line is that of its children.
    let script = "\"$@\" >/dev/null && times >times";
    let mut command = Command::new("sh");
    command.current_dir(folder.path()).args(["-c", script, "sh", program]).args(arguments);
    // A thread that waits for work of others spins a while, more so on a busy machine.
    let output =
        command.env("RAYON_NUM_THREADS", "1").env("POLARS_MAX_THREADS", "1").output().expect("sh");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let times = fs::read_to_string(folder.path().join("times")).expect("times");
    let children = times.lines().nth(1).expect("times of the children");
    seconds(children.split_whitespace().next().expect("a user time"))
}

/// The seconds of a time such as `0m1.250000s`.
fn seconds(time: &str) -> f64 {
    let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("minutes");
    let number = |text: &str| text.replace(',', ".").parse::<f64>().expect("a number");
    number(minutes) * 60.0 + number(seconds)
}

/// The least cost of each of two sizes; no more is measured than is needed to be below [`MOST`].
fn least(mut cost: impl FnMut(usize) -> f64) -> [f64; 2] {
    let mut least = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (size, least) in [ROWS, TIMES * ROWS].into_iter().zip(&mut least) {
            *least = least.min(cost(size));
        }
        if least[1] < MOST * least[0] {
            break;
        }
    }
    least
}

/// The fault of the costs of [`ROWS`] and of [`TIMES`] as many, if there is one.
fn complaint(name: &str, [small, large]: [f64; 2]) -> Option<String> {
    let ratio = large / small;
    let sizes = format!("{ROWS} rows {small:.2} s, {} rows {large:.2} s", TIMES * ROWS);
    (ratio.is_nan() || ratio >= MOST).then(|| format!("{name}: {sizes}, {ratio:.1} times as much"))
}

/// Demands that the rows of a file cost the same each, however many they are.
#[track_caller]
fn grows_with_its_rows(name: &str, file: impl Fn(usize) -> Vec<u8>) {
    let folder = TempDir::new().expect("a folder");
    let mut written = 0;
    let costs = least(|rows| {
        if written != rows {
            fs::write(folder.path().join(name), file(rows)).expect("a file");
            written = rows;
        }
        user_seconds(&folder, env!("CARGO_BIN_EXE_factorage"), &["ingest", name, "--json"])
    });
    assert_eq!(complaint(name, costs), None);
}

const GROUPS: &str = ",Type,Date,Num,Due Date,Open Balance\n";

fn group_invoice(at: usize) -> String {
    format!(",Invoice,2026-05-04,{at},2026-06-03,100.00\n")
}

#[test]
fn groups_inside_groups_cost_what_their_rows_cost() {
    let nested = |rows| lines(GROUPS, rows, |at| format!("Customer {at},,,,,\n"));
    grows_with_its_rows("groups.csv", |rows| {
        [nested(rows), lines("", rows, group_invoice)].concat()
    });
    grows_with_its_rows("sums.csv", |rows| {
        let sums = lines("", rows, |at| format!("Total Other {at},,,,,\n"));
        [nested(rows), sums, group_invoice(1).into_bytes()].concat()
    });
}

#[test]
fn names_of_many_debtors_and_many_names_of_one_cost_what_their_rows_cost() {
    let name = |at| format!("A-{at},D{at},Acme,2026-05-04,2026-06-03,USD,5\n");
    grows_with_its_rows("names.csv", |rows| lines(HEADER, rows, name));
    let names = |at| format!("A-{at},D1,Acme {at},2026-05-04,2026-06-03,USD,5\n");
    grows_with_its_rows("names_of_one.csv", |rows| lines(HEADER, rows, names));
}

#[test]
fn invoices_of_one_number_cost_what_their_rows_cost() {
    let number = "Invoice No;Customer;Date;Amount;Type;Applied To\n";
    grows_with_its_rows("numbers.csv", |rows| {
        let invoices = lines(number, rows, |at| format!("A1;D{at};2026-05-04;9;Invoice;\n"));
        let payment = |at| format!("P{at};D{};2026-05-05;5;Payment;A1\n", rows - at - 1);
        [invoices, lines("", rows, payment)].concat()
    });
}

/// One header in two orders, each the beginning of a table.
const HEADERS: [&str; 2] =
    ["Customer,Invoice No,Date,Amount\n", "Invoice No,Customer,Date,Amount\n"];

#[test]
fn headers_that_return_and_headers_of_many_buckets_cost_what_their_rows_cost() {
    let again = |at| format!("{}{at},{at},2026-05-04,5\n", HEADERS[at % 2]);
    grows_with_its_rows("headers.csv", |rows| lines(HEADERS[1], rows, again));
    let buckets = (0..16_000).fold("Invoice No;Customer;Date;Amount".to_owned(), |mut head, _| {
        let _ = write!(head, ";0-30");
        head
    });
    grows_with_its_rows("buckets.csv", |rows| {
        lines(&format!("{buckets}\n"), rows, |at| format!("{at};M;2026-05-04;5\n"))
    });
}

#[test]
fn a_program_that_looks_at_every_row_for_every_row_is_found() {
    let folder = TempDir::new().expect("a folder");
    // A tenth of the rows: the cost of the program's start is below a hundredth of a second.
    let cost = |script: &str, rows: usize| {
        let rows = format!("rows={}", rows / 10);
        user_seconds(&folder, "awk", &["-v", &rows, script])
    };
    let linear = "BEGIN { for (i = 0; i < 1000 * rows; i++) x++ }";
    let square = "BEGIN { for (i = 0; i < rows; i++) for (j = 0; j < rows; j++) x++ }";
    assert_eq!(complaint("linear", least(|rows| cost(linear, rows))), None);
    let found = complaint("square", least(|rows| cost(square, rows)));
    assert!(found.as_ref().is_some_and(|found| found.starts_with("square: ")), "{found:?}");
    assert!((seconds("1m2.5s") - 62.5).abs() < 1e-9 && (seconds("0m0,25s") - 0.25).abs() < 1e-9);
}
