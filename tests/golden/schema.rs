//! `schema offer` beside an offer: every member that is written is described, and no member that
//! the schema demands is missing.

use factorage::offer::offer_schema;
use serde_json::Value;

use crate::evaluated::{offer_text, priced_policy};

/// The schemas that a value has to meet together: references and parts resolved.
fn all_of<'a>(schema: &'a Value, root: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![schema];
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        found.extend(all_of(&root["$defs"][name], root));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in schema[key].as_array().into_iter().flatten() {
            found.extend(all_of(part, root));
        }
    }
    found
}

fn check(path: &str, value: &Value, schema: &Value, root: &Value) {
    let schemas = all_of(schema, root);
    match value {
        Value::Object(members) => {
            // A map says what its values are.
            let free = schemas.iter().find_map(|s| s.get("additionalProperties"));
            for (name, member) in members {
                let described = schemas.iter().find_map(|s| s["properties"].get(name));
                let described = described.or(free.filter(|free| free.is_object()));
                let described =
                    described.unwrap_or_else(|| panic!("{path}.{name} is not described"));
                check(&format!("{path}.{name}"), member, described, root);
            }
            let demanded = schemas[0]["required"].as_array().into_iter().flatten();
            for name in demanded.filter_map(Value::as_str) {
                assert!(members.contains_key(name), "{path} lacks {name}");
            }
        }
        Value::Array(items) => {
            let of = schemas.iter().find_map(|s| s.get("items").filter(|items| items.is_object()));
            if let Some(of) = of {
                items.iter().for_each(|item| check(&format!("{path}[]"), item, of, root));
            }
        }
        _ => {}
    }
}

#[test]
fn the_offer_is_what_its_schema_says() {
    let schema = offer_schema();
    assert!(schema["$defs"]["OfferLine"]["properties"]["counterfactual"].is_object());
    for evaluation in [super::golden(), priced()] {
        let offer: Value = serde_json::from_str(&offer_text(&evaluation)).expect("JSON");
        check("document", &offer, &schema, &schema);
    }
}

fn priced() -> app::Evaluation {
    let desk = crate::evaluated::Desk::with("ledger.csv", super::LEDGER).at("2026-06-30");
    desk.policy(priced_policy(&[])).evaluate()
}
