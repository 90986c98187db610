//! Bodies that are read once: JSON with the path of a wrong field, and requests that are carried
//! out once.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use basics::hex;
use store::{Actor, Answer, Remembered};

use super::Service;
use super::problem::{Problem, ProblemType};

/// Longest idempotency key.
const LONGEST_KEY: usize = 200;

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

/// The version of If-Match, where the caller sends one.
pub fn expected(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    if headers.contains_key(header::IF_MATCH) { version(headers).map(Some) } else { Ok(None) }
}

/// A version from If-Match: the ETag that an answer had.
pub fn version(headers: &HeaderMap) -> Result<i64, Problem> {
    let value = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let value = value.ok_or_else(|| {
        Problem::field("If-Match", "Send the ETag of what you have read as If-Match.")
    })?;
    value
        .trim_matches('"')
        .parse()
        .map_err(|_| Problem::field("If-Match", "It is no ETag of ours."))
}

/// A request that is carried out once, whoever asks how often.
pub struct Once {
    caller: String,
    key: Option<String>,
    request: String,
    at: String,
}

/// What to do with a request.
pub enum Turn {
    /// It has been answered before.
    Answered(Response),
    /// It is new.
    New(Once),
}

impl Once {
    /// Whether a request with the caller's Idempotency-Key has been answered already.
    pub async fn of(
        service: &Service,
        caller: &str,
        headers: &HeaderMap,
        (route, body): (&str, &[u8]),
    ) -> Result<Turn, Problem> {
        let key = match headers.get("idempotency-key") {
            None => None,
            Some(value) => {
                let is_key = |text: &&str| {
                    (1..=LONGEST_KEY).contains(&text.len())
                        && text.bytes().all(|byte| byte.is_ascii_graphic())
                };
                let text = value.to_str().ok().filter(is_key).ok_or_else(|| {
                    Problem::malformed("Idempotency-Key", "Expected 1 to 200 visible characters.")
                })?;
                Some(text.to_owned())
            }
        };
        let mut hash = Sha256::new();
        hash.update(route.as_bytes());
        hash.update([0]);
        hash.update(body);
        let request = hex(&hash.finalize());
        if let Some(key) = &key
            && let Some(found) = service.store.remembered(caller, key, &request).await?
        {
            return match found {
                Remembered::Same { status, body } => Ok(Turn::Answered(json(status, body))),
                Remembered::Other => Err(Problem::new(
                    ProblemType::IdempotencyMismatch,
                    "This Idempotency-Key was sent with another request.",
                )),
            };
        }
        Ok(Turn::New(Self { caller: caller.to_owned(), key, request, at: service.now() }))
    }

    /// Who does it, when, and what is answered.
    pub fn actor(&self, status: StatusCode, body: &str) -> Actor {
        let answer = self.key.as_ref().map(|key| Answer {
            key: key.clone(),
            request: self.request.clone(),
            status: status.as_u16(),
            body: body.to_owned(),
        });
        Actor { key: self.caller.clone(), at: self.at.clone(), answer }
    }

    /// When it was asked.
    pub fn at(&self) -> &str {
        &self.at
    }
}

/// A body as JSON text.
pub fn text(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

/// A JSON answer.
pub fn json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The same with the version as ETag.
pub fn tagged(status: StatusCode, body: String, version: i64) -> Response {
    let tag = format!("\"{version}\"");
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, tag)];
    (status, headers, body).into_response()
}
