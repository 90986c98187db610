//! From scenarios to measures: expected loss, quantiles and tail means with their sampling errors,
//! and the contributions to the tail.

use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

use super::Copula;
use super::draws::{Draws, permutation};
use super::kernel::{Common, Kernel};

/// Number of batches, each stratified over the common factor by itself. The sampling error is
/// estimated from their spread.
const BATCHES: usize = 20;

/// Confidence at which contributions are taken.
const CONTRIBUTION: f64 = 0.99;

/// An estimate with its sampling error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// One standard error of sampling.
    pub error: f64,
}

/// The tail beyond a confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailMeasure {
    /// The confidence, such as 0.99.
    pub confidence: f64,
    /// Value at risk: the loss not exceeded with that probability.
    pub value_at_risk: Estimate,
    /// Expected shortfall: the mean of the losses from there on.
    pub expected_shortfall: Estimate,
}

/// The loss distribution of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct LossDistribution {
    /// Mean loss.
    pub expected: Estimate,
    /// Standard deviation of the losses.
    pub deviation: f64,
    /// The tails at 95, 99 and 99.9 %.
    pub tails: Vec<TailMeasure>,
    /// The losses of all scenarios, ascending.
    pub losses: Vec<f64>,
    /// For each name, the mean of its loss in the scenarios beyond the 99 % quantile. Together with
    /// dilution and timing they add up to the expected shortfall (Euler allocation: Tasche 2000).
    pub by_name: Vec<f64>,
    /// The same for each client's debtors and dilution; together with timing they add up as well.
    pub by_client: Vec<f64>,
    /// The same for dilution alone.
    pub dilution: f64,
    /// The same for timing.
    pub timing: f64,
}

pub(super) fn of(kernel: &Kernel, scenarios: usize, seed: u64) -> LossDistribution {
    // A remainder is not run, so that all batches have the same strata.
    let per_batch = scenarios / BATCHES;
    let factors = Factors::new(kernel.copula, per_batch, seed);
    let mut losses = vec![0.0; per_batch * BATCHES];
    // Small enough to share evenly among threads, large enough to reuse the weights' buffer.
    let chunk = 512;
    losses.par_chunks_mut(chunk).enumerate().for_each(|(index, out)| {
        let mut weights = Vec::new();
        for (place, loss) in out.iter_mut().enumerate() {
            let scenario = index * chunk + place;
            let mut draws = Draws::of(seed, scenario as u64);
            let common = factors.of(scenario, &mut draws);
            *loss = kernel.loss(common, &mut draws, &mut weights);
        }
    });
    // Each batch by itself: scenarios within a batch are not independent, batches are.
    let batches: Vec<Vec<f64>> = losses.par_chunks(per_batch).map(sorted).collect();
    let all = sorted(&losses);
    let expected = estimate(mean(&all), batches.iter().map(|batch| mean(batch)));
    let tail = |confidence: f64| TailMeasure {
        confidence,
        value_at_risk: estimate(
            quantile(&all, confidence),
            batches.iter().map(|batch| quantile(batch, confidence)),
        ),
        expected_shortfall: estimate(
            shortfall(&all, confidence),
            batches.iter().map(|batch| shortfall(batch, confidence)),
        ),
    };
    let squares: f64 = all.iter().map(|loss| (loss - expected.value).powi(2)).sum();
    let mut distribution = LossDistribution {
        expected,
        deviation: (squares / all.len() as f64).sqrt(),
        tails: [0.95, 0.99, 0.999].map(tail).to_vec(),
        by_name: vec![0.0; kernel.names],
        by_client: vec![0.0; kernel.client_count()],
        dilution: 0.0,
        timing: 0.0,
        losses: Vec::new(),
    };
    let run = Run { kernel, factors: &factors, seed, losses: &losses };
    run.contributions(&all, &mut distribution);
    distribution.losses = all;
    distribution
}

/// Scenarios that have been run.
struct Run<'a> {
    kernel: &'a Kernel,
    factors: &'a Factors,
    seed: u64,
    losses: &'a [f64],
}

