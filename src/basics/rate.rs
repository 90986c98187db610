use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::amount::decimal;
use super::float::float;

/// A rate held in decimal form (0.03 is 3 %) and built only by a constructor that names its unit.
///
/// Files hold it as a percentage, because that is how the trade quotes it: 85 is 85 %. They may
/// hold a number or a decimal string; a number is read by its shortest decimal form, so 0.1 is
/// exactly 0.1 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rate(Decimal);

impl Rate {
    /// Creates a rate from a percentage: 3 is 3 %.
    pub fn from_percent(percent: Decimal) -> Self {
        // A factor below one cannot overflow, on which the operator panics.
        Self(percent * Decimal::new(1, 2))
    }

    /// Creates a rate from basis points: 300 is 3 %.
    pub fn from_bps(bps: Decimal) -> Self {
        Self(bps * Decimal::new(1, 4))
    }

    /// Creates a rate from its decimal form: 0.03 is 3 %.
    pub fn from_fraction(fraction: Decimal) -> Self {
        Self(fraction)
    }

    /// The rate in decimal form: 0.03 for 3 %.
    pub fn fraction(self) -> Decimal {
        self.0
    }

    /// The rate as a percentage: 3 for 3 %.
    pub fn percent(self) -> Decimal {
        (self.0 * Decimal::ONE_HUNDRED).normalize()
    }

    /// The rate in decimal form as a double, for statistics and never for money.
    pub fn to_f64(self) -> f64 {
        float(self.0)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent())
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.percent())
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["number", "string"],
            "pattern": "^-?[0-9]{1,6}([.][0-9]{1,28})?$",
            "minimum": -1e6,
            "maximum": 1e6,
            "description": "percentage as the trade quotes it: 85 is 85 %"
        })
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = decimal(deserializer, "a percent such as 85 or 1.5")?;
        // Anything larger would overflow later products; no rate of the trade comes near it.
        if percent.abs() > Decimal::from(1_000_000) {
            return Err(D::Error::custom(format!("{percent} % is out of range for a rate")));
        }
        Ok(Self::from_percent(percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constructors_name_their_unit() {
        let three = Rate::from_percent(Decimal::from(3));
        assert_eq!(three, Rate::from_bps(Decimal::from(300)));
        assert_eq!(three, Rate::from_fraction(Decimal::new(3, 2)));
        assert_eq!(three.to_string(), "3 %");
    }

    #[test]
    fn reads_numbers_by_their_shortest_form() {
        let read = |text: &str| serde_json::from_str::<Rate>(text).map_err(|e| e.to_string());
        assert_eq!(read("0.1").map(Rate::fraction), Ok(Decimal::new(1, 3)));
        assert_eq!(read("\"10.25\"").map(Rate::percent), Ok(Decimal::new(1025, 2)));
        assert!(read("\"x\"").is_err_and(|e| e.contains("'x' is not a percent")));
        assert!(read("1e300").is_err());
    }
}
