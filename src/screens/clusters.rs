/// Things joined to clusters.
#[derive(Debug)]
pub(super) struct Clusters {
    parent: Vec<usize>,
}

impl Clusters {
    /// Each on its own.
    pub fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    /// Returns the first of a cluster.
    pub fn root(&mut self, mut of: usize) -> usize {
        while self.parent[of] != of {
            self.parent[of] = self.parent[self.parent[of]];
            of = self.parent[of];
        }
        of
    }

    /// Joins two clusters and returns true if they were apart.
    pub fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
        one != other
    }
}
