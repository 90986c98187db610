use schemars::JsonSchema;
use serde_json::{Map, Value};

/// The member of a [`Rules`] that holds the name of its Rust type.
const NAME: &str = "$name";
/// The member of a [`Rules`] that is present if the value may be null.
const NULL: &str = "$null";

/// The JSON schema of a file, derived from the Rust type that it becomes.
pub(super) struct Schema(Value);

/// The keywords of a schema for one value, with references resolved and null taken out of the
/// types.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules(Map<String, Value>);

impl Schema {
    pub fn of<T: JsonSchema>() -> Self {
        Self(schemars::schema_for!(T).to_value())
    }

    /// The rules for the whole file.
    pub fn root(&self) -> Rules {
        self.rules(&self.0)
    }

    /// The rules of a part of the schema.
    pub fn rules(&self, schema: &Value) -> Rules {
        let mut all = Rules::default();
        let Some(own) = schema.as_object() else { return all };
        if let Some(path) = own.get("$ref").and_then(Value::as_str) {
            let name = path.rsplit('/').next().unwrap_or_default();
            all = self.rules(&self.0["$defs"][name]);
            // The outer name replaces that of a type within.
            all.0.insert(NAME.to_owned(), name.into());
        }
        // An `Option` becomes `anyOf` with null or a list of types with null. Set apart, null
        // leaves the rules of the value itself.
        let null = |part: &&Value| part["type"] == "null";
        let parts = own.get("anyOf").and_then(Value::as_array).map(Vec::as_slice);
        if schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
            || parts.is_some_and(|parts| parts.iter().any(|part| null(&part)))
        {
            all.0.insert(NULL.to_owned(), true.into());
        }
        let parts: Vec<&Value> = parts.into_iter().flatten().filter(|part| !null(part)).collect();
        if let [only] = parts.as_slice() {
            all.merge(self.rules(only).0);
        }
        for part in own.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            all.merge(self.rules(part).0);
        }
        // Last, so that bounds beside a field outrank those of its type.
        all.merge(own.iter().filter(|(key, _)| *key != "$ref" && *key != "allOf").filter_map(
            |(key, value)| match key.as_str() {
                "anyOf" if parts.len() < 2 => None,
                "anyOf" => Some((key.clone(), parts.iter().copied().cloned().collect())),
                _ => Some((key.clone(), value.clone())),
            },
        ));
        all
    }
}

impl Rules {
    fn merge(&mut self, more: impl IntoIterator<Item = (String, Value)>) {
        for (key, mut value) in more {
            match (self.0.get_mut(&key), &mut value) {
                (Some(Value::Object(own)), Value::Object(more)) if key == "properties" => {
                    own.append(more);
                }
                (Some(Value::Array(own)), Value::Array(more)) if key == "required" => {
                    own.append(more);
                }
                _ => _ = self.0.insert(key, value),
            }
        }
    }

    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword)
    }

    /// The name of the Rust type.
    pub fn name(&self) -> &str {
        self.get(NAME).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns true if the value may be null, which in JSON means the same as leaving out the key.
    pub fn allows_null(&self) -> bool {
        self.get(NULL).is_some()
    }

    /// Returns true if the value may be of this JSON type.
    pub fn allows(&self, kind: &str) -> bool {
        match self.get("type") {
            Some(Value::String(only)) => only == kind,
            Some(Value::Array(kinds)) => kinds.iter().any(|one| one == kind),
            _ => false,
        }
    }

    /// Returns true for a decimal, which may be written with or without quotes.
    pub fn is_decimal(&self) -> bool {
        self.allows("number") && self.allows("string")
    }

    /// Returns true if the value has keys.
    pub fn is_table(&self) -> bool {
        self.get("properties").is_some()
            || self.get("additionalProperties").is_some()
            || self.allows("object")
    }

    /// The named keys with their schemas.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.get("properties").and_then(Value::as_object);
        all.into_iter().flatten().map(|(key, schema)| (key.as_str(), schema))
    }

    /// The required keys.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        let all = self.get("required").and_then(Value::as_array);
        all.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The schema of keys that are not named, if such keys are allowed.
    pub fn others(&self) -> Option<&Value> {
        self.get("additionalProperties").filter(|schema| schema.is_object())
    }

    /// Returns true if only the named keys are allowed.
    pub fn is_closed(&self) -> bool {
        let no = Some(&Value::Bool(false));
        // The second form is that of structs with flattened parts.
        self.get("additionalProperties") == no || self.get("unevaluatedProperties") == no
    }

    /// Allows any value for a key that has already been checked.
    pub fn frees(&mut self, key: &str) {
        if let Some(Value::Object(properties)) = self.0.get_mut("properties") {
            properties.insert(key.to_owned(), Value::Bool(true));
        }
    }

    /// The alternatives, one of which the value must match.
    pub fn alternatives(&self) -> &[Value] {
        let all = self.get("anyOf").or_else(|| self.get("oneOf")).and_then(Value::as_array);
        all.map(Vec::as_slice).unwrap_or_default()
    }

    /// The allowed words; `None` if the value is not restricted to a list of words.
    pub fn words(&self) -> Option<Vec<&str>> {
        fn of(schema: &Map<String, Value>) -> Option<Vec<&str>> {
            if let Some(word) = schema.get("const") {
                return Some(vec![word.as_str()?]);
            }
            if let Some(Value::Array(words)) = schema.get("enum") {
                return words.iter().map(Value::as_str).collect();
            }
            let parts = schema.get("oneOf")?.as_array()?;
            let parts: Option<Vec<_>> = parts.iter().map(|part| of(part.as_object()?)).collect();
            parts.map(|parts| parts.concat())
        }
        of(&self.0)
    }

    /// The key whose word decides among several shapes of a table, with the possible words.
    pub fn tag(&self) -> Option<(&str, Vec<&str>)> {
        // An internally tagged enum: every alternative has the same key with a constant.
        let parts = self.get("oneOf")?.as_array()?;
        let first = parts.first()?["properties"].as_object()?;
        let (tag, _) = first.iter().find(|(_, schema)| schema.get("const").is_some())?;
        let words = parts.iter().map(|part| part["properties"][tag]["const"].as_str());
        Some((tag, words.collect::<Option<_>>()?))
    }

    /// The shape of such a table for a word of its tag, aliases included.
    pub fn tagged(&self, tag: &str, word: &str) -> Option<&Value> {
        let named = |part: &&Value| {
            let alias = part["x-aliases"].as_array().into_iter().flatten();
            part["properties"][tag]["const"] == word || alias.into_iter().any(|other| other == word)
        };
        self.get("oneOf")?.as_array()?.iter().find(named)
    }
}
