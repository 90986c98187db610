//! Extractors that answer a faulty request with a problem document.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::fault::{Fault, Kind};
use super::problem::{Problem, ProblemType};
use super::texts::{LONGEST, check};
use crate::state::Api;

/// The largest body, in bytes, unless it is a ledger or a model.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// The longest time for such a body to arrive, and between two pieces of a ledger.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// The parameter of a path.
pub(crate) struct Id(pub String);

impl FromRequestParts<Api> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, api).await;
        // An id that is not UTF-8: no resource has it.
        let Path(id) = path.map_err(|_| Problem::missing("resource"))?;
        check("path", &id, LONGEST)?;
        Ok(Self(id))
    }
}

/// The two parameters of a path.
pub(crate) struct Ids(pub String, pub String);

impl FromRequestParts<Api> for Ids {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, api).await;
        let Path((first, second)) = path.map_err(|_| Problem::missing("resource"))?;
        check("path", &first, LONGEST)?;
        check("path", &second, LONGEST)?;
        Ok(Self(first, second))
    }
}

/// Query parameters.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Api> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        // Read as texts first: their names are then known, whatever they become.
        let texts = Query::<Vec<(String, String)>>::from_request_parts(parts, api).await;
        for (name, text) in texts.iter().flat_map(|Query(texts)| texts) {
            check(name, text, LONGEST)?;
        }
        let asked = Query::<T>::from_request_parts(parts, api).await;
        let Query(asked) = asked.map_err(|error| {
            // axum puts the parser's fault behind words of its own.
            let told = error.body_text();
            let told = told.rsplit_once("query string: ").map_or(told.as_str(), |(_, own)| own);
            // The name of the parameter precedes the fault, unless the fault itself names it.
            let named = told.split_once(": ").filter(|(name, _)| !name.contains(' '));
            let (name, told) = named.unwrap_or((".", told));
            let fault = Fault::of(told, name, Kind::Parameter);
            Problem::malformed(&fault.path(name, "query"), fault.sentence)
        })?;
        Ok(Self(asked))
    }
}

/// A JSON body, read whole.
pub(crate) struct Payload(pub Bytes);

impl FromRequest<Api> for Payload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        if is_other_than_json(request.headers()) {
            return Err(Problem::media("application/json"));
        }
        Ok(Self(collected(request.into_body(), MOST_BYTES).await?))
    }
}

/// A TOML body.
pub(crate) struct Toml(pub String);

impl FromRequest<Api> for Toml {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Api) -> Result<Self, Problem> {
        // A young media type: many callers send TOML as plain text, or with none.
        let kind = media(request.headers()).unwrap_or("application/toml").to_owned();
        if !matches!(kind.as_str(), "application/toml" | "text/plain" | "text/toml") {
            return Err(Problem::media("application/toml"));
        }
        let bytes = collected(request.into_body(), MOST_BYTES).await?;
        let text = String::from_utf8(bytes.into());
        let text = text.map_err(|_| Problem::malformed("body", "Expected text in UTF-8."))?;
        check("body", &text, MOST_BYTES)?;
        Ok(Self(text))
    }
}

/// The media type of a body, without its parameters.
pub(crate) fn media(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or(kind).trim())
}

/// True if the body declares a media type other than JSON. No type may be JSON, and so may the type
/// of a form: curl declares it for any `--data` unless told otherwise.
fn is_other_than_json(headers: &HeaderMap) -> bool {
    media(headers).is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind != "application/json"
            && !kind.ends_with("+json")
            && kind != "application/x-www-form-urlencoded"
    })
}

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// If the body is larger, arrives too slowly or breaks off.
pub(crate) async fn collected(body: Body, most: usize) -> Result<Bytes, Problem> {
    let slow = || {
        let seconds = PATIENCE.as_secs();
        let detail = format!("The body did not arrive within {seconds} seconds.");
        Problem::new(ProblemType::Slow, detail)
    };
    // By its announced length, before anything is read of it.
    if body.size_hint().lower() > most as u64 {
        let detail = format!("The body must not exceed {most} bytes.");
        return Err(Problem::new(ProblemType::TooLarge, detail));
    }
    // Counted as it comes as well: not every body announces its length.
    let read = timeout(PATIENCE, Limited::new(body, most).collect()).await;
    match read.map_err(|_| slow())? {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let detail = format!("The body must not exceed {most} bytes.");
            Err(Problem::new(ProblemType::TooLarge, detail))
        }
        Err(_) => {
            Err(Problem::new(ProblemType::Malformed, "The body ended before it was complete."))
        }
    }
}
