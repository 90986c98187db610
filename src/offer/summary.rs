//! Sums over a pool: totals, pay days, waterfall, largest debtors, expected collections.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ageing::{AgeBand, AgeingBucket, ageing};
use super::part_terms::{HeldTotals, MenuChoice, MenuOffer, PartTotals, PayDay};
use super::shares::{Collections, DebtorShare, WaterfallStep};
use super::shown::{Percent, shown_probability};
use basics::{Currency, Money, MoneyError, Rate};
use policy::{CrossAgeBase, Eligibility, HoldKind, Policy, Pool, Receivable, Rule};
use pricing::{
    Apr, Equal, ExpectedCase, FeeBase, LinePrice, PricingError, RepaymentFlow, line_apr, pool_apr,
};
use scoring::ExpectedDilution;

use super::scored::{CURVE_DAYS, Scored};
use super::terms::Terms;

/// Days after the purchase for which the cost is shown.
const PAY_DAYS: [u32; 5] = [15, 30, 45, 60, 90];

/// The number of debtors shown.
const LARGEST: usize = 10;

/// Adds up an amount and the equal lines that one line stands for.
fn sum<T>(
    lines: &[T],
    of: fn(&T) -> (Money, Equal),
    currency: Currency,
) -> Result<Money, MoneyError> {
    let all = lines.iter().map(of).map(|(amount, equal)| equal.all(amount.minor()));
    Money::from_total(all.sum(), currency)
}

/// Returns the sums over the lines that are bought.
pub(super) fn totals(
    pool: &Pool,
    prices: &[Option<LinePrice>],
    terms: &Terms,
    dilution: Rate,
) -> Result<PartTotals, PricingError> {
    let currency = pool.currency;
    let late = pool.receivables.iter().zip(prices);
    let late = late.filter(|(receivable, _)| receivable.days_past_due(pool.as_of) > 0);
    let late = late.filter_map(|(_, price)| price.as_ref());
    let late = late.map(|price| price.equal.all(price.amount.minor()));
    let bought_past_due = Money::from_total(late.sum(), currency)?;
    let open = pool.receivables.iter().zip(prices).map(|(receivable, price)| {
        // What is not bought stands for itself: equal ones are assumed only to be bought.
        let equal = price.as_ref().map_or(Equal::ONE, |price| price.equal);
        (equal.lines as usize, equal.all(receivable.open.minor()))
    });
    let (invoices, gross): (Vec<usize>, Vec<i128>) = open.unzip();
    let prices: &[&LinePrice] = &prices.iter().flatten().collect::<Vec<_>>();
    let advance = sum(prices, |price| (price.advance, price.equal), currency)?;
    let funded = advance.minor() > 0;
    let prepaid = if funded { terms.prepaid } else { Money::zero(currency) };
    let net_funded = advance.checked_sub(prepaid)?;
    let apr = apr(prices.iter().map(|price| price.expected_case()), net_funded)?;
    let days = prices
        .iter()
        .map(|price| price.equal.all(price.advance.minor()) as f64 * f64::from(price.expected_day));
    // Without an advance it is no number, and not shown below.
    let mean_days = days.sum::<f64>() / advance.minor() as f64;
    Ok(PartTotals {
        open_invoices: invoices.into_iter().sum(),
        gross: Money::from_total(gross.into_iter().sum(), currency)?,
        bought_invoices: prices.iter().map(|price| price.equal.lines as usize).sum(),
        amount_bought: sum(prices, |price| (price.amount, price.equal), currency)?,
        bought_past_due: Some(bought_past_due),
        held: None,
        advance_rate_percent: terms.advance_rate,
        dilution_percent: dilution,
        advance,
        prepaid_charges: prepaid,
        net_funded,
        reserve: sum(prices, |price| (price.reserve, price.equal), currency)?,
        fee: sum(prices, |price| (price.fee, price.equal), currency)?,
        expected_rebate: sum(prices, |price| (price.rebate, price.equal), currency)?,
        expected_fee: sum(prices, |price| (price.expected_fee, price.equal), currency)?,
        expected_loss: sum(prices, |price| (price.expected_loss, price.equal), currency)?,
        apr_percent: apr.map(|apr| Percent(apr.percent())),
        mean_expected_days: funded.then(|| (mean_days * 100.0).round() / 100.0),
    })
}

