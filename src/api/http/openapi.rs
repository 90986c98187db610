//! The OpenAPI document.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operation::{Operation, Schemas};
use super::texts::generator;

/// The OpenAPI 3.1 document of these operations.
pub(crate) fn document(operations: &[Operation]) -> Value {
    // The draft of JSON Schema that OpenAPI 3.1 is based on.
    let mut written = SchemaSettings::draft2020_12().for_serialize();
    written.definitions_path = "/components/schemas".into();
    let mut schemas = Schemas { read: generator(), written: written.into_generator() };
    let mut paths = Map::new();
    for operation in operations {
        let method = operation.method.as_str().to_lowercase();
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        path[method] = operation.document(&mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Factorage",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Purchase offers and portfolio reports for receivables. Money is a \
                decimal string; percentages are strings where they are exact and numbers where \
                they are computed. Dates are ISO 8601. Send your key in the header Authorization: \
                Bearer KEY. New members may be added within v1: ignore those that you do not know."
        },
        "paths": paths,
        "components": {
            "schemas": schemas.written.take_definitions(true),
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } }
        },
        "security": [{ "key": [] }]
    })
}
