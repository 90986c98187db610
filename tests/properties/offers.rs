//! Identities of every offer: nothing is made or lost from gross ledger to advance, fee and rebate.

use factorage::app::Evaluation;
use factorage::basics::Money;
use factorage::offer::{
    Decision, OfferFile, OfferLine, OfferPart, Percent, PricedLine, offer_json,
};
use factorage::policy::{Change, Rule};
use proptest::prelude::*;

use super::cases;
use super::ledgers::{desk, policies, realistic, with_hostile_rows};
use crate::evaluated::{offer_text, policy};

fn total(amounts: impl IntoIterator<Item = Money>) -> i128 {
    amounts.into_iter().map(|amount| i128::from(amount.minor())).sum()
}

fn minor(amount: Money) -> i128 {
    i128::from(amount.minor())
}

fn line_adds_up(line: &OfferLine) -> Result<(), TestCaseError> {
    let probabilities = [0.0, line.collected_30, line.collected_60, line.collected_90, 1.0];
    prop_assert!(probabilities.is_sorted(), "{probabilities:?}");
    if let Some(change) = &line.counterfactual {
        let bought = line.price.map_or(0, |price| price.amount_bought.minor());
        let earlier = change.change == Change::PaidEarlier;
        let fee = line.price.map_or(0, |price| price.fee.minor());
        let most = if earlier { fee } else { line.open.minor() - bought };
        prop_assert!((1..=most).contains(&change.gains.minor()));
        prop_assert!(line.reason.is_some() || earlier);
    }
    prop_assert_eq!(line.once_confirmed.is_some(), line.decision == Decision::Hold);
    prop_assert_eq!(line.holds.is_empty(), line.decision != Decision::Hold);
    let Some(price) = &line.price else {
        prop_assert!(matches!(line.decision, Decision::Exclude | Decision::Hold));
        prop_assert!(line.reason.is_some() && line.why.is_some());
        return line.once_confirmed.map_or(Ok(()), |later| price_adds_up(line, &later));
    };
    let bought = price.amount_bought;
    let expected = if bought == line.open { Decision::Buy } else { Decision::Part };
    prop_assert_eq!(line.decision, expected);
    prop_assert_eq!(line.reason.is_some(), line.decision == Decision::Part);
    price_adds_up(line, price)
}

fn price_adds_up(line: &OfferLine, price: &PricedLine) -> Result<(), TestCaseError> {
    let bought = price.amount_bought;
    prop_assert!((1..=line.open.minor()).contains(&bought.minor()));
    prop_assert!(price.advance.minor() >= 0 && price.reserve.minor() >= 0);
    prop_assert_eq!(total([price.advance, price.reserve]), minor(bought));
    prop_assert_eq!(total([price.advance, price.fee, price.expected_rebate]), minor(bought));
    prop_assert!(price.expected_day >= 1);
    Ok(())
}

/// The curve of a debtor, and those of the ageing buckets together, are what the lines say,
/// weighted by their open balances; up to the six decimals that are shown.
fn curves_are_those_of_the_lines(part: &OfferPart) -> Result<(), TestCaseError> {
    let at = |curve: &[(u32, f64)], day| curve.iter().find(|point| point.0 == day).map(|p| p.1);
    for (day, of) in [
        (30, (|line| line.collected_30) as fn(&OfferLine) -> f64),
        (60, |line| line.collected_60),
        (90, |line| line.collected_90),
    ] {
        let sum = |lines: &mut dyn Iterator<Item = &OfferLine>| {
            lines.map(|line| line.open.to_f64() * of(line)).sum::<f64>()
        };
        for debtor in &part.debtors {
            let mut own = part.lines.iter().filter(|line| line.debtor_id == debtor.debtor_id);
            let expected = sum(&mut own) / debtor.gross.to_f64();
            let told = at(&debtor.curve, day).unwrap_or(f64::NAN);
            prop_assert!((told - expected).abs() < 2e-6, "{} {day}", debtor.debtor_id);
        }
        let buckets = part
            .collections
            .iter()
            .map(|bucket| bucket.open.to_f64() * at(&bucket.curve, day).unwrap_or(f64::NAN));
        let (told, expected) = (buckets.sum::<f64>(), sum(&mut part.lines.iter()));
        prop_assert!((told - expected).abs() < 2e-6 * part.totals.gross.to_f64(), "{day}");
    }
    Ok(())
}

/// What is held is a step of the waterfall of its own, and the sum of the lines that are held.
fn held_adds_up(part: &OfferPart) -> Result<(), TestCaseError> {
    let lines: Vec<&PricedLine> =
        part.lines.iter().filter_map(|line| line.once_confirmed.as_ref()).collect();
    let step = part.waterfall.iter().find(|step| step.rule == Rule::Unconfirmed);
    prop_assert_eq!(step.is_some(), !lines.is_empty());
    let Some(held) = part.totals.held else {
        prop_assert!(lines.is_empty());
        return Ok(());
    };
    prop_assert_eq!(held.invoices, lines.len());
    prop_assert_eq!(total(lines.iter().map(|line| line.amount_bought)), minor(held.amount));
    prop_assert_eq!(total(lines.iter().map(|line| line.advance)), minor(held.advance));
    prop_assert_eq!(step.map(|step| step.amount), Some(held.amount));
    Ok(())
}

