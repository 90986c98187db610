//! The proof that the books balance.

use chrono::NaiveDate;
use serde::Serialize;

use store::{Store, StoreError};

use super::{Reader, Service, ServiceError};

/// The outcome of a check of all books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookCheck {
    /// Number of clients.
    pub clients: usize,
    /// Number of movements.
    pub movements: usize,
    /// Every fault found.
    pub faults: Vec<FoundFault>,
}

/// A fault in the books of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundFault {
    /// The client.
    pub client_id: String,
    /// The fault, as a clause.
    pub fault: String,
}

impl Service {
    /// Proves the books of all clients at the end of a day, at the end of all days without one.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] if the store cannot be read.
    pub async fn check_books(
        &self,
        _: &Reader,
        until: Option<NaiveDate>,
    ) -> Result<BookCheck, ServiceError> {
        Ok(check_books(&self.store, until).await?)
    }
}

/// Proves the books of all clients in a store at the end of a day, at the end of all days without
/// one: the entries of every movement sum to 0, positions, entries and statement agree, and payouts
/// are what was agreed.
///
/// # Errors
/// If the store cannot be read; a damaged row is a fault.
pub async fn check_books(store: &Store, until: Option<NaiveDate>) -> Result<BookCheck, StoreError> {
    let mut check = BookCheck { clients: 0, movements: 0, faults: Vec::new() };
    // Client by client: the writers wait no longer than for one of them.
    for client_id in store.client_ids().await? {
        check.clients += 1;
        let mut found = |fault: String| {
            check.faults.push(FoundFault { client_id: client_id.clone(), fault });
        };
        match store.whole_books(&client_id).await {
            Ok(books) => {
                check.movements += books.movements.len();
                match books.check(until) {
                    Ok(faults) => faults.iter().map(ToString::to_string).for_each(&mut found),
                    Err(error) => found(error.to_string()),
                }
            }
            Err(StoreError::Damaged { what, id, reason }) => {
                found(format!("{what} {id} is damaged: {reason}"));
            }
            Err(other) => return Err(other),
        }
    }
    Ok(check)
}
