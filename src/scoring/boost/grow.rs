//! The growth of one tree, leaf by leaf: the leaf whose split gains most is split next.

use super::bins::{BinnedRows, Bins, MISSING};
use super::histogram::{Histogram, Scale, Sums};
use super::options::BoostOptions;
use super::tree::Node;

/// The data from which one tree is grown.
pub(super) struct Grower<'a> {
    pub bins: &'a Bins,
    pub matrix: &'a BinnedRows,
    /// Gradient and hessian of every row of the matrix.
    pub packed: &'a [i64],
    pub scale: Scale,
    pub options: &'a BoostOptions,
    /// The features that may split.
    pub features: Vec<u16>,
}

/// A leaf that may still be split.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    sums: Sums,
    best: Option<Split>,
}

#[derive(Debug, Clone, Copy)]
struct Split {
    gain: f64,
    feature: u16,
    bin: u8,
    missing_left: bool,
    left: Sums,
}

impl Grower<'_> {
    /// Grows a tree over these rows; node 0 is its root.
    pub fn grow(&self, rows: Vec<u32>) -> Vec<Node> {
        let histogram = Histogram::of(self.matrix, self.packed, &rows, &self.features);
        // Each feature has every row in one of its bins, so that any of them adds up to all.
        let sums = histogram.feature(0).iter().fold(Sums::default(), |sum, &bin| sum.plus(bin));
        let mut tree = vec![self.node(sums)];
        let mut leaves = vec![self.leaf(0, rows, histogram, sums)];
        while leaves.len() < self.options.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |split| split.gain);
            // The first of equal gains, so that the tree does not depend on chance.
            let best = (0..leaves.len())
                .reduce(|best, at| if gain(&leaves[at]) > gain(&leaves[best]) { at } else { best });
            let Some(at) = best.filter(|&at| leaves[at].best.is_some()) else { break };
            let leaf = leaves.swap_remove(at);
            leaves.extend(self.split(leaf, &mut tree));
        }
        tree
    }

    fn node(&self, sums: Sums) -> Node {
        let (gradient, hessian) = self.values(sums);
        let value = -gradient / (hessian + self.options.l2) * self.options.learning_rate;
        Node { feature: 0, bin: 0, missing_left: false, left: 0, value }
    }

    fn values(&self, sums: Sums) -> (f64, f64) {
        (self.scale.value(sums.gradient), self.scale.value(sums.hessian))
    }

    fn leaf(&self, node: usize, rows: Vec<u32>, histogram: Histogram, sums: Sums) -> Leaf {
        let best = self.best_split(&histogram, sums);
        Leaf { node, rows, histogram, sums, best }
    }

    fn split(&self, leaf: Leaf, tree: &mut Vec<Node>) -> Vec<Leaf> {
        let Some(split) = leaf.best else { return Vec::new() };
        let goes_left = |&row: &u32| {
            let bin = self.matrix.row(row as usize)[usize::from(split.feature)];
            if bin == MISSING { split.missing_left } else { bin <= split.bin }
        };
        let (left, right): (Vec<u32>, Vec<u32>) = leaf.rows.iter().partition(|row| goes_left(row));
        let right_sums = leaf.sums.minus(split.left);
        let first = tree.len();
        let parent = &mut tree[leaf.node];
        (parent.feature, parent.bin) = (split.feature, split.bin);
        (parent.missing_left, parent.left) = (split.missing_left, first as u32);
        tree.extend([self.node(split.left), self.node(right_sums)]);
        // Only the smaller child is summed; the larger one is the difference to its parent.
        let smaller = if left.len() <= right.len() { &left } else { &right };
        let small = Histogram::of(self.matrix, self.packed, smaller, &self.features);
        // Exact, as the sums are whole numbers; differences of floats would drift from leaf to
        // leaf.
        let large = leaf.histogram.minus(&small);
        let (of_left, of_right) =
            if left.len() <= right.len() { (small, large) } else { (large, small) };
        vec![
            self.leaf(first, left, of_left, split.left),
            self.leaf(first + 1, right, of_right, right_sums),
        ]
    }

    fn best_split(&self, histogram: &Histogram, sums: Sums) -> Option<Split> {
        let mut best = None;
        for (place, &feature) in self.features.iter().enumerate() {
            self.scan(histogram.feature(place), feature, sums, &mut best);
        }
        best
    }

    /// Tries every threshold of a feature, with missing values on either side.
    fn scan(&self, bins: &[Sums], feature: u16, sums: Sums, best: &mut Option<Split>) {
        let filled = self.bins.filled(usize::from(feature));
        let missing = bins[usize::from(MISSING)];
        let none_missing = missing == Sums::default();
        let (gradient, hessian) = self.values(sums);
        let parent = self.score(gradient, hessian);
        let mut left = Sums::default();
        for (bin, &here) in bins.iter().enumerate().take(filled + 1).skip(1) {
            left = left.plus(here);
            // After the last bin only missing values can be split off.
            if bin == filled && none_missing {
                break;
            }
            for missing_left in [false, true] {
                if missing_left && (none_missing || bin == filled) {
                    continue;
                }
                let left = if missing_left { left.plus(missing) } else { left };
                let gain = self.gain(left, sums) - parent;
                if gain > best.map_or(1e-9, |split| split.gain) {
                    let bin = bin as u8;
                    *best = Some(Split { gain, feature, bin, missing_left, left });
                }
            }
        }
    }

    /// Returns the scores of both sides together; minus infinity if one of them is too small.
    fn gain(&self, left: Sums, all: Sums) -> f64 {
        let (left_gradient, left_hessian) = self.values(left);
        let (right_gradient, right_hessian) = self.values(all.minus(left));
        if left_hessian < self.options.least_hessian || right_hessian < self.options.least_hessian {
            return f64::NEG_INFINITY;
        }
        self.score(left_gradient, left_hessian) + self.score(right_gradient, right_hessian)
    }

    fn score(&self, gradient: f64, hessian: f64) -> f64 {
        gradient * gradient / (hessian + self.options.l2)
    }
}
