use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::document::Offer;
use super::envelope::Envelope;
use super::provenance::Provenance;

/// `offer.json` as a whole.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its members are read by the derived schema alone")]
struct OfferDocument {
    /// The state around the offer, which does not follow from ledger, policy and as-of date.
    envelope: Envelope,
    /// The offer.
    offer: Offer,
    /// SHA-256 of the text of the offer in the document, in hexadecimal.
    offer_id: String,
    /// Hashes and counts of what it was made from.
    provenance: Provenance,
}

/// Returns the JSON schema of `offer.json`, from the types that write it.
pub fn offer_schema() -> Value {
    let settings = SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<OfferDocument>().to_value()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{document, listed, offer, part, solved_with};
    use super::*;

    /// Returns the members that the schema does not have, or that the value lacks.
    fn amiss(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let named = root.pointer(name.trim_start_matches('#')).expect("a definition");
            return amiss(root, named, value, at);
        }
        let choices = ["anyOf", "oneOf"].into_iter().find_map(|of| schema[of].as_array());
        if let Some(choices) = choices {
            let each = choices.iter().map(|choice| amiss(root, choice, value, at));
            return each.min_by_key(Vec::len).unwrap_or_default();
        }
        let mut found = Vec::new();
        match value {
            Value::Array(entries) if schema["items"].is_object() => {
                for entry in entries {
                    found.extend(amiss(root, &schema["items"], entry, at));
                }
            }
            Value::Object(members) if schema["properties"].is_object() => {
                for (name, member) in members {
                    match schema["properties"].get(name) {
                        Some(of) => found.extend(amiss(root, of, member, &format!("{at}.{name}"))),
                        None => found.push(format!("{at}.{name} is not in the schema")),
                    }
                }
                let required = schema["required"].as_array().into_iter().flatten();
                let lacks =
                    required.filter_map(Value::as_str).filter(|name| !members.contains_key(*name));
                found.extend(lacks.map(|name| format!("{at}.{name} is lacking")));
            }
            Value::Null if schema["type"] != "null" => found.push(format!("{at} is null")),
            _ => {}
        }
        found
    }

    fn members(schema: &Value) -> Vec<&str> {
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties.map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn what_is_written_is_what_the_schema_says() {
        let schema = offer_schema();
        for policy in [listed(), solved_with("")] {
            let written = document(&offer(&policy, vec![part(&policy)]));
            let written: Value = serde_json::from_str(&written).expect("JSON");
            assert_eq!(members(&schema), ["envelope", "offer", "offer_id", "provenance"]);
            assert_eq!(amiss(&schema, &schema, &written, "$"), Vec::<String>::new());
        }
    }

    #[test]
    fn a_member_too_many_and_one_too_few_are_noticed() {
        let schema = offer_schema();
        let policy = listed();
        let written = document(&offer(&policy, vec![part(&policy)]));
        let mut written: Value = serde_json::from_str(&written).expect("JSON");
        written["offer"]["parts"][0]["totals"]["surplus"] = 1.into();
        written["offer"]["parts"][0]["lines"][0]["margin"] = 1.into();
        written["provenance"].as_object_mut().expect("an object").remove("as_of");
        let found = amiss(&schema, &schema, &written, "$");
        assert_eq!(
            found,
            [
                "$.offer.parts.lines.margin is not in the schema",
                "$.offer.parts.totals.surplus is not in the schema",
                "$.provenance.as_of is lacking",
            ]
        );
    }
}
