//! Frauds, put into the ledgers of honest trades.

use super::trades::{AS_OF, Draws, Row};

/// A way in which a copy changes the number; `None` if the number has nothing to change.
pub(super) type Change = (&'static str, fn(&str) -> Option<String>);

/// Every change.
pub(super) const CHANGES: [Change; 13] = [
    ("letter behind", |number| Some(format!("{number}A"))),
    ("/B behind", |number| Some(format!("{number}/B"))),
    ("-1 behind", |number| Some(format!("{number}-1"))),
    ("(2) behind", |number| Some(format!("{number} (2)"))),
    ("copy behind", |number| Some(format!("{number} copy"))),
    ("-rev behind", |number| Some(format!("{number}-rev"))),
    ("DUP before", |number| Some(format!("DUP {number}"))),
    ("blank for mark", |number| other(number, number.replace(['-', '/', '.'], " "))),
    ("marks left out", |number| other(number, number.replace(['-', '/', '.', ' '], ""))),
    ("lower case", |number| other(number, number.to_lowercase())),
    ("O for 0", |number| other(number, number.replace('0', "O"))),
    ("l for 1", |number| other(number, number.replace('1', "l"))),
    ("0 before digits", |number| {
        let at = number.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
        (at < number.len()).then(|| format!("{}0{}", &number[..at], &number[at..]))
    }),
];

fn other(number: &str, changed: String) -> Option<String> {
    (changed != number).then_some(changed)
}

/// Different rows that a test accepts, at most ten.
pub(super) fn draw(rows: &[Row], seed: u64, accepts: impl Fn(&Row) -> bool) -> Vec<usize> {
    let mut left: Vec<usize> = (0..rows.len()).filter(|&at| accepts(&rows[at])).collect();
    let mut draws = Draws::new(seed ^ 0xF00D);
    let mut drawn = Vec::new();
    while drawn.len() < 10 && !left.is_empty() {
        drawn.push(left.swap_remove(draws.between(0, left.len() as i64 - 1) as usize));
    }
    drawn
}

pub(super) fn is_open(row: &Row) -> bool {
    row.closed.is_none()
}

/// Paid in cash not long ago.
pub(super) fn is_paid(row: &Row) -> bool {
    !row.credited && row.closed.is_some_and(|day| day > AS_OF - 120)
}

/// An open invoice under another number.
pub(super) fn copy(row: &Row, number: String) -> Row {
    Row { number, closed: None, credited: false, ..row.clone() }
}

/// Five equal round invoices of the last day.
pub(super) fn batch(debtor: usize, cents: i64) -> Vec<Row> {
    let row = |at: i32| Row {
        debtor,
        number: format!("Q-{}", 88_000 + at),
        issue: AS_OF,
        due: AS_OF + 30,
        cents,
        closed: None,
        credited: false,
        delivered: None,
    };
    (0..5).map(row).collect()
}
