use rayon::prelude::*;

use basics::split_mix;

use super::bins::{BinnedRows, Bins};
use super::grow::Grower;
use super::histogram::Scale;
use super::options::BoostOptions;
use super::tree::Trees;

/// The rows to learn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Examples<'a> {
    pub bins: &'a Bins,
    pub matrix: &'a BinnedRows,
    /// Outcome by row: true if the event happened.
    pub outcomes: &'a [bool],
    /// Weight by row, above 0.
    pub weights: &'a [f32],
    /// Margin (log-odds) from which the trees start, by row.
    pub start: &'a [f32],
    /// Sampling key by row: rows with the same key are sampled together.
    pub keys: &'a [u64],
}

/// Number of rows that one thread updates at a time.
const CHUNK: usize = 8192;

/// Trains trees that move the margins of the examples towards their outcomes.
pub(crate) fn train(examples: Examples<'_>, options: &BoostOptions) -> Trees {
    let rows = examples.matrix.rows();
    let mut trees = Trees::default();
    if rows == 0 || examples.bins.features() == 0 {
        return trees;
    }
    // Not from 0, by which the scale could not divide.
    let heaviest = examples.weights.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    // One scale for all rounds: gradients never exceed the weight.
    let scale = Scale::of(f64::from(heaviest));
    let mut margins: Vec<f64> = examples.start.iter().map(|&margin| f64::from(margin)).collect();
    let mut packed = vec![0_i64; rows];
    for round in 0..options.trees as u64 {
        packed.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, packed)| {
            for (offset, packed) in packed.iter_mut().enumerate() {
                let row = chunk * CHUNK + offset;
                let p = sigmoid(margins[row]);
                let weight = f64::from(examples.weights[row]);
                let outcome = f64::from(u8::from(examples.outcomes[row]));
                *packed = scale.packed(weight * (p - outcome), weight * p * (1.0 - p));
            }
        });
        let grower = Grower {
            bins: examples.bins,
            matrix: examples.matrix,
            packed: &packed,
            scale,
            options,
            features: sampled_features(examples.bins.features(), options, round),
        };
        trees.push(&grower.grow(sampled_rows(examples.keys, options, round)));
        // Rows that the tree has not seen move as well: the next gradients are those of all trees.
        margins.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, margins)| {
            for (offset, margin) in margins.iter_mut().enumerate() {
                *margin += trees.last_value(examples.matrix.row(chunk * CHUNK + offset));
            }
        });
    }
    trees
}

/// Returns the probability of a margin.
pub(crate) fn sigmoid(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

fn sampled_rows(keys: &[u64], options: &BoostOptions, round: u64) -> Vec<u32> {
    let all = (0..).zip(keys);
    let sampled = all.filter(|&(_, &key)| {
        // Even streams draw rows and odd ones features, so that no two draws share their bits.
        options.row_share >= 1.0 || share(mixed(options.seed, 2 * round, key)) < options.row_share
    });
    sampled.map(|(row, _)| row).collect()
}

fn sampled_features(features: usize, options: &BoostOptions, round: u64) -> Vec<u16> {
    let count = ((features as f64 * options.column_share).ceil() as usize).clamp(1, features);
    let mut order: Vec<u16> = (0..features as u16).collect();
    order.sort_by_key(|&feature| mixed(options.seed, 2 * round + 1, u64::from(feature)));
    order.truncate(count);
    // In rising order again, so that ties between features do not depend on the draw.
    order.sort_unstable();
    order
}

/// Converts 64 mixed bits to a number in [0, 1).
pub(crate) fn share(bits: u64) -> f64 {
    // The 53 bits that a double holds exactly.
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Returns bits that look random for every triple.
pub(crate) fn mixed(seed: u64, stream: u64, key: u64) -> u64 {
    finalized(finalized(finalized(seed) ^ stream) ^ key)
}

/// One step of SplitMix64.
fn finalized(bits: u64) -> u64 {
    split_mix(bits.wrapping_add(0x9E37_79B9_7F4A_7C15))
}
