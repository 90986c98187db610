use thiserror::Error;

use store::{Role, StoreError};

/// Why the service does not do what it was asked for. The text is a sentence for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ServiceError {
    /// A key that is not valid.
    #[error("The key is unknown, expired or revoked.")]
    Unauthorized,
    /// The key may not do this.
    #[error("A key with the role {} may not do this.", .0.as_str())]
    Forbidden(Role),
    /// It is not there, or not the caller's to see.
    #[error("There is no such {0}.")]
    Missing(&'static str),
    /// A wrong value, by the path of its member.
    #[error("{detail}")]
    Field {
        /// Where it stands.
        field: String,
        /// What was expected.
        detail: String,
    },
    /// A value that has not the shape of its schema.
    #[error("{detail}")]
    Malformed {
        /// Where it stands.
        field: String,
        /// What was expected.
        detail: String,
    },
    /// Values that do not go together.
    #[error("{0}")]
    Invalid(String),
    /// It is in another state than the request needs.
    #[error("{0}")]
    Conflict(String),
    /// The same request is being answered.
    #[error("The same request is being answered; send it again for its answer.")]
    Answered,
    /// Somebody else has changed it since the caller read it.
    #[error("It has been changed since; its version is {0} now.")]
    Changed(i64),
    /// The idempotency key was sent with another request.
    #[error("This Idempotency-Key was sent with another request.")]
    KeyReused,
    /// The upload is too large.
    #[error("A ledger has at most {0} bytes.")]
    TooLarge(u64),
    /// The ledger cannot be read or evaluated.
    #[error("{0}")]
    Ledger(String),
    /// The database or the disk does not answer; the log is told why.
    #[error("The store does not answer; try again later.")]
    Unavailable(String),
    /// A fault of ours; the log is told which.
    #[error("The request failed; it is in the log.")]
    Internal(String),
}

impl ServiceError {
    /// A wrong value, by the path of its member.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        Self::Field { field: field.to_owned(), detail: detail.into() }
    }

    /// A fault of ours.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// What does not answer.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string())
    }

    /// What the log is told and the caller is not.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing(what) => Self::Missing(what),
            StoreError::Exists(what) => Self::Conflict(format!("There is such a {what} already.")),
            StoreError::Bought(_) => Self::Conflict(format!("Not possible: {error}.")),
            StoreError::Answered => Self::Answered,
            StoreError::Changed(version) => Self::Changed(version),
            StoreError::Damaged { .. } => Self::internal(error),
            // The caller learns nothing of paths and tables; the log does.
            other => Self::unavailable(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_reads_a_sentence_and_the_log_the_cause() {
        let missing = ServiceError::from(StoreError::Missing("offer"));
        assert_eq!(
            (missing.to_string().as_str(), missing.cause()),
            ("There is no such offer.", None)
        );
        let id = "p".to_owned();
        let damaged = StoreError::Damaged { what: "position", id, reason: "no day".to_owned() };
        let damaged = ServiceError::from(damaged);
        assert!(!damaged.to_string().contains("position"), "{damaged}");
        assert_eq!(damaged.cause(), Some("position p is damaged: no day"));
        let bought = ServiceError::from(StoreError::Bought("7".to_owned()));
        assert_eq!(
            bought.to_string(),
            "Not possible: invoice 7 is bought already and not settled."
        );
    }
}
