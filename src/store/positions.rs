use chrono::NaiveDate;
use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{
    BoughtInvoice, Movement, NotBuyable, OpenPosition, Position, ReversedPosition, SettledPosition,
};

use super::engine::{Transaction, Writing, values};
use super::settlements::SettlementColumns;
use super::{Store, StoreError, movements};

/// A statement that reads positions, each with its settlement if it has one.
macro_rules! select {
    ($behind:literal) => {
        concat!(
            "SELECT p.id, p.client_id, p.offer_id, p.debtor_id, p.invoice_number, p.currency, \
             p.amount, p.advance, p.prepaid, p.collected, p.last_paid_on, p.purchased_on, \
             p.due_on, p.terms, p.status, p.version, p.reopened_on, p.reversed_on, \
             p.settlement_id, s.settled_on, s.booked_on AS settlement_booked_on, s.cause, \
             s.collected AS settled_collected, s.fee, s.shortfall, s.chargeback, s.factor_loss, \
             s.rebate FROM position AS p LEFT JOIN settlement AS s ON s.id = p.settlement_id ",
            $behind
        )
    };
}

const OF_CLIENT: &str =
    select!("WHERE p.client_id = $1 ORDER BY p.purchased_on, p.invoice_number, p.id");

/// A bought invoice as stored. Amounts are in minor units of its currency.
#[derive(Debug, FromRow)]
struct PositionRow {
    id: String,
    client_id: String,
    offer_id: Option<String>,
    debtor_id: String,
    invoice_number: String,
    /// ISO 4217.
    currency: String,
    amount: i64,
    advance: i64,
    prepaid: i64,
    /// Includes recoveries after the settlement.
    collected: i64,
    last_paid_on: Option<String>,
    purchased_on: String,
    due_on: String,
    /// JSON.
    terms: String,
    /// `open` or `settled`.
    status: String,
    version: i64,
    /// The day of the last reversal of a payment or settlement.
    reopened_on: Option<String>,
    /// The day on which its purchase was undone.
    reversed_on: Option<String>,
    #[sqlx(flatten)]
    settlement: SettlementColumns,
}

impl PositionRow {
    fn position(self) -> Result<Position, StoreError> {
        let damaged =
            |reason: &dyn std::fmt::Display| StoreError::damaged("position", &self.id, reason);
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let money = |minor| Money::from_minor(minor, currency);
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|error| damaged(&error));
        let maybe_day = |text: &Option<String>| text.as_deref().map(day).transpose();
        let last_paid_on = maybe_day(&self.last_paid_on)?;
        let reopened_on = maybe_day(&self.reopened_on)?;
        let reversed_on = maybe_day(&self.reversed_on)?;
        let settlement = match self.status.as_str() {
            "open" => None,
            "settled" => Some(self.settlement.settlement(currency).map_err(|e| damaged(&e))?),
            other => return Err(damaged(&format!("its status is {other}"))),
        };
        let invoice = BoughtInvoice {
            amount: money(self.amount),
            advance: money(self.advance),
            prepaid: money(self.prepaid),
            purchased_on: day(&self.purchased_on)?,
            due_on: day(&self.due_on)?,
            terms: serde_json::from_str(&self.terms).map_err(|error| damaged(&error))?,
            // After what is parsed: `damaged` borrows the id until then.
            id: self.id,
            client_id: self.client_id,
            offer_id: self.offer_id,
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            version: self.version,
        };
        let collected = money(self.collected);
        Ok(match (settlement, reversed_on) {
            (None, Some(on)) => ReversedPosition { invoice, on }.into(),
            (None, None) => OpenPosition { invoice, collected, last_paid_on, reopened_on }.into(),
            (Some(settlement), _) => {
                // Recoveries are added to `collected`; the settlement keeps the sum of its own day.
                let recovered = collected.minor().saturating_sub(settlement.collected.minor());
                let recovered = money(recovered);
                let settled =
                    SettledPosition { invoice, settlement, recovered, last_paid_on, reopened_on };
                settled.into()
            }
        })
    }
}

fn positions(rows: Vec<PositionRow>) -> Result<Vec<Position>, StoreError> {
    rows.into_iter().map(PositionRow::position).collect()
}

