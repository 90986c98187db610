use thiserror::Error;

use purchases::NotBuyable;
use store::{Role, StoreError};

use super::sentence::sentence;

/// A refusal or a failure of the service. The text is a sentence for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ServiceError {
    /// The API key is not valid.
    #[error("The key is unknown, expired or revoked.")]
    Unauthorized,
    /// The key's role does not allow the request.
    #[error("A key with the role {} may not do this.", .0.as_str())]
    Forbidden(Role),
    /// The entry does not exist, or the caller may not see it.
    #[error("There is no such {0}.")]
    Missing(&'static str),
    /// A wrong value in the request.
    #[error("{detail}")]
    Field {
        /// Path of the member in the request.
        field: String,
        /// The expected value, as a sentence.
        detail: String,
    },
    /// A value that does not match its schema.
    #[error("{detail}")]
    Malformed {
        /// Path of the member in the request.
        field: String,
        /// The expected value, as a sentence.
        detail: String,
    },
    /// Values that contradict each other.
    #[error("{0}")]
    Invalid(String),
    /// The entry is not in the state that the request needs.
    #[error("{0}")]
    Conflict(String),
    /// A purchase is not as it was accepted, of which staff read; the log gets the cause.
    #[error("{told} Nothing was paid out; have an operator run factorage audit verify.")]
    Damaged {
        /// The part that is damaged, as a sentence.
        told: String,
        /// The cause.
        cause: String,
    },
    /// The same request was answered while this one was carried out.
    #[error("The same request has just been answered; send the request again to get its answer.")]
    Answered,
    /// An equal request is still carried out.
    #[error("The same request is still being carried out; send it again to get its answer.")]
    StillRunning,
    /// The entry has changed since the caller read it.
    #[error("It has changed since you read it; its version is now {0}.")]
    Changed(i64),
    /// The caller expects a version of an entry that does not exist.
    #[error("There is no such resource yet; send the request without If-Match.")]
    NothingYet,
    /// The idempotency key was used for another request.
    #[error("This Idempotency-Key was used for another request.")]
    KeyReused,
    /// The upload is too large.
    #[error("The ledger is larger than the limit of {0} bytes.")]
    TooLarge(u64),
    /// Too many requests of the key wait for heavy work.
    #[error("Too many large requests of this key are waiting; try again shortly.")]
    Busy,
    /// The ledger cannot be read or evaluated.
    #[error("{0}")]
    Ledger(String),
    /// The database or the disk does not answer; the log gets the reason.
    #[error("The service cannot reach its storage; try again later.")]
    Unavailable(String),
    /// A fault of the service; the log gets the details.
    #[error(
        "The request failed because of a fault in the service; quote the X-Request-Id to the \
         operator."
    )]
    Internal(String),
}

