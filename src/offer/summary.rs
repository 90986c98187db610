//! Sums over a pool: totals, pay days, waterfall, largest debtors, expected collections.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ageing::{AgeBand, AgeingBucket, ageing};
use super::part_terms::{MenuChoice, MenuOffer, PartTotals, PayDay};
use super::shares::{Collections, DebtorShare, WaterfallStep};
use super::shown::{Percent, shown_probability};
use basics::{Currency, Money, MoneyError, Rate};
use policy::{CrossAgeBase, Eligibility, Policy, Pool, Receivable, Rule};
use pricing::{Apr, FeeBase, LinePrice, PricingError, RepaymentFlow, line_apr, pool_apr};
use scoring::ExpectedDilution;

use super::scored::{CURVE_DAYS, Scored};
use super::terms::Terms;

/// Days after the purchase for which the cost is shown.
const PAY_DAYS: [u32; 5] = [15, 30, 45, 60, 90];

/// Debtors shown.
const LARGEST: usize = 10;

fn sum(
    prices: &[&LinePrice],
    of: fn(&LinePrice) -> Money,
    currency: Currency,
) -> Result<Money, MoneyError> {
    Money::sum_minor(prices.iter().map(|price| of(price).minor()), currency)
}

/// Sums over the lines that are bought.
pub(super) fn totals(
    pool: &Pool,
    prices: &[&LinePrice],
    terms: &Terms,
    dilution: Rate,
) -> Result<PartTotals, PricingError> {
    let currency = pool.currency;
    let advance = sum(prices, |price| price.advance, currency)?;
    let funded = advance.minor() > 0;
    let prepaid = if funded { terms.prepaid } else { Money::zero(currency) };
    let net_funded = advance.checked_sub(prepaid)?;
    let apr = apr(prices, net_funded)?;
    let days =
        prices.iter().map(|price| price.advance.minor() as f64 * f64::from(price.expected_day));
    let mean_days = days.sum::<f64>() / advance.minor() as f64;
    Ok(PartTotals {
        open_invoices: pool.receivables.len(),
        gross: Money::sum_minor(pool.receivables.iter().map(|r| r.open.minor()), currency)?,
        bought_invoices: prices.len(),
        amount_bought: sum(prices, |price| price.amount, currency)?,
        advance_rate_percent: terms.advance_rate,
        dilution_percent: dilution,
        advance,
        prepaid_charges: prepaid,
        net_funded,
        reserve: sum(prices, |price| price.reserve, currency)?,
        fee: sum(prices, |price| price.fee, currency)?,
        expected_rebate: sum(prices, |price| price.rebate, currency)?,
        expected_fee: sum(prices, |price| price.expected_fee, currency)?,
        expected_loss: sum(prices, |price| price.expected_loss, currency)?,
        apr_percent: apr.map(|apr| Percent(apr.percent())),
        mean_expected_days: funded.then(|| (mean_days * 100.0).round() / 100.0),
    })
}

/// What a pool costs as APR: the rate that discounts its repayments to what the client gets at
/// once; `None` when that is nothing.
fn apr(prices: &[&LinePrice], net_funded: Money) -> Result<Option<Apr>, PricingError> {
    if net_funded.minor() <= 0 {
        return Ok(None);
    }
    pool_apr(net_funded, &repayments(prices, net_funded.currency())?).map(Some)
}

/// Repayments of a pool by day: the advance and the fee of every line on its expected day.
fn repayments(
    prices: &[&LinePrice],
    currency: Currency,
) -> Result<Vec<RepaymentFlow>, PricingError> {
    let mut by_day: BTreeMap<u32, Money> = BTreeMap::new();
    for price in prices {
        let flow = by_day.entry(price.expected_day).or_insert_with(|| Money::zero(currency));
        *flow = flow.checked_add(price.advance)?.checked_add(price.fee)?;
    }
    Ok(by_day.into_iter().map(|(day, amount)| RepaymentFlow { day, amount }).collect())
}

