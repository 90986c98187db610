//! An operation of the service: its route and its OpenAPI description in one place, so that neither
//! exists without the other.

use axum::Extension;
use axum::http::Method;
use axum::routing::MethodRouter;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use service::{Caller, Right, Role};

use super::accept::CSV;
use super::caller::NoQuery;
use super::problem::Problem;
use super::texts::{LONGEST, state_lengths};
use crate::state::Api;

/// Builds the schema of a type.
type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

fn schema_of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    let mut schema = schemas.subschema_for::<T>();
    RecursiveTransform(widest).transform(&mut schema);
    if schemas.contract().is_deserialize() {
        state_lengths(&mut schema);
    }
    schema
}

/// Generators of schemas: for bodies that are read, and for answers that are written.
pub(crate) struct Schemas {
    pub read: SchemaGenerator,
    pub written: SchemaGenerator,
}

/// Limits a whole number to the range of its type, which a format alone does not state.
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
        // Two's complement reaches one further below 0. Unsigned types bring a minimum of 0.
        schema.insert("minimum".to_owned(), (-most - 1).into());
    }
}

/// The content of a body or an answer.
#[derive(Clone, Copy)]
enum Content {
    Json(SchemaOf),
    Other(&'static str),
    /// Rows of CSV with this description.
    Rows(&'static str),
    /// A form with a file.
    Form,
    Nothing,
}

impl Content {
    fn document(self, schemas: &mut SchemaGenerator) -> Value {
        match self {
            Self::Json(of) => json!({ "application/json": { "schema": of(schemas) } }),
            // OpenAPI 3.1 has no schema for a stream of events.
            Self::Other(media @ "text/event-stream") => json!({ media: {} }),
            Self::Other(media) => json!({ media: { "schema": { "type": "string" } } }),
            Self::Rows(description) => json!({ CSV: {
                "schema": { "type": "string", "description": description }
            } }),
            Self::Form => json!({ "multipart/form-data": { "schema": {
                "type": "object", "required": ["file"], "additionalProperties": false,
                "properties": { "file": { "type": "string", "format": "binary", "minLength": 1 } }
            } } }),
            Self::Nothing => json!({}),
        }
    }
}

/// The description of a path's parameter, from its name and the collection before it.
fn of_path(collection: &str, name: &str) -> String {
    let thing = match collection {
        "facilities" => "client",
        "policies" => "policy",
        "docs" => "page",
        other => other.trim_end_matches('s'),
    };
    match name {
        "section" => "The name of the section.".to_owned(),
        "name" | "prefix" => format!("The {name} of the {thing}."),
        _ => format!("The id of the {thing}."),
    }
}

/// The roles that may call an operation, in a sentence.
fn allowed(roles: &[Role]) -> String {
    if roles.len() == Caller::ROLES.len() {
        return "Any role.".to_owned();
    }
    let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    format!("{}: {}.", if words.len() == 1 { "Role" } else { "Roles" }, words.join(", "))
}

/// An object with any members.
pub(crate) type Members = Map<String, Value>;

/// An operation and its description.
pub(crate) struct Operation {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// The handler.
    handler: MethodRouter<Api>,
    summary: &'static str,
    tag: &'static str,
    is_open: bool,
    /// The roles whose keys may call it.
    roles: &'static [Role],
    query: Option<SchemaOf>,
    /// The values that the parameter of the path may have; any if empty.
    choices: Vec<&'static str>,
    headers: Vec<(&'static str, String, bool)>,
    bodies: Vec<Content>,
    body_is_optional: bool,
    answers: Vec<(u16, &'static str, Content)>,
}

impl Operation {
    /// An operation that needs a key, tagged by the first part of its path.
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
            roles: Caller::ROLES,
            query: None,
            choices: Vec::new(),
            headers: Vec::new(),
            bodies: Vec::new(),
            body_is_optional: false,
            answers: Vec::new(),
        }
    }

    /// A GET operation.
    pub fn get(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::GET, path, summary, handler)
    }

    /// A POST operation.
    pub fn post(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::POST, path, summary, handler)
    }

