use rust_decimal::Decimal;
use thiserror::Error;

use basics::{Money, MoneyError, OutOfRange};

/// Why a price cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PricingError {
    /// An amount beyond what money can hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A value outside its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// A decimal product beyond 96 bits.
    #[error("{what} of {value} is beyond decimal arithmetic")]
    Overflow {
        /// What was computed.
        what: &'static str,
        /// The amount it was computed on.
        value: String,
    },
    /// A table of fees ends before the collection.
    #[error("the table of fees ends on day {last}; nothing says what is charged on day {day}")]
    BeyondTable {
        /// Day of collection.
        day: u32,
        /// Last day of the table.
        last: u32,
    },
    /// A rate of return needs an amount financed.
    #[error("the amount financed is {0}; a rate needs a positive one")]
    NothingFinanced(String),
    /// A rate of return needs time.
    #[error("the APR of a payment on day {0} is not defined; the first day is 1")]
    NoTime(i64),
    /// A charge is not negative.
    #[error("the finance charge is {0}; a cost below zero has no APR")]
    NegativeCost(String),
    /// The equation has several roots in the range searched.
    #[error("the equation of {what} has several solutions ({roots}); none of them is the rate")]
    SeveralRoots {
        /// Which equation.
        what: &'static str,
        /// The roots, decimal form.
        roots: String,
    },
    /// The equation has no root in the range searched.
    #[error("no rate between {low} and {high} solves the equation of {what}")]
    NoRoot {
        /// Which equation.
        what: &'static str,
        /// Lower end of the search, decimal form.
        low: f64,
        /// Upper end of the search, decimal form.
        high: f64,
    },
}

/// The result of checked decimal arithmetic, or the error that names what overflowed.
pub(super) fn checked(
    value: Option<Decimal>,
    what: &'static str,
    on: Money,
) -> Result<Decimal, PricingError> {
    value.ok_or_else(|| PricingError::Overflow { what, value: on.to_string() })
}
