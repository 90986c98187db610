//! Whether the values of a policy lie in their ranges and go together.

use crate::basics::{DayCount, OutOfRange, Rate};
use crate::pricing::{FeeComponent, FeePlan};

use super::super::Rule;
use super::Terms;

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
    percent("advance.rate_percent", advance.rate_percent, 100)?;
    percent("advance.dilution_threshold_percent", advance.dilution_threshold_percent, 100)?;
    percent("recourse.loss_percent", recourse.loss_percent, 100)?;
    percent("funding.cost_percent", funding.cost_percent, 100)?;
    if !matches!(funding.day_count, DayCount::Actual360 | DayCount::Actual365Fixed) {
        let count = funding.day_count.as_str();
        return Err(OutOfRange::new("funding.day_count", count, "ACT/360 or ACT/365F"));
    }
    check_rules("eligibility.invoice_rules", &eligibility.invoice_rules, Rule::is_invoice_rule)?;
    check_rules("eligibility.debtor_rules", &eligibility.debtor_rules, Rule::is_debtor_rule)?;
    check_fee(&terms.fee_plan())?;
    reaches(terms)
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
