use rust_decimal::{Decimal, RoundingStrategy};

use basics::Rate;

use super::super::{PricingError, solve::bracketed};
use super::adequacy::ReserveBound;
use super::{AdequacyTerms, CapitalTerms, DebtorDilution, OpenPlan, PoolOutlook, PoolResult};

/// A step beyond the width to which a root is bracketed, towards the side that meets a bound.
const NUDGE: f64 = 1e-12;

/// What a price has to bring. Rates in decimal form, amounts in major units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceTerms {
    /// Return on funds employed that has to be reached after all costs, per year.
    pub hurdle: f64,
    /// What the factor pays for its money, per year of 365 days.
    pub cost_of_funds: f64,
    /// Cost of handling one invoice.
    pub operating_cost: f64,
    /// Charge for unexpected loss.
    pub capital: CapitalTerms,
}

/// What may be quoted: from, to, and the steps between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotable {
    /// Least.
    pub lowest: Rate,
    /// Most.
    pub highest: Rate,
    /// Quoted rates are multiples of it.
    pub step: Rate,
}

impl Quotable {
    /// The multiple of the step at or below a rate.
    pub fn down(&self, rate: f64) -> Rate {
        self.stepped(rate, RoundingStrategy::ToNegativeInfinity)
    }

    /// The multiple of the step at or above a rate.
    pub fn up(&self, rate: f64) -> Rate {
        self.stepped(rate, RoundingStrategy::ToPositiveInfinity)
    }

    fn stepped(&self, rate: f64, to: RoundingStrategy) -> Rate {
        let step = self.step.fraction();
        // A rate solved to 1e-12 that stands on a step stays there.
        let exact = Decimal::from_f64_retain(rate).unwrap_or_default().round_dp(11);
        let steps = exact.checked_div(step).unwrap_or_default().round_dp_with_strategy(0, to);
        let stepped = Rate::from_fraction(steps * step);
        stepped.clamp(self.lowest, self.highest)
    }
}

/// A pool, the terms that it has to meet, and the plan whose rate is open.
#[derive(Debug)]
pub struct PoolTerms<'a> {
    /// What is expected of the pool.
    pub outlook: &'a PoolOutlook<'a>,
    /// What debtors take off.
    pub dilution: &'a [DebtorDilution],
    /// When a reserve is large enough.
    pub adequacy: AdequacyTerms,
    /// What a price has to bring.
    pub price: PriceTerms,
    /// Advance rates that may be quoted.
    pub advances: Quotable,
    /// Discount rates that may be quoted.
    pub discounts: Quotable,
    /// The fee plan to the last day of recourse of the pool; its leading rate is the one that is
    /// solved for.
    pub plan: OpenPlan<'a>,
    /// Charged at the purchase, major units.
    pub prepaid: f64,
}

/// No terms meet the policy; the bounds that were tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Infeasible {
    /// At the highest discount rate the return on funds is still below the hurdle.
    Return {
        /// The highest discount rate.
        highest: Rate,
        /// What it returns.
        found: f64,
        /// What is asked.
        hurdle: f64,
    },
    /// At the lowest advance rate the reserve is still too small.
    Reserve {
        /// The lowest advance rate.
        lowest: Rate,
        /// What the reserve comes to there.
        bound: ReserveBound,
    },
}

impl PoolTerms<'_> {
    /// Earnings and costs at an advance rate and a discount rate, decimal form.
    pub fn result(&self, advance_rate: f64, discount: f64) -> PoolResult {
        let fee = self.plan.totals(advance_rate, discount);
        self.outlook.result(advance_rate, fee, self.prepaid, &self.price)
    }

    fn surplus(&self, advance_rate: f64, discount: f64) -> f64 {
        let found = self.result(advance_rate, discount).return_on_funds();
        found.unwrap_or(0.0) - self.price.hurdle
    }

    /// The smallest discount rate within its bounds at which the return reaches the hurdle, before
    /// it is rounded to a step.
    ///
    /// # Errors
    /// [`Infeasible::Return`] as the inner error when the highest is not enough.
    pub fn discount(&self, advance_rate: f64) -> Result<Result<f64, Infeasible>, PricingError> {
        let (low, high) = (self.discounts.lowest.to_f64(), self.discounts.highest.to_f64());
        if self.surplus(advance_rate, low) >= 0.0 {
            return Ok(Ok(low));
        }
        let most = self.surplus(advance_rate, high);
        if most < 0.0 {
            return Ok(Err(Infeasible::Return {
                highest: self.discounts.highest,
                found: most + self.price.hurdle,
                hurdle: self.price.hurdle,
            }));
        }
        bracketed("the hurdle", low, high, |rate| self.surplus(advance_rate, rate)).map(Ok)
    }

    fn bound(&self, advance_rate: f64, discount: f64) -> ReserveBound {
        let fee = self.plan.totals(advance_rate, discount);
        self.outlook.reserve_bound(advance_rate, fee, self.dilution, &self.adequacy)
    }

    /// Whether the reserve is large enough at an advance rate and a discount rate.
    pub fn is_adequate(&self, advance_rate: f64, discount: f64) -> bool {
        self.bound(advance_rate, discount).strain() <= 0.0
    }

    /// P(dilution + fee > reserve) at an advance rate and a discount rate.
    pub fn shortfall_probability(&self, advance_rate: f64, discount: f64) -> f64 {
        self.bound(advance_rate, discount).probability
    }

    /// The largest advance rate within its bounds at which some price reaches the hurdle: the less
    /// is advanced on the same fee, the more it returns.
    fn highest_priced(&self) -> Result<Result<f64, Infeasible>, PricingError> {
        let (low, high) = (self.advances.lowest.to_f64(), self.advances.highest.to_f64());
        if self.discount(high)?.is_ok() {
            return Ok(Ok(high));
        }
        if let Err(infeasible) = self.discount(low)? {
            return Ok(Err(infeasible));
        }
        let dearest = self.discounts.highest.to_f64();
        let root = bracketed("the hurdle", low, high, |rate| self.surplus(rate, dearest))?;
        // The bracket closes around the root; the side that reaches the hurdle is meant.
        let reached = self.surplus(root, dearest) >= 0.0;
        Ok(Ok(if reached { root } else { (root - NUDGE).max(low) }))
    }

    /// The largest advance rate within its bounds at which the reserve is large enough for dilution
    /// and the fee that meets the hurdle, before it is rounded to a step.
    ///
    /// # Errors
    /// [`Infeasible`] as the inner error.
    pub fn advance(&self) -> Result<Result<f64, Infeasible>, PricingError> {
        let low = self.advances.lowest.to_f64();
        let high = match self.highest_priced()? {
            Ok(high) => high,
            Err(infeasible) => return Ok(Err(infeasible)),
        };
        let bound = |rate: f64| -> Result<ReserveBound, PricingError> {
            let discount = self.discount(rate)?.unwrap_or(self.discounts.highest.to_f64());
            Ok(self.bound(rate, discount))
        };
        if bound(high)?.strain() <= 0.0 {
            return Ok(Ok(high));
        }
        let lowest = bound(low)?;
        if lowest.strain() > 0.0 {
            return Ok(Err(Infeasible::Reserve { lowest: self.advances.lowest, bound: lowest }));
        }
        let solved = bracketed("the reserve", low, high, |rate| {
            bound(rate).map_or(f64::NAN, |bound| bound.strain())
        })?;
        // As above, on the side that meets the bound.
        let met = bound(solved)?.strain() <= 0.0;
        Ok(Ok(if met { solved } else { (solved - NUDGE).max(low) }))
    }
}