/// Returns the sums over the lines that are held; `None` if there are none.
pub(super) fn held(
    pool: &Pool,
    eligibility: &Eligibility,
    prices: &[Option<LinePrice>],
) -> Result<Option<HeldTotals>, MoneyError> {
    let all = prices.iter().zip(&eligibility.holds);
    let all: Vec<(&LinePrice, bool)> = all
        .filter_map(|(price, holds)| {
            let looks_wrong = holds.iter().any(|h| h.reason.kind() == HoldKind::LooksWrong);
            Some((price.as_ref()?, looks_wrong))
        })
        .collect();
    let wrong: Vec<&LinePrice> = all.iter().filter(|(_, wrong)| *wrong).map(|(p, _)| *p).collect();
    let all: Vec<&LinePrice> = all.into_iter().map(|(price, _)| price).collect();
    let totals = || -> Result<HeldTotals, MoneyError> {
        Ok(HeldTotals {
            invoices: all.len(),
            look_wrong: Some(wrong.len()),
            amount: sum(&all, |price| (price.amount, price.equal), pool.currency)?,
            amount_looks_wrong: Some(sum(
                &wrong,
                |price| (price.amount, price.equal),
                pool.currency,
            )?),
            advance: sum(&all, |price| (price.advance, price.equal), pool.currency)?,
        })
    };
    (!all.is_empty()).then(totals).transpose()
}

/// Returns the cost of a pool as APR: the rate that discounts its repayments to what the client
/// gets at once; `None` if that is nothing.
fn apr(
    lines: impl Iterator<Item = ExpectedCase>,
    net_funded: Money,
) -> Result<Option<Apr>, PricingError> {
    if net_funded.minor() <= 0 {
        return Ok(None);
    }
    pool_apr(net_funded, &repayments(lines, net_funded.currency())?).map(Some)
}

/// Returns the repayments of a pool by day: the advance and the fee of every line on its expected
/// day.
fn repayments(
    lines: impl Iterator<Item = ExpectedCase>,
    currency: Currency,
) -> Result<Vec<RepaymentFlow>, PricingError> {
    let mut by_day: BTreeMap<u32, Money> = BTreeMap::new();
    for line in lines {
        let flow = by_day.entry(line.expected_day).or_insert_with(|| Money::zero(currency));
        let repaid = line.equal.money(line.advance.checked_add(line.fee)?)?;
        *flow = flow.checked_add(repaid)?;
    }
    Ok(by_day.into_iter().map(|(day, amount)| RepaymentFlow { day, amount }).collect())
}

/// Returns the sums of an offer of the menu; the caller fills in its choice and rates.
pub(super) fn menu_totals(
    lines: &[ExpectedCase],
    terms: &Terms,
    currency: Currency,
) -> Result<MenuOffer, PricingError> {
    let advance = sum(lines, |line| (line.advance, line.equal), currency)?;
    let net_funded = advance.checked_sub(terms.prepaid)?;
    let fee = sum(lines, |line| (line.fee, line.equal), currency)?;
    Ok(MenuOffer {
        choice: MenuChoice::MostCash,
        advance_rate_percent: terms.advance_rate,
        discount_rate_percent: terms.plan.leading_rate(),
        fee_plan: String::new(),
        advance,
        net_funded,
        fee,
        total_cost: fee.checked_add(terms.prepaid)?,
        expected_rebate: sum(lines, |line| (line.rebate, line.equal), currency)?,
        apr_percent: apr(lines.iter().copied(), net_funded)?.map(|apr| Percent(apr.percent())),
        return_percent: None,
        return_as_quoted_percent: None,
    })
}

/// Returns the cost of the pool for each day on which every debtor might pay.
pub(super) fn if_paid_after(
    prices: &[&LinePrice],
    terms: &Terms,
    purchase: NaiveDate,
    currency: Currency,
) -> Result<Vec<PayDay>, PricingError> {
    let advance = sum(prices, |price| (price.advance, price.equal), currency)?;
    let reserve = sum(prices, |price| (price.reserve, price.equal), currency)?;
    let prepaid = if prices.is_empty() { Money::zero(currency) } else { terms.prepaid };
    let net_funded = advance.checked_sub(prepaid)?;
    let on = |days| {
        let mut fee = Money::zero(currency);
        for price in prices {
            let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
            fee = fee.checked_add(price.equal.money(terms.plan.fee(base, days)?)?)?;
        }
        let rebate = reserve.checked_sub(fee)?;
        let cost = fee.checked_add(prepaid)?;
        let apr = (net_funded.minor() > 0).then(|| line_apr(cost, net_funded, days)).transpose()?;
        Ok(PayDay {
            days,
            fee,
            rebate,
            received_in_total: net_funded.checked_add(rebate)?,
            apr_percent: apr.map(|apr| Percent(apr.percent())),
        })
    };
    PAY_DAYS.into_iter().map(on).collect()
}

