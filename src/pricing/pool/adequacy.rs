use statrs::distribution::{ContinuousCDF, Gamma};

use super::{FeeTotals, PoolOutlook};

/// The expected dilution of a debtor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DebtorDilution {
    /// Amount bought of this debtor, in major units.
    pub amount: f64,
    /// Expected share that is credited instead of paid.
    pub expected: f64,
    /// Standard deviation of that share.
    pub spread: f64,
    /// Number of equal debtors that it stands for, itself included.
    pub debtors: u32,
}

/// The policy's bounds on the reserve.
///
/// Dilution and fee of the pool are described by the mean and variance of their sum, with
/// debtors correlated, as a gamma variable of shape 4:
///
/// ```text
/// mean     = (sum of diluted amounts + fees) / amount
/// variance = rho (sum of a s)^2 + (1 - rho) sum of (a s)^2, over amount^2, and that of the fee
/// bound    = P(dilution + fee > 1 - advance rate) <= tolerance
/// ```
///
/// a is the amount bought of a debtor, s the standard deviation of its dilution, rho the
/// correlation. Optionally the mean shortfall of the worst cases, credit loss included, is bounded
/// as well. Source: defined here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdequacyTerms {
    /// Largest allowed P(dilution + fee > reserve).
    pub tolerance: f64,
    /// Correlation of the debtors' dilution, and of the days on which they pay.
    pub correlation: f64,
    /// Confidence, and largest mean shortfall as a share of the amount bought: the mean of
    /// dilution, fee and credit loss beyond the reserve in the cases worse than the confidence.
    pub shortfall: Option<(f64, f64)>,
}

/// Dilution and fee, which are taken out of the reserve: mean and standard deviation, as shares of
/// the amount bought.
///
/// The distribution is assumed to be skewed to the right like a gamma variable of shape 4 (skewness
/// 1: most pools dilute little, some a lot), shifted and scaled to these moments. With one shape
/// for all pools, more mean and more spread are always more risk as long as the reserve exceeds the
/// mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Takings {
    mean: f64,
    spread: f64,
}

/// Shape of the gamma variable.
const SHAPE: f64 = 4.0;

/// Returns P(G > x) of a gamma variable of this shape and rate 1.
fn tail(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    // Shapes are constants above 0; a NaN would end the search for lack of a root.
    Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.sf(x))
}

impl Takings {
    /// Converts an amount to a value of the gamma variable.
    fn standard(self, amount: f64) -> f64 {
        SHAPE + SHAPE.sqrt() * (amount - self.mean) / self.spread
    }

    fn is_certain(self) -> bool {
        self.spread <= 1e-12
    }

    /// Returns P(takings > reserve).
    fn beyond(self, reserve: f64) -> f64 {
        if self.is_certain() {
            return if self.mean > reserve { 1.0 } else { 0.0 };
        }
        tail(SHAPE, self.standard(reserve))
    }

    /// Returns the mean of max(takings - reserve, 0) in the cases worse than the `q` quantile.
    fn shortfall(self, reserve: f64, q: f64) -> f64 {
        if self.is_certain() {
            return (self.mean - reserve).max(0.0);
        }
        let quantile = Gamma::new(SHAPE, 1.0).map_or(f64::NAN, |gamma| gamma.inverse_cdf(q));
        // Cases beyond the quantile that the reserve still covers add nothing.
        let from = quantile.max(self.standard(reserve));
        let per_unit = self.spread / SHAPE.sqrt();
        // E[G; G > a] = shape x P(G' > a), with G' one step of shape further.
        let above = SHAPE * tail(SHAPE + 1.0, from) - SHAPE * tail(SHAPE, from);
        ((self.mean - reserve) * tail(SHAPE, from) + per_unit * above) / (1.0 - q)
    }
}

