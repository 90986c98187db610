/// The settings for growing trees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoostOptions {
    /// Number of trees.
    pub trees: usize,
    /// The learning rate: the share of its best value that a leaf adds.
    pub learning_rate: f64,
    /// Largest number of leaves of a tree.
    pub leaves: usize,
    /// Smallest hessian of a leaf: weight times p (1 - p), summed over its rows.
    pub least_hessian: f64,
    /// The l2 penalty: added to the hessian of every leaf.
    pub l2: f64,
    /// Share of the features that one tree may use.
    pub column_share: f64,
    /// Share of the rows that one tree sees.
    pub row_share: f64,
    /// Seed of the samples.
    pub seed: u64,
}