/// Returns the open balance by days past due.
pub(super) fn ageing_of(pool: &Pool) -> Result<Vec<AgeingBucket>, MoneyError> {
    let rows = pool.receivables.iter().map(|r| (r.days_past_due(pool.as_of), r.open.minor()));
    ageing(rows, pool.currency)
}

/// Returns the steps from the gross ledger to the amount bought, every exclusion attributed to the
/// first rule that makes it.
pub(super) fn waterfall(
    pool: &Pool,
    policy: &Policy,
    eligibility: &Eligibility,
) -> Result<Vec<WaterfallStep>, MoneyError> {
    let currency = pool.currency;
    let mut remaining =
        Money::sum_minor(pool.receivables.iter().map(|r| r.open.minor()), currency)?;
    let mut steps = Vec::new();
    for rule in policy.rules().chain(Rule::CUTS) {
        let taken = pool.receivables.iter().zip(&eligibility.assessments).map(|(r, a)| {
            // Nothing is left to cut of an excluded invoice, so no step takes it a second time.
            if a.excluded_by == Some(rule) { r.open.minor() } else { a.cut(rule).minor() }
        });
        let taken: Vec<i64> = taken.filter(|&minor| minor != 0).collect();
        let amount = Money::sum_minor(taken.iter().copied(), currency)?;
        remaining = remaining.checked_sub(amount)?;
        // What the policy does not list, and most cuts, are shown only if they take something.
        let always =
            policy.lists(rule) || matches!(rule, Rule::UnappliedCredit | Rule::Concentration);
        if !always && taken.is_empty() {
            continue;
        }
        steps.push(WaterfallStep {
            rule,
            title: rule.title().into(),
            invoices: taken.len(),
            amount,
            remaining,
        });
    }
    Ok(steps)
}

/// The sums of a debtor, in minor units.
#[derive(Clone, Copy, Default)]
struct DebtorSum {
    invoices: usize,
    bought: i128,
    above_limit: i128,
}

/// Returns the debtors with the largest open balance, ties by id.
pub(super) fn largest_debtors(
    pool: &Pool,
    eligibility: &Eligibility,
    scored: &[Scored],
    dilution: impl Fn(usize) -> Option<ExpectedDilution>,
) -> Result<Vec<DebtorShare>, MoneyError> {
    let mut sums = vec![DebtorSum::default(); pool.debtors.len()];
    for (receivable, assessment) in pool.receivables.iter().zip(&eligibility.assessments) {
        let sum = &mut sums[receivable.debtor];
        sum.invoices += 1;
        sum.bought += i128::from(assessment.bought.minor());
        sum.above_limit += i128::from(assessment.cut(Rule::Concentration).minor());
    }
    let total: i128 = eligibility.debtors.iter().map(|debtor| debtor.gross).sum();
    let mut order: Vec<usize> = (0..pool.debtors.len()).collect();
    // A stable sort: the pool has its debtors in order of their ids.
    order.sort_by_key(|&debtor| std::cmp::Reverse(eligibility.debtors[debtor].gross));
    order.truncate(LARGEST);
    let shown = |r: &Receivable| order.contains(&r.debtor).then_some(r.debtor);
    let curves = curves(pool, scored, shown);
    let share = |&debtor: &usize| {
        let (balance, sum) = (&eligibility.debtors[debtor], sums[debtor]);
        let money = |total| Money::from_total(total, pool.currency);
        let dilution = dilution(debtor);
        Ok(DebtorShare {
            debtor_id: pool.debtors[debtor].id.clone(),
            debtor_name: pool.debtors[debtor].name.clone(),
            invoices: sum.invoices,
            gross: money(balance.gross)?,
            share: shown_probability(balance.gross as f64 / total as f64),
            past_due_share: shown_probability(balance.past_due_share(CrossAgeBase::Gross)),
            bought: money(sum.bought)?,
            above_limit: money(sum.above_limit)?,
            expected_dilution: dilution.map(|d| shown_probability(d.expected)),
            dilution_spread: dilution.map(|d| shown_probability(d.spread)),
            // A pool names only debtors that have receivables, so each has a curve.
            curve: curves[&debtor].clone(),
        })
    };
    order.iter().map(share).collect()
}

