use std::fmt::Display;

use thiserror::Error;

/// A value outside its allowed range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key} = {value}: expected {expected}")]
pub struct OutOfRange {
    /// The name of the value, such as the dotted key of a file.
    pub key: String,
    /// The value found.
    pub value: String,
    /// The allowed range.
    pub expected: String,
}

impl OutOfRange {
    /// Creates the error from key, value and allowed range.
    pub fn new(key: &str, value: impl Display, expected: impl Display) -> Self {
        Self { key: key.to_owned(), value: value.to_string(), expected: expected.to_string() }
    }
}

/// Checks that a number is above zero.
///
/// # Errors
/// If it is zero, negative or not finite.
pub fn positive(key: &str, value: f64) -> Result<f64, OutOfRange> {
    // NaN compares as false with everything, so that each of these checks refuses it.
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange::new(key, value, "a number above 0"))
}

/// Checks that a number is zero or more.
///
/// # Errors
/// If it is negative or not finite.
pub fn not_negative(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(OutOfRange::new(key, value, "a number of 0 or more"))
}

/// Checks that a share lies from 0 to 1.
///
/// # Errors
/// If it does not; the error quotes it as a percentage, because that is how users enter it.
pub fn share(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(OutOfRange::new(key, 100.0 * value, "a percent from 0 to 100"))
}

/// Checks that a probability lies strictly between 0 and 1.
///
/// # Errors
/// If it does not; the error quotes it as a percentage, because that is how users enter it.
pub fn probability(key: &str, value: f64) -> Result<f64, OutOfRange> {
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(OutOfRange::new(key, 100.0 * value, "a percent above 0 and below 100"))
}
