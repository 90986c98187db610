//! The random numbers of a scenario: a stream of its own, keyed by seed and scenario, so that the
//! result is the same for any number of threads.

use basics::split_mix;

// 2^64 over the golden ratio, made odd: steps of it pass through all 64-bit numbers.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Draws {
    state: u64,
}

impl Draws {
    /// Creates the stream of a scenario.
    pub fn of(seed: u64, scenario: u64) -> Self {
        // Mixed, not added up: each draw moves the state by `GOLDEN`, and the scenarios would be
        // one stream, begun at different places.
        Self {
            state: split_mix(split_mix(seed.wrapping_add(GOLDEN)) ^ scenario.wrapping_mul(GOLDEN)),
        }
    }

    /// Draws a standard normal number (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Draws a number strictly between 0 and 1: its logarithm is always finite.
    pub fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(GOLDEN);
        // 52 bits and a half: exact in a double.
        ((split_mix(self.state) >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }
}

/// Returns the place of each of `count` strata in a random order (Fisher and Yates).
pub(super) fn permutation(seed: u64, stream: u64, count: usize) -> Vec<u32> {
    let mut draws = Draws::of(seed ^ 0x5DEE_CE66, stream);
    let mut all: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
    for last in (1..all.len()).rev() {
        // Below last + 1.
        let other = (draws.uniform() * (last + 1) as f64) as usize;
        all.swap(last, other.min(last));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniforms_are_uniform_and_streams_differ() {
        let mut counts = [0_u32; 20];
        let mut draws = Draws::of(1, 7);
        for _ in 0..200_000 {
            counts[(20.0 * draws.uniform()) as usize] += 1;
        }
        // 10,000 in each, chi-square with 19 degrees of freedom below its 0.999 quantile.
        let chi: f64 = counts.iter().map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4).sum();
        assert!(chi < 43.8, "{chi}");
        assert!((Draws::of(1, 8).uniform() - Draws::of(1, 7).uniform()).abs() > 1e-12);
        assert!((Draws::of(2, 7).uniform() - Draws::of(1, 7).uniform()).abs() > 1e-12);
    }

    #[test]
    fn a_permutation_has_every_stratum_once() {
        let mut all = permutation(3, 1, 1000);
        assert_ne!(all[..10], (0..10).collect::<Vec<_>>()[..]);
        all.sort_unstable();
        assert!(all.iter().copied().eq(0..1000));
    }
}
