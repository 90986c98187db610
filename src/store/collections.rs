use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{AppliedTo, Collection, PaymentPart};

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// A part of a payment as stored. The amount is in minor units of its currency.
#[derive(Debug, FromRow)]
struct CollectionRow {
    id: String,
    /// Absent for a payment on an invoice that was not bought, and for an overpayment.
    position_id: Option<String>,
    /// `payment`, `recovery` or `unapplied`.
    kind: String,
    debtor_id: String,
    invoice_number: String,
    /// ISO 4217.
    currency: String,
    amount: i64,
    received_on: String,
    reference: String,
}

impl CollectionRow {
    fn collection(self) -> Result<Collection, StoreError> {
        let damaged =
            |reason: &dyn std::fmt::Display| StoreError::damaged("collection", &self.id, reason);
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let received_on = self.received_on.parse();
        let received_on = received_on.map_err(|error: chrono::ParseError| damaged(&error))?;
        let applied_to = AppliedTo::of(&self.kind, self.position_id);
        let part = PaymentPart {
            applied_to: applied_to.ok_or_else(|| damaged(&"its kind does not fit its position"))?,
            amount: Money::from_minor(self.amount, currency),
            received_on,
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            reference: self.reference,
        };
        Ok(Collection { id: self.id, part })
    }
}

/// Records a part of a payment.
pub(super) async fn add(
    writing: &mut Writing,
    client: &str,
    Collection { id, part }: &Collection,
    at: &str,
) -> Result<(), StoreError> {
    let received_on = part.received_on.to_string();
    writing
        .run(
            "INSERT INTO collection (id, client_id, position_id, kind, debtor_id, invoice_number, \
             currency, amount, received_on, reference, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                id,
                client,
                part.applied_to.position_id(),
                part.applied_to.as_str(),
                &part.debtor_id,
                &part.invoice_number,
                part.amount.currency().code(),
                part.amount.minor(),
                &received_on,
                &part.reference,
                at
            ],
        )
        .await?;
    Ok(())
}

impl Store {
    /// Returns the payments on a client's invoices, in order of their dates.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn collections_of(&self, client: &str) -> Result<Vec<Collection>, StoreError> {
        let rows: Vec<CollectionRow> = self
            .engine
            .rows(
                "SELECT id, position_id, kind, debtor_id, invoice_number, currency, amount, \
                 received_on, reference FROM collection WHERE client_id = $1 \
                 ORDER BY received_on, id",
                values![client],
            )
            .await?;
        rows.into_iter().map(CollectionRow::collection).collect()
    }
}
