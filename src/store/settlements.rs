use std::fmt::Display;

use serde_json::Value;
use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{Movement, SettledPosition, Settlement};

use super::StoreError;
use super::engine::{Transaction, Writing, values};
use super::movements;

/// A settlement beside its position; all columns are empty if there is none. Amounts are in minor
/// units of the position's currency.
#[derive(Debug, FromRow)]
pub(super) struct SettlementColumns {
    settlement_id: Option<String>,
    settled_on: Option<String>,
    settlement_booked_on: Option<String>,
    cause: Option<String>,
    settled_collected: Option<i64>,
    fee: Option<i64>,
    shortfall: Option<i64>,
    chargeback: Option<i64>,
    factor_loss: Option<i64>,
    rebate: Option<i64>,
}

impl SettlementColumns {
    /// Returns the settlement, or a text that says what is wrong with it.
    pub fn settlement(&self, currency: Currency) -> Result<Settlement, String> {
        let wrong = |error: &dyn Display| format!("its settlement: {error}");
        let missing = || "its settlement is missing".to_owned();
        let money = |minor: Option<i64>| {
            let minor = minor.ok_or_else(missing)?;
            Ok::<_, String>(Money::from_minor(minor, currency))
        };
        let day = |text: &Option<String>| {
            let text = text.as_deref().ok_or_else(missing)?;
            text.parse().map_err(|error: chrono::ParseError| wrong(&error))
        };
        // Through serde, so that a cause has the same word in SQL as in JSON.
        let cause = self.cause.clone().map(Value::String).map(serde_json::from_value);
        Ok(Settlement {
            id: self.settlement_id.clone().ok_or_else(missing)?,
            on: day(&self.settled_on)?,
            booked_on: day(&self.settlement_booked_on)?,
            cause: cause.transpose().map_err(|error| wrong(&error))?,
            collected: money(self.settled_collected)?,
            fee: money(self.fee)?,
            shortfall: money(self.shortfall)?,
            chargeback: money(self.chargeback)?,
            factor_loss: money(self.factor_loss)?,
            rebate: money(self.rebate)?,
        })
    }
}

/// Records the settlement of a position.
pub(super) async fn add(
    writing: &mut Writing,
    settled: &SettledPosition,
    at: &str,
) -> Result<(), StoreError> {
    let (id, own) = (&settled.invoice.id, &settled.settlement);
    let (on, booked_on) = (own.on.to_string(), own.booked_on.to_string());
    let cause = own.cause.map(serde_json::to_value).transpose();
    let cause = cause.map_err(|error| StoreError::damaged("settlement", id, &error))?;
    writing
        .run(
            "INSERT INTO settlement (id, position_id, settled_on, booked_on, cause, collected, \
             fee, shortfall, chargeback, factor_loss, rebate, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            values![
                &own.id,
                id,
                &on,
                &booked_on,
                cause.as_ref().and_then(Value::as_str),
                own.collected.minor(),
                own.fee.minor(),
                own.shortfall.minor(),
                own.chargeback.minor(),
                own.factor_loss.minor(),
                own.rebate.minor(),
                at
            ],
        )
        .await?;
    writing.adds("settlement", &own.id);
    let movement = Movement::settlement(&settled.invoice, own);
    let movement = movement.map_err(|error| StoreError::damaged("settlement", id, &error))?;
    movements::add(writing, &movement).await
}

/// A settlement with the facts of its position that its reading needs.
#[derive(Debug, FromRow)]
struct SettlementRow {
    position_id: String,
    currency: String,
    #[sqlx(flatten)]
    settlement: SettlementColumns,
}

/// Reads the settlements of a client with the ids of their positions within a transaction, those
/// that were undone as well.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<(String, Settlement)>, StoreError> {
    let rows: Vec<SettlementRow> = reading
        .rows(
            "SELECT s.position_id, p.currency, s.id AS settlement_id, s.settled_on, \
             s.booked_on AS settlement_booked_on, s.cause, s.collected AS settled_collected, \
             s.fee, s.shortfall, s.chargeback, s.factor_loss, s.rebate FROM settlement AS s \
             JOIN position AS p ON p.id = s.position_id WHERE p.client_id = $1 \
             ORDER BY s.settled_on, s.id",
            values![client],
        )
        .await?;
    let settlement = |SettlementRow { position_id, currency, settlement }: SettlementRow| {
        let damaged = |why: &dyn Display| StoreError::damaged("position", &position_id, why);
        let currency: Currency = currency.parse().map_err(|error| damaged(&error))?;
        let own = settlement.settlement(currency).map_err(|error| damaged(&error))?;
        Ok((position_id, own))
    };
    rows.into_iter().map(settlement).collect()
}
