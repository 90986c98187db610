//! The part of a client's line that an offer would use.

use std::convert::Infallible;

use offer::Status;
use purchases::{Agreed, Deal, LineUse, purchases_of};
use store::{OfferRow, StoreError};

use super::offers::{fault, opened};
use super::{Caller, Service, ServiceError};

impl Service {
    /// Returns the use of the client's line and what an offer would add to it: nothing if it is no
    /// longer open. Without a line, one use for each currency of the offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer or the caller may not see it,
    /// [`ServiceError::Conflict`] if the facility lacks the rate of a currency.
    pub async fn would_use(&self, caller: &Caller, id: &str) -> Result<Vec<LineUse>, ServiceError> {
        let offer = self.offer(caller, id).await?;
        let file = opened(&offer)?;
        let made = file.offer().map_err(|error| fault(&error))?;
        let sold: Vec<Agreed> = if offer.status == Status::Offered.as_str() {
            let all = purchases_of(&made, &file.envelope).map_err(ServiceError::internal)?;
            let deal = deal(&offer);
            let own =
                all.into_iter().map(|own| own.agreed(&deal, || Ok::<_, Infallible>(String::new())));
            own.flat_map(|Ok(agreed)| agreed).collect()
        } else {
            Vec::new()
        };
        let sold: Vec<&Agreed> = sold.iter().collect();
        let mut uses = Vec::new();
        for part in &made.parts {
            let used = self.line_use(caller, &offer, &sold, part.currency).await?;
            let is_line = used.limit.is_some();
            uses.push(used);
            // One line for all currencies.
            if is_line {
                break;
            }
        }
        Ok(uses)
    }

    async fn line_use(
        &self,
        caller: &Caller,
        offer: &OfferRow,
        sold: &[&Agreed],
        currency: basics::Currency,
    ) -> Result<LineUse, ServiceError> {
        let used = self.store.line_use(&offer.client_id, sold, currency).await;
        used.map_err(|error| match error {
            StoreError::NotBuyable(refusal) => {
                ServiceError::not_buyable(&refusal, !caller.is_client())
            }
            other => other.into(),
        })
    }
}

pub(super) fn deal(offer: &OfferRow) -> Deal {
    Deal { client_id: offer.client_id.clone(), offer_id: Some(offer.id.clone()) }
}
