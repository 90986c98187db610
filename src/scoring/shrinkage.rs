//! How far a debtor's own history may move it away from the pool: empirical Bayes by the method of
//! moments.

use super::hazard::{Age, RiskTable};

/// Least and most weight of the pool, in invoices at risk. The least keeps a debtor with two paid
/// invoices near the pool, however much debtors differ: its own days count for 2 / (2 + 5). The
/// most lets a debtor with a long history of its own leave the pool even where other debtors do not
/// differ.
const WEAKEST: f64 = 5.0;
const STRONGEST: f64 = 50.0;

/// Sums over the days of debtors from which the weight of the pool follows.
///
/// The hazard of a debtor on a day of age is taken as beta distributed around the pooled hazard h
/// with weight w; then two invoices of one debtor at risk on one day are paid on it with
/// correlation `rho = 1 / (w + 1)`. Of n at risk with e paid, the products of the pairs sum to
/// `(e - n h)^2 - (e (1 - 2 h) + n h^2)`, with expectation `n (n - 1) rho h (1 - h)`. Every
/// debtor-day counts by the mean over its pairs, so that large debtors, whose history speaks for
/// itself, do not drown the small ones for whom the weight matters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DayPairs {
    products: f64,
    variances: f64,
}

impl DayPairs {
    /// Takes in every day of one debtor on which two or more of its invoices are at risk.
    pub fn add(&mut self, table: &RiskTable, hazard: impl Fn(Age) -> f64) {
        for age in table.ages() {
            let n = table.at_risk(age);
            if n < 2.0 {
                continue;
            }
            let (e, h) = (table.collected(age), hazard(age));
            let products = (e - n * h).powi(2) - (e * (1.0 - 2.0 * h) + n * h * h);
            self.products += products / (n * (n - 1.0));
            self.variances += h * (1.0 - h);
        }
    }

    /// The weight w = 1 / rho - 1 of the pool, within its bounds. Without any correlation debtors
    /// do not differ, and the pool counts for the most.
    pub fn weight(self) -> f64 {
        if self.products <= 0.0 {
            return STRONGEST;
        }
        (self.variances / self.products - 1.0).clamp(WEAKEST, STRONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{End, Spell};
    use super::*;

    /// 40 debtors with four invoices at risk on one day, of which `paid(debtor)` are paid on it.
    fn weight(paid: fn(usize) -> usize) -> f64 {
        let mut pairs = DayPairs::default();
        for debtor in 0..40 {
            let end = |i| if i < paid(debtor) { End::Collected } else { End::Open };
            let spells: Vec<_> =
                (0..4).map(|i| Spell { debtor, entry: 0, exit: 1, end: end(i) }).collect();
            pairs.add(&RiskTable::from_spells(&spells), |_| 0.5);
        }
        pairs.weight()
    }

    #[test]
    fn debtors_that_do_not_differ_leave_the_pool_in_charge() {
        assert!(weight(|_| 2) >= STRONGEST);
    }

    #[test]
    fn debtors_that_pay_all_or_nothing_weaken_the_pool_to_its_floor() {
        assert!((weight(|debtor| 4 * (debtor % 2)) - WEAKEST).abs() < 1e-12);
    }

    #[test]
    fn the_weight_is_that_of_the_defining_correlation() {
        // Counts 0 to 4 of four as a beta(3, 3) binomial gives them: weight 6, rho = 1/7.
        // P(k) x 252 = C(4,k) B(k+3, 7-k) / B(3,3) x 252 = 30, 60, 72, 60, 30.
        let mut pairs = DayPairs::default();
        for (paid, times) in [(0, 30), (1, 60), (2, 72), (3, 60), (4, 30)] {
            let end = |i| if i < paid { End::Collected } else { End::Open };
            let spells: Vec<_> =
                (0..4).map(|i| Spell { debtor: 0, entry: 0, exit: 1, end: end(i) }).collect();
            for _ in 0..times {
                pairs.add(&RiskTable::from_spells(&spells), |_| 0.5);
            }
        }
        assert!((pairs.weight() - 6.0).abs() < 1e-9, "{}", pairs.weight());
    }
}
