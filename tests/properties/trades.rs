//! The laws of holds and exclusions over honest trades whose ledgers look odd, as whole
//! evaluations: `FACTORAGE_LEDGERS=6 cargo test --release --test main properties::trades` takes six
//! ledgers of each trade instead of one, and trains a model on each as an evaluation does by
//! default.

#[path = "../../src/screens/trades.rs"]
pub(super) mod rows;

use std::collections::BTreeMap;

use factorage::app::{Evaluation, ModelChoice};
use factorage::ledger::Source;
use factorage::offer::{Decision, OfferLine, OfferPart, PricedLine};
use factorage::policy::{HoldKind, HoldReason, Rule};

use self::rows::{AS_OF, Row, TRADES};
use super::ledgers::END;
use crate::evaluated::{Desk, offer_without_provenance, only_part, priced_policy};

/// A row, and whether its debtor disputes it.
pub(super) type Stated = (Row, bool);

/// The number of ledgers of each trade in the long form.
fn long_form() -> Option<u64> {
    std::env::var("FACTORAGE_LEDGERS").ok().and_then(|n| n.parse().ok())
}

/// The ledgers of every trade: its name, a seed and its rows. The short form leaves out what is
/// older than nine months.
pub(super) fn ledgers() -> Vec<(&'static str, u64, Vec<Stated>)> {
    let count = long_form();
    let from = if count.is_some() { AS_OF - 10_000 } else { AS_OF - 270 };
    let of_trade = |(name, trade): rows::Trade| {
        (200..200 + count.unwrap_or(1)).map(move |seed| {
            let rows = trade(seed).into_iter().filter(|row| row.issue >= from);
            (name, seed, rows.map(|row| (row, false)).collect())
        })
    };
    TRADES.into_iter().take(6).flat_map(of_trade).collect()
}

pub(super) fn csv(stated: &[Stated]) -> String {
    let rows: Vec<Row> = stated.iter().map(|(row, _)| row.clone()).collect();
    let text = rows::csv(&rows);
    let disputed = std::iter::once("disputed")
        .chain(stated.iter().map(|(_, disputed)| if *disputed { "true" } else { "false" }));
    let with = |(line, disputed)| [line, ",", disputed, "\n"].concat();
    text.lines().zip(disputed).map(with).collect()
}

fn desk(stated: &[Stated]) -> Desk {
    let mut desk = Desk::with("ledger.csv", csv(stated)).at(END).policy(priced_policy(&[]));
    // Training takes most of an evaluation, and these laws are about what is bought of a ledger.
    if long_form().is_none() {
        desk.request.model = ModelChoice::Km;
    }
    desk
}

pub(super) fn evaluated(stated: &[Stated]) -> Evaluation {
    desk(stated).evaluate()
}

pub(super) fn invoice(debtor: usize, number: String, (issue, due): (i32, i32), cents: i64) -> Row {
    Row { debtor, number, issue, due, cents, closed: None, credited: false, delivered: None }
}

/// The debtors of the most that is bought, each once, with the usual size of their invoices.
pub(super) fn debtors(part: &OfferPart) -> Vec<(usize, i64)> {
    let mut bought: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for line in part.lines.iter().filter(|line| line.price.is_some()) {
        let debtor = line.debtor_id.trim_start_matches('D').parse().expect("a number");
        bought.entry(debtor).or_default().push(line.open.minor());
    }
    let median = |(debtor, mut cents): (usize, Vec<i64>)| {
        cents.sort_unstable();
        (debtor, cents[cents.len() / 2])
    };
    bought.into_iter().map(median).collect()
}

/// Open invoices that are held or excluded, by kind.
fn added(stated: &[Stated], part: &OfferPart) -> Vec<(&'static str, Vec<Stated>)> {
    let old = debtors(part);
    let each = |of: &dyn Fn(usize, usize, i64) -> Stated| -> Vec<Stated> {
        let five = old.iter().take(5).enumerate();
        five.map(|(at, &(debtor, cents))| of(at, debtor, cents)).collect()
    };
    let dates = (AS_OF - 5, AS_OF + 25);
    let number = |at: usize| format!("KX-{}", 770_001 + 13 * at);
    let fresh = (0..10).map(|at| (invoice(990, number(at), dates, 499_000), false)).collect();
    let strangers = (0..5).map(|at| {
        let cents = 170_113 + 31_719 * at as i64;
        (invoice(991 + at, number(at), dates, cents), false)
    });
    vec![
        ("fresh air", fresh),
        ("strangers", strangers.collect()),
        ("copies", copies(stated, part)),
        (
            "disputed",
            each(&|at, debtor, cents| (invoice(debtor, number(at), dates, 3 * cents + 17), true)),
        ),
        (
            "long-dated",
            each(&|at, debtor, cents| {
                (invoice(debtor, number(at), (AS_OF - 5, AS_OF + 330), 2 * cents + 17), false)
            }),
        ),
        (
            "large",
            each(&|at, debtor, _| {
                (invoice(debtor, number(at), dates, 2_511_337 + 190_700 * at as i64), false)
            }),
        ),
    ]
}