fn part_adds_up(part: &OfferPart) -> Result<(), TestCaseError> {
    let totals = &part.totals;
    let prices: Vec<&PricedLine> = part.lines.iter().filter_map(|l| l.price.as_ref()).collect();
    for (name, shown, of) in [
        ("bought", totals.amount_bought, (|p| p.amount_bought) as fn(&PricedLine) -> Money),
        ("advance", totals.advance, |p| p.advance),
        ("reserve", totals.reserve, |p| p.reserve),
        ("fee", totals.fee, |p| p.fee),
        ("rebate", totals.expected_rebate, |p| p.expected_rebate),
        ("expected fee", totals.expected_fee, |p| p.expected_fee),
        ("expected loss", totals.expected_loss, |p| p.expected_loss),
    ] {
        prop_assert_eq!(total(prices.iter().map(|p| of(p))), minor(shown), "{}", name);
    }
    let (bought, gross) = (minor(totals.amount_bought), minor(totals.gross));
    prop_assert_eq!(total([totals.advance, totals.reserve]), bought);
    prop_assert_eq!(total([totals.advance, totals.fee, totals.expected_rebate]), bought);
    prop_assert_eq!(total(part.lines.iter().map(|line| line.open)), gross);
    prop_assert_eq!(total(part.ageing.iter().map(|bucket| bucket.open)), gross);
    prop_assert_eq!(total(part.waterfall.iter().map(|step| step.amount)) + bought, gross);
    held_adds_up(part)?;
    let certificate = &part.borrowing_base;
    prop_assert_eq!(minor(certificate.gross), gross);
    prop_assert_eq!(minor(certificate.base.eligible) + minor(certificate.ineligible), gross);
    prop_assert!(certificate.base.net_availability.minor() >= 0);
    prop_assert_eq!(part.waterfall.last().map(|step| step.remaining), Some(totals.amount_bought));
    for pay_day in &part.if_paid_after {
        let received = total([totals.advance, pay_day.rebate]);
        prop_assert_eq!(minor(pay_day.received_in_total), received);
        prop_assert_eq!(received + minor(pay_day.fee), bought);
    }
    apr_solves_its_equation(part, &prices)?;
    curves_are_those_of_the_lines(part)?;
    part.lines.iter().try_for_each(line_adds_up)
}

/// sum of (advance + fee) / (1 + r day / 365) = sum of advance, and r = fee / advance x 365 / day.
fn apr_solves_its_equation(part: &OfferPart, prices: &[&PricedLine]) -> Result<(), TestCaseError> {
    let financed = part.totals.advance.minor() as f64;
    prop_assert_eq!(part.totals.apr_percent.is_some(), financed > 0.0);
    let Some(Percent(apr)) = part.totals.apr_percent else { return Ok(()) };
    let present = prices.iter().map(|price| {
        let paid = price.advance.minor() as f64 + price.fee.minor() as f64;
        paid / (1.0 + apr / 100.0 * f64::from(price.expected_day) / 365.0)
    });
    let value = present.sum::<f64>() / financed - 1.0;
    prop_assert!(value.abs() < 1e-9, "APR {apr} leaves {value}");
    for price in prices {
        let Some(Percent(apr)) = price.apr_percent else { continue };
        let years = f64::from(price.expected_day) / 365.0;
        let charge = price.advance.minor() as f64 * apr / 100.0 * years;
        let fee = price.fee.minor() as f64;
        prop_assert!((charge - fee).abs() < 1e-9 * (1.0 + fee), "APR {apr}: {charge} {fee}");
    }
    Ok(())
}

/// The types that write the document read it: written again, it is the same to the byte.
fn reads_as_it_was_written(evaluation: &Evaluation) -> Result<(), TestCaseError> {
    let written = offer_text(evaluation);
    let file = OfferFile::read(&written).expect("an offer of ours");
    let offer = file.offer().expect("of the types that wrote it");
    let mut again = Vec::new();
    offer_json(&file.envelope, &offer, &evaluation.provenance, &mut again).expect("JSON");
    prop_assert_eq!(String::from_utf8(again).expect("UTF-8"), written);
    Ok(())
}

/// Advance, rebate and fee of every priced line.
fn prices(evaluation: &Evaluation) -> Vec<[i64; 3]> {
    let lines = evaluation.offer.parts.iter().flat_map(|part| &part.lines);
    let priced = lines.filter_map(|line| line.price);
    priced.map(|p| [p.advance.minor(), p.expected_rebate.minor(), p.fee.minor()]).collect()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn advance_reserve_fee_and_rebate_add_up_line_by_line_and_in_total(
        rows in with_hostile_rows(150),
        replaced in policies(),
    ) {
        let evaluation = desk(&rows).policy(policy(replaced)).evaluate();
        prop_assert!(!evaluation.offer.parts.is_empty());
        for part in &evaluation.offer.parts {
            part_adds_up(part)?;
        }
        reads_as_it_was_written(&evaluation)?;
    }

    #[test]
    fn advance_and_expected_rebate_never_rise_with_the_fee(
        rows in realistic(80),
        lower in 0_u32..=800,
        more in 1_u32..=400,
    ) {
        let at = |bps: u32| {
            let percent = format!("{}.{:02}", bps / 100, bps % 100);
            desk(&rows).policy(policy(&[("fee.0.first_percent", &percent)])).evaluate()
        };
        let (cheap, dear) = (prices(&at(lower)), prices(&at(lower + more)));
        prop_assert_eq!(cheap.len(), dear.len());
        for ([advance, rebate, fee], [dear_advance, dear_rebate, dear_fee]) in
            cheap.into_iter().zip(dear)
        {
            prop_assert!(dear_advance <= advance && dear_rebate <= rebate && dear_fee >= fee);
            prop_assert_eq!(advance + rebate + fee, dear_advance + dear_rebate + dear_fee);
        }
    }
}
