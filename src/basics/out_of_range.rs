use std::fmt::Display;

use thiserror::Error;

/// A value that is not what it has to be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key} = {value}: expected {expected}")]
pub struct OutOfRange {
    /// What it is the value of, such as the dotted key of a file.
    pub key: String,
    /// The value found.
    pub value: String,
    /// The allowed range.
    pub expected: String,
}

impl OutOfRange {
    /// Names key, value and allowed range.
    pub fn new(key: &str, value: impl Display, expected: impl Display) -> Self {
        Self { key: key.to_owned(), value: value.to_string(), expected: expected.to_string() }
    }
}

/// Demands a number above zero.
///
/// # Errors
/// [`OutOfRange`].
pub fn positive(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange::new(key, value, "a number above 0"))
}

/// Demands a number of zero or more.
///
/// # Errors
/// [`OutOfRange`].
pub fn not_negative(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange::new(key, value, "a number of 0 or more"))
}

/// Demands a share from 0 to 1.
///
/// # Errors
/// [`OutOfRange`], which quotes the value as a percent.
pub fn share(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(OutOfRange::new(key, 100.0 * value, "a percent from 0 to 100"))
}

/// Demands a probability strictly between 0 and 1.
///
/// # Errors
/// [`OutOfRange`], which quotes the value as a percent.
pub fn probability(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(OutOfRange::new(key, 100.0 * value, "a percent above 0 and below 100"))
}