/// The five largest invoices that are bought, a second time as a copy.
fn copies(stated: &[Stated], part: &OfferPart) -> Vec<Stated> {
    let mut bought: Vec<_> = part.lines.iter().filter(|line| line.price.is_some()).collect();
    bought.sort_by_key(|line| std::cmp::Reverse(line.open.minor()));
    let copy = |line: &&OfferLine| {
        let is_it = |(row, _): &&Stated| {
            row.number == line.invoice_number && format!("D{:04}", row.debtor) == line.debtor_id
        };
        let (row, _) = stated.iter().find(is_it).expect("its row").clone();
        (Row { number: format!("{} copy", row.number), ..row }, false)
    };
    bought.iter().take(5).map(copy).collect()
}

#[test]
fn what_is_held_or_excluded_raises_no_cash_and_lowers_no_price_of_any_trade() {
    let (mut trials, mut found) = (0, Vec::new());
    for (name, seed, stated) in ledgers() {
        let before = evaluated(&stated);
        let part = only_part(&before);
        for (kind, more) in added(&stated, part) {
            let after = evaluated(&[stated.clone(), more].concat());
            let after = only_part(&after);
            // Of an invoice that a cap cuts below the size that is confirmed, a part is bought.
            let is_bought =
                |l: &OfferLine| l.invoice_number.starts_with("KX-") && l.price.is_some();
            if kind == "large" && after.lines.iter().any(is_bought) {
                continue;
            }
            trials += 1;
            let (then, now) = (part.totals.advance, after.totals.advance);
            if now.minor() > then.minor() {
                found.push(format!("{name} {seed}, {kind}: advance {then} became {now}"));
            }
            // The price is that of the pool: it may fall with a debtor who is bought no longer.
            let is_same_pool = debtors(after).len() == debtors(part).len();
            let rate = |part: &OfferPart| part.terms.discount_rate_percent.to_f64();
            if is_same_pool && rate(after) < rate(part) - 1e-12 {
                let (then, now) = (rate(part), rate(after));
                found.push(format!("{name} {seed}, {kind}: rate {then} became {now}"));
            }
        }
    }
    assert!(found.is_empty(), "{} of {trials} trials:\n{}", found.len(), found.join("\n"));
}

/// Cents bought, held once confirmed, and the open balance of a line.
fn amounts(line: &OfferLine) -> (i64, i64, i64) {
    let bought = |price: Option<PricedLine>| price.map_or(0, |price| price.amount_bought.minor());
    (bought(line.price), bought(line.once_confirmed), line.open.minor())
}

#[test]
fn every_cent_of_a_trade_is_bought_held_or_excluded_and_nothing_held_is_advanced() {
    for (name, seed, stated) in ledgers() {
        let more = added(&stated, only_part(&evaluated(&stated)));
        let all: Vec<Stated> =
            stated.iter().cloned().chain(more.into_iter().flat_map(|(_, more)| more)).collect();
        let evaluation = evaluated(&all);
        let part = only_part(&evaluation);
        let open: i64 =
            all.iter().filter(|(row, _)| row.closed.is_none()).map(|(r, _)| r.cents).sum();
        let sum = |of: fn(&OfferLine) -> i64| -> i64 { part.lines.iter().map(of).sum() };
        assert_eq!(part.totals.gross.minor(), open, "{name} {seed}");
        assert_eq!(sum(|line| line.open.minor()), open, "{name} {seed}");
        assert_eq!(sum(|line| amounts(line).0), part.totals.amount_bought.minor());
        let held = part.totals.held.as_ref().map_or(0, |held| held.amount.minor());
        assert_eq!(sum(|line| amounts(line).1), held, "{name} {seed}");
        let steps: i64 = part.waterfall.iter().map(|step| step.amount.minor()).sum();
        // The steps take what is excluded and what is held.
        assert_eq!(open - steps, part.totals.amount_bought.minor(), "{name} {seed}");
        for line in &part.lines {
            let (bought, held, open) = amounts(line);
            assert!(bought + held <= open && bought.min(held) == 0, "{}", line.invoice_number);
            assert_eq!(line.decision == Decision::Hold, held > 0, "{}", line.invoice_number);
        }
        let advance = |line: &OfferLine| line.price.map_or(0, |price| price.advance.minor());
        assert_eq!(sum(advance), part.totals.advance.minor(), "{name} {seed}");
    }
}

