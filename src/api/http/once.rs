//! Idempotency: with an Idempotency-Key, a repeated request gets the first answer and is not
//! carried out again.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Request};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use service::{Asked, Caller, Once, Right, Service, ServiceError, Turn};

use super::body::{json, parsed, parsed_or_usual};
use super::caller::By;
use super::extract::{Id, Payload};
use super::problem::Problem;
use crate::jobs::repeated;
use crate::state::Api;

/// The longest idempotency key, in characters.
const LONGEST_KEY: usize = 200;

/// An answer given before a handler does its work.
pub(crate) enum Early {
    /// The answer that the same request got before.
    Answered(Box<Response>),
    /// A refusal.
    Refused(Problem),
}

impl IntoResponse for Early {
    fn into_response(self) -> Response {
        match self {
            Self::Answered(response) => *response,
            Self::Refused(problem) => problem.into_response(),
        }
    }
}

impl From<Problem> for Early {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<ServiceError> for Early {
    fn from(error: ServiceError) -> Self {
        Self::Refused(error.into())
    }
}

/// The content of a request, by which two requests with one key are told apart.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Method and path, with ids in their places.
    pub route: &'a str,
    /// The body, or a hash of it.
    pub body: &'a [u8],
}

/// Begins a request that has not been answered before.
///
/// # Errors
/// If it has been answered, with that answer, or with today's state of the job that it queued; or
/// if its key is malformed, in use by an equal request that takes too long, or was sent with
/// another request.
pub(crate) async fn begun(
    service: &Service,
    caller: &Caller,
    headers: &HeaderMap,
    Wanted { route, body }: Wanted<'_>,
) -> Result<Once, Early> {
    let key = key(headers)?;
    match service.once(Asked { caller, key, route, body }).await? {
        Turn::New(once) => Ok(once),
        Turn::Answered(reply) => Err(Early::Answered(Box::new(match &reply.job {
            Some(job) => repeated(service, caller, headers, job).await?,
            None => json(reply),
        }))),
    }
}

/// The Idempotency-Key, if the caller sends one.
///
/// # Errors
/// If it is empty, too long or has other than visible ASCII characters.
fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let is_key = |text: &&str| {
        (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(is_key);
    key.map(Some).ok_or_else(|| {
        Problem::malformed("Idempotency-Key", "Expected 1 to 200 visible ASCII characters.")
    })
}

/// A JSON body.
pub(crate) trait Body: Sized {
    /// Reads the body as sent.
    ///
    /// # Errors
    /// If it does not have the shape of its type.
    fn read(bytes: &Bytes) -> Result<Self, Problem>;
}

/// A required body.
pub(crate) struct Needed<T>(pub T);

/// An optional body.
pub(crate) struct Optional<T>(pub T);

impl<T: DeserializeOwned + JsonSchema> Body for Needed<T> {
    fn read(bytes: &Bytes) -> Result<Self, Problem> {
        parsed(bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default + JsonSchema> Body for Optional<T> {
    fn read(bytes: &Bytes) -> Result<Self, Problem> {
        parsed_or_usual(bytes).map(Self)
    }
}

/// An authorised request with a body, carried out once.
pub(crate) struct Posted<R, B> {
    /// The caller.
    pub by: R,
    /// The parameter of its path; empty if the path has none.
    pub id: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its turn.
    pub once: Once,
    /// Its body.
    pub body: B,
}

/// Method and path, with the parameter in its place.
fn route(method: &Method, path: &str, id: &str) -> String {
    match path.split_once('{') {
        Some((before, rest)) => {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            format!("{method} {before}{id}{after}")
        }
        None => format!("{method} {path}"),
    }
}

impl<R: Right + AsRef<Caller> + Send + Sync, B: Body> FromRequest<Api> for Posted<R, B> {
    type Rejection = Early;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Early> {
        let (mut parts, body) = request.into_parts();
        let By(by) = By::<R>::from_request_parts(&mut parts, api).await?;
        let path = parts.extensions.get::<MatchedPath>().cloned();
        let path = path.as_ref().map_or("", MatchedPath::as_str);
        let id = if path.contains('{') {
            Id::from_request_parts(&mut parts, api).await?.0
        } else {
            String::new()
        };
        let (route, headers) = (route(&parts.method, path, &id), parts.headers.clone());
        // After the right: nobody without one has a body read.
        let Payload(bytes) = Payload::from_request(Request::from_parts(parts, body), api).await?;
        let wanted = Wanted { route: &route, body: &bytes };
        let once = begun(&api.service, by.as_ref(), &headers, wanted).await?;
        // Read last: a repeated request is answered even if its body is no longer accepted.
        Ok(Self { by, id, headers, once, body: B::read(&bytes)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Counts = std::collections::BTreeMap<String, u32>;

    #[test]
    fn a_key_is_a_word_of_visible_characters() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", value.parse().expect("a header"));
            key(&headers).map(|key| key.map(str::to_owned)).ok()
        };
        assert_eq!(of("a-1"), Some(Some("a-1".to_owned())));
        assert_eq!(of(&"k".repeat(200)), Some(Some("k".repeat(200))));
        for wrong in ["", "two words", &"k".repeat(201)] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert_eq!(key(&HeaderMap::new()).ok(), Some(None));
    }

    /// The record of a request outlives the program that kept it.
    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let of = |path: &str| route(&Method::POST, path, "7");
        assert_eq!(of("/v1/positions"), "POST /v1/positions");
        assert_eq!(of("/v1/ledgers/{id}/evaluations"), "POST /v1/ledgers/7/evaluations");
        assert_eq!(
            of("/v1/offers/{id}/overrides/approval"),
            "POST /v1/offers/7/overrides/approval"
        );
    }

    #[test]
    fn a_body_that_may_be_left_out_is_read_where_it_is_sent() {
        let sent = Bytes::from_static(b"{\"a\": 1}");
        let Ok(Optional(counts)) = Optional::<Counts>::read(&sent) else { panic!("an object") };
        assert_eq!(counts["a"], 1);
        let Ok(Optional(none)) = Optional::<Counts>::read(&Bytes::new()) else { panic!("nothing") };
        assert!(none.is_empty());
        assert!(Needed::<Counts>::read(&Bytes::new()).is_err());
        assert!(Optional::<Counts>::read(&Bytes::from_static(b"[]")).is_err());
    }
}
