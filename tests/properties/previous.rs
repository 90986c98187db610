//! Laws of the comparison with the client's earlier ledgers.

use chrono::{NaiveDate, TimeDelta};
use factorage::app::Evaluation;
use factorage::basics::{Currency, Rate};
use factorage::ledger::Source;
use factorage::offer::OfferLine;
use factorage::policy::Policy;
use proptest::prelude::*;

use super::cases;
use super::ledgers::{END, csv, desk, policies, realistic, with_hostile_rows};
use crate::evaluated::{date, offer_text, offer_without_provenance, policy, priced_policy};

/// The rows, with these before them, under a policy; `None` if they cannot be evaluated.
pub(super) fn evaluated(
    rows: &[String],
    before: Option<&[String]>,
    policy: Policy,
) -> Option<Evaluation> {
    let mut desk = desk(rows).policy(policy);
    desk.request.previous =
        before.into_iter().map(|rows| Source::bytes("before.csv", csv(rows))).collect();
    desk.try_evaluate().ok()
}

/// Text of the offer, but for the date of the previous ledger.
fn told(mut evaluation: Evaluation) -> String {
    for part in &mut evaluation.offer.parts {
        part.previous_ledger = None;
        // A ledger before it is a history, so that this is rightly told only of one alone.
        part.notices.retain(|notice| notice.code.as_ref() != "no_history");
    }
    let text = offer_without_provenance(&evaluation);
    text.split_once("\"offer_id\"").map_or(text.clone(), |(before, _)| before.to_owned())
}

/// The row with its dates moved, if it is open and stays issued by the end; a generated row has no
/// quotes before its dates but in the name.
pub(super) fn re_dated(row: &str, days: i64) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
    let record = reader.records().next()?.ok()?;
    let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
    let is_open = [8, 10, 12].iter().all(|&cell| cells[cell].is_empty());
    if !is_open || cells[7].starts_with('-') {
        return None;
    }
    let moved = |cell: &str, days| {
        Some((cell.parse::<NaiveDate>().ok()? + TimeDelta::days(days)).to_string())
    };
    let room = (date(END) - cells[4].parse::<NaiveDate>().ok()?).num_days();
    cells[4] = moved(&cells[4], days.min(room))?;
    cells[5] = moved(&cells[5], days)?;
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(&cells).ok()?;
    let text = String::from_utf8(writer.into_inner().ok()?).ok()?;
    Some(text.trim_end().to_owned())
}

/// Advance and discount rate of each part.
fn terms(evaluation: &Evaluation) -> Vec<(String, Currency, i64, Rate)> {
    let parts = evaluation.offer.parts.iter();
    parts
        .map(|part| {
            let rate = part.terms.discount_rate_percent;
            (part.client.clone(), part.currency, part.totals.advance.minor(), rate)
        })
        .collect()
}

/// A ledger, and the same with one open invoice dated and due up to 100 days later.
fn one_re_dated() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    (realistic(120), any::<prop::sample::Index>(), 1_i64..=100).prop_filter_map(
        "nothing is open",
        |(rows, at, days)| {
            let open: Vec<(usize, String)> = rows
                .iter()
                .enumerate()
                .filter_map(|(at, row)| Some((at, re_dated(row, days)?)))
                .collect();
            let (at, row) = open.get(at.index(open.len().max(1)))?.clone();
            let mut later = rows.clone();
            later[at] = row;
            Some((rows, later))
        },
    )
}

/// A ledger, the same with one open invoice dated and due later, and that with another as well.
fn twice_re_dated() -> impl Strategy<Value = (Vec<String>, Vec<String>, Vec<String>)> {
    (one_re_dated(), any::<prop::sample::Index>(), 1_i64..=100).prop_map(
        |((rows, later), at, days)| {
            let all = later.iter().enumerate();
            let open = all.filter_map(|(at, row)| Some((at, re_dated(row, days)?)));
            let open: Vec<_> = open.collect();
            let (at, row) = open[at.index(open.len())].clone();
            let mut last = later.clone();
            last[at] = row;
            (rows, later, last)
        },
    )
}

