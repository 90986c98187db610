//! An operation of the service: its route and what the OpenAPI document says of it, in one place,
//! so that neither can be without the other.

use axum::http::Method;
use axum::routing::MethodRouter;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::state::Api;

/// Makes the schema of a type.
type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

fn schema_of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    let mut schema = schemas.subschema_for::<T>();
    RecursiveTransform(widest).transform(&mut schema);
    schema
}

/// Makers of schemas: for what is read, and for what is written.
pub(crate) struct Schemas {
    pub read: SchemaGenerator,
    pub written: SchemaGenerator,
}

/// A whole number is at most what its type holds.
fn widest(schema: &mut Schema) {
    let most = match schema.get("format").and_then(Value::as_str) {
        Some("uint8") => i64::from(u8::MAX),
        Some("uint16") => i64::from(u16::MAX),
        Some("uint32") => i64::from(u32::MAX),
        Some("int32") => i64::from(i32::MAX),
        Some("int64") => i64::MAX,
        _ => return,
    };
    if schema.get("maximum").is_none() {
        schema.insert("maximum".to_owned(), most.into());
    }
    if schema.get("minimum").is_none() {
        schema.insert("minimum".to_owned(), (-most - 1).into());
    }
}

/// What a body or an answer holds.
#[derive(Clone, Copy)]
enum Content {
    Json(SchemaOf),
    Other(&'static str),
    /// A form with a file.
    Form,
    Nothing,
}

impl Content {
    fn document(self, schemas: &mut SchemaGenerator) -> Value {
        match self {
            Self::Json(of) => json!({ "application/json": { "schema": of(schemas) } }),
            // A string of bytes is no schema of the events in it.
            Self::Other(media @ "text/event-stream") => json!({ media: {} }),
            Self::Other(media) => json!({ media: { "schema": { "type": "string" } } }),
            Self::Form => json!({ "multipart/form-data": { "schema": {
                "type": "object", "required": ["file"], "additionalProperties": false,
                "properties": { "file": { "type": "string", "format": "binary", "minLength": 1 } }
            } } }),
            Self::Nothing => json!({}),
        }
    }
}

/// An object of any members.
pub(crate) type Members = Map<String, Value>;

/// An operation.
pub(crate) struct Operation {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// With parameters in braces.
    pub path: &'static str,
    /// What answers it.
    pub handler: MethodRouter<Api>,
    summary: &'static str,
    tag: &'static str,
    is_open: bool,
    query: Option<SchemaOf>,
    headers: Vec<(&'static str, &'static str, bool)>,
    bodies: Vec<Content>,
    body_is_optional: bool,
    answers: Vec<(u16, &'static str, Content)>,
}

impl Operation {
    /// An operation that needs a key.
    fn new(
        method: Method,
        path: &'static str,
        summary: &'static str,
        handler: MethodRouter<Api>,
    ) -> Self {
        let tag = path.strip_prefix("/v1/").unwrap_or("service");
        let tag = tag.split('/').next().unwrap_or(tag);
        Self {
            method,
            path,
            handler,
            summary,
            tag,
            is_open: false,
            query: None,
            headers: Vec::new(),
            bodies: Vec::new(),
            body_is_optional: false,
            answers: Vec::new(),
        }
    }

    /// An operation that reads.
    pub fn get(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::GET, path, summary, handler)
    }

    /// An operation that does something.
    pub fn post(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::POST, path, summary, handler)
    }

