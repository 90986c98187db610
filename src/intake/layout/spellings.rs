use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::field::bare;
use super::definition::Layout;
use super::embedded::embedded;

/// Number of cells that are column names in some layout; used to choose among delimiters.
pub fn spelled<S: AsRef<str>>(cells: &[S]) -> usize {
    let known = |cell: &&S| SPELLINGS.contains(&bare(cell.as_ref()));
    cells.iter().filter(known).count()
}

static SPELLINGS: LazyLock<HashSet<String>> =
    LazyLock::new(|| embedded().iter().flat_map(Layout::spellings).cloned().collect());
