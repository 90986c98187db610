//! Checks that the values of a policy fit together. The range of each value by itself is declared
//! beside its key, in [`Terms`].

use basics::handwritten::Conflict;
use basics::{OutOfRange, Rate};
use pricing::FeeComponent;
use scoring::PriorCurve;

use super::confirm::ConfirmTerms;
use super::hold::HoldReason;
use super::rules::Rule;
use super::terms::{DisclosureSection, EligibilityTerms, PriceSection, Terms};

/// The key of the prior curve.
const PRIOR: &str = "prior.collected_by_days_since_due";

/// Returns every conflict between the values of a policy.
pub(super) fn check(terms: &Terms) -> Vec<Conflict> {
    let mut all = Vec::new();
    all.extend(check_reserve(terms));
    if terms.confirm.is_some() && terms.verification.is_some() {
        let expected = "no such section beside confirm, which has taken its place";
        all.push(OutOfRange::new("verification", "given", expected).into());
    }
    if let Some(confirm) = &terms.confirm {
        check_confirm(confirm, &mut all);
    }
    if let Some(price) = &terms.price {
        check_price(terms, price, &mut all);
    }
    if let Some(disclosure) = &terms.disclosure {
        check_disclosure(disclosure, &mut all);
    }
    check_eligibility(&terms.eligibility, &mut all);
    all.extend(terms.fee_plan().conflicts().into_iter().map(|fault| {
        Conflict::new(fault, &["charges.minimum_per_invoice", "charges.maximum_per_invoice"])
    }));
    all.extend(reaches(terms));
    if let Err(error) = PriorCurve::new(terms.prior.collected_by_days_since_due.clone()) {
        all.push(OutOfRange::new(PRIOR, "this curve", error).into());
    }
    all
}

fn check_reserve(terms: &Terms) -> Option<Conflict> {
    let (advance, reserve) = (&terms.advance, terms.advance.reserve.as_ref()?);
    (reserve.lowest_rate_percent > advance.rate_percent).then(|| {
        let expected = format!("at most advance.rate_percent, {}", advance.rate_percent.percent());
        let lowest = reserve.lowest_rate_percent.percent();
        let fault = OutOfRange::new("advance.reserve.lowest_rate_percent", lowest, expected);
        Conflict::new(fault, &["advance.rate_percent"])
    })
}

/// Checks that every reason to hold can hold something. A share whose reason is not listed is
/// without effect, as `from` is without `large`: a policy may keep it for later.
fn check_confirm(confirm: &ConfirmTerms, all: &mut Vec<Conflict>) {
    for (reason, key, share) in [
        (HoldReason::Coverage, "confirm.coverage_percent", confirm.coverage_percent),
        (HoldReason::Drawn, "confirm.random_percent", confirm.random_percent),
    ] {
        if confirm.holds(reason) && share <= Rate::from_bps(0.into()) {
            let expected = format!(
                "more than 0, because confirm.hold contains {}, which would hold nothing",
                reason.code()
            );
            let fault = OutOfRange::new(key, share.percent(), expected);
            all.push(Conflict::new(fault, &["confirm.hold"]));
        }
    }
}

/// Checks prices and menu against the other sections.
fn check_price(terms: &Terms, price: &PriceSection, all: &mut Vec<Conflict>) {
    if price.lowest_percent > price.highest_percent {
        let expected =
            format!("at most price.highest_percent, {}", price.highest_percent.percent());
        let lowest = price.lowest_percent.percent();
        let fault = OutOfRange::new("price.lowest_percent", lowest, expected);
        all.push(Conflict::new(fault, &["price.highest_percent"]));
    }
    let lowest = terms.advance.reserve.map(|reserve| reserve.lowest_rate_percent);
    let menu = price.menu_lowest_advance_percent;
    if let Some(lowest) = lowest.filter(|&lowest| menu < lowest) {
        let expected =
            format!("at least advance.reserve.lowest_rate_percent, {}", lowest.percent());
        let fault = OutOfRange::new("price.menu_lowest_advance_percent", menu.percent(), expected);
        all.push(Conflict::new(fault, &["advance.reserve.lowest_rate_percent"]));
    }
    // 1 % a day is 365 % a year: more is a rate per invoice that was left in place.
    let by_day = matches!(terms.fee.first(), Some(FeeComponent::PerDiem { .. }));
    if by_day && price.highest_percent > Rate::from_percent(1.into()) {
        let expected = "at most 1, because the first fee is per_diem and this is its rate per day";
        let highest = price.highest_percent.percent();
        let fault = OutOfRange::new("price.highest_percent", highest, expected);
        all.push(Conflict::new(fault, &["fee.kind"]));
    }
}

