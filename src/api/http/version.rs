//! Versions of resources: ETag in answers, If-Match in requests (RFC 9110, 13).

use axum::http::{HeaderMap, header};
use axum::response::Response;

use service::{Expected, Reply, ServiceError};

use super::body::json;

/// The version in If-Match, if the caller sends one.
pub(crate) fn expected(headers: &HeaderMap) -> Expected {
    let is_sent = headers.contains_key(header::IF_MATCH);
    Expected::new(if is_sent { version(headers).map(Some) } else { Ok(None) })
}

/// The version in If-Match: the ETag of an earlier answer.
///
/// # Errors
/// If the header is missing or is not an ETag issued by this service.
pub(crate) fn version(headers: &HeaderMap) -> Result<i64, ServiceError> {
    let wrong = |detail| ServiceError::field("If-Match", detail);
    let value = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let value =
        value.ok_or_else(|| wrong("Send the ETag of the version that you read as If-Match."))?;
    // Lenient on the quotes, which shells eat.
    value.trim_matches('"').parse().map_err(|_| wrong("Not an ETag issued by this service."))
}

/// A JSON answer with its version as ETag.
pub(crate) fn tagged(reply: Reply, version: i64) -> Response {
    json(reply.tagged(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_is_the_tag_that_an_answer_had() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, value.parse().expect("a header"));
            version(&headers)
        };
        assert_eq!(with("\"7\""), Ok(7));
        assert!(with("\"x\"").is_err() && version(&HeaderMap::new()).is_err());
        assert_eq!(expected(&HeaderMap::new()), Expected::new(Ok(None)));
        let answer = tagged(Reply::new(201, String::new()), 7);
        assert_eq!(answer.headers()[header::ETAG], "\"7\"");
    }
}
