//! Error rates of the screens: what they flag of honest trades, and what they catch of frauds.

use std::collections::BTreeMap;

use policy::HoldReason;

use super::frauds::{CHANGES, batch, copy, draw, is_open, is_paid};
use super::samples::found;
use super::trades::{AS_OF, Row, TRADES};

/// Not those on which the screens' limits were chosen.
const SEEDS: std::ops::Range<u64> = 100..106;

/// Open value and flagged value by reason.
#[derive(Default)]
struct Flagged {
    open: i64,
    any: i64,
    /// The share of the seed that fared worst, in per cent.
    worst: f64,
    by_reason: BTreeMap<HoldReason, i64>,
}

impl Flagged {
    fn add(&mut self, rows: &[Row]) {
        let (open, any) = (self.open, self.any);
        for (row, reasons) in rows.iter().zip(found(rows)) {
            if row.closed.is_none() {
                self.open += row.cents;
                self.any += if reasons.is_empty() { 0 } else { row.cents };
            }
            for reason in reasons {
                *self.by_reason.entry(reason).or_default() += row.cents;
            }
        }
        let share = 100.0 * (self.any - any) as f64 / (self.open - open) as f64;
        self.worst = self.worst.max(share);
    }

    fn percent(&self, cents: i64) -> f64 {
        100.0 * cents as f64 / self.open as f64
    }
}

fn measure(kept: fn(&Row) -> bool) -> Vec<(&'static str, Flagged)> {
    let mut all = Vec::new();
    for (name, trade) in TRADES {
        let mut flagged = Flagged::default();
        for seed in SEEDS {
            let rows: Vec<Row> = trade(seed).into_iter().filter(kept).collect();
            flagged.add(&rows);
        }
        let (any, worst) = (flagged.percent(flagged.any), flagged.worst);
        println!("{name:14} {any:6.3} % of {:9}, worst seed {worst:6.3} %", flagged.open / 100);
        for (reason, cents) in &flagged.by_reason {
            println!("{:18} {:6.3} %", reason.code(), flagged.percent(*cents));
        }
        all.push((name, flagged));
    }
    all
}

#[test]
fn measured_honest_trades_are_hardly_flagged() {
    println!("honest trades, {} seeds each", SEEDS.count());
    for (name, flagged) in measure(|_| true) {
        assert!(flagged.percent(flagged.any) <= 1.0, "{name}");
    }
    println!("the same with the payments of the last months only");
    for (name, flagged) in measure(|row| row.closed.is_none() || row.issue > AS_OF - 100) {
        assert!(flagged.percent(flagged.any) <= 1.0, "{name}");
    }
    println!("the same as a first file of open items");
    for (name, flagged) in measure(|row| row.closed.is_none()) {
        assert!(flagged.percent(flagged.any) <= 1.0, "{name}");
    }
}

