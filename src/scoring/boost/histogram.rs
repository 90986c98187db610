//! Sums of gradients by feature and bin, in whole numbers.
//!
//! Within a block of [`BLOCK`] rows the gradient and the hessian of a row are one 64-bit number
//! (gradient in the upper half), so that one addition serves both; between blocks they are summed
//! separately. Whole numbers make the sums independent of the order of rows, and so of threads.

use rayon::prelude::*;

use super::bins::{BinnedRows, MOST_BINS};

/// Number of rows whose sums fit into halves of 64 bits.
const BLOCK: usize = 4096;
/// Scale of a gradient of the largest weight: 4096 of them stay below 2^31.
const SCALE: f64 = (1_u64 << 18) as f64;
/// Number of rows from which threads share the work.
const SHARED: usize = 8 * BLOCK;

/// Gradient and hessian of one row, or sums of them, in units of the [`Scale`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub gradient: i64,
    pub hessian: i64,
}

impl Sums {
    pub fn plus(self, other: Self) -> Self {
        Self { gradient: self.gradient + other.gradient, hessian: self.hessian + other.hessian }
    }

    pub fn minus(self, other: Self) -> Self {
        Self { gradient: self.gradient - other.gradient, hessian: self.hessian - other.hessian }
    }
}

/// The scale by which gradients become whole numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale(f64);

impl Scale {
    /// Creates the scale for rows of at most this weight.
    pub fn of(largest_weight: f64) -> Self {
        Self(SCALE / largest_weight)
    }

    /// Packs the gradient (within the weight) and the hessian (within a quarter of it) of a row
    /// into one number.
    pub fn packed(self, gradient: f64, hessian: f64) -> i64 {
        let whole = |value: f64| (value * self.0).round() as i64;
        (whole(gradient) << 32) + whole(hessian)
    }

    /// Converts a sum back to the units of the loss.
    pub fn value(self, sum: i64) -> f64 {
        sum as f64 / self.0
    }
}

fn unpacked(packed: i64) -> Sums {
    // A hessian is never negative, so the lower half has no sign to extend.
    let hessian = packed & 0xFFFF_FFFF;
    Sums { gradient: (packed - hessian) >> 32, hessian }
}

/// Sums by bin of the features in use, `MOST_BINS` for each.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    cells: Vec<Sums>,
}

impl Histogram {
    /// Sums these rows over these features; `packed` has one number for every row of the matrix.
    pub fn of(matrix: &BinnedRows, packed: &[i64], rows: &[u32], features: &[u16]) -> Self {
        if rows.len() < SHARED {
            return Self::of_blocks(matrix, packed, rows, features);
        }
        let share = rows.len().div_ceil(rayon::current_num_threads()).next_multiple_of(BLOCK);
        let parts = rows.par_chunks(share);
        let parts = parts.map(|rows| Self::of_blocks(matrix, packed, rows, features));
        parts.reduce_with(Self::plus).unwrap_or_else(|| Self::empty(features.len()))
    }

    fn empty(features: usize) -> Self {
        Self { cells: vec![Sums::default(); features * MOST_BINS] }
    }

    fn of_blocks(matrix: &BinnedRows, packed: &[i64], rows: &[u32], features: &[u16]) -> Self {
        let mut all = Self::empty(features.len());
        let mut block = vec![0_i64; features.len() * MOST_BINS];
        for rows in rows.chunks(BLOCK) {
            for &row in rows {
                let (bins, packed) = (matrix.row(row as usize), packed[row as usize]);
                for (cells, &feature) in block.chunks_exact_mut(MOST_BINS).zip(features) {
                    // The remainder changes nothing; it spares a bounds check in the innermost
                    // loop.
                    cells[usize::from(bins[usize::from(feature)]) % MOST_BINS] += packed;
                }
            }
            for (sum, packed) in all.cells.iter_mut().zip(&mut block) {
                *sum = sum.plus(unpacked(std::mem::take(packed)));
            }
        }
        all
    }

    fn plus(mut self, other: Self) -> Self {
        for (sum, more) in self.cells.iter_mut().zip(other.cells) {
            *sum = sum.plus(more);
        }
        self
    }

    /// Subtracts the sums of a part of the rows.
    pub fn minus(mut self, part: &Self) -> Self {
        for (sum, less) in self.cells.iter_mut().zip(&part.cells) {
            *sum = sum.minus(*less);
        }
        self
    }

    /// Returns the bins of the feature at this position among those in use.
    pub fn feature(&self, place: usize) -> &[Sums] {
        &self.cells[place * MOST_BINS..(place + 1) * MOST_BINS]
    }
}

#[cfg(test)]
mod tests {
    use super::super::bins::Bins;
    use super::*;

    #[test]
    fn sums_are_those_of_the_rows_in_any_order() {
        let rows = 40_000_u32;
        let values: Vec<f32> = (0..rows).map(|row| (row % 7) as f32).collect();
        let matrix = Bins::of(&values, 1).binned(&values);
        let scale = Scale::of(2.0);
        let gradient = |row: u32| if row.is_multiple_of(3) { -2.0 } else { 0.7 };
        let packed: Vec<i64> = (0..rows).map(|row| scale.packed(gradient(row), 0.25)).collect();
        let order: Vec<u32> = (0..rows).collect();
        let backward: Vec<u32> = (0..rows).rev().collect();
        let forward = Histogram::of(&matrix, &packed, &order, &[0]);
        assert_eq!(forward.cells, Histogram::of(&matrix, &packed, &backward, &[0]).cells);
        for bin in 0..7 {
            let expected: f64 = (0..rows).filter(|row| row % 7 == bin).map(gradient).sum();
            let found = forward.feature(0)[1 + bin as usize];
            assert!((scale.value(found.gradient) - expected).abs() < 0.05, "bin {bin}");
            let count = (0..rows).filter(|row| row % 7 == bin).count();
            assert!((scale.value(found.hessian) - 0.25 * count as f64).abs() < 1e-6);
        }
    }
}