/// Returns the amount-weighted curve of each ageing band that has invoices.
pub(super) fn collections(pool: &Pool, scored: &[Scored]) -> Result<Vec<Collections>, MoneyError> {
    let band = |r: &Receivable| Some(AgeBand::index(r.days_past_due(pool.as_of)));
    let mut curves = curves(pool, scored, band);
    let buckets = ageing_of(pool)?.into_iter().enumerate();
    let with_curve = buckets.filter_map(|(band, AgeingBucket { bucket, open, .. })| {
        Some(Collections { bucket, open, curve: curves.remove(&band)? })
    });
    Ok(with_curve.collect())
}

/// Returns the amount-weighted curve of each group of receivables: (days after the as-of date,
/// share collected by then). Receivables without a group are left out.
fn curves(
    pool: &Pool,
    scored: &[Scored],
    group: impl Fn(&Receivable) -> Option<usize>,
) -> BTreeMap<usize, Vec<(u32, f64)>> {
    let mut sums: BTreeMap<usize, (f64, [f64; CURVE_DAYS.len()])> = BTreeMap::new();
    // In the order of the pool, which the order of rows does not change: float sums depend on it.
    for (receivable, scored) in pool.receivables.iter().zip(scored) {
        let Some(group) = group(receivable) else { continue };
        let open = receivable.open.minor() as f64;
        let (total, collected) = sums.entry(group).or_default();
        *total += open;
        for (sum, day) in collected.iter_mut().zip(CURVE_DAYS) {
            *sum += open * scored.curve.by(day as usize);
        }
    }
    let shares = |(total, collected): (f64, [f64; CURVE_DAYS.len()])| {
        let share = collected.map(|sum| shown_probability(sum / total));
        CURVE_DAYS.into_iter().zip(share).collect()
    };
    sums.into_iter().map(|(group, sum)| (group, shares(sum))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        Case, as_of, listed, listed_with, paid_on, percent, pool, pool_of, scored, usd, wire,
    };
    use super::*;
    use policy::assess;

    /// The sample pool at the listed terms, but for the invoice that is past due.
    fn case(policy: Policy) -> Case {
        let mut case = Case::of(policy, pool());
        case.bought[2] = usd(0);
        case
    }

    fn totals_of(case: &Case) -> PartTotals {
        totals(&case.pool, &case.prices(), &case.terms(), percent("2")).expect("totals")
    }

    /// The sample pool as it is, all of it bought: 400.00 is 61 days past due.
    #[test]
    fn what_is_bought_late_is_told_by_the_due_date_that_counts() {
        let late = |change: &dyn Fn(&mut Pool)| {
            let mut case = Case::of(listed(), pool());
            change(&mut case.pool);
            totals_of(&case).bought_past_due
        };
        assert_eq!(late(&|_| ()), Some(usd(40_000)));
        assert_eq!(totals_of(&case(listed())).bought_past_due, Some(usd(0)), "it is not bought");
        let of_first = |days: i32| late(&|pool| pool.receivables[0].due = pool.as_of - days);
        assert_eq!(of_first(0), Some(usd(40_000)), "due today");
        assert_eq!(of_first(1), Some(usd(140_000)), "due yesterday");
        let re_dated = late(&|pool| {
            pool.receivables[1].scrutiny.first_due = Some(pool.as_of - 3);
        });
        assert_eq!(re_dated, Some(usd(290_050)), "2,500.50 that an earlier ledger shows as due");
    }

    #[test]
    fn totals_are_the_sums_of_the_lines() {
        let found = totals_of(&case(listed()));
        assert_eq!((found.open_invoices, found.gross), (4, usd(790_050)));
        assert_eq!((found.bought_invoices, found.amount_bought), (3, usd(750_050)));
        // 800.00, 2,000.40 and 3,200.00 are advanced.
        assert_eq!((found.advance, found.reserve), (usd(600_040), usd(150_010)));
        // On days 40, 55 and 20: 4 % of 1,000.00, 6 % of 2,500.50 and 3 % of 4,000.00.
        assert_eq!(found.fee, usd(4_000 + 15_003 + 12_000));
        assert_eq!(found.expected_rebate, usd(150_010 - 31_003));
        assert_eq!((found.net_funded, found.prepaid_charges), (usd(600_040), usd(0)));
        // (800 x 40 + 2,000.40 x 55 + 3,200 x 20) / 6,000.40
        let days = found.mean_expected_days.expect("days");
        assert!((days - 34.33).abs() < 1e-9, "{days}");
        assert_eq!(found.dilution_percent, percent("2"));
    }

    #[test]
    fn the_apr_discounts_the_repayments_to_what_is_paid_at_once() {
        for (charges, net) in [(String::new(), 6_000.4), (wire("25.40"), 5_975.0)] {
            let found = totals_of(&case(listed_with(&charges)));
            assert!((found.net_funded.to_f64() - net).abs() < 1e-9);
            let rate = found.apr_percent.expect("an APR").0 / 100.0;
            let worth = |amount: f64, days: f64| amount / (1.0 + rate * days / 365.0);
            // Advance and fee of each line on its day.
            let value = worth(840.0, 40.0) + worth(2_150.43, 55.0) + worth(3_320.0, 20.0);
            assert!((value - net).abs() < 1e-6, "{rate}: {value}");
        }
    }

    #[test]
    fn nothing_bought_is_nothing_charged_and_no_rate() {
        let mut case = case(listed_with(&wire("25")));
        case.bought.fill(usd(0));
        let found = totals_of(&case);
        assert_eq!((found.bought_invoices, found.gross), (0, usd(790_050)));
        assert_eq!((found.prepaid_charges, found.net_funded), (usd(0), usd(0)));
        assert!(found.apr_percent.is_none() && found.mean_expected_days.is_none());
    }

    #[test]
    fn on_each_pay_day_what_is_received_the_fee_and_the_charges_come_to_what_is_bought() {
        let case = case(listed_with(&wire("25")));
        let (terms, prices) = (case.terms(), case.prices());
        let prices: Vec<&LinePrice> = prices.iter().flatten().collect();
        let days = if_paid_after(&prices, &terms, as_of(), case.pool.currency).expect("days");
        assert_eq!(days.iter().map(|day| day.days).collect::<Vec<_>>(), [15, 30, 45, 60, 90]);
        // 3, 3, 5, 6 and 9 % of 1,000.00, 2,500.50 (half up: 75.015, 125.025, ...) and 4,000.00.
        let fees = [3_000 + 7_502 + 12_000, 22_502, 5_000 + 12_503 + 20_000, 45_003, 67_505];
        for (found, fee) in days.iter().zip(fees) {
            assert_eq!(found.fee, usd(fee), "day {}", found.days);
            let all = found.received_in_total.minor() + fee + terms.prepaid.minor();
            assert_eq!(all, 750_050);
            // Fee and charges over 5,975.40, simple and for a year of 365 days.
            let apr = (fee + 2_500) as f64 / 597_540.0 * 36_500.0 / f64::from(found.days);
            let found = found.apr_percent.expect("an APR").0;
            assert!((found - apr).abs() < 1e-9, "{found} {apr}");
        }
    }

    #[test]
    fn the_menu_s_sums_are_those_of_the_totals() {
        let case = case(listed_with(&wire("25")));
        let (terms, prices) = (case.terms(), case.prices());
        let lines = prices.iter().flatten().map(LinePrice::expected_case).collect::<Vec<_>>();
        let menu = menu_totals(&lines, &terms, case.pool.currency).expect("sums");
        let totals = totals_of(&case);
        assert_eq!((menu.advance, menu.net_funded), (totals.advance, totals.net_funded));
        assert_eq!((menu.fee, menu.expected_rebate), (totals.fee, totals.expected_rebate));
        assert_eq!(menu.total_cost, usd(totals.fee.minor() + 2_500));
        assert_eq!(menu.apr_percent, totals.apr_percent);
    }

    #[test]
    fn every_step_of_the_waterfall_leaves_what_the_next_begins_with() {
        let mut pool = pool();
        pool.receivables[0].disputed = Some(true);
        pool.debtors[1].unapplied_credit = usd(10_000);
        let policy = listed();
        let eligibility = assess(&pool, &policy);
        let steps = waterfall(&pool, &policy, &eligibility).expect("steps");
        let mut remaining = 790_050;
        for step in &steps {
            remaining -= step.amount.minor();
            assert_eq!(step.remaining, usd(remaining), "{:?}", step.rule);
        }
        let bought: i64 = eligibility.assessments.iter().map(|a| a.bought.minor()).sum();
        assert_eq!(remaining, bought);
        let taken = |rule| {
            let step = steps.iter().find(|step| step.rule == rule).expect("a step");
            (step.invoices, step.amount)
        };
        assert_eq!(taken(Rule::Disputed), (1, usd(100_000)));
        assert_eq!(taken(Rule::PastDue), (1, usd(40_000)));
        assert_eq!(taken(Rule::UnappliedCredit), (1, usd(10_000)));
        // What the policy lists is shown also where it takes nothing; a facility is not there.
        assert_eq!(taken(Rule::Concentration), (0, usd(0)));
        assert!(steps.iter().all(|step| step.rule != Rule::FacilityLimit));
    }

    #[test]
    fn ten_debtors_are_shown_the_largest_first_and_ties_by_id() {
        let open = |debtor: usize| (debtor, 30, if debtor == 7 { 30_000 } else { 10_000 });
        let pool = pool_of(Currency::USD, &(0..12).map(open).collect::<Vec<_>>());
        let eligibility = assess(&pool, &listed());
        let dilution = |d| {
            (d == 7).then_some(ExpectedDilution { expected: 0.25, spread: 0.5, credibility: 1.0 })
        };
        let shares =
            largest_debtors(&pool, &eligibility, &scored(&pool), dilution).expect("shares");
        let ids: Vec<&str> = shares.iter().map(|share| share.debtor_id.as_str()).collect();
        assert_eq!(ids, ["D8", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D9", "D10"]);
        // 300.00 of 1,400.00, to six decimals.
        assert!((shares[0].share - 0.214_286).abs() < 1e-12);
        assert_eq!(
            (shares[0].expected_dilution, shares[0].dilution_spread),
            (Some(0.25), Some(0.5))
        );
        assert_eq!(shares[1].expected_dilution, None);
    }

    #[test]
    fn a_debtor_s_share_is_what_is_owed_bought_and_past_due() {
        let pool = pool();
        let eligibility = assess(&pool, &listed());
        let shares =
            largest_debtors(&pool, &eligibility, &scored(&pool), |_| None).expect("shares");
        let [second, first] = shares.as_slice() else { panic!("two debtors") };
        assert_eq!((first.invoices, first.gross, first.bought), (2, usd(350_050), usd(350_050)));
        assert_eq!((second.invoices, second.gross, second.bought), (2, usd(440_000), usd(400_000)));
        // 400.00 of 4,400.00.
        assert!((second.past_due_share - 0.090_909).abs() < 1e-12 && first.past_due_share == 0.0);
        // 0.99 of all on day 20, of the 400.00 on day 10 already.
        let at = |day| second.curve.iter().find(|point| point.0 == day).expect("shown").1;
        assert!((at(14) - 0.09).abs() < 1e-12 && (at(21) - 0.99).abs() < 1e-12);
    }

    #[test]
    fn what_is_above_the_limit_on_one_debtor_is_told() {
        let quarter = listed_with("").text().replace("limit_percent = 100", "limit_percent = 25");
        let quarter: Policy = quarter.parse().expect("a policy");
        let pool = pool_of(Currency::USD, &[(0, 30, 70_000), (1, 30, 10_000), (2, 30, 20_000)]);
        let eligibility = assess(&pool, &quarter);
        let shares =
            largest_debtors(&pool, &eligibility, &scored(&pool), |_| None).expect("shares");
        // A quarter of 1,000.00.
        assert_eq!((shares[0].bought, shares[0].above_limit), (usd(25_000), usd(45_000)));
    }

    #[test]
    fn collections_of_a_band_are_weighted_by_open_balance() {
        let pool = pool_of(Currency::USD, &[(0, 0, 30_000), (0, 5, 10_000), (1, -31, 7_000)]);
        let mut scored = scored(&pool);
        scored[0].curve = paid_on(7, 0.8);
        scored[1].curve = paid_on(14, 0.4);
        let found = collections(&pool, &scored).expect("bands");
        let bands: Vec<_> = found.iter().map(|of| (of.bucket.as_ref(), of.open)).collect();
        // A band without invoices has no curve.
        assert_eq!(bands, [("not yet due", usd(40_000)), ("31-60 days past due", usd(7_000))]);
        assert_eq!(found[0].curve.len(), CURVE_DAYS.len());
        // (300 x 0.8) / 400, and with 100 x 0.4 more.
        for (at, share) in [(0, 0.0), (1, 0.6), (2, 0.7)] {
            assert!((found[0].curve[at].1 - share).abs() < 1e-12, "{:?}", found[0].curve[at]);
        }
        let ageing = ageing_of(&pool).expect("bands");
        assert_eq!(ageing.iter().map(|band| band.open.minor()).sum::<i64>(), 47_000);
    }
}
