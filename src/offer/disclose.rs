//! The disclosures of a part of an offer.

use chrono::NaiveDate;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use basics::{Day, Money, MoneyError, counted, from_day_number};
use policy::{Policy, Pool};
use pricing::{
    Agreement, ChargePer, DisclosedLine, Disclosure, DisclosureFacts, FeeBase, Jurisdiction,
    LinePrice, PricingError, Recourse, advance, disclosure, general_agreement,
};

use super::terms::Terms;

/// Advance of an example where no limit is approved, in cents: 10 CCR 951(b), (c).
const EXAMPLE_ADVANCE: i64 = 1_000_000;

/// The disclosures that the policy names, for a part in US dollars that buys something.
pub(super) fn disclosures(
    policy: &Policy,
    pool: &Pool,
    prices: &[Option<LinePrice>],
    terms: &Terms,
    approved_limit: Option<Money>,
) -> Result<Vec<Disclosure>, PricingError> {
    let Some((settings, jurisdictions)) = policy.disclosure() else { return Ok(Vec::new()) };
    let purchase = from_day_number(pool.as_of);
    let mut lines = Vec::new();
    let mut passed = 0;
    for (receivable, price) in pool.receivables.iter().zip(prices) {
        let Some(price) = price else { continue };
        let (day, is_assumed) = payment_day(receivable.due - pool.as_of, price.expected_day);
        passed += usize::from(is_assumed);
        let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
        let fee = terms.plan.fee(base, day)?;
        lines.push(DisclosedLine { amount: price.amount, advance: price.advance, day, fee });
    }
    let advanced: i64 = lines.iter().map(|line| line.advance.minor()).sum();
    if pool.currency.code() != "USD" || advanced <= terms.prepaid.minor() {
        return Ok(Vec::new());
    }
    let charges = terms.plan.charges().of(ChargePer::Occurrence);
    let facts = DisclosureFacts {
        receivables: format!(
            "{} of {}",
            counted(lines.len(), "invoice", "invoices"),
            counted(debtors(pool, prices), "customer", "customers")
        ),
        lines,
        prepaid: terms.prepaid,
        term_rule: term_rule(passed),
        repurchase: repurchase(policy),
        avoidable: charges
            .map(|event| format!("{}: {} USD", event.event.title(), event.amount))
            .collect(),
        monthly: monthly(terms),
        settings: settings.clone(),
    };
    let example = general_example(&facts, terms, purchase, approved_limit)?;
    let disclosed = |&jurisdiction: &Jurisdiction| match (jurisdiction, settings.agreement) {
        (Jurisdiction::Ca, Agreement::General) => general_agreement(&example),
        _ => disclosure(jurisdiction, &facts),
    };
    jurisdictions.iter().map(disclosed).collect()
}

/// One sale under a general agreement: an advance of the approved limit, or of 10,000.00 where
/// there is none (10 CCR 951), paid after the mean days of this one.
fn general_example(
    facts: &DisclosureFacts,
    terms: &Terms,
    purchase: NaiveDate,
    approved_limit: Option<Money>,
) -> Result<DisclosureFacts, PricingError> {
    let currency = facts.prepaid.currency();
    let limit = approved_limit.filter(|limit| limit.minor() > 0);
    let limit = limit.unwrap_or_else(|| Money::from_minor(EXAMPLE_ADVANCE, currency));
    let rate = terms.advance_rate.fraction();
    let amount = Decimal::from(limit.minor()).checked_div(rate).unwrap_or_default().ceil();
    let overflow = MoneyError::OutOfRange { value: "the example's amount".to_owned(), currency };
    let amount = Money::from_minor(amount.to_i64().ok_or(overflow)?, currency);
    let advance = advance(amount, terms.advance_rate)?;
    let of_all = |line: &DisclosedLine| line.advance.minor() as f64;
    let advanced: f64 = facts.lines.iter().map(of_all).sum();
    let days: f64 = facts.lines.iter().map(|line| of_all(line) * f64::from(line.day)).sum();
    // A mean of days of payment.
    let day = (days / advanced - 1e-9).ceil() as u32;
    let base = FeeBase { amount, advance, purchase };
    let line = DisclosedLine { amount, advance, day, fee: terms.plan.fee(base, day)? };
    let term_rule = "Each receivable is assumed to be paid in full at the end of that time.";
    Ok(DisclosureFacts { lines: vec![line], term_rule: term_rule.to_owned(), ..facts.clone() })
}

/// Days to the payment, and whether they were assumed because the due date has passed.
fn payment_day(days_to_due: Day, expected: u32) -> (u32, bool) {
    match u32::try_from(days_to_due) {
        Ok(days) if days > 0 => (days, false),
        _ => (expected, true),
    }
}

fn monthly(terms: &Terms) -> Vec<String> {
    let charges = terms.plan.charges();
    let events = charges.of(ChargePer::Month);
    let mut all: Vec<String> = events
        .map(|event| format!("{} {} USD a month", event.event.title(), event.amount))
        .collect();
    if let Some(least) = charges.minimum_per_month {
        all.push(format!("fees of at least {} USD a month", least.amount));
    }
    all
}

fn term_rule(passed: usize) -> String {
    let due = "Every invoice is assumed to be paid in full on its due date";
    match passed {
        0 => format!("{due}."),
        1 => format!("{due}; the one whose due date has passed on the day on which we expect it."),
        _ => format!(
            "{due}; the {passed} whose due date has passed on the day on which we expect each."
        ),
    }
}

fn repurchase(policy: &Policy) -> String {
    let days = policy.recourse_days();
    match policy.recourse() {
        Recourse::Full => {
            format!("You buy back every invoice that is unpaid {days} days after its due date.")
        }
        Recourse::NonRecourse => format!(
            "You buy back an invoice that is unpaid {days} days after its due date unless the customer \
             is insolvent."
        ),
        Recourse::Modified => format!(
            "You buy back an invoice that is unpaid {days} days after its due date unless the customer \
             was approved by us, within its limit, and is insolvent."
        ),
    }
}

fn debtors(pool: &Pool, prices: &[Option<LinePrice>]) -> usize {
    let bought = pool.receivables.iter().zip(prices).filter(|(_, price)| price.is_some());
    let mut debtors: Vec<usize> = bought.map(|(receivable, _)| receivable.debtor).collect();
    debtors.dedup();
    debtors.len()
}
