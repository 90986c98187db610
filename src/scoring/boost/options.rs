/// How trees are grown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoostOptions {
    /// Number of trees.
    pub trees: usize,
    /// What share of a leaf's best value it adds.
    pub learning_rate: f64,
    /// Most leaves of a tree.
    pub leaves: usize,
    /// Least hessian of a leaf: weight times p (1 - p), summed over its rows.
    pub least_hessian: f64,
    /// Added to the hessian of every leaf.
    pub l2: f64,
    /// Share of the features that one tree may use.
    pub column_share: f64,
    /// Share of the rows that one tree sees.
    pub row_share: f64,
    /// Seed of these choices.
    pub seed: u64,
}
