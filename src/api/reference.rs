//! The OpenAPI document as a page.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;\
padding:0 1rem;color:#1b2430}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;\
border-bottom:1px solid #ccd3dc}code{background:#f1f4f8;padding:.1rem .3rem;border-radius:3px}\
details{margin:.4rem 0}summary{cursor:pointer}table{border-collapse:collapse;margin:.5rem 0}\
td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}\
.m{display:inline-block;width:4.2rem;font-weight:600}pre{background:#f1f4f8;padding:.6rem;\
overflow:auto}pre code{padding:0}.l{color:#8a94a3;text-decoration:none}";

/// The most words of an enumeration that a type lists; currencies have 160.
const MOST_WORDS: usize = 20;

/// The document as a page, without a script.
pub(super) fn shown(document: &Value) -> Markup {
    let operations = operations(document);
    let mut tags: Vec<&str> = Vec::new();
    for Operation { tag, .. } in &operations {
        if !tags.contains(tag) {
            tags.push(*tag);
        }
    }
    let page = Page(document);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Factorage API" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Factorage API " (text(&document["info"]["version"])) }
                p { (text(&document["info"]["description"])) }
                p {
                    "Machine-readable: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI 3.1). "
                    a href="/docs" { "User guide" } "."
                }
                p {
                    @for tag in &tags { a href={ "#" (tag) } { (tag) } " " }
                    a href="#schemas" { "schemas" }
                }
                @for tag in &tags {
                    h2 id=(tag) { (tag) " " (link(tag)) }
                    @for own in operations.iter().filter(|own| own.tag == *tag) {
                        (page.operation(own))
                    }
                }
                a id="schemas" {}
                h2 { "Schemas" }
                @for (name, schema) in members_of(&document["components"]["schemas"]) {
                    (page.schema(name, schema))
                }
            }
        }
    }
}

/// An operation of the document.
struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    tag: &'a str,
    own: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let all = members_of(&document["paths"]).flat_map(|(path, methods)| {
        members_of(methods).map(move |(method, own)| Operation {
            path,
            method,
            tag: text(&own["tags"][0]),
            own,
        })
    });
    all.collect()
}

/// The members of an object in their order; none for anything else.
fn members_of(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn items_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A link to the place with this id, for copying.
fn link(id: &str) -> Markup {
    html! { a.l href={ "#" (id) } title="Link to this place" { "#" } }
}

/// A description, with what is between backquotes as code.
fn spoken(description: &str) -> Markup {
    html! {
        @for (at, part) in description.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part.replace('\n', " ")) }
        }
    }
}

/// The id of an operation: `post-v1-collections`.
fn id_of(method: &str, path: &str) -> String {
    let parts = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut id = method.to_owned();
    for part in parts {
        id.push('-');
        id.push_str(part);
    }
    id
}

/// The name of the schema that a reference leads to.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// A member of an object: its place in the list, and what is known of it.
struct Member<'a> {
    depth: usize,
    name: &'a str,
    is_required: bool,
    kind: String,
    description: &'a str,
}

/// The document to which references lead.
struct Page<'a>(&'a Value);

