//! Laws of offers that complete an earlier one, over generated ledgers under a solved price.

use std::collections::BTreeMap;

use chrono::Days;
use factorage::app::{Evaluation, ModelChoice};
use factorage::ledger::Source;
use factorage::offer::{Completed, OfferLine};

use super::holds::ledger;
use super::ledgers::{END, desk};
use crate::evaluated::{Desk, date, offer_text, only_part, priced_policy};

/// A ledger with ten invoices to a new debtor, under a policy that holds large ones from 5,000 on.
fn first(seed: u64) -> Desk {
    let mut rows = ledger(seed);
    rows.extend((0..10).map(|at| {
        format!(
            "C001,N-{at},D90001,Newcomer Ltd,2026-06-1{at},2026-07-2{at},USD,{}.5{at},,,,,,,false,,,US",
            700 + 211 * at
        )
    }));
    let policy = priced_policy(&[
        ("confirm.hold", "[\"new_debtor\", \"large\", \"near_duplicate\", \"long_terms\"]"),
        ("confirm.from", "\"5000\""),
    ]);
    let mut first = desk(&rows).at(END).policy(policy);
    first.request.model = ModelChoice::Km;
    first
}

/// The most of each invoice that an offer holds, minor units.
fn held(offer: &Evaluation) -> BTreeMap<String, i64> {
    let of = |line: &OfferLine| {
        let most = line.once_confirmed?.amount_bought.minor();
        Some((line.invoice_number.clone(), most))
    };
    only_part(offer).lines.iter().filter_map(of).collect()
}

#[test]
fn what_completes_an_offer_is_what_it_held_and_never_more() {
    let mut bought_at_all = 0;
    for (seed, days) in (1..=12).zip([0, 1, 5, 10, 20, 40].into_iter().cycle()) {
        let first = first(seed);
        let offer = first.evaluate();
        let (part, held) = (only_part(&offer), held(&offer));
        let totals = part.totals.held.expect("the newcomer is held");
        // Every second one is confirmed.
        let confirmed: Vec<&String> = held.keys().step_by(2).collect();
        let answer = |line: &OfferLine| {
            let (debtor, invoice) = (&line.debtor_id, &line.invoice_number);
            format!("{debtor},{invoice},,confirmed,A. Reed,{END},telephone\n")
        };
        let asked = part.lines.iter().filter(|line| confirmed.contains(&&line.invoice_number));
        let rows: String = asked.map(answer).collect();
        let mut later = Desk { request: first.request.clone() };
        later.request.as_of = date(END).checked_add_days(Days::new(days));
        later.request.completes =
            Some(Completed::read(&offer_text(&offer)).expect("something is held"));
        later.request.confirmations = Some(Source::bytes(
            "answers.csv",
            format!("debtor,invoice,amount,outcome,by,at,how\n{rows}"),
        ));
        let then = later.evaluate();
        let after = only_part(&then);
        assert_eq!(after.terms.advance_rate_percent, part.terms.advance_rate_percent, "{seed}");
        assert_eq!(after.terms.fee_plan, part.terms.fee_plan, "{seed}");
        for line in &after.lines {
            let now =
                line.price.or(line.once_confirmed).map_or(0, |price| price.amount_bought.minor());
            let most = held.get(&line.invoice_number).copied().unwrap_or(0);
            assert!(now <= most, "{seed}, {}: {now} of {most}", line.invoice_number);
            bought_at_all += i64::from(line.price.is_some());
        }
        let waits = after.totals.held.map_or(0, |held| held.amount.minor());
        let all = after.totals.amount_bought.minor() + waits;
        assert!(all <= totals.amount.minor(), "{seed}: {all} of {}", totals.amount);
        assert!(after.totals.advance.minor() <= totals.advance.minor(), "{seed}");
    }
    assert!(bought_at_all > 60, "{bought_at_all}");
}
