//! Texts of requests: none has a NUL, which databases do not store, and none is longer than its
//! schema says.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use super::problem::Problem;

/// The most characters of a text whose schema states no other length: an id, a name, a reference.
pub(crate) const LONGEST: usize = 200;

/// A text that no request may hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// Its path in the request.
    pub path: String,
    /// The sentence for the caller.
    pub sentence: String,
}

impl From<Unfit> for Problem {
    fn from(Unfit { path, sentence }: Unfit) -> Self {
        Self::malformed(&path, sentence)
    }
}

/// Schemas of bodies by the ids of their types.
type Known = HashMap<Cow<'static, str>, Arc<Value>>;

/// A generator of the schemas of what is read, with every type in its place.
pub(super) fn generator() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12().for_deserialize();
    // A type that is both read and written has two schemas under one name: those read are inlined.
    settings.inline_subschemas = true;
    settings.into_generator()
}

/// States the length of every text of a body or a query that has neither a length nor a form of its
/// own.
pub(super) fn state_lengths(schema: &mut Schema) {
    RecursiveTransform(state_length).transform(schema);
}

fn state_length(schema: &mut Schema) {
    let is_text = |kind: &Value| kind == "string";
    let kind = schema.get("type");
    let may_be_text = kind.is_some_and(|kind| {
        is_text(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_text))
    });
    let has_form = ["maxLength", "format", "enum", "const"].map(|own| schema.get(own).is_some());
    if may_be_text && has_form == [false; 4] {
        schema.insert("maxLength".to_owned(), LONGEST.into());
    }
}

/// Checks a text of at most `most` characters.
///
/// # Errors
/// If it is longer or has a NUL.
pub(crate) fn check(path: &str, text: &str, most: usize) -> Result<(), Unfit> {
    let unfit = |sentence| Err(Unfit { path: path.to_owned(), sentence });
    if text.contains('\0') {
        return unfit("Must not contain NUL (a zero byte).".to_owned());
    }
    // A text of so many bytes has no more characters: hardly any is counted.
    if text.len() > most && text.chars().count() > most {
        return unfit(format!("Expected at most {most} characters."));
    }
    Ok(())
}

/// Checks every text of a JSON body against the schema of its type.
///
/// # Errors
/// If one is longer than the schema says, or has a NUL.
pub(crate) fn check_body<T: JsonSchema>(body: &Value) -> Result<(), Unfit> {
    within(&schema_of::<T>(), body, &mut String::new())
}

fn schema_of<T: JsonSchema>() -> Arc<Value> {
    static KNOWN: RwLock<Option<Known>> = RwLock::new(None);
    // What is in the map is whole, whoever panicked beside it.
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = known.as_ref().and_then(|known| known.get(&T::schema_id())) {
        return Arc::clone(schema);
    }
    drop(known);
    let mut schema = generator().into_root_schema_for::<T>();
    state_lengths(&mut schema);
    let schema = Arc::new(schema.to_value());
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(T::schema_id(), Arc::clone(&schema));
    schema
}

/// Checks the value at a path, which is as before once it returns without an error.
fn within(schema: &Value, value: &Value, path: &mut String) -> Result<(), Unfit> {
    // The choices of a type: each says something about the values of its own shape only.
    for choice in ["anyOf", "oneOf", "allOf"] {
        for own in schema[choice].as_array().into_iter().flatten() {
            within(own, value, path)?;
        }
    }
    let end = path.len();
    match value {
        Value::String(text) => {
            let most = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok());
            check(if path.is_empty() { "body" } else { path }, text, most.unwrap_or(usize::MAX))?;
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.extend(["[", &at.to_string(), "]"]);
                within(&schema["items"], item, path)?;
                path.truncate(end);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                path.push_str(if end == 0 { "" } else { "." });
                path.push_str(name);
                check(path, name, LONGEST)?;
                let own = schema["properties"].get(name);
                within(own.unwrap_or(&schema["additionalProperties"]), member, path)?;
                path.truncate(end);
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Texts in all the places where a body may have them.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Body {
        name: String,
        #[schemars(length(max = 300))]
        note: Option<String>,
        others: Vec<String>,
        inner: Option<Inner>,
        any: serde_json::Map<String, Value>,
        choice: Choice,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Inner {
        name: String,
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Choice {
        One(String),
        Many(Vec<String>),
    }

    fn refused(body: &Value) -> Option<(String, String)> {
        check_body::<Body>(body).err().map(|unfit| (unfit.path, unfit.sentence))
    }

    #[test]
    fn a_text_is_as_long_as_its_schema_says() {
        let of = |length: usize| "é".repeat(length);
        for (body, path, most) in [
            (json!({ "name": of(201) }), "name", 200),
            (json!({ "note": of(301) }), "note", 300),
            (json!({ "others": ["", of(201)] }), "others[1]", 200),
            (json!({ "inner": { "name": of(201) } }), "inner.name", 200),
            (json!({ "choice": of(201) }), "choice", 200),
            (json!({ "choice": ["a", of(201)] }), "choice[1]", 200),
        ] {
            let expected = (path.to_owned(), format!("Expected at most {most} characters."));
            assert_eq!(refused(&body), Some(expected), "{path}");
        }
        let body = json!({ "name": of(200), "note": of(300), "others": [of(200)], "choice": "a" });
        assert_eq!(refused(&body), None);
    }

    #[test]
    fn no_text_has_a_nul_wherever_it_stands() {
        for (body, path) in [
            (json!({ "name": "a\0" }), "name"),
            (json!({ "others": ["\0"] }), "others[0]"),
            (json!({ "any": { "a": [{ "b": "\0" }] } }), "any.a[0].b"),
            (json!({ "unknown": { "a\0": 1 } }), "unknown.a\0"),
            (json!("\0"), "body"),
        ] {
            let expected = "Must not contain NUL (a zero byte).".to_owned();
            assert_eq!(refused(&body), Some((path.to_owned(), expected)), "{body}");
        }
    }

    #[test]
    fn the_length_is_in_the_schema_unless_a_form_is() {
        let mut schema = generator().into_root_schema_for::<Body>();
        state_lengths(&mut schema);
        let of = |name: &str| schema.as_value()["properties"][name]["maxLength"].clone();
        assert_eq!((of("name"), of("note")), (json!(200), json!(300)));
        let mut day = generator().into_root_schema_for::<chrono::NaiveDate>();
        state_lengths(&mut day);
        assert!(day.get("maxLength").is_none(), "{day:?}");
    }
}
