use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use super::Currency;

/// An exact amount: an integer count of minor units (cents) of one currency.
///
/// Arithmetic is checked, and amounts in two currencies never combine. Displayed and serialised as
/// a decimal number of major units with the currency's digits ("1234.50"), without the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// The reason an amount cannot be represented.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The result does not fit into 64 bits of minor units.
    #[error("{value} {currency} exceeds the largest supported amount")]
    OutOfRange {
        /// The amount in major units, or the operation that overflowed.
        value: String,
        /// Its currency.
        currency: Currency,
    },
    /// More decimal places than the currency has.
    #[error(
        "{value} has more decimals than {currency}, which has {digits}",
        digits = currency.digits()
    )]
    TooPrecise {
        /// The amount in major units.
        value: Decimal,
        /// Its currency.
        currency: Currency,
    },
    /// A sum or difference of two currencies.
    #[error("cannot combine {left} with {right} without a conversion rate")]
    CurrencyMismatch {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the second amount.
        right: Currency,
    },
}

/// The rounding of an exact amount to minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest minor unit, ties away from zero: fees and expectations.
    #[default]
    HalfUp,
    /// To the nearest minor unit, ties to the even one.
    HalfEven,
    /// Towards zero: advances, so that the rate paid never exceeds the rate agreed.
    Down,
}

impl Rounding {
    /// Rounds `value` to this many decimals.
    pub fn round(self, value: Decimal, decimals: u32) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::Down => RoundingStrategy::ToZero,
        };
        value.round_dp_with_strategy(decimals, strategy)
    }
}

impl Money {
    /// `minor` minor units of `currency`.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Zero in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// Creates an amount from major units without rounding.
    ///
    /// # Errors
    /// If `value` has more decimals than the currency, or does not fit into 64 bits of minor units.
    pub fn from_major(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        // `12.3400` has two decimals.
        if value.normalize().scale() > currency.digits() {
            return Err(MoneyError::TooPrecise { value, currency });
        }
        // Nothing is left to round; this only converts.
        Self::round(value, currency, Rounding::HalfUp)
    }

    /// Rounds an exact amount in major units to minor units, as `how` says.
    ///
    /// # Errors
    /// If the result does not fit into 64 bits of minor units.
    pub fn round(value: Decimal, currency: Currency, how: Rounding) -> Result<Self, MoneyError> {
        let rounded = how.round(value, currency.digits());
        let out_of_range = || MoneyError::OutOfRange { value: value.to_string(), currency };
        let scale = 10_i128.pow(currency.digits());
        // In 128 bits: the operators of `Decimal` panic where a product exceeds 96.
        let mantissa = rounded.mantissa().checked_mul(scale).ok_or_else(out_of_range)?;
        // Exact, as `rounded` has no more decimals than the currency.
        let minor = mantissa / 10_i128.pow(rounded.scale());
        let minor = i64::try_from(minor).map_err(|_| out_of_range())?;
        Ok(Self { minor, currency })
    }

    /// Rounds an expectation in minor units to an amount, half away from zero: the only gate from
    /// statistics to money.
    ///
    /// # Errors
    /// If the value is not finite or does not fit into 64 bits.
    pub fn from_expectation(minor: f64, currency: Currency) -> Result<Self, MoneyError> {
        let rounded = minor.round();
        // 2^63 is exactly representable; every finite double below it converts without saturation.
        if rounded.is_finite() && rounded.abs() < 9_223_372_036_854_775_808.0 {
            #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
            return Ok(Self { minor: rounded as i64, currency });
        }
        Err(MoneyError::OutOfRange { value: minor.to_string(), currency })
    }

    /// The number of minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount with thousands separators, for readers.
    pub fn grouped(self) -> String {
        super::grouped(&self.to_string())
    }