fn check_disclosure(disclosure: &DisclosureSection, all: &mut Vec<Conflict>) {
    for (index, jurisdiction) in disclosure.jurisdictions.iter().enumerate() {
        if disclosure.jurisdictions[..index].contains(jurisdiction) {
            let key = "disclosure.jurisdictions";
            all.push(OutOfRange::new(key, jurisdiction.name(), "each at most once").into());
        }
    }
    let product = &disclosure.settings.product;
    if !(1..=5).contains(&product.split_whitespace().count()) {
        let expected = "a name of one to five words";
        all.push(OutOfRange::new("disclosure.settings.product", product, expected).into());
    }
}

fn check_eligibility(terms: &EligibilityTerms, all: &mut Vec<Conflict>) {
    for (key, rules) in [
        ("eligibility.invoice_rules", &terms.invoice_rules),
        ("eligibility.debtor_rules", &terms.debtor_rules),
    ] {
        for (index, rule) in rules.iter().enumerate() {
            if rules[..index].contains(rule) {
                all.push(OutOfRange::new(key, rule.code(), "each rule at most once").into());
            }
        }
    }
    if terms.invoice_rules.contains(&Rule::PastInvoiceDate) && terms.invoice_age_days.is_none() {
        let expected = "a number of days, because invoice_rules contains past_invoice_date";
        let fault = OutOfRange::new("eligibility.invoice_age_days", "missing", expected);
        all.push(Conflict::new(fault, &["eligibility.invoice_rules"]));
    }
    check_stays(terms, all);
    if terms.debtor_rules.contains(&Rule::Foreign) && terms.home_country.is_none() {
        let expected = "a home country, because debtor_rules contains foreign";
        let fault = OutOfRange::new("eligibility.home_country", "missing", expected);
        all.push(Conflict::new(fault, &["eligibility.debtor_rules"]));
    }
}

/// Checks that what has been bought does not leave the borrowing base before it would be refused.
fn check_stays(terms: &EligibilityTerms, all: &mut Vec<Conflict>) {
    let mut check = |key, stays: Option<u32>, with: &'static [&'static str], buys| {
        if let Some((stays, buys)) = stays.zip(buys).filter(|(stays, buys)| stays < buys) {
            let expected = format!("at least {}, {buys}", with.concat());
            all.push(Conflict::new(OutOfRange::new(key, stays, expected), with));
        }
    };
    let (stays, buys) = (terms.stays_past_due_days, Some(terms.past_due_days));
    check("eligibility.stays_past_due_days", stays, &["eligibility.past_due_days"], buys);
    let (stays, buys) = (terms.stays_invoice_age_days, terms.invoice_age_days);
    check("eligibility.stays_invoice_age_days", stays, &["eligibility.invoice_age_days"], buys);
}

/// Checks that a table of periods that ends in an error covers the longest time an invoice can
/// take.
fn reaches(terms: &Terms) -> Option<Conflict> {
    // One invoice beyond the table, for which the plan sets no fee, would fail the whole offer.
    let needed = terms.eligibility.maximum_days_to_due + terms.recourse.days_after_due;
    let ends = terms.fee.iter().filter_map(FeeComponent::last_day);
    let end = ends.min().filter(|&end| end < needed)?;
    let expected = format!(
        "at least {needed} days: eligibility.maximum_days_to_due plus recourse.days_after_due"
    );
    let found = format!("periods that end after {end} days");
    let fault = OutOfRange::new("fee.periods", found, expected);
    let with = &["eligibility.maximum_days_to_due", "recourse.days_after_due", "fee.after"];
    Some(Conflict::new(fault, with))
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    fn fault(confirm: &str) -> Option<String> {
        let text = format!(
            "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n[confirm]\n{confirm}\n"
        );
        text.parse::<Policy>().err().map(|error| error.to_string())
    }

    #[test]
    fn a_reason_that_can_never_hold_is_refused_with_key_and_value() {
        for (confirm, key, reason) in [
            ("hold = [\"coverage\"]", "confirm.coverage_percent", "coverage"),
            ("hold = [\"large\", \"coverage\"]", "confirm.coverage_percent", "coverage"),
            ("hold = [\"drawn\"]", "confirm.random_percent", "drawn"),
            ("hold = [\"drawn\"]\nrandom_percent = 0", "confirm.random_percent", "drawn"),
        ] {
            let said = fault(confirm).unwrap_or_default();
            let expected = format!(
                "{key} = 0: expected more than 0, because confirm.hold contains {reason}, which \
                 would hold nothing"
            );
            assert!(said.contains(&expected), "{confirm}: {said}");
        }
        for confirm in [
            "hold = [\"coverage\"]\ncoverage_percent = 0.01",
            "hold = [\"drawn\"]\nrandom_percent = 5",
            // Shares that no reason uses are kept for later.
            "hold = []\ncoverage_percent = 50\nrandom_percent = 5",
            "hold = [\"new_debtor\"]\nfrom = 5",
        ] {
            assert_eq!(fault(confirm), None, "{confirm}");
        }
    }
}
