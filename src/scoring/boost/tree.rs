use serde::{Deserialize, Serialize};

use super::bins::{MISSING, MOST_BINS};

/// A node of a tree; a leaf has no children.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// Contribution to the margin; for an inner node, its contribution as a leaf.
    pub value: f64,
    /// Index of the left child, which the right one follows; 0 for a leaf.
    pub left: u32,
    /// The feature that splits.
    pub feature: u16,
    /// The last bin that goes left.
    pub bin: u8,
    /// True if missing values go left.
    pub missing_left: bool,
}

impl Node {
    /// True if rows with this bin of the node's feature go left.
    pub fn goes_left(&self, bin: u8) -> bool {
        if bin == MISSING { self.missing_left } else { bin <= self.bin }
    }

    fn next(&self, bins: &[u8]) -> usize {
        let left = self.goes_left(bins[usize::from(self.feature)]);
        self.left as usize + usize::from(!left)
    }
}

/// Trees whose values add up to a margin.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Trees {
    /// The nodes of all trees; children come after their parent.
    pub(super) nodes: Vec<Node>,
    /// Index of the root of each tree.
    pub(super) roots: Vec<u32>,
}

impl Trees {
    /// Adds a tree whose node 0 is its root.
    pub(super) fn push(&mut self, tree: &[Node]) {
        let first = self.nodes.len() as u32;
        self.roots.push(first);
        self.nodes.extend(tree.iter().map(|&node| {
            let left = if node.left == 0 { 0 } else { node.left + first };
            Node { left, ..node }
        }));
    }

    /// Returns the value of the leaf that a row falls into below a node.
    fn value(&self, mut at: usize, bins: &[u8]) -> f64 {
        loop {
            let node = &self.nodes[at];
            if node.left == 0 {
                return node.value;
            }
            at = node.next(bins);
        }
    }

    /// Returns what the last tree adds to the margin of a binned row.
    pub(super) fn last_value(&self, bins: &[u8]) -> f64 {
        self.roots.last().map_or(0.0, |&root| self.value(root as usize, bins))
    }

    /// Returns what all trees add to the margin of a binned row.
    #[cfg(test)]
    pub fn margin(&self, bins: &[u8]) -> f64 {
        self.roots.iter().map(|&root| self.value(root as usize, bins)).sum()
    }

    /// Returns what each of `features` features adds to the margin of a binned row on its way, with
    /// the constant last.
    #[cfg(test)]
    pub fn contributions(&self, bins: &[u8], features: usize) -> Vec<f64> {
        let mut sums = vec![0.0; features + 1];
        for &root in &self.roots {
            let mut node = &self.nodes[root as usize];
            sums[features] += node.value;
            while node.left != 0 {
                let child = &self.nodes[node.next(bins)];
                sums[usize::from(node.feature)] += child.value - node.value;
                node = child;
            }
        }
        sums
    }

    /// Returns how often each of `features` features splits.
    pub fn splits(&self, features: usize) -> Vec<usize> {
        let mut splits = vec![0; features];
        let inner = self.nodes.iter().filter(|node| node.left != 0);
        inner.for_each(|node| splits[usize::from(node.feature)] += 1);
        splits
    }

    /// True if every index stays within the trees and `features` features, so that a tree read from
    /// a file can be walked.
    pub fn is_sound(&self, features: usize) -> bool {
        let nodes = self.nodes.len();
        let sound = |(at, node): (usize, &Node)| {
            // Children behind their parent: no walk can go in a circle.
            let children =
                node.left == 0 || (node.left as usize > at && (node.left as usize) + 1 < nodes);
            let splits = usize::from(node.feature) < features && usize::from(node.bin) < MOST_BINS;
            children && splits && node.value.is_finite()
        };
        self.nodes.iter().enumerate().all(sound)
            && self.roots.iter().all(|&root| (root as usize) < nodes)
    }
}
