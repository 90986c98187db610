/// A column of a table that is written by hand for us.
#[derive(Debug, Clone, Copy)]
pub struct OwnColumn {
    /// Its name.
    pub name: &'static str,
    /// Other accepted names.
    pub others: &'static [&'static str],
    /// True if every row must have a value in it.
    pub required: bool,
}