impl Run<'_> {
    /// Returns the scenarios beyond the confidence of the contributions: as many as the shortfall
    /// counts, ties at the quantile in order of their number.
    fn tail(&self, sorted: &[f64]) -> Vec<usize> {
        let from = tail_start(sorted.len(), CONTRIBUTION);
        let order = |at: &usize| self.losses[*at].total_cmp(&sorted[from]);
        let all = 0..self.losses.len();
        let mut tail: Vec<usize> = all.clone().filter(|at| order(at).is_gt()).collect();
        let missing = (sorted.len() - from).saturating_sub(tail.len());
        tail.extend(all.filter(|at| order(at).is_eq()).take(missing));
        tail
    }

    /// Runs the scenarios of the tail again and adds up who lost what in them. Keeping every
    /// default of every scenario would take far more memory than this takes time.
    fn contributions(&self, sorted: &[f64], into: &mut LossDistribution) {
        let tail = self.tail(sorted);
        let share = 1.0 / tail.len() as f64;
        let mut weights = Vec::new();
        // One after the other: a sum of doubles depends on the order of its terms.
        for scenario in tail {
            let mut draws = Draws::of(self.seed, scenario as u64);
            let common = self.factors.of(scenario, &mut draws);
            let by_name = &mut into.by_name;
            let mut diluted = Vec::new();
            let mut defaults: Vec<(u32, f64)> = Vec::new();
            self.kernel.run(
                common,
                &mut draws,
                &mut weights,
                |name, client, loss| {
                    by_name[name as usize] += loss * share;
                    defaults.push((client, loss));
                },
                |client, loss| diluted.push((client, loss)),
            );
            let mut left = self.losses[scenario];
            for &(client, loss) in defaults.iter().chain(&diluted) {
                into.by_client[client as usize] += loss * share;
                left -= loss;
            }
            into.dilution += diluted.iter().map(|(_, loss)| loss).sum::<f64>() * share;
            into.timing += left * share;
        }
    }
}

/// The common factor of each scenario: one in each stratum of its batch, in a random order.
struct Factors {
    per_batch: usize,
    orders: Vec<Vec<u32>>,
    normal: Normal,
    chi: Option<(Gamma, f64, Vec<Vec<u32>>)>,
}

impl Factors {
    fn new(copula: Copula, per_batch: usize, seed: u64) -> Self {
        let orders = |first: u64| -> Vec<Vec<u32>> {
            (0..BATCHES as u64).map(|batch| permutation(seed, first + batch, per_batch)).collect()
        };
        let chi = match copula {
            Copula::Gaussian => None,
            Copula::StudentT { degrees } => {
                let half = f64::from(degrees) / 2.0;
                // Chi-square is a gamma variable of half the degrees and rate 1/2.
                // Streams far beyond those of the common factor, so that the two orders are
                // independent.
                Gamma::new(half, 0.5).ok().map(|law| (law, f64::from(degrees), orders(1 << 20)))
            }
        };
        Self { per_batch, orders: orders(0), normal: Normal::standard(), chi }
    }

    fn of(&self, scenario: usize, draws: &mut Draws) -> Common {
        let (batch, place) = (scenario / self.per_batch, scenario % self.per_batch);
        let within = |orders: &[Vec<u32>], draws: &mut Draws| {
            (f64::from(orders[batch][place]) + draws.uniform()) / self.per_batch as f64
        };
        let factor = self.normal.inverse_cdf(within(&self.orders, draws));
        let stretch = self.chi.as_ref().map_or(1.0, |(law, degrees, orders)| {
            (law.inverse_cdf(within(orders, draws)) / degrees).sqrt()
        });
        Common { factor, stretch }
    }
}

fn sorted(losses: &[f64]) -> Vec<f64> {
    let mut sorted = losses.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

fn mean(losses: &[f64]) -> f64 {
    losses.iter().sum::<f64>() / losses.len() as f64
}

/// Returns the index of the first loss beyond a confidence.
fn tail_start(count: usize, confidence: f64) -> usize {
    // The cast is within the count.
    ((confidence * count as f64).floor() as usize).min(count - 1)
}

fn quantile(sorted: &[f64], confidence: f64) -> f64 {
    sorted[tail_start(sorted.len(), confidence)]
}

fn shortfall(sorted: &[f64], confidence: f64) -> f64 {
    mean(&sorted[tail_start(sorted.len(), confidence)..])
}

/// Returns a value with the standard error estimated from the batches.
fn estimate(value: f64, batches: impl Iterator<Item = f64>) -> Estimate {
    let batches: Vec<f64> = batches.collect();
    let (count, middle) = (batches.len() as f64, mean(&batches));
    let squares: f64 = batches.iter().map(|batch| (batch - middle).powi(2)).sum();
    // The variance of a batch over their number: `value` rests on all of them.
    Estimate { value, error: (squares / (count - 1.0) / count).sqrt() }
}
