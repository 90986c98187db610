use schemars::JsonSchema;
use serde::Serialize;
use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Actor, PositionRow, Store, StoreError, audit};

/// A payment that a debtor made. Amounts are in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CollectionRow {
    /// Its id.
    pub id: String,
    /// Whose invoice was paid.
    pub client_id: String,
    /// The position; absent for a payment on an invoice that was not bought, or more than was.
    pub position_id: Option<String>,
    /// `payment`, `recovery` of what the factor has lost, or `unapplied`: the client's.
    pub kind: String,
    /// Who paid.
    pub debtor_id: String,
    /// The invoice that it names.
    pub invoice_number: String,
    /// ISO 4217.
    pub currency: String,
    /// What was paid.
    pub amount: i64,
    /// When.
    pub received_on: String,
    /// The payment's own reference.
    pub reference: String,
    /// When it was recorded.
    pub created_at: String,
}

/// How a position ended. Amounts are in minor units of the position's currency.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, JsonSchema)]
pub struct SettlementRow {
    /// The position.
    pub position_id: String,
    /// The day to which the fee runs.
    pub settled_on: String,
    /// Why something is missing.
    pub cause: Option<String>,
    /// Cash from the debtor.
    pub collected: i64,
    /// The fee.
    pub fee: i64,
    /// Amount bought less collected.
    pub shortfall: i64,
    /// What the client bears of it.
    pub chargeback: i64,
    /// What the factor bears of it.
    pub factor_loss: i64,
    /// What the client still gets; negative: it owes that.
    pub rebate: i64,
    /// When it was recorded.
    pub created_at: String,
}

/// What follows from payments or from the end of a position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Posted {
    /// Payments.
    pub collections: Vec<CollectionRow>,
    /// Positions as they are after it, with the version that they had before.
    pub positions: Vec<PositionRow>,
    /// Positions that are settled by it.
    pub settlements: Vec<SettlementRow>,
}

async fn add(writing: &mut Writing, collection: &CollectionRow) -> Result<(), StoreError> {
    let CollectionRow { id, client_id, position_id, kind, debtor_id, invoice_number, .. } =
        collection;
    let currency = &collection.currency;
    let (amount, reference) = (collection.amount, &collection.reference);
    let (received, at) = (&collection.received_on, &collection.created_at);
    writing
        .run(
            "INSERT INTO collection (id, client_id, position_id, kind, debtor_id, invoice_number, \
             currency, amount, received_on, reference, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                id,
                client_id,
                position_id,
                kind,
                debtor_id,
                invoice_number,
                currency,
                amount,
                received,
                reference,
                at
            ],
        )
        .await?;
    Ok(())
}

async fn settle(writing: &mut Writing, settled: &SettlementRow) -> Result<(), StoreError> {
    let SettlementRow { position_id, settled_on, cause, created_at, .. } = settled;
    let (collected, fee) = (settled.collected, settled.fee);
    let (shortfall, chargeback) = (settled.shortfall, settled.chargeback);
    let (loss, rebate) = (settled.factor_loss, settled.rebate);
    writing
        .run(
            "INSERT INTO settlement (position_id, settled_on, cause, collected, fee, \
             shortfall, chargeback, factor_loss, rebate, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![
                position_id,
                settled_on,
                cause,
                collected,
                fee,
                shortfall,
                chargeback,
                loss,
                rebate,
                created_at
            ],
        )
        .await?;
    Ok(())
}

impl Store {
    /// Records payments and settlements, all or none.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when a position has changed since it was read.
    pub async fn post(
        &self,
        posted: &Posted,
        (action, subject): (&str, &str),
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        for position in &posted.positions {
            let changed = writing
                .run(
                    "UPDATE position SET collected = $2, status = $3, last_paid_on = $5, \
                     version = version + 1 WHERE id = $1 AND version = $4",
                    values![
                        &position.id,
                        position.collected,
                        &position.status,
                        position.version,
                        &position.last_paid_on
                    ],
                )
                .await?;
            if changed == 0 {
                return Err(StoreError::Changed(position.version + 1));
            }
        }
        for collection in &posted.collections {
            add(&mut writing, collection).await?;
        }
        for settled in &posted.settlements {
            settle(&mut writing, settled).await?;
        }
        let references: Vec<&str> = posted.collections.iter().map(|c| c.id.as_str()).collect();
        audit::append(&mut writing, actor, (action, subject, &references.join(", "))).await?;
        writing.commit().await
    }

    /// Payments on a client's invoices, in order of their dates.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn collections_of(&self, client: &str) -> Result<Vec<CollectionRow>, StoreError> {
        self.engine
            .rows(
                "SELECT * FROM collection WHERE client_id = $1 ORDER BY received_on, id",
                values![client],
            )
            .await
    }

    /// Settlements of a client's positions, in order of their dates.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settlements_of(&self, client: &str) -> Result<Vec<SettlementRow>, StoreError> {
        self.engine
            .rows(
                "SELECT s.* FROM settlement AS s JOIN position AS p ON p.id = s.position_id \
                 WHERE p.client_id = $1 ORDER BY s.settled_on, s.position_id",
                values![client],
            )
            .await
    }
}
