//! Random draws that depend on the seed and a stream number only.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Exp1, StandardNormal};

/// The use of a stream. Each use has 2^32 streams of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// The division of the ledger into clients and debtors.
    Portfolio,
    /// The habits shared by all debtors of the client with this index.
    Client(u32),
    /// The habits and the invoices of the debtor with this index.
    Debtor(u32),
}

/// A source of random draws, independent of every other stream of the same seed.
pub(super) struct Draws {
    rng: ChaCha8Rng,
}

impl Draws {
    /// Opens a stream at its beginning.
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let number = match stream {
            Stream::Portfolio => 0,
            Stream::Client(index) => (1 << 32) + u64::from(index),
            Stream::Debtor(index) => (2 << 32) + u64::from(index),
        };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number);
        Self { rng }
    }

    /// A whole number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        if low >= high { low } else { self.rng.random_range(low..=high) }
    }

    /// A whole number below `limit`; zero when the limit is zero.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.rng.random_range(0..limit) }
    }

    /// Any 32 bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.rng.random()
    }

    /// True with the given probability; values outside 0 to 1 count as the nearer bound.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.rng.random::<f64>() < probability
    }

    /// A number from `low` up to `high`.
    pub(super) fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.rng.random::<f64>()
    }

    /// A normal draw with mean zero and the given standard deviation.
    pub(super) fn normal(&mut self, deviation: f64) -> f64 {
        deviation * self.rng.sample::<f64, _>(StandardNormal)
    }

    /// An exponential draw with the given mean.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        mean * self.rng.sample::<f64, _>(Exp1)
    }

    /// A log-normal factor with mean one and the given deviation of its logarithm.
    pub(super) fn factor(&mut self, deviation: f64) -> f64 {
        (self.normal(deviation) - deviation * deviation / 2.0).exp()
    }

    /// One of the values, each as likely as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, u64)], otherwise: T) -> T {
        let mut left = self.below(choices.iter().map(|&(_, weight)| weight).sum());
        for &(value, weight) in choices {
            if left < weight {
                return value;
            }
            left -= weight;
        }
        otherwise
    }

    /// One of the values, all equally likely; `otherwise` when there are none.
    pub(super) fn pick<T: Copy>(&mut self, values: &[T], otherwise: T) -> T {
        let place = self.below(values.len() as u64);
        usize::try_from(place).ok().and_then(|at| values.get(at)).copied().unwrap_or(otherwise)
    }

    /// Brings the items into random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1);
            items.swap(last, usize::try_from(other).unwrap_or(last));
        }
    }
}

/// The nearest whole number, kept within `low` and `high`.
///
/// This is the one place where a drawn real number becomes a count of days or cents.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the bounds passed are far below 2^52, so both conversions are exact"
)]
pub(super) fn whole(drawn: f64, low: i64, high: i64) -> i64 {
    drawn.round().clamp(low as f64, high as f64) as i64
}
