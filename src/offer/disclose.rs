//! The disclosures of a part of an offer.

use chrono::NaiveDate;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use basics::{Currency, Day, Money, MoneyError, from_day_number};
use policy::{Policy, Pool, Receivable};
use pricing::{
    Agreement, ChargePer, DisclosedLine, Disclosure, DisclosureFacts, Equal, EventCharge, FeeBase,
    Jurisdiction, LinePrice, PricingError, advance, disclosure, general_agreement,
};
use words::{Catalogue, Facts};

use super::terms::Terms;

/// Advance of an example where no limit is approved, in cents: 10 CCR 951(b), (c).
const EXAMPLE_ADVANCE: i64 = 1_000_000;

/// Returns the disclosures that the policy names. There are none for a part that is not in US
/// dollars or advances nothing: the laws are about neither.
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
        let (day, is_assumed) =
            payment_day(receivable.counted_due() - pool.as_of, price.expected_day);
        let equal = price.equal;
        passed += usize::from(is_assumed) * equal.lines as usize;
        let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
        let fee = terms.plan.fee(base, day)?;
        let (amount, advance) = (price.amount, price.advance);
        lines.push(DisclosedLine { amount, advance, day, fee, equal });
    }
    // `summary::totals` has added up the same advances, and refused a sum that overflows.
    let advanced: i128 = lines.iter().map(|line| line.equal.all(line.advance.minor())).sum();
    if pool.currency.code() != "USD" || advanced <= i128::from(terms.prepaid.minor()) {
        return Ok(Vec::new());
    }
    let charges = terms.plan.charges().of(ChargePer::Occurrence);
    let customers = debtors(pool, prices);
    let invoices: usize = lines.iter().map(|line| line.equal.lines as usize).sum();
    let receivables = Facts::new().with("invoices", invoices).with("customers", customers);
    let facts = DisclosureFacts {
        receivables: said("receivables", &receivables),
        lines,
        prepaid: terms.prepaid,
        term_rule: said("term_rule", &Facts::new().with("passed", passed)),
        repurchase: repurchase(policy),
        avoidable: charges.map(|event| said("avoidable", &charge(event, pool.currency))).collect(),
        monthly: monthly(terms, pool.currency),
        settings: settings.clone(),
    };
    let example = general_example(&facts, terms, purchase, approved_limit)?;
    let disclosed = |&jurisdiction: &Jurisdiction| match (jurisdiction, settings.agreement) {
        (Jurisdiction::Ca, Agreement::General) => general_agreement(&example),
        _ => disclosure(jurisdiction, &facts),
    };
    jurisdictions.iter().map(disclosed).collect()
}

/// Returns one sale under a general agreement: an advance of the approved limit, or of 10,000.00 if
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
    // Up, so that the advance on it, rounded down, still reaches the limit.
    let amount = Decimal::from(limit.minor()).checked_div(rate).unwrap_or_default().ceil();
    let overflow = MoneyError::OutOfRange { value: "the example's amount".to_owned(), currency };
    let amount = Money::from_minor(amount.to_i64().ok_or(overflow)?, currency);
    let advance = advance(amount, terms.advance_rate)?;
    let of_all = |line: &DisclosedLine| line.equal.all(line.advance.minor()) as f64;
    let advanced: f64 = facts.lines.iter().map(of_all).sum();
    let days: f64 = facts.lines.iter().map(|line| of_all(line) * f64::from(line.day)).sum();
    // Rounded up to a whole day; a mean that is whole but for rounding must not gain one.
    let day = (days / advanced - 1e-9).ceil() as u32;
    let base = FeeBase { amount, advance, purchase };
    let fee = terms.plan.fee(base, day)?;
    let line = DisclosedLine { amount, advance, day, fee, equal: Equal::ONE };
    let term_rule = said("term_rule_of_example", &Facts::new());
    Ok(DisclosureFacts { lines: vec![line], term_rule, ..facts.clone() })
}

/// Returns the days to the payment, and true if they are those expected because the due date has
/// passed.
fn payment_day(days_to_due: Day, expected: u32) -> (u32, bool) {
    match u32::try_from(days_to_due) {
        // Due today is a term of 0 days, for which there is no APR.
        Ok(days) if days > 0 => (days, false),
        _ => (expected, true),
    }
}

/// Returns a sentence of the catalogue's message `disclosure`.
fn said(of: &str, facts: &Facts) -> String {
    Catalogue::english().say(&format!("disclosure.{of}"), facts)
}

