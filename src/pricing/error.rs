use rust_decimal::Decimal;
use thiserror::Error;

use basics::{Money, MoneyError, OutOfRange};

/// The reason why a price cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PricingError {
    /// An amount that money cannot hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A value outside its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// A product beyond the 96 bits of a decimal.
    #[error("{what} on {value} is too large to compute")]
    Overflow {
        /// The figure that was computed.
        what: &'static str,
        /// The amount on which it was computed.
        value: String,
    },
    /// A table of fees that ends before the collection.
    #[error("the fee table ends on day {last}; it sets no fee for day {day}")]
    BeyondTable {
        /// Day of collection.
        day: u32,
        /// Last day of the table.
        last: u32,
    },
    /// An amount financed that is not above 0: no rate can be computed on it.
    #[error("the amount financed is {0}; an APR needs one above 0")]
    NothingFinanced(String),
    /// A payment on the day of the advance: no rate can be computed without time.
    #[error("a payment on day {0} has no APR; the earliest day is 1")]
    NoTime(i64),
    /// A finance charge below 0.
    #[error("the finance charge is {0}; a negative charge has no APR")]
    NegativeCost(String),
    /// An equation with several roots in the range searched.
    #[error("the equation for {what} has several solutions ({roots}); there is no single rate")]
    SeveralRoots {
        /// The equation.
        what: &'static str,
        /// The roots, decimal form.
        roots: String,
    },
    /// An equation without a root in the range searched.
    #[error("no rate between {low} and {high} solves the equation for {what}")]
    NoRoot {
        /// The equation.
        what: &'static str,
        /// Lower end of the search, decimal form.
        low: f64,
        /// Upper end of the search, decimal form.
        high: f64,
    },
}

/// Returns the result of checked decimal arithmetic, or the error that names what overflowed.
pub(super) fn checked(
    value: Option<Decimal>,
    what: &'static str,
    on: Money,
) -> Result<Decimal, PricingError> {
    value.ok_or_else(|| PricingError::Overflow { what, value: on.to_string() })
}