    /// An operation that writes a version.
    pub fn put(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::PUT, path, summary, handler)
    }

    /// An operation that changes a part.
    pub fn patch(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::PATCH, path, summary, handler)
    }

    /// An operation that takes something away.
    pub fn delete(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::DELETE, path, summary, handler)
    }

    /// Needs no key.
    pub fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// Takes these query parameters.
    pub fn query<T: JsonSchema>(self) -> Self {
        Self { query: Some(schema_of::<T>), ..self }
    }

    /// Takes a JSON body.
    pub fn reads<T: JsonSchema>(mut self) -> Self {
        self.bodies.push(Content::Json(schema_of::<T>));
        self
    }

    /// Takes a body of this type.
    pub fn reads_as(mut self, media: &'static str) -> Self {
        self.bodies.push(Content::Other(media));
        self
    }

    /// Takes a form with a file.
    pub fn reads_form(mut self) -> Self {
        self.bodies.push(Content::Form);
        self
    }

    /// Its body may be left out.
    pub fn optionally(self) -> Self {
        Self { body_is_optional: true, ..self }
    }

    /// Takes an Idempotency-Key: the same request is carried out once.
    pub fn once(mut self) -> Self {
        self.headers.push((
            "Idempotency-Key",
            "1 to 200 visible characters; the same key and request get the same answer",
            false,
        ));
        self
    }

    /// Takes the ETag of what was read as If-Match.
    pub fn matched(mut self, is_required: bool) -> Self {
        self.headers.push(("If-Match", "the ETag of what was read", is_required));
        self
    }

    /// Answers JSON.
    pub fn answers<T: JsonSchema>(mut self, status: u16, what: &'static str) -> Self {
        self.answers.push((status, what, Content::Json(schema_of::<T>)));
        self
    }

    /// Answers something else.
    pub fn answers_as(mut self, status: u16, what: &'static str, media: &'static str) -> Self {
        self.answers.push((status, what, Content::Other(media)));
        self
    }

    /// Answers without a body.
    pub fn answers_nothing(mut self, status: u16, what: &'static str) -> Self {
        self.answers.push((status, what, Content::Nothing));
        self
    }

    fn parameters(&self, schemas: &mut Schemas) -> Vec<Value> {
        let in_path = self.path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?.strip_suffix('}')?;
            Some(json!({
                "name": name, "in": "path", "required": true,
                "schema": { "type": "string", "minLength": 1 }
            }))
        });
        let mut all: Vec<Value> = in_path.collect();
        if let Some(of) = self.query {
            let schema = of(&mut schemas.read).to_value();
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            for (name, own) in schema["properties"].as_object().cloned().unwrap_or_default() {
                let needed = required.contains(&Value::String(name.clone()));
                all.push(json!({ "name": name, "in": "query", "required": needed, "schema": own }));
            }
        }
        for (name, description, required) in &self.headers {
            all.push(json!({
                "name": name, "in": "header", "required": required, "description": description,
                "schema": { "type": "string", "pattern": "^[!-~]{1,200}$" }
            }));
        }
        all
    }

    /// What the OpenAPI document says of it.
    pub fn document(&self, schemas: &mut Schemas) -> Value {
        let mut answers = Map::new();
        for (status, what, content) in &self.answers {
            let content = content.document(&mut schemas.written);
            let entry = answers
                .entry(status.to_string())
                .or_insert_with(|| json!({ "description": what, "content": {} }));
            if let (Some(all), Some(more)) = (entry["content"].as_object_mut(), content.as_object())
            {
                all.extend(more.clone());
            }
        }
        let problem = schemas.written.subschema_for::<Problem>();
        answers.insert(
            "default".to_owned(),
            json!({
                "description": "What is wrong (RFC 9457).",
                "content": { "application/problem+json": { "schema": problem } }
            }),
        );
        let name = |part: &str| part.trim_matches(['{', '}']).replace('-', "_");
        let parts: Vec<String> =
            self.path.split('/').filter(|p| !p.is_empty() && *p != "v1").map(name).collect();
        let mut document = json!({
            "operationId": format!("{}_{}", self.method.as_str().to_lowercase(), parts.join("_")),
            "summary": self.summary,
            "tags": [self.tag],
            "parameters": self.parameters(schemas),
            "responses": answers,
        });
        if self.is_open {
            document["security"] = json!([]);
        }
        if !self.bodies.is_empty() {
            let mut content = Map::new();
            for body in &self.bodies {
                if let Value::Object(more) = body.document(&mut schemas.read) {
                    content.extend(more);
                }
            }
            document["requestBody"] =
                json!({ "required": !self.body_is_optional, "content": content });
        }
        document
    }
}