/// The last rows beside all of these ledgers.
fn beside(rows: &[String], all: &[&[String]]) -> Evaluation {
    let mut desk = desk(rows).policy(policy(&[]));
    desk.request.previous = all.iter().map(|rows| Source::bytes("before.csv", csv(rows))).collect();
    desk.evaluate()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_re_dated_ledger_that_is_sent_again_hides_nothing(
        (rows, later, last) in twice_re_dated(),
    ) {
        let alone = beside(&last, &[&rows]);
        for all in [[&rows, &later, &last], [&last, &later, &rows]] {
            let all = beside(&last, &all.map(|rows| &rows[..]));
            for (one, all) in alone.offer.parts.iter().zip(&all.offer.parts) {
                prop_assert!(all.totals.advance.minor() <= one.totals.advance.minor());
                for (one, all) in one.lines.iter().zip(&all.lines) {
                    prop_assert_eq!(&one.invoice_number, &all.invoice_number);
                    prop_assert!(all.days_past_due >= one.days_past_due, "{:?} {:?}", one, all);
                    let held = |line: &OfferLine| {
                        line.holds.iter().map(|hold| hold.reason).collect::<Vec<_>>()
                    };
                    let (one, all) = (held(one), held(all));
                    prop_assert!(one.iter().all(|reason| all.contains(reason)));
                    let mut once = all.clone();
                    once.dedup();
                    prop_assert_eq!(once, all, "no reason twice");
                }
            }
        }
    }

    #[test]
    fn the_order_of_earlier_ledgers_and_their_copies_change_nothing(
        (rows, later, last) in twice_re_dated(),
    ) {
        let of = |all: &[&[String]]| offer_text(&beside(&last, all));
        let given = of(&[&rows, &later]);
        prop_assert_eq!(&given, &of(&[&later, &rows]));
        prop_assert_eq!(&given, &of(&[&later, &rows, &rows, &later]));
    }

    #[test]
    fn a_ledger_beside_itself_is_judged_as_alone(
        rows in with_hostile_rows(100),
        changed in policies(),
    ) {
        let Some(beside) = evaluated(&rows, Some(&rows), policy(changed)) else {
            return Err(TestCaseError::reject("not evaluated"));
        };
        let alone = evaluated(&rows, None, policy(changed)).expect("evaluated");
        prop_assert_eq!(told(beside), told(alone));
    }

    #[test]
    fn re_dating_an_invoice_gains_nothing_even_if_nothing_is_held(
        (rows, later) in one_re_dated(),
    ) {
        let nothing = || priced_policy(&[("confirm.hold", "[]")]);
        let honest = evaluated(&rows, None, nothing()).expect("evaluated");
        let re_dated = evaluated(&later, Some(&rows), nothing()).expect("evaluated");
        for (honest, re_dated) in terms(&honest).into_iter().zip(terms(&re_dated)) {
            prop_assert_eq!((&honest.0, honest.1), (&re_dated.0, re_dated.1));
            prop_assert!(re_dated.2 <= honest.2, "advance {re_dated:?} {honest:?}");
            prop_assert!(re_dated.3 >= honest.3, "discount {re_dated:?} {honest:?}");
        }
    }

    #[test]
    fn re_dating_an_invoice_never_raises_the_advance(
        (rows, later) in one_re_dated(),
        changed in policies(),
    ) {
        let honest = evaluated(&rows, None, policy(changed)).expect("evaluated");
        let re_dated = evaluated(&later, Some(&rows), policy(changed)).expect("evaluated");
        for (honest, re_dated) in terms(&honest).into_iter().zip(terms(&re_dated)) {
            prop_assert!(re_dated.2 <= honest.2, "advance {re_dated:?} {honest:?}");
        }
    }

    #[test]
    fn the_order_of_rows_of_either_ledger_changes_nothing(
        ((rows, later), seed) in (one_re_dated(), any::<u64>()),
    ) {
        let shuffled = |rows: &[String]| {
            let mut rows = rows.to_vec();
            rows.sort_by_key(|row| {
                let bits = row.bytes().map(u64::from);
                bits.fold(seed, |all, bits| (all ^ bits).wrapping_mul(0x0100_0000_01B3))
            });
            rows
        };
        let given = evaluated(&later, Some(&rows), policy(&[])).expect("evaluated");
        let other = evaluated(&shuffled(&later), Some(&shuffled(&rows)), policy(&[]));
        let text = offer_without_provenance(&given);
        prop_assert!(text.contains("re_dated"));
        prop_assert_eq!(text, offer_without_provenance(&other.expect("evaluated")));
    }
}
