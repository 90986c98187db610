use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use service::ServiceError;

/// The closed list of what can be wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemType {
    /// No key, or one that is not valid.
    Unauthorized,
    /// The key may not do this.
    Forbidden,
    /// It is not there, or not the caller's.
    NotFound,
    /// A value is missing or wrong.
    Validation,
    /// It is in another state than the request needs.
    Conflict,
    /// It has been changed since the caller read it.
    Changed,
    /// The idempotency key was used for another request.
    IdempotencyMismatch,
    /// The request has not the shape of its schema.
    Malformed,
    /// The resource does not know this method.
    Method,
    /// The body is of another type than the resource reads.
    Media,
    /// No representation that the caller accepts.
    NotAcceptable,
    /// The body is too large.
    TooLarge,
    /// The body arrives too slowly.
    Slow,
    /// The key asks too often.
    TooMany,
    /// The ledger cannot be read or evaluated.
    Ledger,
    /// The database or disk does not answer.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ProblemType {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "No valid key"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Not allowed with this key"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Validation => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation", "A value is missing or wrong")
            }
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "Not possible in this state"),
            Self::Changed => {
                (StatusCode::PRECONDITION_FAILED, "changed", "Changed since it was read")
            }
            Self::IdempotencyMismatch => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-mismatch",
                "Key used for another request",
            ),
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "Not of the shape expected"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "Unknown method"),
            Self::Media => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Another type of body is needed")
            }
            Self::NotAcceptable => {
                (StatusCode::NOT_ACCEPTABLE, "not-acceptable", "Not there in this form")
            }
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow", "Too slow"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large"),
            Self::Ledger => {
                (StatusCode::UNPROCESSABLE_ENTITY, "ledger", "The ledger cannot be used")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available now")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }
}

/// A problem document: RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemType,
    detail: String,
    field: Option<String>,
    /// Seconds after which the caller may come again.
    retry_after: Option<u64>,
    /// What the log is told and the caller is not.
    cause: Option<String>,
}

/// What the log is told of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub String);

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl Problem {
    /// A problem with its sentence.
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), field: None, retry_after: None, cause: None }
    }

    /// A wrong value, by the path of its field.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        let field = Some(field.to_owned());
        Self { field, ..Self::new(ProblemType::Validation, detail) }
    }

    /// A body or parameter that has not the shape of its schema, by the path of its field.
    pub fn malformed(field: &str, detail: impl Into<String>) -> Self {
        let field = Some(field.to_owned());
        Self { field, ..Self::new(ProblemType::Malformed, detail) }
    }

    /// A fault of ours, of which the log is told.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        ServiceError::internal(cause).into()
    }

    /// What does not answer, of which the log is told.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        ServiceError::unavailable(cause).into()
    }

    /// A key that asks too often.
    pub fn too_many(retry_after: u64) -> Self {
        let detail = format!("This key has asked too often; try again in {retry_after} s.");
        Self { retry_after: Some(retry_after), ..Self::new(ProblemType::TooMany, detail) }
    }

    /// More requests at a time than the service works on.
    pub fn busy() -> Self {
        let detail = "More requests are being worked on than the service takes at a time.";
        Self { retry_after: Some(1), ..Self::new(ProblemType::Unavailable, detail) }
    }

    /// A body of another type.
    pub fn media(expected: &str) -> Self {
        Self::new(ProblemType::Media, format!("Send it as {expected}."))
    }

    /// What is not there, or not the caller's to see.
    pub fn missing(what: &'static str) -> Self {
        ServiceError::Missing(what).into()
    }
}

impl JsonSchema for Problem {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Problem".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string", "description": "from a closed list" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "a sentence about this request" },
                "field": { "type": "string", "description": "the path of the wrong value" }
            }
        })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, name, title) = self.kind.parts();
        let document = Document {
            r#type: format!("/problems/{name}"),
            title,
            status: status.as_u16(),
            detail: &self.detail,
            field: self.field.as_deref(),
        };
        let mut response = (status, Json(document)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let value = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let detail = error.to_string();
        let of = |kind| Self::new(kind, detail.clone());
        match error {
            ServiceError::Unauthorized => of(ProblemType::Unauthorized),
            ServiceError::Forbidden(_) => of(ProblemType::Forbidden),
            ServiceError::Missing(_) => of(ProblemType::NotFound),
            ServiceError::Field { field, detail } => Self::field(&field, detail),
            ServiceError::Malformed { field, detail } => Self::malformed(&field, detail),
            ServiceError::Invalid(_) => of(ProblemType::Validation),
            ServiceError::Conflict(_) => of(ProblemType::Conflict),
            ServiceError::Answered => Self { retry_after: Some(1), ..of(ProblemType::Conflict) },
            ServiceError::Changed(_) => of(ProblemType::Changed),
            ServiceError::KeyReused => of(ProblemType::IdempotencyMismatch),
            ServiceError::TooLarge(_) => of(ProblemType::TooLarge),
            ServiceError::Ledger(_) => of(ProblemType::Ledger),
            ServiceError::Unavailable(cause) => {
                let problem = of(ProblemType::Unavailable);
                Self { cause: Some(cause), retry_after: Some(5), ..problem }
            }
            ServiceError::Internal(cause) => {
                Self { cause: Some(cause), ..of(ProblemType::Internal) }
            }
        }
    }
}
