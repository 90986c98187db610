//! Pools: expected earnings and losses as a function of advance rate and fee plan, and the terms
//! that meet the policy. The formulas are given at [`PoolTerms`], [`PoolOutlook`] and
//! [`AdequacyTerms`].

mod adequacy;
mod open_plan;
mod terms;

pub use adequacy::{AdequacyTerms, DebtorDilution, ReserveBound};
pub use open_plan::OpenPlan;
pub use terms::{Infeasible, PoolTerms, PriceTerms, Quotable};

use basics::{CollectionCurve, Money};

use super::normal::conditional_default;
use super::{Equal, FeeByDay, LossTerms};

/// One invoice of a pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolLine<'a> {
    /// Amount bought.
    pub amount: Money,
    /// Index of its debtor in the pool.
    pub debtor: usize,
    /// The collection curve.
    pub curve: &'a CollectionCurve,
    /// Days from the purchase to recourse, at least 1.
    pub recourse_day: u32,
    /// The equal lines that it stands for; its debtor then stands for theirs.
    pub equal: Equal,
}

/// Terms of the charge for unexpected loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapitalTerms {
    /// Quantile of the loss that capital is held against.
    pub confidence: f64,
    /// Correlation of the debtors' non-payment.
    pub correlation: f64,
    /// Yearly cost of the capital, decimal form.
    pub cost: f64,
}

/// A pool by day: sums over its lines in their order, in major units.
///
/// Its capital is the systematic loss at the confidence (Vasicek 2002) and, beside it, the variance
/// of the names (defined here):
///
/// ```text
/// systematic = sum of amount x share lost x (conditional default at the confidence - default)
/// names      = G(confidence)^2 x sum over debtors of (amount x share lost x sqrt(p (1 - p)))^2
/// capital    = advance rate x sqrt(systematic^2 + names)
/// ```
#[derive(Debug, Clone)]
pub struct PoolOutlook<'a> {
    lines: &'a [PoolLine<'a>],
    /// Number of invoices.
    invoices: f64,
    /// Amount bought.
    amount: f64,
    /// Amount expected to be collected on each day after the purchase; what is uncollected falls on
    /// the day of recourse.
    by_day: Vec<f64>,
    /// Amount expected to be lost, by day of recourse.
    lost_by_day: Vec<f64>,
    /// Sum of amount x expected days out.
    amount_days: f64,
    /// Sum of amount x share expected to be lost.
    lost: f64,
    /// Loss beyond the expected one at the confidence of the capital, per unit of advance rate.
    unexpected: f64,
    /// Sum of the squared shares of the debtors (Herfindahl index).
    concentration: f64,
    fee_at_stake: bool,
}

/// The fees of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
struct FeeTotals {
    /// Expected fees, in major units.
    fees: f64,
    /// Expected fees on what is lost, in major units.
    lost: f64,
    /// Standard deviation of the share of the amount that the fee takes, for an invoice drawn with
    /// a probability in proportion to its amount.
    spread: f64,
}

/// Earnings and costs of a pool under given terms, in major units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolResult {
    /// Expected fees, including charges taken out of the advance.
    pub fees: f64,
    /// Expected loss.
    pub expected_loss: f64,
    /// Cost of the funds employed.
    pub funding_cost: f64,
    /// Cost of handling the invoices.
    pub operating_cost: f64,
    /// Cost of the capital held against unexpected loss.
    pub capital_charge: f64,
    /// Sum of funds employed x expected days out / 365.
    pub funds_years: f64,
}

impl PoolResult {
    /// Returns the return on funds employed after all costs, per year; `None` if no money is out.
    pub fn return_on_funds(&self) -> Option<f64> {
        let costs =
            self.expected_loss + self.funding_cost + self.operating_cost + self.capital_charge;
        (self.funds_years > 0.0).then(|| (self.fees - costs) / self.funds_years)
    }
}

