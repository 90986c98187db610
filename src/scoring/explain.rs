//! Explanations of scores, against what the pool of all debtors would say of an invoice of this
//! age.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::boost::sigmoid;
use super::features::{self, Topic, logit};
use super::score::{EXPLAINED_DAYS, InvoiceScorer};
use super::sentence::sentence;

/// Largest number of reasons.
const MOST_REASONS: usize = 5;

/// Number of reasons that may be small beside the largest.
const SURE_REASONS: usize = 3;

/// Share of the largest reason that any further one has to reach.
const WORTH_SAYING: f64 = 0.15;

/// Smallest reason, in percentage points.
const LEAST_POINTS: f64 = 0.05;

/// A reason that moved a probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The topic of the reason.
    pub code: Topic,
    /// The percentage points by which it moved P(collected within 30 days).
    pub points: f64,
    /// The fact behind it, in words that a business owner understands.
    pub sentence: String,
}

/// The contributions of the features to -ln(1 - P), with P the probability of payment within
/// [`EXPLAINED_DAYS`] given that no credit or write-off comes first.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// -ln(1 - P) by the pool.
    pub pool: f64,
    /// -ln(1 - P) by the model.
    pub model: f64,
    /// Contributions by feature, then of the debtor's own hazard, then of what the trees add to
    /// every invoice. They add up to `model` less `pool`.
    pub contributions: Vec<f64>,
}

impl Explanation {
    /// Returns the contributions by topic.
    fn by_topic(&self) -> Vec<(Topic, f64)> {
        let mut topics: Vec<(Topic, f64)> = Vec::new();
        let base = std::iter::once(Topic::DebtorHistory);
        // The last contribution, what the trees add to every invoice, says nothing about this one.
        for (topic, &value) in features::topics().chain(base).zip(&self.contributions) {
            match topics.iter_mut().find(|(other, _)| *other == topic) {
                Some((_, sum)) => *sum += value,
                None => topics.push((topic, value)),
            }
        }
        topics
    }

    /// Returns the percentage points of P for one unit of -ln(1 - P).
    fn points_per_unit(&self) -> f64 {
        let moved = self.model - self.pool;
        // As the two meet, the chord becomes the slope of 100 (1 - exp(-L)).
        if moved.abs() < 1e-9 {
            return 100.0 * (-self.model).exp();
        }
        100.0 * ((-self.pool).exp() - (-self.model).exp()) / moved
    }
}

/// Returns -ln(1 - h) of a hazard h with these log-odds.
fn loss(log_odds: f64) -> f64 {
    // Beyond 30 the two differ by less than 1e-13, and from 710 on the power overflows.
    if log_odds > 30.0 { log_odds } else { log_odds.exp().ln_1p() }
}

impl InvoiceScorer<'_> {
    /// Explains what moved the score.
    ///
    /// Each day's difference between model and pool is split in proportion to what the features add
    /// to the log-odds of that day (path contributions; Saabas 2014), and summed over the days.
    pub fn explain(&self) -> Explanation {
        let facts = &self.facts;
        let bags = self.bags();
        let count = features::count();
        let mut all = Explanation {
            pool: 0.0,
            model: 0.0,
            // Features, the debtor's own hazard, the constant.
            contributions: vec![0.0; count + 2],
        };
        for (day, days) in (1..=EXPLAINED_DAYS as i32).enumerate() {
            let pool = logit(facts.pool_hazard(days));
            let own = logit(facts.base_hazard(days)) - pool;
            let moved = own + self.margins.margins()[day] / bags;
            let (before, after) = (loss(pool), loss(pool + moved));
            let per_margin =
                if moved.abs() < 1e-9 { sigmoid(pool) } else { (after - before) / moved };
            all.pool += before;
            all.model += after;
            for (feature, of_trees) in self.margins.contributions(day).enumerate() {
                let place = if feature < count { feature } else { count + 1 };
                all.contributions[place] += of_trees / bags * per_margin;
            }
            all.contributions[count] += own * per_margin;
        }
        all
    }

    /// Returns the reasons that moved the probability most, largest first: at most five, and none
    /// below 0.05 points.
    pub fn reasons(&self) -> Vec<Reason> {
        let explanation = self.explain();
        let unit = explanation.points_per_unit();
        let topics = explanation.by_topic().into_iter();
        let mut moved: Vec<(Topic, f64)> =
            topics.map(|(topic, value)| (topic, value * unit)).collect();
        // Ties by topic, so that equal reasons have one order.
        moved.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        let largest = moved.first().map_or(0.0, |(_, points)| points.abs());
        let kept = moved.into_iter().enumerate().filter(|&(place, (_, points))| {
            let worth = place < SURE_REASONS || points.abs() >= WORTH_SAYING * largest;
            place < MOST_REASONS && worth && points.abs() >= LEAST_POINTS
        });
        kept.map(|(_, (code, points))| Reason {
            code,
            points: (points * 10.0).round() / 10.0,
            sentence: sentence(code, &self.facts),
        })
        .collect()
    }
}
