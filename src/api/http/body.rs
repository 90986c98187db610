//! JSON bodies: read, naming the path of a wrong field, and written.

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use service::Reply;

use super::fault::{Fault, Kind, of_json};
use super::members::{self, Unread};
use super::problem::Problem;
use super::texts::check_body;

/// Reads a JSON body, which must be an object.
///
/// # Errors
/// If the body is not a JSON object of this type, a member is given twice, or a text is too long or
/// has a NUL; the problem names the path of the wrong field.
pub fn parsed<T: DeserializeOwned + JsonSchema>(body: &Bytes) -> Result<T, Problem> {
    // serde would read a list as an object, member by member.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Problem::malformed("body", "Expected a JSON object."));
    }
    // Into a value first: its whole numbers are mended before the type sees them.
    let mut value = members::read(body).map_err(|unread| match unread {
        Unread::Twice(path) => Problem::field(&path, "The member is given more than once."),
        Unread::Malformed(error) => Problem::malformed("body", of_json(&error)),
    })?;
    whole_numbers(&mut value);
    check_body::<T>(&value)?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let fault = Fault::of(&error.inner().to_string(), &path, Kind::Member);
        Problem::malformed(&fault.path(&path, "body"), fault.sentence)
    })
}

/// Reads a JSON body, or returns the default if there is none.
///
/// # Errors
/// As [`parsed`].
pub fn parsed_or_usual<T: DeserializeOwned + Default + JsonSchema>(
    body: &Bytes,
) -> Result<T, Problem> {
    if body.is_empty() { Ok(T::default()) } else { parsed(body) }
}

/// Turns whole numbers such as 138.0 into integers: to JSON they are, to serde they are not.
fn whole_numbers(value: &mut Value) {
    /// 2^53: up to here every whole number has a double of its own.
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

/// A JSON answer, with the headers that go with it.
pub fn json(Reply { status, body, location, etag, .. }: Reply) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    for (name, value) in [(header::LOCATION, location), (header::ETAG, etag)] {
        // Paths and versions of our own: all of them are headers.
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A value as JSON, with status 200.
///
/// # Errors
/// If the value cannot be written as JSON.
pub fn shown(value: &impl Serialize) -> Result<Response, Problem> {
    Ok(json(Reply::json(200, value)?))
}
