//! Purchases that were agreed outside an offer.

use chrono::NaiveDate;

use basics::{Amount, Currency};
use policy::LimitBasis;
use purchases::{ClaimFacts, Deal, Lot, NamedPositions, PositionTerms, SoldInvoice, bookable_due};
use store::Buying;

use super::names::named;
use super::refusal::{money, own, past, refused};
use super::sentence::sentence;
use super::{Answer, Once, Reply, Service, ServiceError, ShownPurchase, Underwriter};

/// Largest number of invoices or payments in one request.
pub const MOST_AT_ONCE: usize = 10_000;

/// A purchase that was agreed outside an offer.
#[derive(Debug, Clone)]
pub struct RecordedPurchase {
    /// The client that sold them.
    pub client_id: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Terms of all of them.
    pub terms: PositionTerms,
    /// The invoices.
    pub invoices: Vec<RecordedInvoice>,
    /// Positions that staff name where an invoice seems to have been sold before.
    pub named: NamedPositions,
}

/// An invoice that a client sells outside an offer.
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

/// Returns an invoice's index with its issue date, if it has one.
fn dated((at, invoice): (usize, &RecordedInvoice)) -> Option<(usize, NaiveDate)> {
    invoice.issued_on.map(|day| (at, day))
}

impl RecordedInvoice {
    /// Checks the invoice at this index of the request; returns it as sold.
    fn sold(self, at: usize, currency: Currency) -> Result<SoldInvoice, ServiceError> {
        let path = |name: &str| format!("invoices[{at}].{name}");
        named(&path("invoice_number"), &self.invoice_number)?;
        named(&path("debtor_id"), &self.debtor_id)?;
        for (name, text) in [("debtor_name", &self.debtor_name), ("tax_number", &self.tax_number)] {
            text.as_ref().map_or(Ok(()), |text| named(&path(name), text))?;
        }
        let face = self.face.map(|face| money(&path("face"), face, currency)).transpose()?;
        let sold = SoldInvoice {
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
        sold.check().map_err(|error| refused(&error, path))?;
        bookable_due(sold.due).map_err(|error| refused(&error, path))?;
        Ok(sold)
    }
}

impl Service {
    /// Records a purchase that was agreed outside an offer. It is accepted, not funded.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a value
    /// that is not allowed, [`ServiceError::Conflict`] if an invoice has already been bought or a
    /// limit does not allow it.
    pub async fn record_purchase(
        &self,
        by: &Underwriter,
        recorded: RecordedPurchase,
        once: &Once,
        answer: Answer<ShownPurchase>,
    ) -> Result<Reply, ServiceError> {
        let RecordedPurchase { client_id, currency, terms, invoices, named } = recorded;
        self.store.client(&client_id).await?;
        if !(1..=MOST_AT_ONCE).contains(&invoices.len()) {
            let detail = format!("Expected 1 to {MOST_AT_ONCE} invoices.");
            return Err(ServiceError::field("invoices", detail));
        }
        terms.check().map_err(|error| refused(&error, own))?;
        let prepaid = terms.fee_plan.charges().prepaid(currency);
        let prepaid =
            prepaid.map_err(|error| ServiceError::field("terms.fee_plan", sentence(&error)))?;
        for (at, issued) in invoices.iter().enumerate().filter_map(dated) {
            past(&format!("invoices[{at}].issued_on"), issued, self.today())?;
        }
        let invoices = invoices.into_iter().enumerate();
        let invoices = invoices.map(|(at, invoice)| invoice.sold(at, currency));
        let invoices = invoices.collect::<Result<Vec<_>, ServiceError>>()?;
        let deal = Deal { client_id, offer_id: None };
        let lot = Lot { terms, prepaid, invoices };
        let accepted = self.agreed(lot, &deal, (by.as_ref(), once.at()))?;
        let shown = ShownPurchase::of(&accepted);
        let reply = answer(&shown)?;
        let (client, purchases) = (&deal.client_id, &[accepted][..]);
        let basis = LimitBasis::default();
        let buying = Buying { client, purchases, named: &named, basis };
        self.store.buy(buying, &once.actor(&reply)).await.map_err(ServiceError::for_staff)?;
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use store::{PurchaseFilter, Role};

    use super::super::Caller;
    use super::super::samples::{Desk, amount, by, day, ids, purchase, run, staff};
    use super::*;

    #[test]
    fn what_is_wrong_with_an_invoice_is_named_by_its_place() {
        run(async {
            let desk = Desk::new().await;
            let wrong = async |change: fn(&mut RecordedInvoice)| {
                let mut recorded = purchase(&["1", "2"]);
                change(&mut recorded.invoices[1]);
                let once = desk.once("wrong").await;
                match desk.service.record_purchase(&staff(), recorded, &once, ids).await {
                    Err(ServiceError::Field { field, .. }) => field,
                    other => panic!("a field: {other:?}"),
                }
            };
            assert_eq!(wrong(|own| own.advance = amount("1000.01")).await, "invoices[1].advance");
            assert_eq!(wrong(|own| own.amount = amount("0.001")).await, "invoices[1].amount");
            assert_eq!(wrong(|own| own.debtor_id = "-".into()).await, "invoices[1].debtor_id");
            let ahead = wrong(|own| own.issued_on = Some(day("2099-01-01"))).await;
            assert_eq!(ahead, "invoices[1].issued_on");
            assert_eq!(wrong(|own| own.due_on = day("1999-12-31")).await, "invoices[1].due_on");
            let (all, caller): (_, Caller) = (PurchaseFilter::default(), by(Role::Admin));
            let none = desk.service.purchases(&caller, all, ("", 10)).await;
            assert_eq!(none.expect("a list").len(), 0, "all or none");
        });
    }
}