/// Of a client's debtor, one position with an invoice number is open.
fn only_open(error: StoreError, own: &BoughtInvoice) -> StoreError {
    if !error.is_taken() {
        return error;
    }
    let (debtor, invoice) = (own.debtor_id.clone(), own.invoice_number.clone());
    NotBuyable::Open { debtor, invoice }.into()
}

/// Records a bought invoice, which [`buying`](super::buying) has checked.
pub(super) async fn add(
    writing: &mut Writing,
    position: &OpenPosition,
    at: &str,
) -> Result<(), StoreError> {
    let own = &position.invoice;
    let (bought, due) = (own.purchased_on.to_string(), own.due_on.to_string());
    let terms = serde_json::to_string(&own.terms)
        .map_err(|error| StoreError::damaged("position", &own.id, &error))?;
    writing
        .run(
            "INSERT INTO position (id, client_id, offer_id, debtor_id, invoice_number, currency, \
             amount, advance, prepaid, purchased_on, due_on, terms, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13)",
            values![
                &own.id,
                &own.client_id,
                &own.offer_id,
                &own.debtor_id,
                &own.invoice_number,
                own.amount.currency().code(),
                own.amount.minor(),
                own.advance.minor(),
                own.prepaid.minor(),
                &bought,
                &due,
                &terms,
                at
            ],
        )
        .await
        .map_err(|error| only_open(error, own))?;
    writing.adds("position", &own.id);
    let movement = Movement::purchase(own);
    let movement = movement.map_err(|error| StoreError::damaged("position", &own.id, &error))?;
    movements::add(writing, &movement).await
}

/// Writes a position after a payment, a settlement or a reversal, if its version is still the one
/// that was read.
pub(super) async fn change(writing: &mut Writing, position: &Position) -> Result<(), StoreError> {
    let own = position.invoice();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let (last_paid_on, reopened_on) = (day(position.last_paid_on()), day(position.reopened_on()));
    // A reversed position stays open in its column: two days tell the states apart.
    let (status, reversed_on) = match position {
        Position::Reversed(_) => ("open", reopened_on.as_deref()),
        Position::Open(_) | Position::Settled(_) => (position.status(), None),
    };
    let settlement = position.settlement().map(|own| own.id.as_str());
    let changed = writing
        .run(
            "UPDATE position SET collected = $2, status = $3, last_paid_on = $5, \
             reopened_on = $6, reversed_on = $7, settlement_id = $8, version = version + 1 \
             WHERE id = $1 AND version = $4",
            values![
                &own.id,
                position.collected().minor(),
                status,
                own.version,
                &last_paid_on,
                &reopened_on,
                reversed_on,
                settlement
            ],
        )
        .await
        .map_err(|error| only_open(error, own))?;
    writing.changes("position", &own.id);
    if changed == 0 { Err(StoreError::Changed(own.version + 1)) } else { Ok(()) }
}

/// Reads the positions of a client within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<Position>, StoreError> {
    positions(reading.rows(OF_CLIENT, values![client]).await?)
}

impl Store {
    /// Returns a position.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such position; otherwise if the database cannot be
    /// read or the row is damaged.
    pub async fn position(&self, id: &str) -> Result<Position, StoreError> {
        let row: Option<PositionRow> =
            self.engine.row(select!("WHERE p.id = $1"), values![id]).await?;
        row.ok_or(StoreError::Missing("position"))?.position()
    }

    /// Returns up to `most` positions after an id, of one client or of all, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn positions(
        &self,
        client: Option<&str>,
        after: &str,
        most: i64,
    ) -> Result<Vec<Position>, StoreError> {
        let behind =
            select!("WHERE p.id > $1 AND ($2 IS NULL OR p.client_id = $2) ORDER BY p.id LIMIT $3");
        positions(self.engine.rows(behind, values![after, client, most]).await?)
    }

    /// Returns every position of a client, in the order of purchase.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn positions_of(&self, client: &str) -> Result<Vec<Position>, StoreError> {
        positions(self.engine.rows(OF_CLIENT, values![client]).await?)
    }
}
