use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Largest number of bins of a feature, including the one for missing values: a tree's histograms
/// then fit into the first-level cache of a core.
pub(crate) const MOST_BINS: usize = 64;

/// The bin of missing values.
pub(crate) const MISSING: u8 = 0;

/// The bins of every feature: 1, 2, ... by rising value, and 0 for missing values (NaN).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bins {
    /// For each feature, the upper ends of its bins but the last, rising.
    edges: Vec<Vec<f32>>,
}

impl Bins {
    /// Computes bins of about equally many rows each; a feature with fewer values than bins gets
    /// one bin for each value. `rows` are row-major with `features` values each.
    pub fn of(rows: &[f32], features: usize) -> Self {
        let edges = (0..features).into_par_iter().map(|feature| {
            let mut values: Vec<f32> = rows
                .iter()
                .skip(feature)
                .step_by(features)
                .copied()
                .filter(|value| !value.is_nan())
                .collect();
            values.sort_unstable_by(f32::total_cmp);
            edges(&values)
        });
        Self { edges: edges.collect() }
    }

    /// Returns the number of features.
    pub fn features(&self) -> usize {
        self.edges.len()
    }

    /// Returns the bin of a value.
    pub fn bin(&self, feature: usize, value: f32) -> u8 {
        if value.is_nan() {
            return MISSING;
        }
        // At most MOST_BINS - 2 edges, so the bin fits.
        1 + self.edges[feature].partition_point(|&edge| edge < value) as u8
    }

    /// Returns the number of bins of the feature that hold values.
    pub(super) fn filled(&self, feature: usize) -> usize {
        1 + self.edges[feature].len()
    }

    /// True if there are this many features, each with edges in order and no more than fit.
    pub fn are_sound(&self, features: usize) -> bool {
        let in_order = |edges: &Vec<f32>| {
            edges.len() <= MOST_BINS - 2 && edges.windows(2).all(|pair| pair[0] < pair[1])
        };
        self.edges.len() == features && self.edges.iter().all(in_order)
    }

    /// Puts all rows into bins.
    pub fn binned(&self, rows: &[f32]) -> BinnedRows {
        let features = self.features();
        let mut bins = vec![MISSING; rows.len()];
        bins.par_chunks_exact_mut(features).zip(rows.par_chunks_exact(features)).for_each(
            |(bins, row)| {
                for (feature, (bin, &value)) in bins.iter_mut().zip(row).enumerate() {
                    *bin = self.bin(feature, value);
                }
            },
        );
        BinnedRows { features, bins }
    }
}

/// Returns the ends of bins over sorted values.
fn edges(sorted: &[f32]) -> Vec<f32> {
    let mut distinct: Vec<(f32, usize)> = Vec::new();
    for &value in sorted {
        match distinct.last_mut() {
            Some((last, count)) if last.total_cmp(&value).is_eq() => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    let most = MOST_BINS - 1;
    let mut edges = Vec::new();
    let mut left = sorted.len();
    let mut filled = 0;
    // No end behind the last value: its bin is open.
    for (at, &(value, count)) in distinct.iter().enumerate().take(distinct.len().max(1) - 1) {
        filled += count;
        let bins_left = most - edges.len();
        // With no more values left than bins, each value gets its own.
        let few_left = distinct.len() - at <= bins_left;
        // Against the values left, so that one value that fills a bin alone does not starve the
        // others.
        if few_left || filled * bins_left >= left {
            if bins_left == 1 {
                break;
            }
            edges.push(midpoint(value, distinct[at + 1].0));
            left -= filled;
            filled = 0;
        }
    }
    edges
}

/// Returns a threshold between two neighbouring values that separates them in `f32`.
fn midpoint(low: f32, high: f32) -> f32 {
    // Halved first: the sum of two large values would be infinite.
    let middle = low / 2.0 + high / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

/// Binned rows, row-major.
#[derive(Debug, Clone)]
pub(crate) struct BinnedRows {
    features: usize,
    bins: Vec<u8>,
}

impl BinnedRows {
    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.bins.len() / self.features.max(1)
    }

    /// Returns the bins of one row.
    pub fn row(&self, row: usize) -> &[u8] {
        &self.bins[row * self.features..(row + 1) * self.features]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_get_a_bin_each() {
        let bins = Bins::of(&[3.0, 1.0, f32::NAN, 1.0, 2.0], 1);
        assert_eq!([0.5, 1.0, 2.0, 3.0, 9.0].map(|v| bins.bin(0, v)), [1, 1, 2, 3, 3]);
        assert_eq!(bins.bin(0, f32::NAN), MISSING);
        assert_eq!(bins.filled(0), 3);
    }

    #[test]
    fn many_values_share_bins_evenly() {
        let rows: Vec<f32> = (0..10_000_u16).map(f32::from).collect();
        let bins = Bins::of(&rows, 1);
        assert_eq!(bins.filled(0), MOST_BINS - 1);
        let mut counts = [0; MOST_BINS];
        rows.iter().for_each(|&value| counts[usize::from(bins.bin(0, value))] += 1);
        assert!(counts[1..].iter().all(|count| (150..170).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_value_that_most_rows_share_leaves_bins_for_the_others() {
        let mut rows = vec![0.0; 10_000];
        rows.extend((1..=2_000_u16).map(f32::from));
        let bins = Bins::of(&rows, 1);
        assert_eq!(bins.bin(0, 0.0), 1);
        assert!(bins.filled(0) > 55, "{}", bins.filled(0));
    }

    #[test]
    fn nothing_known_is_one_bin() {
        let bins = Bins::of(&[f32::NAN, f32::NAN], 1);
        assert_eq!((bins.filled(0), bins.bin(0, 7.0)), (1, 1));
        assert!(bins.are_sound(1) && !bins.are_sound(2));
    }
}
