use sqlx::FromRow;

use super::engine::{Writing, values};
use super::{Actor, Store, StoreError, audit};

/// An invoice that was bought. Amounts are in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PositionRow {
    /// Its id.
    pub id: String,
    /// Whose receivable it was.
    pub client_id: String,
    /// The offer by which it was bought.
    pub offer_id: Option<String>,
    /// Who owes it.
    pub debtor_id: String,
    /// Its number.
    pub invoice_number: String,
    /// ISO 4217.
    pub currency: String,
    /// Amount bought.
    pub amount: i64,
    /// Paid at the purchase, before charges.
    pub advance: i64,
    /// Charges of the whole purchase that were taken out of the advance; on its first invoice.
    pub prepaid: i64,
    /// Cash from the debtor so far.
    pub collected: i64,
    /// The day of the last payment.
    pub last_paid_on: Option<String>,
    /// When it was bought, ISO 8601.
    pub purchased_on: String,
    /// When it is due.
    pub due_on: String,
    /// The terms, JSON.
    pub terms: String,
    /// `open` or `settled`.
    pub status: String,
    /// Rises with every change.
    pub version: i64,
    /// When it was recorded.
    pub created_at: String,
}

/// Records an invoice that was bought.
pub(super) async fn add(writing: &mut Writing, position: &PositionRow) -> Result<(), StoreError> {
    let PositionRow { id, client_id, offer_id, debtor_id, invoice_number, currency, .. } = position;
    let (bought, due) = (&position.purchased_on, &position.due_on);
    let (terms, at) = (&position.terms, &position.created_at);
    let (amount, advance, prepaid) = (position.amount, position.advance, position.prepaid);
    let added = writing
        .run(
            "INSERT INTO position (id, client_id, offer_id, debtor_id, invoice_number, currency, \
             amount, advance, prepaid, purchased_on, due_on, terms, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13) \
             ON CONFLICT DO NOTHING",
            values![
                id,
                client_id,
                offer_id,
                debtor_id,
                invoice_number,
                currency,
                amount,
                advance,
                prepaid,
                bought,
                due,
                terms,
                at
            ],
        )
        .await?;
    if added == 0 { Err(StoreError::Bought(invoice_number.clone())) } else { Ok(()) }
}

impl Store {
    /// Records invoices that were bought, all or none.
    ///
    /// # Errors
    /// [`StoreError::Bought`] when one of them is bought already.
    pub async fn add_positions(
        &self,
        client: &str,
        bought: &[PositionRow],
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        for position in bought {
            add(&mut writing, position).await?;
        }
        let numbers: Vec<&str> = bought.iter().map(|p| p.invoice_number.as_str()).collect();
        audit::append(&mut writing, actor, ("positions.recorded", client, &numbers.join(", ")))
            .await?;
        writing.commit().await
    }

    /// A position.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn position(&self, id: &str) -> Result<PositionRow, StoreError> {
        self.engine
            .row("SELECT * FROM position WHERE id = $1", values![id])
            .await?
            .ok_or(StoreError::Missing("position"))
    }

    /// Positions of a client, or of all, behind an id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn positions(
        &self,
        client: Option<&str>,
        after: &str,
        most: i64,
    ) -> Result<Vec<PositionRow>, StoreError> {
        self.engine
            .rows(
                "SELECT * FROM position WHERE id > $1 AND ($2 IS NULL OR client_id = $2) \
                 ORDER BY id LIMIT $3",
                values![after, client, most],
            )
            .await
    }

    /// Every position of a client.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn positions_of(&self, client: &str) -> Result<Vec<PositionRow>, StoreError> {
        self.engine
            .rows(
                "SELECT * FROM position WHERE client_id = $1 ORDER BY purchased_on, invoice_number, id",
                values![client],
            )
            .await
    }
}
