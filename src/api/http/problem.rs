use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use service::ServiceError;

/// The closed list of problem types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemType {
    /// The key is missing, unknown, expired or revoked.
    Unauthorized,
    /// The key may not do this.
    Forbidden,
    /// The resource does not exist or is not the caller's.
    NotFound,
    /// A value is missing or wrong.
    Validation,
    /// The request is not possible in the current state.
    Conflict,
    /// The resource has changed since the caller read it.
    Changed,
    /// The idempotency key was used for another request.
    IdempotencyMismatch,
    /// The request does not have the shape of its schema.
    Malformed,
    /// The path does not support this method.
    Method,
    /// The body has a media type that the operation does not read.
    Media,
    /// No available representation is one that the caller accepts.
    NotAcceptable,
    /// The body is too large.
    TooLarge,
    /// The body arrived too slowly.
    Slow,
    /// The key has used up its rate.
    TooMany,
    /// The ledger could not be read or evaluated.
    Ledger,
    /// The service is busy, or its database or disk does not respond.
    Unavailable,
    /// An internal error.
    Internal,
}

impl ProblemType {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "Valid key required"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Not allowed with this key"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Validation => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation", "Missing or invalid value")
            }
            Self::Conflict => {
                (StatusCode::CONFLICT, "conflict", "Not possible in the current state")
            }
            Self::Changed => {
                (StatusCode::PRECONDITION_FAILED, "changed", "Changed since it was read")
            }
            Self::IdempotencyMismatch => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-mismatch",
                "Idempotency key already used",
            ),
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "Malformed request"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed"),
            Self::Media => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Unsupported media type")
            }
            Self::NotAcceptable => (
                StatusCode::NOT_ACCEPTABLE,
                "not-acceptable",
                "Not available in an accepted format",
            ),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow", "Request too slow"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Body too large"),
            Self::Ledger => (StatusCode::UNPROCESSABLE_ENTITY, "ledger", "Unusable ledger"),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemType,
    detail: String,
    field: Option<String>,
    /// Seconds after which the caller may try again.
    retry_after: Option<u64>,
    /// The cause, for the log but not the caller.
    cause: Option<String>,
}

/// The cause of a failed answer, for the log.
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
    /// A problem with a sentence about this request.
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), field: None, retry_after: None, cause: None }
    }

    /// A wrong value in the field with this path.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        let field = Some(field.to_owned());
        Self { field, ..Self::new(ProblemType::Validation, detail) }
    }

    /// A body or parameter whose field with this path does not have the shape of its schema.
    pub fn malformed(field: &str, detail: impl Into<String>) -> Self {
        let field = Some(field.to_owned());
        Self { field, ..Self::new(ProblemType::Malformed, detail) }
    }

    /// An internal error; its cause goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        ServiceError::internal(cause).into()
    }

    /// A database or disk that does not respond; the cause goes to the log.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        ServiceError::unavailable(cause).into()
    }

    /// A key that has used up its rate.
    pub fn too_many(retry_after: u64) -> Self {
        let detail = format!("This key has sent too many requests; try again in {retry_after} s.");
        Self { retry_after: Some(retry_after), ..Self::new(ProblemType::TooMany, detail) }
    }

    /// An address that has sent too many invalid keys.
    pub fn too_many_invalid(retry_after: u64) -> Self {
        let detail = format!(
            "Too many invalid keys have come from this address; try again in {retry_after} s."
        );
        Self { retry_after: Some(retry_after), ..Self::new(ProblemType::TooMany, detail) }
    }

    /// A key that has its share of something in progress.
    pub fn share_taken(what: &str) -> Self {
        let detail = format!("This key has too many {what} in progress; try again shortly.");
        Self { retry_after: Some(1), ..Self::new(ProblemType::TooMany, detail) }
    }

    /// More simultaneous requests than the service handles.
    pub fn busy() -> Self {
        let detail = "The service is handling as many requests as it can; try again shortly.";
        Self { retry_after: Some(1), ..Self::new(ProblemType::Unavailable, detail) }
    }

    /// A body of the wrong media type.
    pub fn media(expected: &str) -> Self {
        Self::new(ProblemType::Media, format!("Send the body as {expected}."))
    }

    /// A resource that does not exist, or is not the caller's to see.
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
                "type": {
                    "type": "string",
                    "description": "One of a closed list of paths, such as /problems/validation; \
                        the guide lists them under The service, Errors."
                },
                "title": { "type": "string", "description": "The problem type in words." },
                "status": { "type": "integer", "description": "The HTTP status." },
                "detail": {
                    "type": "string",
                    "description": "What is wrong with this request, in a sentence."
                },
                "field": {
                    "type": "string",
                    "description": "The path of the wrong value; absent if there is none."
                }
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
            // Logged with the line of the request, where its id and time are known.
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
            // The answer is stored by now: sent again, the request gets it.
            ServiceError::Answered | ServiceError::StillRunning => {
                Self { retry_after: Some(1), ..of(ProblemType::Conflict) }
            }
            ServiceError::Changed(_) | ServiceError::NothingYet => of(ProblemType::Changed),
            ServiceError::KeyReused => of(ProblemType::IdempotencyMismatch),
            ServiceError::Busy => Self { retry_after: Some(1), ..of(ProblemType::TooMany) },
            ServiceError::TooLarge(_) => of(ProblemType::TooLarge),
            ServiceError::Ledger(_) => of(ProblemType::Ledger),
            ServiceError::Unavailable(cause) => {
                let problem = of(ProblemType::Unavailable);
                Self { cause: Some(cause), retry_after: Some(5), ..problem }
            }
            // Not 500: it is no fault of the service, and staff have to know.
            ServiceError::Damaged { cause, .. } => {
                Self { cause: Some(cause), ..of(ProblemType::Conflict) }
            }
            ServiceError::Internal(cause) => {
                Self { cause: Some(cause), ..of(ProblemType::Internal) }
            }
        }
    }
}
