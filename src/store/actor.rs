/// The caller of a change, and the time of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Prefix of the caller's API key.
    pub key: String,
    /// Time of the change, RFC 3339.
    pub at: String,
    /// The answer to keep, if the request came with an idempotency key.
    pub answer: Option<Answer>,
}

/// The answer to a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The caller's idempotency key.
    pub key: String,
    /// SHA-256 of the request's route and body.
    pub request: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Body of the answer.
    pub body: String,
    /// Its header `Location`.
    pub location: Option<String>,
    /// Its header `ETag`.
    pub etag: Option<String>,
    /// The job that it queued.
    pub job: Option<String>,
}