/// Frauds tried and caught, by kind and trade.
#[derive(Default)]
struct Caught(BTreeMap<(String, &'static str), (usize, usize)>);

impl Caught {
    fn count(&mut self, kind: &str, trade: &'static str, is_caught: bool) {
        let (tried, caught) = self.0.entry((kind.to_owned(), trade)).or_default();
        *tried += 1;
        *caught += usize::from(is_caught);
    }

    /// Prints the shares caught, a line a kind, and returns the share of all.
    fn table(&self, title: &str) -> f64 {
        println!("{title}");
        let (mut tried, mut caught) = (0, 0);
        let kinds: std::collections::BTreeSet<&str> =
            self.0.keys().map(|(kind, _)| kind.as_str()).collect();
        for kind in kinds {
            let of_kind = self.0.iter().filter(|((own, _), _)| own == kind);
            let mut line = String::new();
            let (mut kind_tried, mut kind_caught) = (0, 0);
            for ((_, trade), (own_tried, own_caught)) in of_kind {
                line.extend([format!("  {trade} {own_caught}/{own_tried}")]);
                kind_tried += own_tried;
                kind_caught += own_caught;
            }
            println!("{kind:24} {:5.1} %{line}", percent(kind_caught, kind_tried));
            tried += kind_tried;
            caught += kind_caught;
        }
        println!("{:24} {:5.1} % of {tried}", "all", percent(caught, tried));
        percent(caught, tried)
    }
}

fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all as f64
}

/// Runs a fraud on every trade and seed: it takes the rows, adds to them, and returns what was
/// tried, each as the rows of which one at least must be found.
fn run(mut with: impl FnMut(&mut Vec<Row>, u64, &mut dyn FnMut(&str, Vec<usize>))) -> Runs {
    let mut runs = Vec::new();
    for (name, trade) in TRADES {
        for seed in SEEDS {
            let mut rows = trade(seed);
            let mut tried = Vec::new();
            with(&mut rows, seed, &mut |kind, group| tried.push((kind.to_owned(), group)));
            runs.push((name, tried, found(&rows)));
        }
    }
    Runs(runs)
}

type Tried = Vec<(String, Vec<usize>)>;
struct Runs(Vec<(&'static str, Tried, Vec<Vec<HoldReason>>)>);

impl Runs {
    fn add_to(&self, caught: &mut Caught, reason: HoldReason) {
        for (trade, tried, found) in &self.0 {
            for (kind, group) in tried {
                let is_caught = group.iter().any(|&at| found[at].contains(&reason));
                caught.count(kind, trade, is_caught);
            }
        }
    }
}

#[test]
fn measured_copies_are_held() {
    let (mut near, mut paid) = (Caught::default(), Caught::default());
    for (kind, change) in CHANGES {
        let copies = |accepts: fn(&Row) -> bool, of_copy: bool| {
            run(move |rows, seed, tried| {
                for at in draw(rows, seed, accepts) {
                    if let Some(number) = change(&rows[at].number) {
                        rows.push(copy(&rows[at], number));
                        let last = rows.len() - 1;
                        if seed % 2 == 1 {
                            (rows[last].issue, rows[last].due) = (AS_OF, AS_OF + 30);
                        }
                        tried(kind, if of_copy { vec![last] } else { vec![at, last] });
                    }
                }
            })
        };
        copies(is_open, false).add_to(&mut near, HoldReason::NearDuplicate);
        copies(is_paid, true).add_to(&mut paid, HoldReason::OpenAndPaid);
    }
    assert!(near.table("copies of open invoices, near_duplicate") >= 94.0);
    assert!(paid.table("copies of paid invoices, open_and_paid") >= 94.0);
}

#[test]
fn measured_same_invoices_to_another_debtor_are_held() {
    let mut caught = Caught::default();
    let runs = run(|rows, seed, tried| {
        for at in draw(rows, seed, is_open) {
            let other = if at % 2 == 0 { 900 + at } else { rows[(at + 1) % rows.len()].debtor };
            if other != rows[at].debtor {
                rows.push(Row { debtor: other, ..rows[at].clone() });
                tried("to another debtor", vec![at, rows.len() - 1]);
            }
        }
    });
    runs.add_to(&mut caught, HoldReason::SameNumber);
    assert!(caught.table("same_number") >= 75.0);
}

#[test]
fn measured_fresh_air_is_held() {
    let mut caught = Caught::default();
    for cents in [499_000, 350_000, 1_200_000, 980_000, 2_500_000] {
        let runs = run(|rows, _, tried| {
            rows.extend(batch(990, cents));
            tried("a new debtor", vec![rows.len() - 1]);
        });
        runs.add_to(&mut caught, HoldReason::RoundAmounts);
        let runs = run(|rows, seed, tried| {
            let larger = |own: usize| rows.iter().any(|r| r.debtor == own && r.cents > cents / 2);
            let small = draw(rows, seed, |row| is_paid(row) && !larger(row.debtor));
            let Some(&at) = small.first() else { return };
            rows.extend(batch(rows[at].debtor, cents));
            tried("a debtor of smaller ones", vec![rows.len() - 1]);
        });
        runs.add_to(&mut caught, HoldReason::RoundAmounts);
    }
    assert!(caught.table("round_amounts") >= 90.0);
}

#[test]
fn measured_pre_billing_is_held() {
    let mut caught = Caught::default();
    for (kind, until) in [("after the as-of date", 12), ("after the invoice", 0)] {
        let runs = run(|rows, seed, tried| {
            for at in draw(rows, seed, |row| is_open(row) && row.issue < AS_OF - 9) {
                rows[at].delivered = Some(AS_OF + until);
                tried(kind, vec![at]);
            }
        });
        runs.add_to(&mut caught, HoldReason::NotDelivered);
    }
    assert!(caught.table("not_delivered") >= 95.0);
}

#[test]
fn measured_stretched_terms_are_held() {
    let mut caught = Caught::default();
    for (kind, days) in [("30 days later", 30), ("45 days later", 45), ("60 days later", 60)] {
        let runs = run(|rows, seed, tried| {
            for at in draw(rows, seed, is_open) {
                rows[at].due += days;
                tried(kind, vec![at]);
            }
        });
        runs.add_to(&mut caught, HoldReason::LongTerms);
    }
    assert!(caught.table("long_terms") >= 85.0);
}
