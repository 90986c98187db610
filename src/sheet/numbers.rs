//! What a format says of the numbers in a column, beyond the cells themselves.

/// What the format of a file says of the numbers in a column of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Nothing: text, no money, or all zero or empty.
    Unsaid,
    /// All of them are whole, and the column can hold no others.
    Integers,
    /// All of them are whole, but the column could hold others.
    Whole,
    /// Some have decimals.
    Decimals,
}

/// Whether a number has decimals that are not zero.
pub fn has_decimals(number: &str) -> bool {
    let decimals = number.split_once('.').map_or("", |(_, decimals)| decimals);
    decimals.bytes().any(|byte| byte != b'0')
}
