//! The disclosures of a part of an offer.

use crate::basics::Day;
use crate::pricing::{
    ChargePer, DisclosedLine, Disclosure, DisclosureFacts, FeeBase, LinePrice, PricingError,
    Recourse, disclosure,
};
use crate::underwriting::{Policy, Pool};

use super::deal::Terms;

/// The disclosures that the policy names, for a part in US dollars that buys something.
pub(super) fn disclosures(
    policy: &Policy,
    pool: &Pool,
    prices: &[Option<LinePrice>],
    terms: &Terms,
) -> Result<Vec<Disclosure>, PricingError> {
    let Some((settings, jurisdictions)) = policy.disclosure() else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    let mut passed = 0;
    for (receivable, price) in pool.receivables.iter().zip(prices) {
        let Some(price) = price else { continue };
        let (day, is_assumed) = payment_day(receivable.due - pool.as_of, price.expected_day);
        passed += usize::from(is_assumed);
        let base = FeeBase {
            amount: price.amount,
            advance: price.advance,
            purchase: crate::basics::from_day_number(pool.as_of),
        };
        let fee = terms.plan.fee(base, day)?;
        lines.push(DisclosedLine { amount: price.amount, advance: price.advance, day, fee });
    }
    let advanced: i64 = lines.iter().map(|line| line.advance.minor()).sum();
    if pool.currency.code() != "USD" || advanced <= terms.prepaid.minor() {
        return Ok(Vec::new());
    }
    let charges = terms.plan.charges().of(ChargePer::Occurrence);
    let facts = DisclosureFacts {
        receivables: format!("{} invoices of {} customers", lines.len(), debtors(pool, prices)),
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
    jurisdictions.iter().map(|&jurisdiction| disclosure(jurisdiction, &facts)).collect()
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
