//! Laws of the screens on random ledgers.

use proptest::prelude::*;

use words::Catalogue;

use super::bills::Bills;
use super::copies::copies;
use super::samples::{Book, found, open, paid, usd};
use super::trades::{AS_OF, Draws, Row, wholesale};

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

const MARKS: [&str; 8] = ["", "", "", "A", "B", "-1", " (2)", " copy"];

/// Rows of three debtors with few numbers, amounts and days, so that much coincides; of every four
/// one is paid.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..3_usize, 290..299_u32, 0..8_usize, 0..3_i32, 0..3_i64, 0..4_u32);
    let row = row.prop_map(|(debtor, number, mark, day, cents, state)| {
        let number = format!("INV-{number:05}{}", MARKS[mark]);
        let (issue, cents) = (AS_OF - 40 - day, 499_000 + 1_000 * cents);
        let row = open(debtor, &number, issue, cents);
        if state == 0 { paid(debtor, &number, issue, cents) } else { row }
    });
    prop::collection::vec(row, 1..24)
}

/// The open value on which nothing is found.
fn unflagged(rows: &[Row]) -> i64 {
    let mut book = Book::of(rows);
    book.screen();
    let free = book.pool.receivables.iter().filter(|own| own.scrutiny.findings.is_empty());
    free.map(|own| own.open.minor()).sum()
}

/// Copies that a number of the strategy has whatever the client's customs.
const COPIES: [fn(&str) -> String; 5] = [
    |number| number.replace('-', " "),
    |number| number.to_lowercase(),
    |number| number.replace("INV-00", "INV-0"),
    |number| number.replace("INV-", ""),
    |number| number.replace("INV-002", "INV-OO2"),
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_near_copy_never_raises_what_is_bought(
        rows in rows(),
        (at, kind) in (0..24_usize, 0..5_usize),
        (change, cents) in (0..3_u32, 1..900_000_i64)
    ) {
        let mut rows = rows;
        let at = at % rows.len();
        let mut copy = Row { closed: None, ..rows[at].clone() };
        copy.number = COPIES[kind](&copy.number);
        match change {
            0 => {}
            1 => copy.cents = cents,
            _ => (copy.issue, copy.due) = (AS_OF - 1, AS_OF + 20),
        }
        // Equal numbers are the matter of another rule; pairs that were paid three times are usual.
        prop_assume!(rows.iter().all(|row| row.number != copy.number));
        let paid = rows.iter_mut().filter(|row| row.closed.is_some());
        paid.skip(3).for_each(|row| row.closed = None);
        let before = unflagged(&rows);
        rows.push(copy);
        prop_assert!(unflagged(&rows) <= before);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(rows in rows(), seed in 0..1_000_u64) {
        let mut shuffled = rows.clone();
        let mut draws = Draws::new(seed);
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, draws.between(0, at as i64) as usize);
        }
        let said = |rows: &[Row], swap: bool| {
            let mut book = Book::of(rows);
            if swap {
                // Not the pool's own order either.
                book.pool.receivables.reverse();
                book.rows.reverse();
                book.delivered.reverse();
                book.past.reverse();
            }
            book.screen();
            let own = book.pool.receivables.iter();
            let mut said: Vec<String> = own.map(|own| format!("{own:?}")).collect();
            said.sort();
            said
        };
        prop_assert_eq!(said(&rows, false), said(&shuffled, true));
    }

    #[test]
    fn open_items_alone_without_repeated_numbers_are_not_flagged(
        items in prop::collection::vec((0..3_usize, 0..3_i32, 0..3_i64, 0..200_i32), 1..40),
        style in 0..4_u32
    ) {
        let row = |(at, (debtor, day, cents, terms)): (usize, (usize, i32, i64, i32))| {
            let number = match style {
                0 => format!("INV-{:05}", 300 + at),
                1 => format!("{}", 1_001 + at),
                2 => format!("26-{}", 1 + at),
                _ => format!("J{}-{}", 100 + at / 4, 1 + at % 4),
            };
            let row = open(debtor, &number, AS_OF - day, 499_000 + 1_000 * cents);
            Row { due: row.issue + terms, ..row }
        };
        let rows: Vec<Row> = items.into_iter().enumerate().map(row).collect();
        prop_assert!(found(&rows).iter().all(Vec::is_empty));
    }
}

#[test]
fn every_finding_has_its_sentence() {
    let mut rows = wholesale(3);
    let copies: Vec<Row> = rows.iter().rev().take(900).cloned().collect();
    for (at, row) in copies.into_iter().enumerate() {
        let number = if at % 2 == 0 { row.number.clone() } else { format!("{} copy", row.number) };
        let debtor = if at % 2 == 0 { 5_000 + at } else { row.debtor };
        let (due, delivered) = (row.due + 90, Some(AS_OF + 3));
        rows.push(Row { number, debtor, due, delivered, closed: None, credited: false, ..row });
    }
    rows.extend((0..5).map(|at| open(9_000, &format!("Q-{}", 77_000 + at), AS_OF, 770_000)));
    let mut book = Book::of(&rows);
    book.screen();
    let mut reasons = std::collections::BTreeSet::new();
    for finding in book.pool.receivables.iter().flat_map(|own| &own.scrutiny.findings) {
        let name = format!("hold_{}.offer", finding.reason.code());
        assert_eq!(Catalogue::english().try_say(&name, &finding.facts), Ok(finding.sentence()));
        reasons.insert(finding.reason.code());
    }
    assert_eq!(reasons.len(), 6, "{reasons:?}");
}

/// One debtor, one amount, one day, and a single number in all spellings: the members that are
/// sorted, and the bills in groups of likely copies.
fn counted(count: i64) -> (usize, usize) {
    let number = |at: i64| match at % 4 {
        0 => format!("INV-{}2026-77", "0".repeat(at as usize / 4 % 50)),
        1 => format!("2026/77-{}A", "-".repeat(at as usize / 4 % 50)),
        2 => format!("copy{}2026 77", ".".repeat(1 + at as usize / 4 % 50)),
        _ => format!("2O26.{}77 rev1", " ".repeat(at as usize / 4 % 50)),
    };
    let row = |at: i64| Row { ..open(1, &number(at), AS_OF - 9, 499_000) };
    let rows: Vec<Row> = (0..count).map(row).collect();
    let mut book = Book::of(&rows);
    let bills = Bills::of(&book.pool, &book.past);
    let in_groups = copies(&bills).iter().map(|group| group.bills.len()).sum();
    let members = bills.members.len();
    book.screen();
    let free = book.pool.receivables.iter().filter(|own| own.scrutiny.findings.is_empty());
    assert_eq!(free.map(|own| own.open).collect::<Vec<_>>(), [usd(499_000)]);
    (members, in_groups)
}

#[test]
fn the_work_grows_with_the_ledger_whatever_its_numbers_are() {
    // All else is sorting these, so that n log n bounds the time.
    let (members, in_groups) = counted(500);
    assert!(members <= 6 * 500 && in_groups <= 3 * members, "{members} {in_groups}");
    let (more_members, more_in_groups) = counted(2_000);
    assert!(more_members <= 4 * members + 8 && more_in_groups <= 4 * in_groups + 24);
}