    /// The amount in major units, exact.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.digits())
    }

    /// The amount in major units, for statistics and charts only.
    pub fn to_f64(self) -> f64 {
        self.minor as f64 / self.currency.minor_units()
    }

    /// Adds two amounts.
    ///
    /// # Errors
    /// If the currencies differ or the sum does not fit into 64 bits of minor units.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, self.minor.checked_add(other.minor))
    }

    /// Subtracts `other`.
    ///
    /// # Errors
    /// If the currencies differ or the difference does not fit into 64 bits of minor units.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, self.minor.checked_sub(other.minor))
    }

    /// Adds up minor units, in 128 bits so that the order of the amounts cannot matter.
    ///
    /// # Errors
    /// If the total does not fit into 64 bits.
    pub fn sum_minor(
        minors: impl IntoIterator<Item = i64>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        Self::from_total(minors.into_iter().map(i128::from).sum(), currency)
    }

    /// Creates an amount from a total in minor units that was added up in 128 bits.
    ///
    /// # Errors
    /// If the total does not fit into 64 bits.
    pub fn from_total(total: i128, currency: Currency) -> Result<Self, MoneyError> {
        i64::try_from(total).map(|minor| Self { minor, currency }).map_err(|_| {
            MoneyError::OutOfRange { value: format!("a total of {total} minor units of"), currency }
        })
    }

    fn combine(self, other: Self, minor: Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            let (left, right) = (self.currency, other.currency);
            return Err(MoneyError::CurrencyMismatch { left, right });
        }
        let currency = self.currency;
        minor.map(|minor| Self { minor, currency }).ok_or_else(|| MoneyError::OutOfRange {
            value: format!("{self} combined with {other}"),
            currency,
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not `write_str`, so that a width that the caller asks for is kept.
        f.pad(self.text(&mut [0; 32]))
    }
}

impl Money {
    /// Formats the amount in a buffer that is large enough for every amount.
    ///
    /// Written from the last digit backwards, with at least one digit before the point.
    fn text(self, text: &mut [u8; 32]) -> &str {
        let digits = self.currency.digits() as usize;
        let mut start = text.len();
        let mut magnitude = self.minor.unsigned_abs();
        let mut written = 0;
        while magnitude > 0 || written <= digits {
            if written == digits && digits > 0 {
                start -= 1;
                text[start] = b'.';
            }
            start -= 1;
            // A digit is below ten.
            text[start] = b'0' + (magnitude % 10) as u8;
            magnitude /= 10;
            written += 1;
        }
        if self.minor < 0 {
            start -= 1;
            text[start] = b'-';
        }
        std::str::from_utf8(&text[start..]).unwrap_or_default()
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text(&mut [0; 32]))
    }
}

impl JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^-?[0-9]+(\\.[0-9]+)?$",
            "description": "amount in major units, with its currency's decimals: \"1250.00\""
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().expect("a listed currency")
    }

    fn major(text: &str, code: &str) -> Result<Money, MoneyError> {
        Money::from_major(text.parse().expect("a decimal"), currency(code))
    }

    #[test]
    fn shows_the_digits_of_its_currency() {
        for (minor, code, shown) in [
            (123_450, "USD", "1234.50"),
            (-5, "USD", "-0.05"),
            (1234, "JPY", "1234"),
            (-1005, "KWD", "-1.005"),
            (i64::MIN, "USD", "-92233720368547758.08"),
        ] {
            assert_eq!(Money::from_minor(minor, currency(code)).to_string(), shown);
        }
    }

    #[test]
    fn from_major_refuses_to_lose_a_decimal() {
        assert_eq!(major("12.340", "USD").map(Money::minor), Ok(1234));
        assert_eq!(major("12", "KWD").map(Money::minor), Ok(12_000));
        let refused = major("12.345", "USD").map_err(|e| e.to_string());
        assert_eq!(refused, Err("12.345 has more decimals than USD, which has 2".to_owned()));
        assert!(major("92233720368547758.08", "USD").is_err());
    }

    #[test]
    fn rounding_is_the_one_named() {
        let round = |text: &str, how| {
            Money::round(text.parse().expect("a decimal"), currency("USD"), how).map(Money::minor)
        };
        assert_eq!(round("0.005", Rounding::HalfUp), Ok(1));
        assert_eq!(round("-0.005", Rounding::HalfUp), Ok(-1));
        assert_eq!(round("0.0099", Rounding::Down), Ok(0));
        assert_eq!(round("0.005", Rounding::HalfEven), Ok(0));
        assert_eq!(round("0.015", Rounding::HalfEven), Ok(2));
    }

    #[test]
    fn the_gate_refuses_what_is_not_an_amount() {
        let usd = currency("USD");
        assert_eq!(Money::from_expectation(2.5, usd).map(Money::minor), Ok(3));
        for bad in [f64::NAN, f64::INFINITY, 1e19, -1e19] {
            assert!(Money::from_expectation(bad, usd).is_err(), "{bad}");
        }
    }

    #[test]
    fn sums_do_not_wrap_and_do_not_mix_currencies() {
        let (usd, eur) = (currency("USD"), currency("EUR"));
        let most = Money::from_minor(i64::MAX, usd);
        assert!(most.checked_add(Money::from_minor(1, usd)).is_err());
        assert!(most.checked_sub(Money::zero(eur)).is_err());
        assert_eq!(Money::sum_minor([i64::MAX, 1, -1], usd), Ok(most));
        assert!(Money::sum_minor([i64::MAX, 1], usd).is_err());
    }
}