#[test]
fn of_near_copies_in_any_trade_at_most_one_is_bought() {
    for (name, seed, stated) in ledgers() {
        let copies = copies(&stated, only_part(&evaluated(&stated)));
        let after = evaluated(&[stated, copies.clone()].concat());
        let part = only_part(&after);
        for (copy, _) in copies {
            let own = [copy.number.trim_end_matches(" copy"), &copy.number];
            let debtor = format!("D{:04}", copy.debtor);
            let bought = part.lines.iter().filter(|line| {
                line.debtor_id == debtor
                    && own.contains(&line.invoice_number.as_str())
                    && line.price.is_some()
            });
            assert!(bought.count() <= 1, "{name} {seed}: both {own:?} are bought");
        }
    }
}

#[test]
fn order_of_rows_and_split_into_files_change_no_trade() {
    for (name, seed, stated) in ledgers() {
        let expected = offer_without_provenance(&evaluated(&stated));
        let mut turned = stated.clone();
        turned.sort_by_key(|(row, _)| (row.cents % 97, row.number.clone(), row.debtor));
        let (first, second) = turned.split_at(turned.len() / 3);
        let files = [("b.csv", csv(second)), ("a.csv", csv(first))];
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let mut split = Desk::with_files(&files).at(END).policy(priced_policy(&[]));
        split.request.model = desk(&stated).request.model;
        let found = offer_without_provenance(&split.evaluate());
        assert!(found == expected, "{name} {seed}");
    }
}

#[test]
fn one_confirmed_invoice_of_a_trade_moves_its_debtor_and_what_a_cap_of_the_pool_cuts() {
    for (name, seed, stated) in ledgers() {
        let more = added(&stated, only_part(&evaluated(&stated)));
        let more = more.into_iter().filter(|(kind, _)| ["strangers", "large"].contains(kind));
        let all: Vec<Stated> = stated.into_iter().chain(more.flat_map(|(_, more)| more)).collect();
        let before = evaluated(&all);
        let part = only_part(&before);
        let held = part.lines.iter().find(|line| line.decision == Decision::Hold);
        let held = held.expect("something is held");
        let answers = format!(
            "debtor,invoice,amount,outcome,by,at,how\n{},{},,confirmed,A. Reed,{END},telephone\n",
            held.debtor_id, held.invoice_number
        );
        let mut desk = desk(&all);
        desk.request.confirmations = Some(Source::bytes("answers.csv", answers));
        let after = desk.evaluate();
        let is_cut = |line: &OfferLine| line.reason == Some(Rule::Concentration);
        for (then, now) in part.lines.iter().zip(&only_part(&after).lines) {
            assert_eq!(
                (&then.debtor_id, &then.invoice_number),
                (&now.debtor_id, &now.invoice_number)
            );
            let is_near = then.debtor_id == held.debtor_id || is_cut(then) || is_cut(now);
            let is_same = amounts(then) == amounts(now);
            assert!(is_near || is_same, "{name} {seed}: {}", then.invoice_number);
        }
    }
}

/// What looks wrong holds at most 1 % of the cash of an honest ledger.
#[test]
fn hardly_anything_of_an_honest_trade_looks_wrong() {
    let mut found = Vec::new();
    println!(
        "advance held because something looks wrong, of what is advanced today and once confirmed"
    );
    for (name, seed, stated) in ledgers() {
        let evaluation = evaluated(&stated);
        let part = only_part(&evaluation);
        let wrong = |line: &&OfferLine| {
            let kinds = line.holds.iter().map(|hold| hold.kind);
            kinds.into_iter().any(|kind| kind == HoldKind::LooksWrong)
        };
        let advance = |line: &OfferLine| {
            let price = line.price.or(line.once_confirmed);
            price.map_or(0, |price| price.advance.minor())
        };
        let held: i64 = part.lines.iter().filter(wrong).map(advance).sum();
        let all: i64 = part.lines.iter().map(advance).sum();
        let percent = 100.0 * held as f64 / all as f64;
        println!("{name:14} {seed} {percent:6.3} %");
        if percent > 1.0 {
            found.push(format!("{name} {seed}: {percent:.3} %"));
        }
        let reasons = part.lines.iter().flat_map(|line| &line.holds);
        assert!(reasons.into_iter().all(|hold| hold.reason != HoldReason::LongTerms), "{name}");
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
