//! Dating open invoices later gains nothing: beside the ledger that shows their first dates,
//! neither is more advanced nor is the price lower, whether what is re-dated is held or not.
//! `FACTORAGE_LEDGERS=6 cargo test --release --test main properties::re_dated` takes six ledgers of
//! each trade instead of one.

use factorage::basics::Rate;
use factorage::ledger::Source;
use factorage::offer::{OfferLine, OfferPart};
use factorage::policy::Policy;
use proptest::prelude::*;

use super::cases;
use super::ledgers::{END, realistic};
use super::previous::{evaluated, re_dated};
use super::trades::rows::{AS_OF, Row};
use super::trades::{Stated, csv, ledgers};
use crate::evaluated::{Desk, only_part, priced_policy};

/// The standard policy, and the same holding nothing.
fn policies() -> [(&'static str, Policy); 2] {
    let nothing = priced_policy(&[("confirm.hold", "[]")]);
    [("standard", priced_policy(&[])), ("holding nothing", nothing)]
}

/// Advance, discount rate, and the numbers of what is bought. The price is that of all that is
/// bought, so that it is compared where the same invoices are.
fn terms(part: &OfferPart) -> (i64, Rate, Vec<&str>) {
    let bought = part.lines.iter().filter(|line| line.price.is_some());
    let numbers = bought.map(|line: &OfferLine| line.invoice_number.as_str()).collect();
    (part.totals.advance.minor(), part.terms.discount_rate_percent, numbers)
}

/// The difference that breaks the law, if one does.
fn gain(honest: &OfferPart, re_dated: &OfferPart) -> Option<String> {
    let ((then, rate_then, mut all), (now, rate_now, mut left)) = (terms(honest), terms(re_dated));
    // In the order of their dates, which changed.
    all.sort_unstable();
    left.sort_unstable();
    let is_cheaper = rate_now < rate_then && left == all;
    let told = || format!("advance {then} became {now}, rate {rate_then:?} {rate_now:?}");
    (now > then || is_cheaper).then(told)
}

/// The rows with so many of the open ones, from one on, moved by these days; with the due date
/// alone or with both.
fn moved(stated: &[Stated], (from, count): (usize, usize), days: i32, both: bool) -> Vec<Stated> {
    let open = stated.iter().enumerate().filter(|(_, (row, _))| row.closed.is_none());
    let open: Vec<usize> = open.map(|(at, _)| at).collect();
    let mut all = stated.to_vec();
    for &at in open.iter().cycle().skip(from % open.len()).take(count.min(open.len())) {
        let row: &mut Row = &mut all[at].0;
        row.due += days;
        if both {
            row.issue = row.issue.max((row.issue + days).min(AS_OF));
        }
    }
    all
}

#[test]
fn re_dating_invoices_of_an_honest_trade_gains_nothing() {
    let (mut trials, mut found) = (0, Vec::new());
    for (name, seed, stated) in ledgers() {
        for (holding, policy) in policies() {
            let beside = |now: &[Stated]| {
                let mut desk = Desk::with("now.csv", csv(now)).at(END).policy(policy.clone());
                desk.request.previous = vec![Source::bytes("before.csv", csv(&stated))];
                desk.evaluate()
            };
            let honest = beside(&stated);
            let changes = [
                (1, 45, true),
                (3, 100, true),
                (10, 30, false),
                (1, 400, false),
                (usize::MAX, 60, true),
            ];
            for (nth, (count, days, both)) in changes.into_iter().enumerate() {
                let from = seed as usize + 7 * nth;
                let later = beside(&moved(&stated, (from, count), days, both));
                trials += 1;
                let gain = gain(only_part(&honest), only_part(&later));
                found.extend(gain.map(|gain| {
                    format!("{name} {seed}, {holding}, {count} by {days} ({both}): {gain}")
                }));
            }
        }
    }
    assert!(found.is_empty(), "{} of {trials} trials:\n{}", found.len(), found.join("\n"));
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn re_dating_any_number_of_invoices_gains_nothing(
        rows in realistic(120),
        picked in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
        days in 1_i64..=400,
    ) {
        let mut later = rows.clone();
        let open: Vec<(usize, String)> = rows
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, re_dated(row, days)?)))
            .collect();
        prop_assume!(!open.is_empty());
        for index in picked {
            let (at, row) = &open[index.index(open.len())];
            later[*at].clone_from(row);
        }
        for (holding, policy) in policies() {
            let honest = evaluated(&rows, Some(&rows), policy.clone()).expect("evaluated");
            let later = evaluated(&later, Some(&rows), policy).expect("evaluated");
            for (honest, later) in honest.offer.parts.iter().zip(&later.offer.parts) {
                let gain = gain(honest, later);
                prop_assert!(gain.is_none(), "{}: {:?}", holding, gain);
            }
        }
    }
}