impl<'a> Page<'a> {
    /// The schema itself, wherever it is.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match referred(schema) {
            Some(name) => &self.0["components"]["schemas"][name],
            None => schema,
        }
    }

    /// The type of a schema in words.
    fn kind(&self, schema: &'a Value) -> String {
        let schema = self.resolved(schema);
        if let Some(word) = schema.get("const") {
            return word.as_str().map_or_else(|| word.to_string(), str::to_owned);
        }
        let words = items_of(&schema["enum"]);
        if (1..=MOST_WORDS).contains(&words.len()) {
            return words.iter().map(text).collect::<Vec<_>>().join(" | ");
        }
        for choice in ["oneOf", "anyOf"] {
            if schema[choice].is_array() {
                return either(items_of(&schema[choice]).iter().map(|own| self.kind(own)));
            }
        }
        match &schema["type"] {
            Value::Array(kinds) => either(kinds.iter().map(|kind| self.simple(text(kind), schema))),
            kind => self.simple(text(kind), schema),
        }
    }

    fn simple(&self, kind: &str, schema: &'a Value) -> String {
        match (kind, text(&schema["format"])) {
            ("string", form @ ("date" | "date-time")) => form.to_owned(),
            ("array", _) => format!("array of {}", self.kind(&schema["items"])),
            // The alternatives of a union are told apart by a member with one value.
            ("object", _) => members_of(&schema["properties"])
                .find_map(|(name, own)| Some(format!("{name}: {}", own["const"].as_str()?)))
                .unwrap_or_else(|| "object".to_owned()),
            ("", _) => "any".to_owned(),
            (kind, _) => kind.to_owned(),
        }
    }

    /// The object in a schema: itself, or the items of an array, or what may be null.
    fn object(&self, schema: &'a Value) -> Option<&'a Value> {
        let schema = self.resolved(schema);
        if schema["properties"].is_object() {
            return Some(schema);
        }
        if schema["items"].is_object() {
            return self.object(&schema["items"]);
        }
        // How schemars writes an `Option`: the type or null.
        let of = |choice: &Value| text(&choice["type"]) != "null";
        let mut others = items_of(&schema["anyOf"]).iter().filter(|own| of(own));
        match (others.next(), others.next()) {
            (Some(only), None) => self.object(only),
            _ => None,
        }
    }

    /// The members of an object, and those of the objects in it one level down.
    fn members(&self, schema: &'a Value, depth: usize) -> Vec<Member<'a>> {
        let Some(object) = self.object(schema) else { return Vec::new() };
        let required = items_of(&object["required"]);
        let mut all = Vec::new();
        for (name, own) in members_of(&object["properties"]) {
            let description = own["description"].as_str();
            all.push(Member {
                depth,
                name,
                is_required: required.iter().any(|one| text(one) == name),
                kind: self.kind(own),
                // A member's own words first: those of its type know nothing of the place.
                description: description.unwrap_or(text(&self.resolved(own)["description"])),
            });
            // What is deeper is shown among the schemas.
            if depth == 0 {
                all.extend(self.members(own, 1));
            }
        }
        all
    }

    /// The members of an object, one per line: name, `required` or nothing, type and meaning.
    fn listed(&self, schema: &'a Value) -> Markup {
        let members = self.members(schema, 0);
        html! {
            @if !members.is_empty() {
                pre {
                    @for Member { depth, name, is_required, kind, description } in members {
                        @let name = format!("{}{name}", "  ".repeat(depth));
                        @let needed = if is_required { "required" } else { "" };
                        (format!("{name:<22} {needed:<8} {kind:<16} ")) (spoken(description)) "\n"
                    }
                }
            }
        }
    }

    fn schema(&self, name: &str, schema: &'a Value) -> Markup {
        html! {
            details id=(name) {
                summary { code { (name) } " " (link(name)) }
                p { (spoken(text(&schema["description"]))) }
                (self.listed(schema))
                details {
                    summary { "JSON Schema" }
                    pre { (serde_json::to_string_pretty(schema).unwrap_or_default()) }
                }
            }
        }
    }

    fn operation(&self, Operation { path, method, own, .. }: &Operation<'a>) -> Markup {
        let parameters = items_of(&own["parameters"]);
        let id = id_of(method, path);
        html! {
            details id=(id) {
                summary {
                    span.m { (method.to_uppercase()) }
                    code { (path) } " " (text(&own["summary"])) " " (link(&id))
                }
                @if let Some(description) = own["description"].as_str() {
                    p { (spoken(description)) }
                }
                @if !parameters.is_empty() {
                    table {
                        tr { th { "Parameter" } th { "In" } th { "" } th { "Type" } th { "" } }
                        @for own in parameters { (self.parameter(own)) }
                    }
                }
                (self.contents("Body", &own["requestBody"]))
                @for (status, answer) in members_of(&own["responses"]) {
                    (self.contents(status, answer))
                }
            }
        }
    }

    fn parameter(&self, own: &'a Value) -> Markup {
        let description = own["description"].as_str();
        html! {
            tr {
                td { code { (text(&own["name"])) } }
                td { (text(&own["in"])) }
                td { @if own["required"] == true { "required" } }
                td { (self.kind(&own["schema"])) }
                td { (spoken(description.unwrap_or(text(&own["schema"]["description"])))) }
            }
        }
    }

    /// A body or an answer, with the members of what is not described among the schemas.
    fn contents(&self, title: &str, it: &'a Value) -> Markup {
        html! {
            @if it.is_object() {
                p { b { (title) } " " (spoken(text(&it["description"]))) }
                @for (media, content) in members_of(&it["content"]) {
                    @let schema = &content["schema"];
                    p {
                        code { (media) }
                        @if let Some(name) = referred(schema) {
                            " " a href={ "#" (name) } { (name) }
                        } @else if let Some(description) = schema["description"].as_str() {
                            " " (spoken(description))
                        }
                    }
                    @if referred(schema).is_none() { (self.listed(schema)) }
                }
            }
        }
    }
}

/// Alternatives, each once and null last: `credit | dilution or null`.
fn either(kinds: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    let mut may_be_null = false;
    for kind in kinds {
        may_be_null |= kind == "null";
        if kind != "null" && !all.contains(&kind) {
            all.push(kind);
        }
    }
    let null = if may_be_null { " or null" } else { "" };
    format!("{}{null}", all.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_paragraph_has_a_block_in_it() {
        let page = shown(&crate::document()).into_string();
        for paragraph in page.split("<p>").skip(1) {
            let (inside, _) = paragraph.split_once("</p>").expect("an end");
            assert!(!inside.contains("<pre") && !inside.contains("<details"), "{inside}");
        }
        let operations = page.split("<h2>Schemas").next().expect("operations");
        assert!(!operations.contains('`'), "backquotes are shown as code");
        for place in ["id=\"post-v1-collections\"", "href=\"#collections\"", "id=\"collections\""] {
            assert!(page.contains(place), "{place}");
        }
    }

    #[test]
    fn types_are_shown_with_their_words() {
        let page = shown(&crate::document()).into_string();
        for kind in [
            "client | underwriter | analyst | funder | admin",
            "credit | dilution | not_valid or null",
        ] {
            assert!(page.contains(kind), "{kind}");
        }
        let document = crate::document();
        let page = Page(&document);
        for (name, schema) in members_of(&document["components"]["schemas"]) {
            for member in page.members(schema, 0) {
                assert!(!member.kind.is_empty(), "{name}.{}", member.name);
            }
        }
    }

    #[test]
    fn the_members_of_the_items_are_listed_under_their_array() {
        let document = crate::document();
        let body = &document["paths"]["/v1/collections"]["post"]["requestBody"]["content"];
        let schema = &body["application/json"]["schema"];
        let members = Page(&document).members(schema, 0);
        let of = |name: &str| members.iter().find(|member| member.name == name).expect("a member");
        assert_eq!((of("payments").depth, of("payments").is_required), (0, true));
        assert_eq!((of("received_on").depth, of("received_on").kind.as_str()), (1, "date"));
    }
}
