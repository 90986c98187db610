//! The part of a client's line that an offer would use.

use std::convert::Infallible;

use basics::Currency;
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
        let head = self.offer_head(caller, id).await?;
        let client = head.client_id.clone();
        let place = self.heavy.place(caller).await?;
        let offer = head.with(self.store.offer_text(id).await?);
        let (sold, currencies) = place.run(move |_| sold(&offer)).await?;
        let sold: Vec<&Agreed> = sold.iter().collect();
        let mut uses = Vec::new();
        for currency in currencies {
            let used = self.line_use(caller, &client, &sold, currency).await?;
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
        client: &str,
        sold: &[&Agreed],
        currency: Currency,
    ) -> Result<LineUse, ServiceError> {
        let used = self.store.line_use(client, sold, currency).await;
        used.map_err(|error| match error {
            StoreError::NotBuyable(refusal) => {
                ServiceError::not_buyable(&refusal, !caller.is_client())
            }
            other => other.into(),
        })
    }
}

/// The sales of an offer, none if it is no longer open, and the currencies of its parts.
fn sold(offer: &OfferRow) -> Result<(Vec<Agreed>, Vec<Currency>), ServiceError> {
    let file = opened(offer)?;
    let made = file.offer().map_err(|error| fault(&error))?;
    let currencies = made.parts.iter().map(|part| part.currency).collect();
    if offer.status != Status::Offered.as_str() {
        return Ok((Vec::new(), currencies));
    }
    let all = purchases_of(&made, &file.envelope).map_err(ServiceError::internal)?;
    let deal = deal(offer);
    let own = all.into_iter().map(|own| own.agreed(&deal, || Ok::<_, Infallible>(String::new())));
    Ok((own.flat_map(|Ok(agreed)| agreed).collect(), currencies))
}

pub(super) fn deal(offer: &OfferRow) -> Deal {
    Deal { client_id: offer.client_id.clone(), offer_id: Some(offer.id.clone()) }
}
