//! The leading rate: the rate of a plan's first component that pricing solves for.

use rust_decimal::Decimal;

use basics::Rate;

use super::{FeeComponent, FeePlan};

/// Decimals of a quoted rate in decimal form: 0.0001 %.
const QUOTED: u32 = 6;

/// Decimals of a rate in decimal form that is being searched for.
const SEARCHED: u32 = 16;

impl FeePlan {
    /// Returns the leading rate: the rate of a flat fee, of the first tier, of the first period or
    /// of a day, or the spread over the benchmark.
    pub fn leading_rate(&self) -> Rate {
        self.components.first().map_or(Rate::default(), FeeComponent::leading_rate)
    }

    /// Returns the plan at another leading rate. The other rates of the first component keep their
    /// proportion to it, to 0.0001 %; the second component stays as it is.
    #[must_use]
    pub fn with_leading_rate(&self, rate: Rate) -> Self {
        self.scaled_to(rate, QUOTED)
    }

    fn scaled_to(&self, rate: Rate, decimals: u32) -> Self {
        let mut plan = self.clone();
        if let Some(first) = plan.components.first_mut() {
            first.set_leading_rate(rate, decimals);
        }
        plan
    }

    /// As [`FeePlan::with_leading_rate`], for a rate in decimal form that is being searched for.
    #[must_use]
    pub(crate) fn at_leading_rate(&self, rate: f64) -> Self {
        let rate = Decimal::from_f64_retain(rate).unwrap_or_default().round_dp(SEARCHED);
        self.scaled_to(Rate::from_fraction(rate), SEARCHED)
    }
}

impl FeeComponent {
    fn leading_rate(&self) -> Rate {
        match self {
            Self::Flat { percent, .. } => *percent,
            Self::Tiered { first_percent, .. } => *first_percent,
            Self::Periods { periods, .. } => {
                periods.first().map_or(Rate::default(), |period| period.percent)
            }
            Self::PerDiem { percent_per_day, .. } => *percent_per_day,
            Self::PrimePlus(benchmark) => benchmark.spread_percent,
        }
    }

    fn set_leading_rate(&mut self, rate: Rate, decimals: u32) {
        let before = self.leading_rate().fraction();
        // Without a leading rate there is no proportion to keep.
        let ratio = rate.fraction().checked_div(before).unwrap_or(Decimal::ONE);
        let scaled = |other: Rate| {
            let product = other.fraction().checked_mul(ratio).unwrap_or_default();
            Rate::from_fraction(product.round_dp(decimals))
        };
        match self {
            Self::Flat { percent, .. } => *percent = rate,
            Self::Tiered { first_percent, step_percent, .. } => {
                *step_percent = scaled(*step_percent);
                *first_percent = rate;
            }
            Self::Periods { periods, .. } => {
                // The first period is scaled with the others and then set exactly, free of
                // rounding.
                periods.iter_mut().for_each(|period| period.percent = scaled(period.percent));
                if let Some(first) = periods.first_mut() {
                    first.percent = rate;
                }
            }
            Self::PerDiem { percent_per_day, .. } => *percent_per_day = rate,
            // The benchmark is the market's: only the spread is the factor's to set.
            Self::PrimePlus(benchmark) => benchmark.spread_percent = rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_keep_their_proportion() {
        let percent = |text: &str| Rate::from_percent(text.parse().expect("a decimal"));
        let tiered = |first: &str, step: &str| {
            FeePlan::new(vec![FeeComponent::Tiered {
                first_percent: percent(first),
                first_days: 30,
                step_percent: percent(step),
                step_days: 10,
                prorated: false,
            }])
        };
        let plan = tiered("3", "1");
        assert_eq!(plan.leading_rate(), percent("3"));
        assert_eq!(plan.with_leading_rate(percent("2.4")), tiered("2.4", "0.8"));
        assert_eq!(plan.with_leading_rate(percent("3")), plan);
    }
}
