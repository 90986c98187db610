use statrs::distribution::{Beta, ContinuousCDF};

/// Predictions of about the same size, and how often what they predict happened.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bin {
    /// Number of predictions.
    pub count: usize,
    /// Their mean.
    pub predicted: f64,
    /// Share that happened.
    pub observed: f64,
    /// Lower end of the 95 % interval of that share (Clopper and Pearson 1934).
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
}

/// Returns bins of about equally many predictions each, by rising prediction; equal predictions
/// share a bin.
pub fn reliability(pairs: &[(f64, bool)], bins: usize) -> Vec<Bin> {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let place = |index: usize| (1..bins).filter(|&bin| bin * sorted.len() <= index * bins).count();
    let mut sums = vec![(0_usize, 0.0, 0_usize); bins];
    let mut index = 0;
    for same in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let sum = &mut sums[place(index)];
        sum.0 += same.len();
        sum.1 += same[0].0 * same.len() as f64;
        sum.2 += same.iter().filter(|pair| pair.1).count();
        index += same.len();
    }
    let filled = sums.into_iter().filter(|sum| sum.0 > 0);
    filled
        .map(|(count, predicted, happened)| {
            let (low, high) = interval(happened, count);
            let total = count as f64;
            Bin {
                count,
                predicted: predicted / total,
                observed: happened as f64 / total,
                low,
                high,
            }
        })
        .collect()
}

/// Returns the expected calibration error: the mean distance between prediction and outcome over 15
/// bins, weighted by their predictions.
pub(super) fn calibration_error(pairs: &[(f64, bool)]) -> f64 {
    let gaps = reliability(pairs, 15)
        .into_iter()
        .map(|bin| (bin.observed - bin.predicted).abs() * bin.count as f64);
    gaps.sum::<f64>() / pairs.len().max(1) as f64
}

/// Returns the 95 % interval of a share of which `happened` of `count` were seen.
fn interval(happened: usize, count: usize) -> (f64, f64) {
    let quantile = |a: usize, b: usize, share: f64| {
        Beta::new(a as f64, b as f64).map_or(share, |beta| beta.inverse_cdf(share))
    };
    let missed = count - happened;
    // A beta distribution takes no parameter 0; there the interval ends at 0 or 1 itself.
    let low = if happened == 0 { 0.0 } else { quantile(happened, missed + 1, 0.025) };
    let high = if missed == 0 { 1.0 } else { quantile(happened + 1, missed, 0.975) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_clopper_and_pearsons() {
        // 5 of 20: scipy.stats.binomtest(5, 20).proportion_ci() gives 0.0866 to 0.4910.
        let (low, high) = interval(5, 20);
        assert!((low - 0.086_571).abs() < 1e-5 && (high - 0.491_046).abs() < 1e-5, "{low} {high}");
        assert!(interval(0, 3).0.abs() < 1e-12);
        assert!((interval(3, 3).1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn equal_predictions_share_a_bin() {
        let pairs: Vec<_> = (0..30).map(|i| (0.4, i % 5 < 2)).collect();
        let bins = reliability(&pairs, 10);
        assert_eq!(bins.len(), 1);
        assert!((bins[0].observed - 0.4).abs() < 1e-12);
        assert!(calibration_error(&pairs) < 1e-12);
    }

    #[test]
    fn the_error_is_the_mean_gap() {
        let pairs = [(0.0, true), (1.0, true)];
        assert!((calibration_error(&pairs) - 0.5).abs() < 1e-12);
    }
}
