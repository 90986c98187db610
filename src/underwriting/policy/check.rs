//! Whether the values of a policy lie in their ranges and go together.

use crate::basics::{DayCount, OutOfRange, Rate};
use crate::pricing::{FeeComponent, FeePlan};

use super::super::{RiskTerms, Rule};
use super::{AdvanceTerms, PriceSection, Terms};

pub(super) fn check(terms: &Terms) -> Result<(), OutOfRange> {
    let Terms { offer, ledger, eligibility, advance, recourse, funding, .. } = terms;
    whole("offer.valid_days", offer.valid_days, 1, 365)?;
    whole("ledger.assumed_terms_days", u32::from(ledger.assumed_terms_days), 0, 365)?;
    whole("eligibility.past_due_days", eligibility.past_due_days, 0, 3650)?;
    // A year ahead and a year of recourse are what the collection curve spans.
    whole("eligibility.maximum_days_to_due", eligibility.maximum_days_to_due, 1, 365)?;
    whole("recourse.days_after_due", recourse.days_after_due, 0, 365)?;
    percent(
        "eligibility.cross_aging.threshold_percent",
        eligibility.cross_aging.threshold_percent,
        100,
    )?;
    percent(
        "eligibility.concentration.limit_percent",
        eligibility.concentration.limit_percent,
        100,
    )?;
    let limits = &eligibility.limits;
    for (key, limit) in [
        ("eligibility.limits.pair", limits.pair),
        ("eligibility.limits.group", limits.group),
        ("offer.override_limit", offer.override_limit),
    ] {
        if let Some(limit) = limit.filter(|limit| limit.0.is_sign_negative()) {
            return Err(OutOfRange::new(key, limit, "an amount of 0 or more"));
        }
    }
    percent("advance.rate_percent", advance.rate_percent, 100)?;
    percent("advance.dilution_threshold_percent", advance.dilution_threshold_percent, 100)?;
    for (key, rate) in [
        ("recourse.loss_given_default_percent", recourse.loss_given_default_percent),
        ("recourse.credit_share_percent", recourse.credit_share_percent),
        ("recourse.client_default_percent", recourse.client_default_percent),
    ] {
        percent(key, rate, 100)?;
    }
    percent("recourse.client_correlation_percent", recourse.client_correlation_percent, 90)?;
    check_reserve(advance)?;
    terms.price.as_ref().map_or(Ok(()), check_price)?;
    check_menu(terms)?;
    check_extras(terms)?;
    percent("funding.cost_percent", funding.cost_percent, 100)?;
    if !matches!(funding.day_count, DayCount::Actual360 | DayCount::Actual365Fixed) {
        let count = funding.day_count.as_str();
        return Err(OutOfRange::new("funding.day_count", count, "ACT/360 or ACT/365F"));
    }
    check_rules("eligibility.invoice_rules", &eligibility.invoice_rules, Rule::is_invoice_rule)?;
    if eligibility.debtor_rules.contains(&Rule::Foreign) && eligibility.home_country.is_none() {
        let expected =
            "the country whose debtors are not foreign, because debtor_rules has foreign";
        return Err(OutOfRange::new("eligibility.home_country", "missing", expected));
    }
    check_rules("eligibility.debtor_rules", &eligibility.debtor_rules, Rule::is_debtor_rule)?;
    check_fee(&terms.fee_plan())?;
    reaches(terms)
}

/// Reserve and advance rates.
fn check_reserve(advance: &AdvanceTerms) -> Result<(), OutOfRange> {
    let Some(reserve) = &advance.reserve else { return Ok(()) };
    // Above it more spread would be less risk.
    percent("advance.reserve.tolerance_percent", reserve.tolerance_percent, 40)?;
    percent("advance.reserve.correlation_percent", reserve.correlation_percent, 100)?;
    above_zero("advance.reserve.step_percent", reserve.step_percent)?;
    percent("advance.reserve.lowest_rate_percent", reserve.lowest_rate_percent, 100)?;
    if reserve.lowest_rate_percent > advance.rate_percent {
        return Err(OutOfRange::new(
            "advance.reserve.lowest_rate_percent",
            reserve.lowest_rate_percent.percent(),
            format!("at most advance.rate_percent, {}", advance.rate_percent.percent()),
        ));
    }
    let Some(shortfall) = &reserve.shortfall else { return Ok(()) };
    percent("advance.reserve.shortfall.limit_percent", shortfall.limit_percent, 100)?;
    below_hundred("advance.reserve.shortfall.confidence_percent", shortfall.confidence_percent)
}

