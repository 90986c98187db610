use super::ServiceError;

/// The version of what the caller has read, and what is wrong with it where it is none. It is
/// looked at last: what else is wrong is told first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected(Result<Option<i64>, ServiceError>);

impl Expected {
    /// As it was sent.
    pub fn new(version: Result<Option<i64>, ServiceError>) -> Self {
        Self(version)
    }

    /// The same, unless something is wrong with it: before a large body is read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(self) -> Result<Self, ServiceError> {
        self.0.map(|version| Self(Ok(version)))
    }

    /// The version, where the caller says one.
    pub(super) fn version(self) -> Result<Option<i64>, ServiceError> {
        self.0
    }
}
