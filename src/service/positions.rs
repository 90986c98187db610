use chrono::NaiveDate;

use pricing::LossCause;
use purchases::{Position, SettledPosition};

use super::refusal::{own, past, refused};
use super::{Answer, Caller, Once, Reply, Service, ServiceError, Underwriter};

/// A request to settle a position that was not collected in full.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// Id of the position.
    pub id: &'a str,
    /// Date of recourse or of the last payment.
    pub on: NaiveDate,
    /// Cause of the shortfall; required if there is one.
    pub cause: Option<LossCause>,
}

impl Service {
    /// Returns up to `most` positions after an id: a client's own, or all for staff.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn positions(
        &self,
        caller: &Caller,
        after: &str,
        most: i64,
    ) -> Result<Vec<Position>, ServiceError> {
        Ok(self.store.positions(caller.client(), after, most).await?)
    }

    /// Returns a position.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such position or the caller may not see it.
    pub async fn position(&self, caller: &Caller, id: &str) -> Result<Position, ServiceError> {
        let position = self.store.position(id).await?;
        caller.sees(&position.invoice().client_id, "position")?;
        Ok(position)
    }

    /// Settles a position that was not collected in full, after recourse or a short payment.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such position, [`ServiceError::Conflict`] if it is
    /// already settled, [`ServiceError::Field`] for a date or cause that is not allowed.
    pub async fn settle_position(
        &self,
        _: &Underwriter,
        Ending { id, on, cause }: Ending<'_>,
        once: &Once,
        answer: Answer<SettledPosition>,
    ) -> Result<Reply, ServiceError> {
        let open = self.store.position(id).await?.into_open();
        let open = open.map_err(|error| refused(&error, own))?;
        past("on", on, self.today())?;
        let settled = open.settle(on, cause).map_err(|error| refused(&error, own))?;
        let reply = answer(&settled)?;
        self.store.add_settlement(&settled, &once.actor(&reply)).await?;
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Desk, day, run, staff};
    use super::*;

    #[test]
    fn an_invoice_is_bought_once_and_again_only_if_it_was_charged_back() {
        run(async {
            let desk = Desk::new().await;
            let id = desk.bought("1").await.expect("bought");
            let again = desk.bought("1").await;
            let bought = format!("Invoice 1 has already been bought, as position {id}.");
            assert_eq!(again, Err(ServiceError::Conflict(bought.clone())));
            let settle = async |on: &str, cause| {
                let (once, on) = (desk.once("the end").await, day(on));
                let answer = |own: &SettledPosition| {
                    let loss = own.settlement.factor_loss.to_string();
                    Ok(Reply::new(201, loss))
                };
                let ending = Ending { id: &id, on, cause };
                desk.service.settle_position(&staff(), ending, &once, answer).await
            };
            let early = settle("2025-12-31", Some(LossCause::Credit)).await;
            assert!(matches!(early, Err(ServiceError::Field { field, .. }) if field == "on"));
            let no_cause = settle("2026-04-02", None).await;
            assert!(matches!(no_cause, Err(ServiceError::Field { field, .. }) if field == "cause"));
            // The advance of 800 and the fee of 30.
            let lost = settle("2026-04-02", Some(LossCause::Credit)).await;
            assert_eq!(lost.expect("settled").body, "830.00");
            let twice = settle("2026-04-02", Some(LossCause::Credit)).await;
            let detail = "The position has already been settled.".to_owned();
            assert_eq!(twice, Err(ServiceError::Conflict(detail)));
            assert_eq!(desk.bought("1").await, Err(ServiceError::Conflict(bought)), "lost");
        });
    }
}