impl ServiceError {
    /// Returns the error for a wrong value, by the path of its member.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        Self::Field { field: field.to_owned(), detail: detail.into() }
    }

    /// Returns the error for a fault of the service.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Returns the error for a payout that rests on what is damaged: more than that there was a
    /// fault, as whoever pays has to know why nothing was paid.
    pub(super) fn damaged(what: &str, cause: impl std::fmt::Display) -> Self {
        let told = sentence(&format!("{what} is not as it was accepted"));
        Self::Damaged { told, cause: cause.to_string() }
    }

    /// Returns an error of a payout, where a fault is that of a damaged `what`.
    pub(super) fn of_payout(self, what: &str) -> Self {
        match self {
            Self::Internal(cause) => Self::damaged(what, cause),
            other => other,
        }
    }

    /// Returns the error for a database or disk that does not answer.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string())
    }

    /// Returns the error for a purchase that is refused. A client learns nothing of what other
    /// clients sell; staff read all.
    pub(super) fn not_buyable(refusal: &NotBuyable, is_staff: bool) -> Self {
        let conflict = |clause: &str| Self::Conflict(sentence(&clause));
        match refusal {
            NotBuyable::SoldTwice { invoice, .. }
            | NotBuyable::Contradicted { invoice, .. }
            | NotBuyable::Insolvent { invoice, .. }
                if !is_staff =>
            {
                conflict(&format!(
                    "invoice {invoice} has to be checked before it can be bought; we will be in touch"
                ))
            }
            // What is owed may have been sold by others.
            NotBuyable::OverDebtor { whom, .. } if !is_staff => {
                conflict(&format!("the limit on {whom} does not allow this purchase"))
            }
            NotBuyable::NoRepurchase(_) => Self::field("repurchases", sentence(refusal)),
            NotBuyable::Money(_) => Self::internal(refusal),
            _ => conflict(&refusal.to_string()),
        }
    }

    /// Returns an error of the store as staff read it.
    pub(super) fn for_staff(error: StoreError) -> Self {
        match error {
            StoreError::NotBuyable(refusal) => Self::not_buyable(&refusal, true),
            other => other.into(),
        }
    }

    /// Returns an error of the store about a payout as staff read it: what is damaged is named.
    pub(super) fn for_payer(error: StoreError) -> Self {
        match &error {
            StoreError::Damaged { what, id, .. } => Self::damaged(&format!("{what} {id}"), &error),
            _ => Self::for_staff(error),
        }
    }

    /// The cause, for the log only.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) | Self::Damaged { cause, .. } => {
                Some(cause)
            }
            _ => None,
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing(what) => Self::Missing(what),
            StoreError::Exists(what) => {
                Self::Conflict(format!("A {what} with this id already exists."))
            }
            StoreError::NotBuyable(refusal) => Self::not_buyable(&refusal, false),
            StoreError::Undone => Self::Conflict("It has already been reversed.".to_owned()),
            StoreError::Repeats { at, first } => Self::Conflict(format!(
                "The bank reference of payments[{at}] is on record with the payment {first}; if \
                 this is another payment, name that one in duplicate_of."
            )),
            StoreError::PaidBefore(first) => Self::Conflict(format!(
                "The reference is on record with the payout of purchase {first} to this account; if \
                 this is another transfer, name that purchase in duplicate_of."
            )),
            StoreError::Answered => Self::Answered,
            // Versions count from 1: 0 is the version of what was never written.
            StoreError::Changed(0) => Self::NothingYet,
            StoreError::Changed(version) => Self::Changed(version),
            // Not "unavailable": trying again later would not help.
            StoreError::Damaged { .. } => Self::internal(error),
            taken if taken.is_taken() => Self::internal(taken),
            // Paths and tables are for the log, not for the caller.
            other => Self::unavailable(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use basics::{Currency, Money};

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
        let none = ServiceError::from(StoreError::Changed(0));
        assert_eq!(none, ServiceError::NothingYet);
    }

    #[test]
    fn a_client_learns_nothing_of_another() {
        let sold = purchases::Sold::Position("p".into());
        let (invoice, client) = ("7".into(), "rival".into());
        let twice = NotBuyable::SoldTwice { invoice, sold, client };
        let told = |is_staff| ServiceError::not_buyable(&twice, is_staff).to_string();
        assert_eq!(
            told(false),
            "Invoice 7 has to be checked before it can be bought; we will be in touch."
        );
        assert!(told(true).contains("from the client rival, as position p"), "{}", told(true));
        let usd = |minor| Money::from_minor(minor, Currency::USD);
        let (limit, owed, adds) = (usd(1), usd(77), usd(2));
        let over = NotBuyable::OverDebtor { whom: "debtor D1".into(), limit, owed, adds };
        let told = |is_staff| ServiceError::not_buyable(&over, is_staff).to_string();
        assert_eq!(told(false), "The limit on debtor D1 does not allow this purchase.");
        assert!(told(true).contains("0.77 is bought and not yet paid"));
    }

    #[test]
    fn a_repurchase_of_nothing_is_a_wrong_value() {
        let wrong = ServiceError::not_buyable(&NotBuyable::NoRepurchase("p".into()), true);
        assert!(matches!(wrong, ServiceError::Field { field, .. } if field == "repurchases"));
    }
}
