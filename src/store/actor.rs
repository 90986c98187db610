/// Who does something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Prefix of the key.
    pub key: String,
    /// RFC 3339.
    pub at: String,
    /// What it is answered, where it asked that the same request is not carried out twice.
    pub answer: Option<Answer>,
}

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The caller's idempotency key.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}
