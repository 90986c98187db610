use chrono::NaiveDate;

use basics::{Amount, Currency};
use pricing::LossCause;
use purchases::{
    Bought, ClaimFacts, Deal, Position, PositionTerms, Purchase, Purchases, SettledPosition,
    bookable_due,
};
use store::Buying;

use super::names::named;
use super::refusal::{money, own, past, refused};
use super::sentence::sentence;
use super::{Answer, Caller, Once, Reply, Service, ServiceError, Underwriter};

/// Largest number of invoices or payments in one request.
pub const MOST_AT_ONCE: usize = 10_000;

/// Invoices that were bought outside an offer.
#[derive(Debug, Clone)]
pub struct RecordedPurchase {
    /// The client that sold them.
    pub client_id: String,
    /// Date of purchase.
    pub purchased_on: NaiveDate,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Terms of all of them.
    pub terms: PositionTerms,
    /// The invoices.
    pub invoices: Vec<RecordedInvoice>,
    /// Positions that were charged back and are bought again.
    pub repurchases: Vec<String>,
}

/// An invoice that was bought outside an offer.
#[derive(Debug, Clone)]
pub struct RecordedInvoice {
    /// The debtor's id.
    pub debtor_id: String,
    /// Number of the invoice.
    pub invoice_number: String,
    /// Amount bought, in major units.
    pub amount: Amount,
    /// Advance paid at purchase, before charges, in major units.
    pub advance: Amount,
    /// Due date.
    pub due_on: NaiveDate,
    /// Name of the debtor.
    pub debtor_name: Option<String>,
    /// Tax or registration number of the debtor.
    pub tax_number: Option<String>,
    /// Original amount, in major units; by default the amount bought.
    pub face: Option<Amount>,
    /// Issue date.
    pub issued_on: Option<NaiveDate>,
}

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

impl RecordedInvoice {
    /// Checks the invoice at this index of the request; returns its purchase.
    fn purchase(self, at: usize, currency: Currency) -> Result<Purchase, ServiceError> {
        let path = |name: &str| format!("invoices[{at}].{name}");
        named(&path("invoice_number"), &self.invoice_number)?;
        named(&path("debtor_id"), &self.debtor_id)?;
        for (name, text) in [("debtor_name", &self.debtor_name), ("tax_number", &self.tax_number)] {
            text.as_ref().map_or(Ok(()), |text| named(&path(name), text))?;
        }
        let face = self.face.map(|face| money(&path("face"), face, currency)).transpose()?;
        let purchase = Purchase {
            amount: money(&path("amount"), self.amount, currency)?,
            advance: money(&path("advance"), self.advance, currency)?,
            due: self.due_on,
            recourse_by: None,
            facts: ClaimFacts {
                debtor_name: self.debtor_name.unwrap_or_default(),
                tax_number: self.tax_number,
                known: None,
                face,
                issued_on: self.issued_on,
            },
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
        };
        purchase.check().map_err(|error| refused(&error, path))?;
        bookable_due(purchase.due).map_err(|error| refused(&error, path))?;
        Ok(purchase)
    }
}

impl Service {
    /// Records invoices that were bought outside an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a value
    /// that is not allowed, [`ServiceError::Conflict`] if an invoice has already been bought or a
    /// limit does not allow it.
    pub async fn record_positions(
        &self,
        _: &Underwriter,
        recorded: RecordedPurchase,
        once: &Once,
        answer: Answer<[Bought]>,
    ) -> Result<Reply, ServiceError> {
        let RecordedPurchase { client_id, purchased_on, currency, terms, .. } = recorded;
        let (invoices, repurchases) = (recorded.invoices, &recorded.repurchases);
        self.store.client(&client_id).await?;
        if !(1..=MOST_AT_ONCE).contains(&invoices.len()) {
            let detail = format!("Expected 1 to {MOST_AT_ONCE} invoices.");
            return Err(ServiceError::field("invoices", detail));
        }
        terms.check().map_err(|error| refused(&error, own))?;
        past("purchased_on", purchased_on, self.today())?;
        let prepaid = terms.fee_plan.charges().prepaid(currency);
        let prepaid =
            prepaid.map_err(|error| ServiceError::field("terms.fee_plan", sentence(&error)))?;
        let invoices = invoices.into_iter().enumerate();
        let invoices = invoices.map(|(at, invoice)| invoice.purchase(at, currency));
        let invoices = invoices.collect::<Result<Vec<_>, ServiceError>>()?;
        let deal = Deal { client_id, offer_id: None, purchased_on };
        let bought = Purchases { terms, prepaid, invoices };
        let bought = bought.bought(&deal, || self.new_id())?;
        let reply = answer(&bought)?;
        let buying = Buying { client: &deal.client_id, bought: &bought, repurchases };
        self.store.buy(buying, &once.actor(&reply)).await.map_err(ServiceError::for_staff)?;
        Ok(reply)
    }

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
    use store::Role;

    use super::super::samples::{Desk, amount, by, day, first_id, purchase, run, staff};
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

    #[test]
    fn what_is_wrong_with_an_invoice_is_named_by_its_place() {
        run(async {
            let desk = Desk::new().await;
            let wrong = async |change: fn(&mut RecordedInvoice)| {
                let mut recorded = purchase(&["1", "2"]);
                change(&mut recorded.invoices[1]);
                let once = desk.once("wrong").await;
                match desk.service.record_positions(&staff(), recorded, &once, first_id).await {
                    Err(ServiceError::Field { field, .. }) => field,
                    other => panic!("a field: {other:?}"),
                }
            };
            assert_eq!(wrong(|own| own.advance = amount("1000.01")).await, "invoices[1].advance");
            assert_eq!(wrong(|own| own.amount = amount("0.001")).await, "invoices[1].amount");
            assert_eq!(wrong(|own| own.debtor_id = "-".into()).await, "invoices[1].debtor_id");
            assert_eq!(wrong(|own| own.due_on = day("1999-12-31")).await, "invoices[1].due_on");
            let none = desk.service.positions(&by(Role::Admin), "", 10).await;
            assert_eq!(none.expect("a list").len(), 0, "all or none");
        });
    }
}
