use rust_decimal::{Decimal, RoundingStrategy};

use basics::Rate;

use super::super::{PricingError, solve::bracketed};
use super::adequacy::ReserveBound;
use super::{AdequacyTerms, CapitalTerms, DebtorDilution, OpenPlan, PoolOutlook, PoolResult};

/// A step beyond the width to which a root is bracketed, towards the side that meets the bound.
const NUDGE: f64 = 1e-12;

/// The return that a price has to bring, and the costs that it has to cover. Rates in decimal form,
/// amounts in major units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceTerms {
    /// Return on funds employed to be reached after all costs, per year.
    pub hurdle: f64,
    /// Cost of the factor's own money, per year of 365 days.
    pub cost_of_funds: f64,
    /// Cost of handling one invoice.
    pub operating_cost: f64,
    /// Terms of the charge for unexpected loss.
    pub capital: CapitalTerms,
}

/// The range of rates that may be quoted, and the step between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotable {
    /// Lowest rate.
    pub lowest: Rate,
    /// Highest rate.
    pub highest: Rate,
    /// Step of which quoted rates are multiples.
    pub step: Rate,
}

impl Quotable {
    /// Returns the multiple of the step at or below a rate.
    pub fn down(&self, rate: f64) -> Rate {
        self.stepped(rate, RoundingStrategy::ToNegativeInfinity)
    }

    /// Returns the multiple of the step at or above a rate.
    pub fn up(&self, rate: f64) -> Rate {
        self.stepped(rate, RoundingStrategy::ToPositiveInfinity)
    }

    fn stepped(&self, rate: f64, to: RoundingStrategy) -> Rate {
        let step = self.step.fraction();
        // A rate solved to 1e-12 that lies on a step must not be rounded to the next one.
        let exact = Decimal::from_f64_retain(rate).unwrap_or_default().round_dp(11);
        let steps = exact.checked_div(step).unwrap_or_default().round_dp_with_strategy(0, to);
        let stepped = Rate::from_fraction(steps * step);
        // A bound need not be a multiple of the step, and rounding may pass it.
        stepped.clamp(self.lowest, self.highest)
    }
}

/// A pool, the terms that it has to meet, and the plan whose rate is open.
///
/// ```text
/// return on funds = (fees - loss - funding - handling - charge on capital) / funds years
/// funds years     = (advance - prepaid charges) x mean days out / 365
/// discount rate   = the smallest at which the return on funds reaches the hurdle
/// advance rate    = the largest at which P(dilution + fee > reserve) stays within the tolerance
/// menu            = other advance rates, each at the discount rate that brings the same return,
///                   to 1e-9 before it is rounded up to a step
/// ```
///
/// All are expectations over the collection curves. Source: return on funds employed, as the trade
/// computes it; the bound on the reserve is that of [`AdequacyTerms`].
#[derive(Debug)]
pub struct PoolTerms<'a> {
    /// The expected collections and losses of the pool.
    pub outlook: &'a PoolOutlook<'a>,
    /// The expected dilution of the debtors.
    pub dilution: &'a [DebtorDilution],
    /// The bounds on the reserve.
    pub adequacy: AdequacyTerms,
    /// The return that the price has to bring.
    pub price: PriceTerms,
    /// Advance rates that may be quoted.
    pub advances: Quotable,
    /// Discount rates that may be quoted.
    pub discounts: Quotable,
    /// The fee plan to the last day of recourse of the pool; its leading rate is solved for.
    pub plan: OpenPlan<'a>,
    /// Charges at the purchase, in major units.
    pub prepaid: f64,
}

/// The reason why no terms meet the policy, with the bounds that were tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Infeasible {
    /// At the highest discount rate the return on funds is still below the hurdle.
    Return {
        /// The highest discount rate.
        highest: Rate,
        /// The return at that rate.
        found: f64,
        /// The hurdle.
        hurdle: f64,
    },
    /// At the lowest advance rate the reserve is still too small.
    Reserve {
        /// The lowest advance rate.
        lowest: Rate,
        /// The reserve beside its bounds at that rate.
        bound: ReserveBound,
    },
}

impl PoolTerms<'_> {
    /// Returns earnings and costs at an advance rate and a discount rate, in decimal form.
    pub fn result(&self, advance_rate: f64, discount: f64) -> PoolResult {
        let fee = self.plan.totals(advance_rate, discount);
        self.outlook.result(advance_rate, fee, self.prepaid, &self.price)
    }

    fn surplus(&self, advance_rate: f64, discount: f64) -> f64 {
        let found = self.result(advance_rate, discount).return_on_funds();
        found.unwrap_or(0.0) - self.price.hurdle
    }

    /// Returns the smallest discount rate within its range at which the return reaches the hurdle,
    /// before it is rounded to a step.
    ///
    /// # Errors
    /// The inner error is [`Infeasible::Return`] if the highest rate is not enough; the outer one
    /// is a [`PricingError`] if the search fails.
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

    /// True if the reserve is large enough at an advance rate and a discount rate.
    pub fn is_adequate(&self, advance_rate: f64, discount: f64) -> bool {
        self.bound(advance_rate, discount).strain() <= 0.0
    }

    /// Returns P(dilution + fee > reserve) at an advance rate and a discount rate.
    pub fn shortfall_probability(&self, advance_rate: f64, discount: f64) -> f64 {
        self.bound(advance_rate, discount).probability
    }

    /// Returns the largest advance rate within its range at which some price reaches the hurdle:
    /// the less is advanced against the same fee, the more it returns.
    fn highest_priced(&self) -> Result<Result<f64, Infeasible>, PricingError> {
        let (low, high) = (self.advances.lowest.to_f64(), self.advances.highest.to_f64());
        if self.discount(high)?.is_ok() {
            return Ok(Ok(high));
        }
        if let Err(infeasible) = self.discount(low)? {
            return Ok(Err(infeasible));
        }
        let dearest = self.discounts.highest.to_f64();
        // The most that is advanced is where the dearest price only just reaches the hurdle.
        let root = bracketed("the hurdle", low, high, |rate| self.surplus(rate, dearest))?;
        // The bracket closes around the root from both sides; the side that reaches the hurdle is
        // wanted.
        let reached = self.surplus(root, dearest) >= 0.0;
        Ok(Ok(if reached { root } else { (root - NUDGE).max(low) }))
    }

    /// Returns the largest advance rate within its range at which the reserve is large enough for
    /// dilution and the fee that meets the hurdle, before it is rounded to a step.
    ///
    /// # Errors
    /// The inner error is [`Infeasible`] if no advance rate within the range meets the policy; the
    /// outer one is a [`PricingError`] if the search fails.
    pub fn advance(&self) -> Result<Result<f64, Infeasible>, PricingError> {
        let low = self.advances.lowest.to_f64();
        let high = match self.highest_priced()? {
            Ok(high) => high,
            Err(infeasible) => return Ok(Err(infeasible)),
        };
        let bound = |rate: f64| -> Result<ReserveBound, PricingError> {
            // Up to `high` some price is enough; at its very edge rounding may deny it.
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
        // As above: the side that meets the bound is wanted.
        let met = bound(solved)?.strain() <= 0.0;
        Ok(Ok(if met { solved } else { (solved - NUDGE).max(low) }))
    }
}