/// Menu and prices beside what else the policy says.
fn check_menu(terms: &Terms) -> Result<(), OutOfRange> {
    let Some(price) = &terms.price else { return Ok(()) };
    let lowest = terms.advance.reserve.map(|reserve| reserve.lowest_rate_percent);
    let menu = price.menu_lowest_advance_percent;
    if let Some(lowest) = lowest.filter(|&lowest| menu < lowest) {
        let expected =
            format!("at least advance.reserve.lowest_rate_percent, {}", lowest.percent());
        let key = "price.menu_lowest_advance_percent";
        return Err(OutOfRange::new(key, menu.percent(), expected));
    }
    let by_day = matches!(terms.fee.first(), Some(FeeComponent::PerDiem { .. }));
    if by_day && price.highest_percent > Rate::from_percent(1.into()) {
        let expected = "at most 1, because the first charge is per_diem and this is its rate a day";
        let highest = price.highest_percent.percent();
        return Err(OutOfRange::new("price.highest_percent", highest, expected));
    }
    Ok(())
}

/// Hurdle and quotable prices.
fn check_price(price: &PriceSection) -> Result<(), OutOfRange> {
    percent("price.hurdle_percent", price.hurdle_percent, 1000)?;
    if price.operating_cost.0.is_sign_negative() {
        let expected = "an amount of 0 or more";
        return Err(OutOfRange::new("price.operating_cost", price.operating_cost, expected));
    }
    percent("price.lowest_percent", price.lowest_percent, 100)?;
    percent("price.highest_percent", price.highest_percent, 100)?;
    above_zero("price.step_percent", price.step_percent)?;
    percent("price.menu_lowest_advance_percent", price.menu_lowest_advance_percent, 100)?;
    if price.lowest_percent > price.highest_percent {
        return Err(OutOfRange::new(
            "price.lowest_percent",
            price.lowest_percent.percent(),
            format!("at most price.highest_percent, {}", price.highest_percent.percent()),
        ));
    }
    below_hundred("price.capital.confidence_percent", price.capital.confidence_percent)?;
    percent("price.capital.correlation_percent", price.capital.correlation_percent, 90)?;
    percent("price.capital.cost_percent", price.capital.cost_percent, 100)
}

fn above_zero(key: &str, rate: Rate) -> Result<(), OutOfRange> {
    percent(key, rate, 100)?;
    if rate > Rate::default() {
        return Ok(());
    }
    Err(OutOfRange::new(key, rate.percent(), "a percent above 0 and up to 100"))
}

fn below_hundred(key: &str, rate: Rate) -> Result<(), OutOfRange> {
    above_zero(key, rate)?;
    if rate < Rate::from_percent(100.into()) {
        return Ok(());
    }
    Err(OutOfRange::new(key, rate.percent(), "a percent above 0 and below 100"))
}

fn check_risk(risk: &RiskTerms) -> Result<(), OutOfRange> {
    whole("risk.default_days", risk.default_days, 1, 365)?;
    percent("risk.default_share_percent", risk.default_share_percent, 100)?;
    whole("risk.prior_debtor_years", risk.prior_debtor_years, 1, 1_000_000)?;
    whole("risk.degrees_of_freedom", risk.degrees_of_freedom, 1, 1_000)?;
    whole("risk.scenarios", risk.scenarios, 1_000, 10_000_000)?;
    below_hundred("risk.prior_default_percent", risk.prior_default_percent)?;
    percent("risk.correlation_percent", risk.correlation_percent, 90)?;
    percent("risk.client_correlation_percent", risk.client_correlation_percent, 90)?;
    percent("risk.stress_factor_percent", risk.stress_factor_percent, 1_000)?;
    percent("risk.base_rate_percent", risk.base_rate_percent, 100)?;
    percent("risk.servicing_percent", risk.servicing_percent, 100)?;
    percent("risk.concentration_floor_percent", risk.concentration_floor_percent, 100)
}

