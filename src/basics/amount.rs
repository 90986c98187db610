use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in major units of a currency named elsewhere, as people write it in policies and
/// inputs.
///
/// Files may hold a decimal string or a number; a number is read by its shortest decimal form, so
/// 0.1 is exactly 0.1. Serialised as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(pub Decimal);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal(deserializer, "an amount such as \"1250.00\"").map(Self)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "number"],
            "pattern": "^-?[0-9]{1,28}([.][0-9]{1,28})?$",
            // Within the range of `Decimal`, which ends at 7.9e28.
            "minimum": -7e28,
            "maximum": 7e28,
            "description": "amount in major units, preferably as a decimal string: \"1250.00\""
        })
    }
}

/// Reads a decimal from a number or a string; `what` names the expected form in errors.
pub(super) fn decimal<'de, D: Deserializer<'de>>(
    deserializer: D,
    what: &'static str,
) -> Result<Decimal, D::Error> {
    // Number or string: the format itself says which, as TOML and JSON do.
    deserializer.deserialize_any(Written { what })
}

struct Written {
    what: &'static str,
}

impl Visitor<'_> for Written {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
        // By way of the shortest text: the double itself is 0.1000000000000000055...
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        let trimmed = text.trim();
        // `parse` knows no exponents.
        let parsed = trimmed.parse().or_else(|_| Decimal::from_scientific(trimmed));
        parsed.map_err(|_| E::custom(format!("'{text}' is not {}", self.what)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_exact() {
        let read = |text: &str| serde_json::from_str::<Amount>(text).map_err(|e| e.to_string());
        assert_eq!(read("0.1").map(|a| a.0), Ok(Decimal::new(1, 1)));
        assert_eq!(read("\"1250.00\"").map(|a| a.to_string()), Ok("1250.00".to_owned()));
        assert!(read("\"12,50\"").is_err_and(|e| e.contains("'12,50' is not an amount")));
        assert!(read("true").is_err_and(|e| e.contains("expected an amount")));
    }
}
