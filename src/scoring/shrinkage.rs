//! How far a debtor's own history may move it away from the pool: empirical Bayes by the method of moments.

use super::hazard::{Age, RiskTable};

/// The strength of the pool against a debtor's own history. Both are counted in observations of the pool and never
/// fall below [`WEAKEST`], so that a debtor with two paid invoices stays near the pool however much debtors differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shrinkage {
    /// Gamma prior on a debtor's payment speed: shape and rate both this many expected payments.
    pub speed: f64,
    /// Beta prior on a debtor's hazard of each day: this many invoices at risk.
    pub day: f64,
}

/// Least and most weight of the pool, in observations.
const WEAKEST: f64 = 5.0;
const STRONGEST: f64 = 10_000.0;

/// What the pool expects of one debtor and what was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    /// Payments that the pooled hazard expects over the debtor's time at risk.
    pub expected: f64,
    /// Payments seen.
    pub observed: f64,
}

/// The weight of the gamma prior: with speed theta of mean 1 and variance 1/w, payments O of expectation E have
/// variance E + E^2 / w, so w = sum E^2 / sum((O - E)^2 - E).
pub(super) fn speed_weight(debtors: &[Expected]) -> f64 {
    let squares: f64 = debtors.iter().map(|d| d.expected * d.expected).sum();
    let excess: f64 = debtors.iter().map(|d| (d.observed - d.expected).powi(2) - d.expected).sum();
    within(squares / excess)
}

/// Sums over the day cells of debtors that estimate the weight of the beta prior.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DayCells {
    excess: f64,
    pairs: f64,
}

impl DayCells {
    /// Takes in every day of one debtor: `hazard` is what is expected of it.
    pub fn add(&mut self, table: &RiskTable, hazard: impl Fn(Age) -> f64) {
        for age in table.ages() {
            let n = table.at_risk(age);
            if n < 2.0 {
                continue;
            }
            let h = hazard(age);
            let variance = h * (1.0 - h);
            self.excess += (table.collected(age) - n * h).powi(2) - n * variance;
            self.pairs += n * (n - 1.0) * variance;
        }
    }

    /// The weight w = 1/rho - 1, where a beta-binomial count has variance n h (1-h) (1 + (n-1) rho).
    pub fn weight(self) -> f64 {
        within(self.pairs / self.excess - 1.0)
    }
}

fn within(weight: f64) -> f64 {
    // No excess variance at all means that debtors do not differ: the pool counts for everything.
    if weight.is_finite() && weight > 0.0 { weight.clamp(WEAKEST, STRONGEST) } else { STRONGEST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_debtors_leave_the_pool_in_charge() {
        let equal = [Expected { expected: 10.0, observed: 10.0 }; 5];
        assert_eq!(speed_weight(&equal), STRONGEST);
    }

    #[test]
    fn unequal_debtors_weaken_the_pool_down_to_its_floor() {
        let unequal = [(10.0, 30.0), (10.0, 1.0), (10.0, 25.0)]
            .map(|(expected, observed)| Expected { expected, observed });
        // sum E^2 = 300; sum((O-E)^2 - E) = 400 + 81 + 225 - 30 = 676
        assert_eq!(speed_weight(&unequal), WEAKEST);
        let mild = [(100.0, 130.0), (100.0, 80.0)]
            .map(|(expected, observed)| Expected { expected, observed });
        // 20000 / (900 + 400 - 200)
        assert!((speed_weight(&mild) - 20_000.0 / 1_100.0).abs() < 1e-12);
    }
}