/// Sections that a policy may do without.
fn check_extras(terms: &Terms) -> Result<(), OutOfRange> {
    check_risk(&terms.risk)?;
    if let Some(verification) = &terms.verification {
        percent("verification.invalid_percent", verification.invalid_percent, 100)?;
        whole("verification.new_debtor_factor", verification.new_debtor_factor, 1, 1000)?;
        let most = u32::try_from(verification.most).unwrap_or(u32::MAX);
        whole("verification.most", most, 0, 1000)?;
        if verification.always_from.0.is_sign_negative() {
            let (from, expected) = (verification.always_from, "an amount of 0 or more");
            return Err(OutOfRange::new("verification.always_from", from, expected));
        }
    }
    if let Some(disclosure) = &terms.disclosure {
        for (index, jurisdiction) in disclosure.jurisdictions.iter().enumerate() {
            if disclosure.jurisdictions[..index].contains(jurisdiction) {
                let name = jurisdiction.name();
                return Err(OutOfRange::new("disclosure.jurisdictions", name, "each at most once"));
            }
        }
        let decimals = u32::from(disclosure.settings.apr_decimals);
        whole("disclosure.settings.apr_decimals", decimals, 1, 4)?;
        let words = disclosure.settings.product.split_whitespace().count();
        if !(1..=5).contains(&words) {
            let product = &disclosure.settings.product;
            let expected = "a name of one to five words";
            return Err(OutOfRange::new("disclosure.settings.product", product, expected));
        }
    }
    Ok(())
}

fn check_rules(key: &str, rules: &[Rule], belongs: fn(Rule) -> bool) -> Result<(), OutOfRange> {
    for (index, &rule) in rules.iter().enumerate() {
        if !belongs(rule) || rules[..index].contains(&rule) {
            let allowed: Vec<_> =
                Rule::ALL.into_iter().filter(|&rule| belongs(rule)).map(Rule::code).collect();
            let expected = format!("each at most once of {}", allowed.join(", "));
            return Err(OutOfRange::new(key, rule.code(), &expected));
        }
    }
    Ok(())
}

fn check_fee(plan: &FeePlan) -> Result<(), OutOfRange> {
    if !(1..=2).contains(&plan.components().len()) {
        return Err(OutOfRange::new("fee", plan.components().len(), "one or two charges"));
    }
    plan.check()
}

fn percent(key: &str, rate: Rate, most: u32) -> Result<(), OutOfRange> {
    let range = Rate::default()..=Rate::from_percent(most.into());
    if range.contains(&rate) {
        return Ok(());
    }
    Err(OutOfRange::new(key, rate.percent(), format!("a percent from 0 to {most}")))
}

fn whole(key: &str, value: u32, least: u32, most: u32) -> Result<(), OutOfRange> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(OutOfRange::new(key, value, format!("a whole number from {least} to {most}")))
}

/// A table of periods that ends in an error has to reach as far as an invoice may take.
fn reaches(terms: &Terms) -> Result<(), OutOfRange> {
    let needed = terms.eligibility.maximum_days_to_due + terms.recourse.days_after_due;
    let ends = terms.fee.iter().filter_map(FeeComponent::last_day);
    match ends.min().filter(|&end| end < needed) {
        None => Ok(()),
        Some(end) => Err(OutOfRange::new(
            "fee.periods",
            format!("{end} days and then an error"),
            format!(
                "at least {needed} days: eligibility.maximum_days_to_due and \
                 recourse.days_after_due together"
            ),
        )),
    }
}