/// The sums of an offer of the menu; its name and rates are the caller's.
pub(super) fn menu_totals(
    prices: &[&LinePrice],
    terms: &Terms,
    currency: Currency,
) -> Result<MenuOffer, PricingError> {
    let advance = sum(prices, |price| price.advance, currency)?;
    let net_funded = advance.checked_sub(terms.prepaid)?;
    let fee = sum(prices, |price| price.fee, currency)?;
    Ok(MenuOffer {
        choice: MenuChoice::MostCash,
        advance_rate_percent: terms.advance_rate,
        discount_rate_percent: terms.plan.leading_rate(),
        fee_plan: String::new(),
        advance,
        net_funded,
        fee,
        total_cost: fee.checked_add(terms.prepaid)?,
        expected_rebate: sum(prices, |price| price.rebate, currency)?,
        apr_percent: apr(prices, net_funded)?.map(|apr| Percent(apr.percent())),
        return_percent: None,
        return_as_quoted_percent: None,
    })
}

/// What the pool costs when every debtor pays on one day.
pub(super) fn if_paid_after(
    prices: &[&LinePrice],
    terms: &Terms,
    purchase: NaiveDate,
    currency: Currency,
) -> Result<Vec<PayDay>, PricingError> {
    let advance = sum(prices, |price| price.advance, currency)?;
    let reserve = sum(prices, |price| price.reserve, currency)?;
    let prepaid = if prices.is_empty() { Money::zero(currency) } else { terms.prepaid };
    let net_funded = advance.checked_sub(prepaid)?;
    let on = |days| {
        let mut fee = Money::zero(currency);
        for price in prices {
            let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
            fee = fee.checked_add(terms.plan.fee(base, days)?)?;
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

/// Open balance by days past due.
pub(super) fn ageing_of(pool: &Pool) -> Result<Vec<AgeingBucket>, MoneyError> {
    let rows = pool.receivables.iter().map(|r| (r.days_past_due(pool.as_of), r.open.minor()));
    ageing(rows, pool.currency)
}

/// From the gross ledger to the amount bought, every exclusion attributed to the first rule that
/// makes it.
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
            if a.excluded_by == Some(rule) { r.open.minor() } else { a.cut(rule).minor() }
        });
        let taken: Vec<i64> = taken.filter(|&minor| minor != 0).collect();
        let amount = Money::sum_minor(taken.iter().copied(), currency)?;
        remaining = remaining.checked_sub(amount)?;
        // What no rule of the policy lists only where it happens.
        let always = !Rule::CUTS.contains(&rule)
            || matches!(rule, Rule::UnappliedCredit | Rule::Concentration);
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

/// What is bought of a debtor, in minor units.
#[derive(Clone, Copy, Default)]
struct DebtorSum {
    invoices: usize,
    bought: i128,
    above_limit: i128,
}

/// The debtors with the largest open balance, ties by id.
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
            curve: curves[&debtor].clone(),
        })
    };
    order.iter().map(share).collect()
}

/// The amount-weighted curve of each ageing band that has invoices.
pub(super) fn collections(pool: &Pool, scored: &[Scored]) -> Result<Vec<Collections>, MoneyError> {
    let band = |r: &Receivable| Some(AgeBand::index(r.days_past_due(pool.as_of)));
    let mut curves = curves(pool, scored, band);
    let buckets = ageing_of(pool)?.into_iter().enumerate();
    let with_curve = buckets.filter_map(|(band, AgeingBucket { bucket, open, .. })| {
        Some(Collections { bucket, open, curve: curves.remove(&band)? })
    });
    Ok(with_curve.collect())
}

/// The amount-weighted curve of each group of receivables: (days after the as-of date, share
/// collected by then). Those of no group are left out.
fn curves(
    pool: &Pool,
    scored: &[Scored],
    group: impl Fn(&Receivable) -> Option<usize>,
) -> BTreeMap<usize, Vec<(u32, f64)>> {
    let mut sums: BTreeMap<usize, (f64, [f64; CURVE_DAYS.len()])> = BTreeMap::new();
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