    /// A PUT operation.
    pub fn put(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::PUT, path, summary, handler)
    }

    /// A PATCH operation.
    pub fn patch(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::PATCH, path, summary, handler)
    }

    /// A DELETE operation.
    pub fn delete(path: &'static str, summary: &'static str, handler: MethodRouter<Api>) -> Self {
        Self::new(Method::DELETE, path, summary, handler)
    }

    /// Makes the operation open: it needs no key.
    pub fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// States the right that its handler takes; any caller may call it otherwise.
    pub fn by<R: Right>(self) -> Self {
        Self { roles: R::ROLES, ..self }
    }

    /// Adds query parameters: the members of `T`.
    pub fn query<T: JsonSchema>(self) -> Self {
        Self { query: Some(schema_of::<T>), ..self }
    }

    /// The handler; one that writes and takes no parameter of the query refuses every such, also
    /// where it would repeat an answer.
    pub fn into_handler(self) -> MethodRouter<Api> {
        if self.query.is_some() || self.method == Method::GET {
            return self.handler;
        }
        self.handler.layer(Extension(NoQuery))
    }

    /// Adds a JSON body.
    pub fn reads<T: JsonSchema>(mut self) -> Self {
        self.bodies.push(Content::Json(schema_of::<T>));
        self
    }

    /// Adds a body of this media type.
    pub fn reads_as(mut self, media: &'static str) -> Self {
        self.bodies.push(Content::Other(media));
        self
    }

    /// Adds a body of CSV, whose description names its header line.
    pub fn reads_rows(mut self, description: &'static str) -> Self {
        self.bodies.push(Content::Rows(description));
        self
    }

    /// Limits the parameter of the path to these values.
    pub fn choices(self, choices: Vec<&'static str>) -> Self {
        Self { choices, ..self }
    }

    /// Adds the header Prefer: the answer may wait for a job, at most so many seconds.
    pub fn waits(mut self, most: u64) -> Self {
        let description = format!(
            "`wait=SECONDS`: answer once the job has ended, after at most {most} s. The status \
             stays 202; look at the job's `status`."
        );
        self.headers.push(("Prefer", description, false));
        self
    }

    /// Adds a body that is a form with a file.
    pub fn reads_form(mut self) -> Self {
        self.bodies.push(Content::Form);
        self
    }

    /// Makes the body optional.
    pub fn optionally(self) -> Self {
        Self { body_is_optional: true, ..self }
    }

    /// Adds the header Idempotency-Key: a repeated request is carried out once.
    pub fn once(mut self) -> Self {
        self.headers.push((
            "Idempotency-Key",
            "1 to 200 visible ASCII characters. Repeating the request with the same value returns \
             the first answer; nothing is done twice."
                .to_owned(),
            false,
        ));
        self
    }

    /// Adds the header If-Match.
    pub fn matched(mut self, is_required: bool) -> Self {
        self.headers.push((
            "If-Match",
            "The ETag of the last GET, quoted or not; the request fails if the version has \
             changed since."
                .to_owned(),
            is_required,
        ));
        self
    }

    /// Adds a JSON answer.
    pub fn answers<T: JsonSchema>(mut self, status: u16, what: &'static str) -> Self {
        self.answers.push((status, what, Content::Json(schema_of::<T>)));
        self
    }

    /// Adds an answer of another media type.
    pub fn answers_as(mut self, status: u16, what: &'static str, media: &'static str) -> Self {
        self.answers.push((status, what, Content::Other(media)));
        self
    }

    /// Adds an answer without a body.
    pub fn answers_nothing(mut self, status: u16, what: &'static str) -> Self {
        self.answers.push((status, what, Content::Nothing));
        self
    }

    fn parameters(&self, schemas: &mut Schemas) -> Vec<Value> {
        let mut before = "";
        let in_path = self.path.split('/').filter_map(|part| {
            // The part before a parameter names what it is of: `/v1/models/{name}`.
            let of = std::mem::replace(&mut before, part);
            let name = part.strip_prefix('{')?.strip_suffix('}')?;
            let schema = if self.choices.is_empty() {
                json!({ "type": "string", "minLength": 1, "maxLength": LONGEST })
            } else {
                json!({ "type": "string", "enum": self.choices })
            };
            Some(json!({
                "name": name, "in": "path", "required": true,
                "description": of_path(of, name), "schema": schema
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

    /// The OpenAPI description of the operation.
    pub fn document(&self, schemas: &mut Schemas) -> Value {
        let mut answers = Map::new();
        for (status, what, content) in &self.answers {
            let content = content.document(&mut schemas.written);
            let entry = answers
                .entry(status.to_string())
                .or_insert_with(|| json!({ "description": what, "content": {} }));
            // One status may have several media types, of which the document wants one entry.
            if let (Some(all), Some(more)) = (entry["content"].as_object_mut(), content.as_object())
            {
                all.extend(more.clone());
            }
        }
        let problem = schemas.written.subschema_for::<Problem>();
        answers.insert(
            "default".to_owned(),
            json!({
                "description": "A problem document (RFC 9457).",
                "content": { "application/problem+json": { "schema": problem } }
            }),
        );
        // Generated clients make names of functions from these ids.
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
            // Takes back the key that the document asks for everywhere.
            document["security"] = json!([]);
        } else {
            document["description"] = json!(allowed(self.roles));
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
