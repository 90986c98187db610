//! Cells as messages quote them.

/// A cell in the form that messages quote: printable and at most 40 characters.
pub fn shown(cell: &str) -> String {
    cell.trim().chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

/// The first cells of a header in the form that messages quote.
pub fn shown_header(cells: &[String]) -> String {
    let named = cells.iter().filter(|cell| !cell.is_empty());
    named.take(12).map(|cell| shown(cell)).collect::<Vec<_>>().join(", ")
}