impl<'a> PoolOutlook<'a> {
    /// Adds up the lines.
    pub fn new(lines: &'a [PoolLine<'a>], loss: &LossTerms, capital: &CapitalTerms) -> Self {
        let days = lines.iter().map(|line| line.recourse_day as usize).max().unwrap_or(0) + 1;
        let debtors = lines.iter().map(|line| line.debtor + 1).max().unwrap_or(0);
        let mut own = vec![(0.0, 0.0, 0.0); debtors];
        let mut outlook = Self {
            lines,
            invoices: lines.iter().map(|line| f64::from(line.equal.lines)).sum(),
            amount: 0.0,
            by_day: vec![0.0; days],
            lost_by_day: vec![0.0; days],
            amount_days: 0.0,
            lost: 0.0,
            unexpected: 0.0,
            concentration: 0.0,
            fee_at_stake: loss.recourse != super::Recourse::Full,
        };
        let (loss, mut systematic) = (loss.share_lost(), 0.0);
        for line in lines {
            let of_each = line.equal.of_each() * line.amount.to_f64();
            let amount = f64::from(line.equal.lines) * line.amount.to_f64();
            let last = line.recourse_day as usize;
            let uncollected = 1.0 - line.curve.by(last);
            for (day, probability) in line.curve.daily(last) {
                outlook.by_day[day] += amount * probability;
                outlook.amount_days += amount * probability * day as f64;
            }
            outlook.by_day[last] += amount * uncollected;
            outlook.amount_days += amount * uncollected * last as f64;
            let share = loss.of(uncollected);
            outlook.lost_by_day[last] += amount * uncollected * share;
            outlook.lost += amount * uncollected * share;
            outlook.amount += amount;
            let bad = conditional_default(uncollected, capital.correlation, capital.confidence);
            // Less the expected loss, which the price covers by itself.
            systematic += amount * share * (bad - uncollected);
            let (owed, spread, equal) = &mut own[line.debtor];
            *owed += of_each;
            // All invoices of one debtor are lost together.
            *spread += of_each * share * (uncollected * (1.0 - uncollected)).sqrt();
            *equal = f64::from(line.equal.debtors);
        }
        // Single names add to the systematic part: their variance, at the same confidence.
        let z = normal_quantile(capital.confidence);
        let names: f64 = own.iter().map(|(_, spread, equal)| equal * spread * spread).sum();
        outlook.unexpected = (systematic * systematic + z * z * names).sqrt();
        let squares: f64 = own.iter().map(|(owed, _, equal)| equal * owed * owed).sum();
        if outlook.amount > 0.0 {
            outlook.concentration = squares / (outlook.amount * outlook.amount);
        }
        outlook
    }

    /// Returns the amount bought.
    pub fn amount(&self) -> f64 {
        self.amount
    }

    /// Returns the fees at an advance rate and a plan.
    fn totals(&self, advance_rate: f64, plan: &FeeByDay) -> FeeTotals {
        let mut sums = [0.0; 3];
        let mut lost = 0.0;
        for (day, (amount, lost_on)) in self.by_day.iter().zip(&self.lost_by_day).enumerate() {
            let share = plan.share(day, advance_rate);
            sums[0] += amount;
            sums[1] += amount * share;
            sums[2] += amount * share * share;
            lost += lost_on * share;
        }
        let mean = sums[1] / sums[0];
        // A limit per invoice cannot be summed by day: it depends on the amount of each line.
        let fees = if plan.is_limited() {
            self.lines.iter().map(|line| line_fee(line, advance_rate, plan)).sum()
        } else {
            sums[1] + self.invoices * plan.per_invoice()
        };
        // Cancellation may leave a variance a hair below 0.
        FeeTotals { fees, lost, spread: (sums[2] / sums[0] - mean * mean).max(0.0).sqrt() }
    }

    /// Returns what the pool earns and costs at an advance rate and its fees. `prepaid` is charged
    /// at the purchase.
    fn result(
        &self,
        advance_rate: f64,
        fee: FeeTotals,
        prepaid: f64,
        terms: &PriceTerms,
    ) -> PoolResult {
        let fee_lost = if self.fee_at_stake { fee.lost } else { 0.0 };
        let years = if self.amount > 0.0 { self.amount_days / self.amount / 365.0 } else { 0.0 };
        // Charges at the purchase never leave the factor, so they are not funds employed.
        let funds_years = (advance_rate * self.amount - prepaid) * years;
        PoolResult {
            fees: fee.fees + prepaid,
            expected_loss: advance_rate * self.lost + fee_lost,
            funding_cost: terms.cost_of_funds * funds_years,
            operating_cost: terms.operating_cost * self.invoices,
            capital_charge: terms.capital.cost * advance_rate * self.unexpected * years,
            funds_years,
        }
    }
}

/// Returns the expected fee of a line and those equal to it.
fn line_fee(line: &PoolLine<'_>, advance_rate: f64, plan: &FeeByDay) -> f64 {
    let amount = line.amount.to_f64();
    let last = line.recourse_day as usize;
    let on = |day: usize| plan.fee(day, amount, advance_rate * amount);
    let collected: f64 = line.curve.daily(last).map(|(day, p)| p * on(day)).sum();
    f64::from(line.equal.lines) * (collected + (1.0 - line.curve.by(last)) * on(last))
}

fn normal_quantile(q: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    Normal::standard().inverse_cdf(q)
}
