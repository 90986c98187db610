use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{AppliedTo, BankLine, Collection, Movement, PaymentPart};

use super::engine::{Transaction, Writing, values};
use super::{Store, StoreError, movements};

/// A part of a payment as stored. The amount is in minor units of its currency.
#[derive(Debug, FromRow)]
struct CollectionRow {
    id: String,
    /// The id of the first part of the payment.
    payment_id: String,
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
    booked_on: String,
    reference: String,
    /// Empty if nobody says.
    account: String,
}

impl CollectionRow {
    fn collection(self) -> Result<Collection, StoreError> {
        let damaged =
            |reason: &dyn std::fmt::Display| StoreError::damaged("collection", &self.id, reason);
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let day = |text: &str| text.parse().map_err(|error: chrono::ParseError| damaged(&error));
        let (received_on, booked_on) = (day(&self.received_on)?, day(&self.booked_on)?);
        let applied_to = AppliedTo::of(&self.kind, self.position_id);
        let part = PaymentPart {
            applied_to: applied_to.ok_or_else(|| damaged(&"its kind does not fit its position"))?,
            amount: Money::from_minor(self.amount, currency),
            received_on,
            booked_on,
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            reference: self.reference,
            account: self.account,
        };
        Ok(Collection { id: self.id, payment: self.payment_id, part })
    }
}

/// Records a part of a payment.
pub(super) async fn add(
    writing: &mut Writing,
    client: &str,
    collection: &Collection,
    at: &str,
) -> Result<(), StoreError> {
    let Collection { id, payment, part } = collection;
    let (received_on, booked_on) = (part.received_on.to_string(), part.booked_on.to_string());
    writing
        .run(
            "INSERT INTO collection (id, client_id, position_id, kind, debtor_id, invoice_number, \
             currency, amount, received_on, reference, created_at, payment_id, booked_on, \
             account) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
                at,
                payment,
                &booked_on,
                &part.account
            ],
        )
        .await?;
    writing.adds("collection", id);
    let movement = Movement::collection(client, collection);
    let movement = movement.map_err(|error| StoreError::damaged("collection", id, &error))?;
    movements::add(writing, &movement).await
}

/// Payments that stand with a reference, in the order in which they came.
macro_rules! with_reference {
    ($behind:literal) => {
        concat!(
            "SELECT c.account, c.reference, c.payment_id FROM collection AS c \
             WHERE c.reference <> '' AND ",
            $behind,
            " AND NOT EXISTS (SELECT 1 FROM reversal AS r \
             WHERE r.undoes = 'collection' AND r.subject = c.id) ORDER BY c.created_at, c.id"
        )
    };
}

/// Returns the first payment that stands with each of these lines of bank accounts. Where nobody
/// names the account, the payments of the client are asked.
pub(super) async fn first_with(
    writing: &mut Writing,
    client: &str,
    lines: &BTreeSet<BankLine>,
) -> Result<BTreeMap<BankLine, String>, StoreError> {
    let (mut all, mut first) = (Vec::new(), BTreeMap::new());
    // A reference is compared in a form that is not stored.
    if lines.iter().any(|line| !line.has_account()) {
        let own = with_reference!("c.account = '' AND c.client_id = $1");
        all.extend(writing.rows::<(String, String, String)>(own, values![client]).await?);
    }
    if lines.iter().any(BankLine::has_account) {
        all.extend(writing.rows(with_reference!("c.account <> ''"), &[]).await?);
    }
    for (account, reference, payment) in all {
        let line = BankLine::of(&account, &reference).filter(|line| lines.contains(line));
        if let Some(line) = line {
            first.entry(line).or_insert(payment);
        }
    }
    Ok(first)
}

/// Reads the payments of a client within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<Collection>, StoreError> {
    let rows: Vec<CollectionRow> = reading.rows(OF_CLIENT, values![client]).await?;
    rows.into_iter().map(CollectionRow::collection).collect()
}

const OF_CLIENT: &str = "SELECT id, payment_id, position_id, kind, debtor_id, invoice_number, \
     currency, amount, received_on, booked_on, reference, account FROM collection \
     WHERE client_id = $1 ORDER BY received_on, id";

impl Store {
    /// Returns a part of a payment with the id of its client.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is none; otherwise if the database cannot be read.
    pub async fn client_of_collection(&self, id: &str) -> Result<String, StoreError> {
        let client: Option<(String,)> =
            self.engine.row("SELECT client_id FROM collection WHERE id = $1", values![id]).await?;
        client.map(|(client,)| client).ok_or(StoreError::Missing("collection"))
    }
}
