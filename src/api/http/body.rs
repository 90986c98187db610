//! Bodies of JSON: read with the path of a wrong field, and written.

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use service::Reply;

use super::problem::Problem;

/// A JSON body: an object.
pub fn parsed<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    // Left to itself the reader would take a list for an object, member by member.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Problem::malformed("body", "Expected a JSON object."));
    }
    let mut value = serde_json::from_slice(body)
        .map_err(|error| Problem::malformed("body", error.to_string()))?;
    whole_numbers(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = if matches!(path.as_str(), "." | "?") { "body" } else { path.as_str() };
        Problem::malformed(field, error.inner().to_string())
    })
}

/// A body, or nothing for the usual.
pub fn parsed_or_usual<T: DeserializeOwned + Default>(body: &Bytes) -> Result<T, Problem> {
    if body.is_empty() { Ok(T::default()) } else { parsed(body) }
}

/// To JSON 138.0 is a whole number, to a reader of whole numbers it is not.
fn whole_numbers(value: &mut Value) {
    /// Up to here every whole number is a double of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(whole) = number.as_f64().filter(|x| x.fract() == 0.0 && x.abs() < EXACT) {
                *number = (whole as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(members) => members.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

/// A JSON answer.
pub fn json(Reply { status, body }: Reply) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A value as JSON, with 200.
pub fn shown(value: &impl Serialize) -> Result<Response, Problem> {
    Ok(json(Reply::json(200, value)?))
}
