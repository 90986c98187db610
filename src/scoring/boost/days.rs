use super::bins::{MISSING, MOST_BINS};
use super::tree::{Node, Trees};

/// Largest number of days scored at once: one bit each.
pub(crate) const MOST_DAYS: usize = 128;

/// A binned row on each of up to [`MOST_DAYS`] days.
///
/// The first features are constant; the others change from day to day. For each changing feature
/// and each bin, the days up to that bin are a set of bits, so that a split divides all days at
/// once.
#[derive(Debug)]
pub(crate) struct DayRows {
    days: usize,
    still: Vec<u8>,
    /// By changing feature, then by bin: the days whose bin is at most this one.
    up_to: Vec<[u128; MOST_BINS]>,
}

impl DayRows {
    /// `still` are the bins of the constant features; `moving` are those of the `features` others,
    /// day by day, for at most [`MOST_DAYS`] days.
    pub fn new(still: Vec<u8>, features: usize, moving: &[u8]) -> Self {
        let mut up_to = vec![[0; MOST_BINS]; features];
        for (day, bins) in moving.chunks_exact(features).enumerate() {
            for (up_to, &bin) in up_to.iter_mut().zip(bins) {
                up_to[usize::from(bin)] |= 1 << day;
            }
        }
        for bins in &mut up_to {
            for bin in 1..MOST_BINS {
                bins[bin] |= bins[bin - 1];
            }
        }
        Self { days: moving.len() / features, still, up_to }
    }

    /// Returns the number of features.
    fn features(&self) -> usize {
        self.still.len() + self.up_to.len()
    }

    /// Returns those of these days that go left at a node.
    fn lower(&self, node: &Node, days: u128) -> u128 {
        let feature = usize::from(node.feature);
        let Some(moving) = feature.checked_sub(self.still.len()) else {
            return if node.goes_left(self.still[feature]) { days } else { 0 };
        };
        let up_to = &self.up_to[moving];
        let missing = up_to[usize::from(MISSING)];
        // Bin 0, the missing values, is part of every prefix and goes its own way.
        let known = up_to[usize::from(node.bin)] & !missing;
        days & if node.missing_left { known | missing } else { known }
    }
}

/// The sums that trees add to the margins of days, by day and by feature.
#[derive(Debug)]
pub(crate) struct DayMargins {
    /// Sums by day, as differences from the day before.
    margins: Vec<f64>,
    /// Contributions by feature over the first days, with the constant last.
    contributions: Vec<f64>,
    explained: usize,
}

impl DayMargins {
    /// Sums all `bags` of trees; the first `explained` days are also summed by feature.
    pub fn new(bags: &[Trees], rows: &DayRows, explained: usize) -> Self {
        let explained = explained.min(rows.days);
        let mut sums = Self {
            // One more: a run that reaches the last day ends behind it.
            margins: vec![0.0; rows.days + 1],
            contributions: vec![0.0; (rows.features() + 1) * (explained + 1)],
            explained,
        };
        let all = first_days(rows.days);
        for trees in bags {
            for &root in &trees.roots {
                sums.contribute(rows.features(), trees.nodes[root as usize].value, all);
                sums.walk(trees, root, rows, all);
            }
        }
        sums.margins.pop();
        running(&mut sums.margins);
        sums.contributions.chunks_exact_mut(explained + 1).for_each(running);
        sums
    }

    /// Returns the margins day by day.
    pub fn margins(&self) -> &[f64] {
        &self.margins
    }

    /// Returns what each feature adds to the margin of an explained day, with the constant last
    /// (path contributions; Saabas 2014).
    pub fn contributions(&self, day: usize) -> impl Iterator<Item = f64> {
        self.contributions.chunks_exact(self.explained + 1).map(move |of_feature| of_feature[day])
    }

    /// Follows a set of days down from a node.
    fn walk(&mut self, trees: &Trees, at: u32, rows: &DayRows, days: u128) {
        let node = &trees.nodes[at as usize];
        if node.left == 0 {
            return add_runs(&mut self.margins, node.value, days);
        }
        let lower = rows.lower(node, days);
        for (child, days) in [(node.left, lower), (node.left + 1, days & !lower)] {
            if days != 0 {
                let value = trees.nodes[child as usize].value - node.value;
                self.contribute(usize::from(node.feature), value, days);
                self.walk(trees, child, rows, days);
            }
        }
    }

    /// Adds what a feature adds to the margins of these days.
    fn contribute(&mut self, feature: usize, value: f64, days: u128) {
        let width = self.explained + 1;
        let sums = &mut self.contributions[feature * width..][..width];
        add_runs(sums, value, days & first_days(self.explained));
    }
}

/// Returns the first days as a set.
fn first_days(days: usize) -> u128 {
    if days < MOST_DAYS { (1 << days) - 1 } else { u128::MAX }
}

/// Adds a value to each run of days, as differences: most sets are a few long runs.
fn add_runs(sums: &mut [f64], value: f64, mut days: u128) {
    while days != 0 {
        let first = days.trailing_zeros();
        let end = first + (days >> first).trailing_ones();
        sums[first as usize] += value;
        sums[end as usize] -= value;
        // A shift by all 128 bits would overflow.
        days = if end < u128::BITS { days >> end << end } else { 0 };
    }
}

/// Turns differences into running sums.
fn running(differences: &mut [f64]) {
    let mut sum = 0.0;
    for value in differences {
        sum += *value;
        *value = sum;
    }
}
