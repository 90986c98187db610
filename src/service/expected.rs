use super::ServiceError;

/// The version that the caller read, or the fault in how it was sent. The fault is reported only
/// once the rest of the request is checked, so that other faults come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected(Result<Option<i64>, ServiceError>);

impl Expected {
    /// Wraps the version as it was sent.
    pub fn new(version: Result<Option<i64>, ServiceError>) -> Self {
        Self(version)
    }

    /// Reports the fault at once: used before a large body is read in vain.
    ///
    /// # Errors
    /// The fault in how the version was sent.
    pub fn checked(self) -> Result<Self, ServiceError> {
        self.0.map(|version| Self(Ok(version)))
    }

    /// The version, if the caller sent one.
    pub(super) fn version(self) -> Result<Option<i64>, ServiceError> {
        self.0
    }
}
