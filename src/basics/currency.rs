use std::sync::LazyLock;
use std::{fmt, str::FromStr};

use iso_currency::IntoEnumIterator;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

/// An ISO 4217 currency with a known number of minor-unit digits (USD 2, JPY 0, KWD 3).
///
/// Ordered by its three-letter code, so that tables by currency have one order everywhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// The text is not the code of a currency with a minor unit in ISO 4217.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an ISO 4217 currency code (expected three letters such as USD)")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// US dollars.
    pub const USD: Self = Self { code: *b"USD", digits: 2 };

    /// The three-letter code, upper case.
    pub fn code(&self) -> &str {
        // The bytes were copied from an ASCII code in `from_str`; the fallback is never reached.
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// The number of digits after the decimal mark, as listed in ISO 4217.
    pub fn digits(&self) -> u32 {
        u32::from(self.digits)
    }
}

impl Currency {
    /// The number of minor units in one major unit (100 for USD), for statistics only.
    pub fn minor_units(&self) -> f64 {
        10_f64.powi(i32::from(self.digits))
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownCurrency(text.to_owned());
        let upper = text.trim().to_ascii_uppercase();
        let code: [u8; 3] = upper.as_bytes().try_into().map_err(|_| unknown())?;
        let listed = iso_currency::Currency::from_code(&upper).ok_or_else(unknown)?;
        // Gold, test codes and the like have no minor unit: no invoice is written in them.
        let digits = listed.exponent().ok_or_else(unknown)?;
        Ok(Self { code, digits: u8::try_from(digits).map_err(|_| unknown())? })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Every supported code, collected once because a schema is built for each file that is read.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let known = iso_currency::Currency::iter().map(|currency| currency.code());
    let mut codes: Vec<&str> = known.filter(|code| code.parse::<Currency>().is_ok()).collect();
    codes.sort_unstable();
    codes
});

impl JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "enum": *CODES,
            "description": "ISO 4217 code such as USD"
        })
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_unit_digits_follow_iso_4217() {
        let digits = |code: &str| code.parse::<Currency>().map(|c| c.digits());
        assert_eq!(digits("USD"), Ok(2));
        assert_eq!(digits("JPY"), Ok(0));
        assert_eq!(digits("KWD"), Ok(3));
        assert_eq!(digits("usd "), Ok(2));
        for bad in ["", "US", "ZZZ", "DOLLAR", "€"] {
            assert_eq!(digits(bad), Err(UnknownCurrency(bad.to_owned())), "{bad}");
        }
    }
}
