use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A percent shown to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
pub struct Percent(pub f64);

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 1e4).round() / 1e4)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ShownPercent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "description": "percent, to four decimals"})
    }
}

/// Returns a probability as files show it: to six decimals.
pub fn shown_probability(probability: f64) -> f64 {
    (probability * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_rounded_once_and_read_back_as_it_stands() {
        let written = serde_json::to_string(&Percent(12.345_678)).expect("JSON");
        assert_eq!(written, "12.3457");
        let read: Percent = serde_json::from_str(&written).expect("a percent");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), written);
        let third = shown_probability(1.0 / 3.0);
        assert!(
            (third - 0.333_333).abs() < 1e-12
                && third.to_bits() == shown_probability(third).to_bits()
        );
    }
}
