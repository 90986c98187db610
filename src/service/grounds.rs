//! The ground on which the invoices of an offer are sold, beside what is in its document.

use offer::Envelope;
use purchases::{Purchase, PurchaseError, insisted, is_one_person};
use store::{Accepted, Grounds, StoreError};

use super::jobs::Task;
use super::refusal::{own, refused};
use super::{Caller, Service, ServiceError};

impl Service {
    /// Returns the ids of the offers that an offer completes: that one, the one that it completes
    /// itself, and so on.
    pub(super) async fn completed_by(&self, id: &str) -> Result<Vec<String>, ServiceError> {
        let mut all: Vec<String> = Vec::new();
        loop {
            let job = match self.store.job_of_offer(all.last().map_or(id, String::as_str)).await {
                Err(StoreError::Missing(_)) => return Ok(all),
                job => job?,
            };
            let task = serde_json::from_str(&job.request).map_err(ServiceError::internal)?;
            let Task::Evaluate { completes: Some(first), .. } = task else { return Ok(all) };
            all.push(first);
        }
    }

    /// Returns the ground on which an offer's invoices are sold.
    pub(super) async fn grounds(
        &self,
        id: &str,
        envelope: &Envelope,
    ) -> Result<Grounds, ServiceError> {
        Ok(Grounds { completes: self.completed_by(id).await?, insisted: insisted(envelope) })
    }

    /// Gives the purchases that an offer makes their ground.
    pub(super) async fn grounded(
        &self,
        purchases: Vec<Accepted>,
        id: &str,
        envelope: &Envelope,
    ) -> Result<Vec<Accepted>, ServiceError> {
        if purchases.is_empty() {
            return Ok(purchases);
        }
        let grounds = self.grounds(id, envelope).await?;
        let with = |own| Accepted { grounds: grounds.clone(), ..own };
        Ok(purchases.into_iter().map(with).collect())
    }

    /// Checks that a person has recorded none of the answers that confirm an invoice of a purchase.
    /// Returns the prefixes of the keys with which they were recorded.
    pub(super) async fn check_not_confirmed(
        &self,
        caller: &Caller,
        purchase: &Purchase,
    ) -> Result<Vec<String>, ServiceError> {
        let keys = self.store.confirmed_by(&purchase.id).await?;
        for key in &keys {
            if is_one_person(&self.store.holder(key).await?, caller.holder()) {
                let did = "recorded what a debtor confirmed about one of the invoices";
                return Err(refused(&PurchaseError::SamePerson { did }, own));
            }
        }
        Ok(keys)
    }
}
