use std::fmt::Display;

use serde_json::Value;
use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{SettledPosition, Settlement};

use super::StoreError;
use super::engine::{Writing, values};

/// A settlement beside its position; all columns are empty if there is none. Amounts are in minor
/// units of the position's currency.
#[derive(Debug, FromRow)]
pub(super) struct SettlementColumns {
    settled_on: Option<String>,
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
        let on = self.settled_on.as_deref().ok_or_else(missing)?;
        // Through serde, so that a cause has the same word in SQL as in JSON.
        let cause = self.cause.clone().map(Value::String).map(serde_json::from_value);
        Ok(Settlement {
            on: on.parse().map_err(|error: chrono::ParseError| wrong(&error))?,
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
    let on = own.on.to_string();
    let cause = own.cause.map(serde_json::to_value).transpose();
    let cause = cause.map_err(|error| StoreError::damaged("settlement", id, &error))?;
    writing
        .run(
            "INSERT INTO settlement (position_id, settled_on, cause, collected, fee, \
             shortfall, chargeback, factor_loss, rebate, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![
                id,
                &on,
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
    Ok(())
}
