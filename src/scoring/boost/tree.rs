use serde::{Deserialize, Serialize};

use super::bins::MISSING;

/// One node of a tree; a leaf has no children.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// What the node adds to the margin; of an inner node, what it would add as a leaf.
    pub value: f64,
    /// Index of the left child, the right one follows it; 0 for a leaf.
    pub left: u32,
    /// Feature that splits.
    pub feature: u16,
    /// Bins up to this one go left.
    pub bin: u8,
    /// Whether missing values go left.
    pub missing_left: bool,
}

impl Node {
    fn next(&self, bins: &[u8]) -> usize {
        let bin = bins[usize::from(self.feature)];
        let left = if bin == MISSING { self.missing_left } else { bin <= self.bin };
        self.left as usize + usize::from(!left)
    }
}

/// Trees whose values add up to a margin.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::scoring) struct Trees {
    /// The nodes of all trees; children stand behind their parent.
    nodes: Vec<Node>,
    /// Index of the root of each tree.
    roots: Vec<u32>,
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

    /// Value of the leaf that a row falls into below a node.
    fn value(&self, mut at: usize, bins: &[u8]) -> f64 {
        loop {
            let node = &self.nodes[at];
            if node.left == 0 {
                return node.value;
            }
            at = node.next(bins);
        }
    }

    /// What the last tree adds to the margin of a row of bins.
    pub(super) fn last_value(&self, bins: &[u8]) -> f64 {
        self.roots.last().map_or(0.0, |&root| self.value(root as usize, bins))
    }

    /// What all trees add to the margin of a row of bins.
    #[cfg(test)]
    pub fn margin(&self, bins: &[u8]) -> f64 {
        self.roots.iter().map(|&root| self.value(root as usize, bins)).sum()
    }

    /// The trees for rows that differ from `bins` only in features from `first_free` on. Adds to
    /// `contributions`, one for each feature and in the end the constant, what moves the margin on
    /// the way that is the same for all of them.
    pub fn pruned(&self, bins: &[u8], first_free: usize, contributions: &mut [f64]) -> Pruned<'_> {
        let constant = contributions.len() - 1;
        let mut pruned = Pruned { trees: self, constant: 0.0, starts: Vec::new() };
        for &root in &self.roots {
            let mut at = root as usize;
            let mut node = &self.nodes[at];
            contributions[constant] += node.value;
            while node.left != 0 && usize::from(node.feature) < first_free {
                at = node.next(bins);
                let child = &self.nodes[at];
                contributions[usize::from(node.feature)] += child.value - node.value;
                node = child;
            }
            if node.left == 0 {
                pruned.constant += node.value;
            } else {
                pruned.starts.push(at);
            }
        }
        pruned
    }

    /// How often each of `features` features splits.
    pub fn splits(&self, features: usize) -> Vec<usize> {
        let mut splits = vec![0; features];
        let inner = self.nodes.iter().filter(|node| node.left != 0);
        inner.for_each(|node| splits[usize::from(node.feature)] += 1);
        splits
    }

    /// Whether every index stays within the trees and `features` features, so that a tree read from
    /// a file can be walked.
    pub fn is_sound(&self, features: usize) -> bool {
        let nodes = self.nodes.len();
        let sound = |(at, node): (usize, &Node)| {
            let children =
                node.left == 0 || (node.left as usize > at && (node.left as usize) + 1 < nodes);
            children && usize::from(node.feature) < features && node.value.is_finite()
        };
        self.nodes.iter().enumerate().all(sound)
            && self.roots.iter().all(|&root| (root as usize) < nodes)
    }
}

/// Trees of which what a row's fixed features decide is decided.
#[derive(Debug)]
pub(in crate::scoring) struct Pruned<'a> {
    trees: &'a Trees,
    constant: f64,
    starts: Vec<usize>,
}

impl Pruned<'_> {
    /// Adds to `margins` what all trees add to the margins of rows of `width` bins each. Tree by
    /// tree, because neighbouring rows mostly take the same way.
    pub fn add_margins(&self, rows: &[u8], width: usize, margins: &mut [f64]) {
        margins.iter_mut().for_each(|margin| *margin += self.constant);
        for &start in &self.starts {
            for (margin, bins) in margins.iter_mut().zip(rows.chunks_exact(width)) {
                *margin += self.trees.value(start, bins);
            }
        }
    }

    /// Adds to `contributions`, for each row one for each feature and in the end the constant, what
    /// moves the margins on the rest of the way.
    pub fn add_contributions(&self, rows: &[u8], width: usize, contributions: &mut [f64]) {
        for &start in &self.starts {
            let rows = rows.chunks_exact(width);
            for (of_row, bins) in contributions.chunks_exact_mut(width + 1).zip(rows) {
                let mut node = &self.trees.nodes[start];
                while node.left != 0 {
                    let child = &self.trees.nodes[node.next(bins)];
                    of_row[usize::from(node.feature)] += child.value - node.value;
                    node = child;
                }
            }
        }
    }
}
