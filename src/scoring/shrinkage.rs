//! The shrinkage of a debtor's own history towards the pool, from coarse to fine.

use super::hazard::{Age, AgeTable, RiskTable};

/// Half-widths in days of age over which payments seen are compared with payments expected, and the
/// number of expected payments added to both sides.
const LEVELS: [(Age, f64); 6] = [(30, 5.0), (14, 5.0), (5, 5.0), (2, 5.0), (1, 5.0), (0, 10.0)];

/// Number of expected payments at which a debtor's whole history counts half.
pub(super) const HALF: f64 = LEVELS[0].1;

/// Days of age around a debtor's history over which it still counts.
const REACH: Age = LEVELS[0].0;

/// Highest daily hazard that a history can show.
const HIGHEST: f64 = 0.95;

/// The daily hazard of collection of one debtor around the ages that its history spans; elsewhere
/// the pool's holds.
#[derive(Debug, Clone, Default)]
pub(super) struct DebtorHazard {
    first: Age,
    values: Vec<f64>,
}

impl DebtorHazard {
    /// Starts from the pool's hazard h and, at every level and age, multiplies it by (O + k) / (E +
    /// k), with O the payments seen within the half-width and E those expected by the hazard of the
    /// level before: the posterior mean of a gamma-distributed factor around 1 with shape k, given
    /// a Poisson count (Gelman et al., Bayesian Data Analysis, 2.6). So a few payments move the
    /// whole neighbourhood a little, and many move the very day.
    ///
    /// `weight`, from 0 to 1, is the weight of the history as a whole.
    pub fn new(own: &RiskTable, pool: &AgeTable, weight: f64) -> Self {
        let ages = own.ages();
        if weight <= 0.0 || ages.is_empty() {
            return Self::default();
        }
        let first = ages.start() - REACH;
        let ages = first..=ages.end() + REACH;
        let mut values: Vec<f64> = ages.clone().map(|age| pool.at(age)).collect();
        // Sums before each age, so that every window is a difference.
        let mut seen = vec![0.0; values.len() + 1];
        for (at, age) in ages.clone().enumerate() {
            seen[at + 1] = seen[at] + weight * own.collected(age);
        }
        let at_risk: Vec<f64> = ages.map(|age| weight * own.at_risk(age)).collect();
        let mut expected = vec![0.0; values.len() + 1];
        for (half_width, prior) in LEVELS {
            for (at, (hazard, at_risk)) in values.iter().zip(&at_risk).enumerate() {
                expected[at + 1] = expected[at] + hazard * at_risk;
            }
            let last = values.len() - 1;
            for (at, hazard) in values.iter_mut().enumerate() {
                let from = at.saturating_sub(half_width as usize);
                let to = (at + half_width as usize).min(last) + 1;
                let (seen, expected) = (seen[to] - seen[from], expected[to] - expected[from]);
                *hazard = (*hazard * (seen + prior) / (expected + prior)).min(HIGHEST);
            }
        }
        Self { first, values }
    }

    /// Returns the hazard at `age`; `None` if the history tells nothing.
    pub fn at(&self, age: Age) -> Option<f64> {
        let index = usize::try_from(age.saturating_sub(self.first)).ok()?;
        self.values.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::hazard::ALL;
    use super::super::{End, Spell};
    use super::*;

    fn paid(age: Age) -> Spell {
        Spell { debtor: 0, entry: -30, exit: age, end: End::Collected, ago: 0 }
    }

    fn hazard(spells: &[Spell], weight: f64) -> DebtorHazard {
        let pool = AgeTable::from_fn(ALL, |_| 0.05);
        DebtorHazard::new(&RiskTable::from_spells(spells), &pool, weight)
    }

    #[test]
    fn without_history_or_weight_the_pool_holds() {
        assert_eq!(hazard(&[], 1.0).at(3), None);
        assert_eq!(hazard(&[paid(3)], 0.0).at(3), None);
        assert_eq!(hazard(&[paid(3)], 1.0).at(3 + REACH + 1), None);
    }

    #[test]
    fn one_payment_moves_its_neighbourhood_a_little() {
        let one = hazard(&[paid(10)], 1.0);
        let at = |age| one.at(age).expect("near");
        assert!(at(10) > at(12) && at(12) > at(15), "{} {} {}", at(10), at(12), at(15));
        assert!(at(10) < 0.12 && at(-25) < 0.05, "{} {}", at(10), at(-25));
    }

    #[test]
    fn many_payments_on_one_day_make_it_almost_sure() {
        let many = hazard(&vec![paid(10); 40], 1.0);
        let at = |age| many.at(age).expect("near");
        assert!(at(10) > 0.8 && at(5) < 0.02, "{} {}", at(10), at(5));
    }

    #[test]
    fn a_factor_is_the_posterior_mean() {
        // One level, one age: prior gamma(k, k) times Poisson(E) gives (O + k) / (E + k). With all
        // windows equal (a history of one age, at risk only there) the levels chain.
        let spell = Spell { debtor: 0, entry: 9, exit: 10, end: End::Collected, ago: 0 };
        let own = RiskTable::from_spells(&[spell; 3]);
        let found = DebtorHazard::new(&own, &AgeTable::from_fn(ALL, |_| 0.2), 1.0);
        let expected = LEVELS.iter().fold(0.2, |h, (_, k)| h * (3.0 + k) / (3.0 * h + k));
        assert!((found.at(10).expect("at risk") - expected.min(HIGHEST)).abs() < 1e-12);
    }
}
