//! Knowledge about the numbers of a column that only the format of the file can give.

/// The evidence of a file format about the numbers in a column, by which whole amounts are judged
/// to be in major or minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// The format tells nothing, as for text, or all numbers are zero or empty.
    Unsaid,
    /// All numbers are whole, and the column cannot hold others.
    Integers,
    /// All numbers are whole, but the column could hold others.
    Whole,
    /// Some numbers have decimals.
    Decimals,
}

/// Returns true if a number has decimals other than zero.
pub fn has_decimals(number: &str) -> bool {
    let decimals = number.split_once('.').map_or("", |(_, decimals)| decimals);
    decimals.bytes().any(|byte| byte != b'0')
}
