use rayon::prelude::*;

use super::metrics::{losses, pairs};
use super::{Case, Forecast, HORIZONS};
use crate::boost::mixed;

/// A difference with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    /// The difference.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Smallest number of debtors that is worth drawing from.
const FEWEST_DEBTORS: usize = 10;

/// Differences between two sets of forecasts for the same cases, with intervals by drawing debtors
/// repeatedly, because invoices of one debtor are not independent (cluster bootstrap: Cameron,
/// Gelbach and Miller 2008).
#[derive(Debug)]
pub struct DebtorDraws {
    debtors: Vec<usize>,
    draws: usize,
    seed: u64,
}

impl DebtorDraws {
    /// Creates draws for these cases.
    pub fn new(cases: &[(Case, Forecast)], draws: usize, seed: u64) -> Self {
        let mut debtors: Vec<usize> = cases.iter().map(|(case, _)| case.debtor).collect();
        debtors.sort_unstable();
        debtors.dedup();
        Self { debtors, draws, seed }
    }

    /// Returns the differences of `a` less `b` in mean Brier score and mean log-loss over the
    /// horizons; negative if `a` is better. `None` for fewer than 10 debtors, of which draws say
    /// nothing.
    pub fn differences(
        &self,
        a: &[(Case, Forecast)],
        b: &[(Case, Forecast)],
    ) -> Option<[Interval; 2]> {
        // An interval from a handful of debtors would look exact and be arbitrary.
        (self.debtors.len() >= FEWEST_DEBTORS).then(|| self.of_drawn(a, b))
    }

    fn of_drawn(&self, a: &[(Case, Forecast)], b: &[(Case, Forecast)]) -> [Interval; 2] {
        // Summed by debtor once: each draw then only weighs the sums.
        let sums = [0, 1].map(|loss| {
            let at = |place| self.sums(a, b, place, loss);
            (0..HORIZONS.len()).map(at).collect::<Vec<Vec<(f64, f64)>>>()
        });
        let drawn: Vec<[f64; 2]> = (0..self.draws)
            .into_par_iter()
            .map(|draw| {
                let counts = self.counts(draw);
                sums.each_ref().map(|sums| mean_over_horizons(sums, |debtor| counts[debtor]))
            })
            .collect();
        [0, 1].map(|loss| {
            let value = mean_over_horizons(&sums[loss], |_| 1.0);
            let mut drawn: Vec<f64> = drawn.iter().map(|both| both[loss]).collect();
            drawn.sort_unstable_by(f64::total_cmp);
            let quantile = |share: f64| {
                let place = share * (drawn.len().max(1) - 1) as f64;
                drawn.get(place.round() as usize).copied().unwrap_or(value)
            };
            Interval { value, low: quantile(0.025), high: quantile(0.975) }
        })
    }

    /// Returns the difference of the losses and the number of known outcomes, by debtor.
    fn sums(
        &self,
        a: &[(Case, Forecast)],
        b: &[(Case, Forecast)],
        place: usize,
        loss: usize,
    ) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); self.debtors.len()];
        let known = a.iter().filter(|(case, _)| case.outcome(HORIZONS[place]).is_some());
        // `pairs` leaves out the same cases, so that the three stay side by side.
        let both = pairs(a, place).into_iter().zip(pairs(b, place));
        for ((case, _), ((ours, happened), (theirs, _))) in known.zip(both) {
            let Ok(debtor) = self.debtors.binary_search(&case.debtor) else { continue };
            sums[debtor].0 += losses(ours, happened)[loss] - losses(theirs, happened)[loss];
            sums[debtor].1 += 1.0;
        }
        sums
    }

    /// Returns how often each debtor is drawn.
    fn counts(&self, draw: usize) -> Vec<f64> {
        let debtors = self.debtors.len() as u64;
        let mut counts = vec![0.0; self.debtors.len()];
        for place in 0..debtors {
            // The upper bits times the number of debtors: no division, and no bias that matters.
            let bits = u128::from(mixed(self.seed, draw as u64, place));
            counts[((bits * u128::from(debtors)) >> 64) as usize] += 1.0;
        }
        counts
    }
}

fn mean_over_horizons(sums: &[Vec<(f64, f64)>], weight: impl Fn(usize) -> f64) -> f64 {
    let means: Vec<f64> = sums
        .iter()
        .filter_map(|by_debtor| {
            let weighted = by_debtor.iter().enumerate().map(|(debtor, &(sum, count))| {
                let weight = weight(debtor);
                (weight * sum, weight * count)
            });
            let (sum, count) = weighted.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
            (count > 0.0).then(|| sum / count)
        })
        .collect();
    means.iter().sum::<f64>() / means.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(probability: impl Fn(usize) -> f64) -> Vec<(Case, Forecast)> {
        (0..400_usize)
            .map(|i| {
                let case = Case {
                    origin: 0,
                    known_until: 100,
                    collected: i.is_multiple_of(2).then_some(5),
                    debtor: i / 4,
                    amount: 1.0,
                    paid_before: 0,
                };
                (case, Forecast { within: [probability(i); 5], days: [1, 2, 3] })
            })
            .collect()
    }

    #[test]
    fn the_better_forecast_is_below_zero_with_its_whole_interval() {
        let sharp = cases(|i| if i % 2 == 0 { 0.8 } else { 0.3 });
        let flat = cases(|_| 0.5);
        let draws = DebtorDraws::new(&sharp, 200, 1);
        let [brier, _] = draws.differences(&sharp, &flat).expect("100 debtors");
        // (0.04 + 0.09) / 2 - 0.25
        assert!((brier.value + 0.185).abs() < 1e-12, "{brier:?}");
        assert!(brier.low <= brier.value && brier.value <= brier.high && brier.high < 0.0);
        let [same, _] = draws.differences(&flat, &flat).expect("100 debtors");
        assert_eq!((same.value, same.low, same.high), (0.0, 0.0, 0.0));
        let few = DebtorDraws::new(&sharp[..36], 200, 1);
        assert!(few.differences(&sharp[..36], &flat[..36]).is_none(), "nine debtors");
    }

    #[test]
    fn draws_differ_and_repeat() {
        let draws = DebtorDraws::new(&cases(|_| 0.5), 3, 1);
        assert_ne!(draws.counts(0), draws.counts(1));
        assert_eq!(draws.counts(2), draws.counts(2));
        assert!((draws.counts(0).iter().sum::<f64>() - 100.0).abs() < 1e-12);
    }
}