impl PoolOutlook<'_> {
    /// Returns the moments of dilution and fee. Debtors depend on a common factor: their variances
    /// are added with the correlation between them.
    fn takings(&self, fee: FeeTotals, dilution: &[DebtorDilution], correlation: f64) -> Takings {
        let amount = self.amount;
        let sum = |of: fn(&DebtorDilution) -> f64| -> f64 {
            dilution.iter().map(|d| f64::from(d.debtors) * of(d)).sum()
        };
        let diluted = sum(|d| d.amount * d.expected);
        let together = sum(|d| d.amount * d.spread);
        let apart = sum(|d| (d.amount * d.spread).powi(2));
        let of_dilution = correlation * together * together + (1.0 - correlation) * apart;
        // Part of the swing is common to all debtors; the rest evens out over many of them.
        let of_fee =
            fee.spread * fee.spread * (correlation + (1.0 - correlation) * self.concentration);
        Takings {
            mean: (diluted + fee.fees) / amount,
            spread: (of_dilution / (amount * amount) + of_fee).sqrt(),
        }
    }

    /// Compares the reserve with the policy's bounds.
    pub(super) fn reserve_bound(
        &self,
        advance_rate: f64,
        fee: FeeTotals,
        dilution: &[DebtorDilution],
        terms: &AdequacyTerms,
    ) -> ReserveBound {
        let takings = self.takings(fee, dilution, terms.correlation);
        let reserve = 1.0 - advance_rate;
        let shortfall = terms.shortfall.map(|(confidence, most)| {
            // Credit loss falls on the same reserve: its mean and what is held against it.
            let lost = Takings {
                // A third of the loss at the confidence stands in for its standard deviation.
                mean: takings.mean + advance_rate * self.lost / self.amount,
                spread: takings.spread.hypot(advance_rate * self.unexpected / self.amount / 3.0),
            };
            (lost.shortfall(reserve, confidence), most)
        });
        ReserveBound { probability: takings.beyond(reserve), tolerance: terms.tolerance, shortfall }
    }
}

/// A reserve beside the policy's bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReserveBound {
    /// P(dilution + fee > reserve).
    pub probability: f64,
    /// Largest probability that the policy tolerates.
    pub tolerance: f64,
    /// Mean shortfall of the worst cases and the largest tolerated one, as shares of the amount
    /// bought.
    pub shortfall: Option<(f64, f64)>,
}

impl ReserveBound {
    /// Returns by how much the bounds are exceeded: at most 0 if the reserve is large enough. It
    /// rises with the advance rate.
    pub(super) fn strain(&self) -> f64 {
        let first = self.probability - self.tolerance;
        // Their units differ, but only the sign and the root of the larger count.
        self.shortfall.map_or(first, |(found, most)| first.max(found - most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_that_of_an_erlang_variable() {
        let takings = Takings { mean: 0.06, spread: 0.03 };
        // Two deviations above the mean: 4 + 2 x 2 = 8; its tail is a sum of Poisson terms.
        let x: f64 = 8.0;
        let erlang = f64::exp(-x) * (1.0 + x + x * x / 2.0 + x * x * x / 6.0);
        assert!((takings.beyond(0.12) - erlang).abs() < 1e-10);
        assert!((takings.beyond(0.0) - 1.0).abs() < 1e-15, "two deviations below is the least");
        assert!(takings.beyond(0.12) < Takings { spread: 0.04, ..takings }.beyond(0.12));
        assert!(takings.beyond(0.12) < Takings { mean: 0.07, ..takings }.beyond(0.12));
    }

    #[test]
    fn the_shortfall_is_the_mean_beyond_the_reserve() {
        use statrs::distribution::Continuous;
        let takings = Takings { mean: 0.06, spread: 0.03 };
        let gamma = Gamma::new(SHAPE, 1.0).expect("a gamma");
        // Integrated by hand over the worst tenth, for a reserve below and one above its start.
        for reserve in [0.05, 0.13] {
            let (from, to, steps) = (gamma.inverse_cdf(0.9), 60.0, 400_000);
            let width = (to - from) / f64::from(steps);
            let mean: f64 = (0..steps)
                .map(|step| from + (f64::from(step) + 0.5) * width)
                .map(|g| {
                    let taken = 0.06 + 0.03 * (g - 4.0) / 2.0;
                    gamma.pdf(g) * (taken - reserve).max(0.0) * width
                })
                .sum();
            let found = takings.shortfall(reserve, 0.9);
            assert!((found - mean / 0.1).abs() < 1e-6, "{found} {mean}");
        }
    }

    #[test]
    fn without_spread_the_mean_decides() {
        let certain = Takings { mean: 0.05, spread: 0.0 };
        assert!(certain.beyond(0.04) > 0.5 && certain.beyond(0.06) < 0.5);
    }
}