fn charge(event: &EventCharge, currency: Currency) -> Facts {
    let facts = Facts::new().with("event", event.event.title()).with("amount", event.amount);
    facts.with("currency", currency)
}

fn monthly(terms: &Terms, currency: Currency) -> Vec<String> {
    let charges = terms.plan.charges();
    let events = charges.of(ChargePer::Month);
    let mut all: Vec<String> =
        events.map(|event| said("monthly", &charge(event, currency))).collect();
    if let Some(least) = charges.minimum_per_month {
        let facts = Facts::new().with("amount", least.amount).with("currency", currency);
        all.push(said("monthly_minimum", &facts));
    }
    all
}

fn repurchase(policy: &Policy) -> String {
    said("repurchase", &policy.recourse_facts())
}

fn debtors(pool: &Pool, prices: &[Option<LinePrice>]) -> usize {
    let bought = pool.receivables.iter().zip(prices).filter(|(_, price)| price.is_some());
    let of = |(receivable, price): (&Receivable, &Option<LinePrice>)| {
        (receivable.debtor, price.as_ref().map_or(1, |price| price.equal.debtors as usize))
    };
    let mut debtors: Vec<(usize, usize)> = bought.map(of).collect();
    // A pool is in order of its debtors, so those of one are neighbours.
    debtors.dedup_by_key(|(debtor, _)| *debtor);
    debtors.iter().map(|(_, equal)| equal).sum()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        Case, currency, is_whole, listed_with, policy, pool, pool_in, pool_of, usd, wire,
    };
    use super::*;

    fn disclosed(case: &Case, limit: Option<Money>) -> Vec<Disclosure> {
        let Case { policy, pool, .. } = case;
        disclosures(policy, pool, &case.prices(), &case.terms(), limit).expect("disclosures")
    }

    /// The sample pool without the invoice that is past due.
    fn case(more: &str) -> Case {
        let mut case = Case::of(listed_with(more), pool());
        case.bought[2] = usd(0);
        case
    }

    fn value<'a>(disclosure: &'a Disclosure, label: &str) -> &'a str {
        &disclosure.rows.iter().find(|row| row.label.contains(label)).expect("a row").value
    }

    #[test]
    fn each_jurisdiction_of_the_policy_is_disclosed_on_the_due_dates() {
        let found = disclosed(&case(""), None);
        let whose: Vec<_> = found.iter().map(|one| one.jurisdiction).collect();
        assert_eq!(whose, [Jurisdiction::Ca, Jurisdiction::Ny]);
        assert_eq!(value(&found[0], "Funding Provided"), "6,000.40 USD");
        // 3 % of 1,000.00 on day 30, 5 % of 2,500.50 on day 45 (125.025, half up), 3 % of 4,000.00.
        assert_eq!(value(&found[0], "Finance Charge"), "275.03 USD");
        // (800 x 30 + 2,000.40 x 45 + 3,200 x 10) / 6,000.40 = 24.3
        assert_eq!(value(&found[0], "Term"), "25 days on average (10 to 45 days)");
        // The rate that makes 830.00, 2,125.43 and 3,320.00 on these days worth 6,000.40.
        let apr = value(&found[0], "APR").trim_end_matches('%');
        let rate: f64 = apr.parse::<f64>().expect("a number") / 100.0;
        let worth = |rate: f64| {
            let of = |amount: f64, days: f64| amount / (1.0 + rate * days / 365.0);
            of(830.0, 30.0) + of(2_125.43, 45.0) + of(3_320.0, 10.0) - 6_000.4
        };
        // To the two decimals that are printed.
        assert!(worth(rate - 0.000_05) >= 0.0 && worth(rate + 0.000_05) <= 0.0, "{apr}");
    }

    #[test]
    fn only_dollars_are_disclosed_and_only_where_something_is_advanced() {
        for other in ["EUR", "KWD", "JPY"] {
            let mut case = Case::of(listed_with(""), pool_in(currency(other)));
            case.bought[2] = Money::zero(currency(other));
            assert!(disclosed(&case, None).is_empty(), "{other}");
        }
        let mut nothing = case("");
        nothing.bought.fill(usd(0));
        assert!(disclosed(&nothing, None).is_empty());
        // Charges that take all of 6,000.40, and that leave a cent.
        assert!(disclosed(&case(&wire("6000.40")), None).is_empty());
        assert_eq!(disclosed(&case(&wire("6000.39")), None).len(), 2);
        let silent = Case::of(policy("without = [\"disclosure\"]\n"), pool());
        assert!(disclosed(&silent, None).is_empty());
    }

    #[test]
    fn charges_at_the_purchase_come_off_the_funding_and_onto_the_charge() {
        let found = disclosed(&case(&wire("25")), None);
        assert_eq!(value(&found[0], "Funding Provided"), "5,975.40 USD");
        assert_eq!(value(&found[0], "Finance Charge"), "300.03 USD");
    }

    #[test]
    fn a_payment_is_due_after_today_or_on_the_day_on_which_it_is_expected() {
        for (days_to_due, expected) in [(2, (2, false)), (1, (1, false)), (0, (9, true))] {
            assert_eq!(payment_day(days_to_due, 9), expected, "{days_to_due}");
        }
        assert_eq!(payment_day(-61, 9), (9, true));
        assert_eq!(payment_day(Day::MIN, 9), (9, true));
    }

    #[test]
    fn the_terms_say_how_many_due_dates_have_passed() {
        let rule = |passed: usize| {
            // Those that are due today or were before it are expected in 10 days.
            let days = |at: usize| if at < passed { -(at as i32) } else { 30 };
            let invoices: Vec<_> = (0..3).map(|at| (0, days(at), 100_000)).collect();
            let found =
                disclosed(&Case::of(listed_with(""), pool_of(currency("USD"), &invoices)), None);
            found[0].settings.last().expect("the rule").clone()
        };
        assert!(rule(0).ends_with("on its due date."), "{}", rule(0));
        assert!(rule(1).contains("the one whose due date has passed, on the day"), "{}", rule(1));
        assert!(rule(2).contains("the 2 whose due dates have passed, on the days"), "{}", rule(2));
    }

    const GENERAL: &str = "[disclosure.settings]\nagreement = \"general\"\n";

    /// 10 CCR 951: an advance of the approved limit, or of 10,000.00 where none is approved.
    #[test]
    fn a_general_agreement_is_an_example_of_one_sale() {
        let example = |limit| value(&disclosed(&case(GENERAL), limit)[0], "Assumptions").to_owned();
        // 80 % of 12,500.00, paid after the 24.3 days of this sale.
        assert!(example(None).contains("12,500.00 USD"), "{}", example(None));
        assert!(example(None).contains("advance of 10,000.00, paid after 25 days."));
        assert!(example(Some(usd(0))).contains("advance of 10,000.00"), "no limit is none");
        // 80 % of 1.27 are 1.016: the smallest sale that brings 1.01.
        let small = example(Some(usd(101)));
        assert!(small.contains("1.27 USD") && small.contains("advance of 1.01,"), "{small}");
        // New York knows no such example.
        assert_eq!(disclosed(&case(GENERAL), None)[1], disclosed(&case(""), None)[1]);
    }

    #[test]
    fn what_comes_back_depends_on_the_recourse() {
        let said = |kind: &str| {
            let policy =
                listed_with(&format!("[recourse]\nkind = \"{kind}\"\ndays_after_due = 75\n"));
            repurchase(&policy)
        };
        for (kind, part) in [
            ("full", "every invoice that is unpaid 75 days"),
            ("non_recourse", "unless it is unpaid because of the customer's insolvency"),
            ("modified", "unless we approved the customer, the invoice is within its limit"),
        ] {
            assert!(said(kind).contains(part), "{}", said(kind));
            assert!(said(kind).contains("75 days after its due date"));
            is_whole(&said(kind));
        }
    }

    #[test]
    fn charges_of_a_month_are_told_beside() {
        let charges = "[charges]\nminimum_per_month = { amount = \"500\", kind = \"floor\" }\n\
                       [[charges.events]]\nevent = \"lockbox\"\namount = \"40\"\nper = \"month\"\n\
                       [[charges.events]]\nevent = \"ach\"\namount = \"3\"\nper = \"occurrence\"\n";
        let told = monthly(&case(charges).terms(), Currency::USD);
        assert_eq!(told, ["lockbox 40 USD a month", "fees of at least 500 USD a month"]);
        for row in disclosed(&case(charges), None).iter().flat_map(|one| &one.rows) {
            assert!(!row.value.contains('{') && !row.explanation.contains('{'), "{row:?}");
        }
        // They are in no single sale's charge.
        assert_eq!(value(&disclosed(&case(charges), None)[0], "Finance Charge"), "275.03 USD");
    }

    #[test]
    fn a_customer_with_several_invoices_is_one() {
        assert_eq!(debtors(&case("").pool, &case("").prices()), 2);
    }
}
