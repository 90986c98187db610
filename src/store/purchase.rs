//! Purchases: accepted, then funded or withdrawn.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{
    AgreedInvoice, AgreedPurchase, Funding, PositionTerms, Purchase, Stage, Totals, Withdrawal,
};

use super::engine::{Transaction, Writing, values};
use super::{Actor, AuditEntry, Store, StoreError, audit, claims};

/// A condition on purchases: paid out, and none of its positions stands.
macro_rules! reversed {
    () => {
        "u.state = 'funded' AND NOT EXISTS (SELECT 1 FROM purchase_line AS l \
         JOIN position AS p ON p.id = l.position_id \
         WHERE l.purchase_id = u.id AND p.reversed_on IS NULL)"
    };
}

pub(super) use reversed;

/// A statement that reads purchases, each with its payout or withdrawal.
macro_rules! select {
    ($($behind:expr),+) => {
        concat!(
            "SELECT u.id, u.client_id, u.offer_id, u.currency, u.invoices, u.amount, u.advance, \
             u.prepaid, u.accepted_by, u.state, u.version, u.created_at, f.funded_on, \
             f.amount AS paid_out, f.payee, f.payee_version, f.reference, f.funded_by, w.reason, \
             w.withdrawn_by, w.created_at AS withdrawn_at, CASE WHEN ",
            reversed!(),
            " THEN (SELECT MAX(p.reversed_on) FROM purchase_line AS l JOIN position AS p \
             ON p.id = l.position_id WHERE l.purchase_id = u.id) END AS reversed_on \
             FROM purchase AS u \
             LEFT JOIN funding AS f ON f.purchase_id = u.id \
             LEFT JOIN withdrawal AS w ON w.purchase_id = u.id ",
            $($behind),+
        )
    };
}

/// A statement that reads invoices of purchases.
macro_rules! lines {
    ($behind:literal) => {
        concat!(
            "SELECT l.position_id, l.purchase_id, u.client_id, u.offer_id, u.currency, l.debtor_id, \
             l.invoice_number, l.amount, l.advance, l.prepaid, l.due_on, l.terms, c.issued_on \
             FROM purchase_line AS l JOIN purchase AS u ON u.id = l.purchase_id \
             LEFT JOIN claim AS c ON c.position_id = l.position_id ",
            $behind
        )
    };
}

/// A purchase as stored. Amounts are in minor units of its currency.
#[derive(Debug, FromRow)]
struct PurchaseRow {
    id: String,
    client_id: String,
    offer_id: Option<String>,
    currency: String,
    invoices: i64,
    amount: i64,
    advance: i64,
    prepaid: i64,
    accepted_by: String,
    state: String,
    version: i64,
    created_at: String,
    funded_on: Option<String>,
    paid_out: Option<i64>,
    payee: Option<String>,
    payee_version: Option<i64>,
    reference: Option<String>,
    funded_by: Option<String>,
    reason: Option<String>,
    withdrawn_by: Option<String>,
    withdrawn_at: Option<String>,
    /// The day of the last reversal, once none of its positions stands.
    reversed_on: Option<String>,
}

/// An invoice of a purchase as stored. Amounts are in minor units of the purchase's currency.
#[derive(Debug, FromRow)]
struct LineRow {
    position_id: String,
    purchase_id: String,
    client_id: String,
    offer_id: Option<String>,
    currency: String,
    debtor_id: String,
    invoice_number: String,
    amount: i64,
    advance: i64,
    prepaid: i64,
    due_on: String,
    terms: String,
    /// As its claim says.
    issued_on: Option<String>,
}

/// The purchases that a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct PurchaseFilter<'a> {
    /// Only those of this client.
    pub client: Option<&'a str>,
    /// Only those of this offer.
    pub offer: Option<&'a str>,
    /// Only those in this state.
    pub state: Option<&'a str>,
}

impl PurchaseRow {
    fn purchase(self) -> Result<Purchase, StoreError> {
        let id = self.id.clone();
        let damaged = |reason: &dyn std::fmt::Display| StoreError::damaged("purchase", &id, reason);
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let money = |minor| Money::from_minor(minor, currency);
        let incomplete = || damaged(&"its payout or withdrawal lacks a value");
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|error| damaged(&error));
        let stage = if let Some(on) = &self.funded_on {
            Stage::Funded(Funding {
                on: day(on)?,
                amount: money(self.paid_out.ok_or_else(incomplete)?),
                payee: self.payee.ok_or_else(incomplete)?,
                payee_version: self.payee_version.ok_or_else(incomplete)?,
                reference: self.reference.ok_or_else(incomplete)?,
                by: self.funded_by.ok_or_else(incomplete)?,
            })
        } else if let Some(at) = self.withdrawn_at {
            let reason = self.reason.ok_or_else(incomplete)?;
            Stage::Withdrawn(Withdrawal {
                at,
                reason,
                by: self.withdrawn_by.ok_or_else(incomplete)?,
            })
        } else {
            Stage::Accepted
        };
        if stage.as_str() != self.state {
            return Err(damaged(&format!(
                "its state is {}, but by its rows {}",
                self.state,
                stage.as_str()
            )));
        }
        // A reversal is a step as well.
        let (stage, version) = match (stage, &self.reversed_on) {
            (Stage::Funded(funding), Some(on)) => {
                (Stage::Reversed(funding, day(on)?), self.version + 1)
            }
            (stage, _) => (stage, self.version),
        };
        let totals = Totals {
            invoices: self.invoices,
            amount: money(self.amount),
            advance: money(self.advance),
            prepaid: money(self.prepaid),
        };
        Ok(Purchase {
            id: self.id,
            client_id: self.client_id,
            offer_id: self.offer_id,
            accepted_by: self.accepted_by,
            accepted_at: self.created_at,
            totals,
            stage,
            version,
        })
    }
}

impl LineRow {
    fn invoice(self) -> Result<AgreedInvoice, StoreError> {
        let damaged = |reason: &dyn std::fmt::Display| {
            StoreError::damaged("purchase line", &self.position_id, reason)
        };
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|error| damaged(&error));
        let due_on = day(&self.due_on)?;
        let issued_on = self.issued_on.as_deref().map(day).transpose()?;
        let terms: PositionTerms =
            serde_json::from_str(&self.terms).map_err(|error| damaged(&error))?;
        let money = |minor| Money::from_minor(minor, currency);
        Ok(AgreedInvoice {
            id: self.position_id,
            client_id: self.client_id,
            offer_id: self.offer_id,
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            amount: money(self.amount),
            advance: money(self.advance),
            prepaid: money(self.prepaid),
            due_on,
            issued_on,
            terms,
        })
    }
}

/// Records a purchase that was accepted, with its invoices, which
/// [`buying`](super::buying) has checked.
pub(super) async fn add<'a>(
    writing: &mut Writing,
    purchase: &Purchase,
    invoices: impl Iterator<Item = &'a AgreedInvoice>,
    at: &str,
) -> Result<(), StoreError> {
    let Totals { invoices: count, amount, advance, prepaid } = purchase.totals;
    writing
        .run(
            "INSERT INTO purchase (id, client_id, offer_id, currency, invoices, amount, advance, \
             prepaid, accepted_by, state, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'accepted', $10)",
            values![
                &purchase.id,
                &purchase.client_id,
                &purchase.offer_id,
                amount.currency().code(),
                count,
                amount.minor(),
                advance.minor(),
                prepaid.minor(),
                &purchase.accepted_by,
                at
            ],
        )
        .await?;
    writing.adds("purchase", &purchase.id);
    for (place, own) in (1_i64..).zip(invoices) {
        let terms = serde_json::to_string(&own.terms)
            .map_err(|error| StoreError::damaged("purchase line", &own.id, &error))?;
        writing
            .run(
                "INSERT INTO purchase_line (position_id, purchase_id, place, debtor_id, \
                 invoice_number, amount, advance, prepaid, due_on, terms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values![
                    &own.id,
                    &purchase.id,
                    place,
                    &own.debtor_id,
                    &own.invoice_number,
                    own.amount.minor(),
                    own.advance.minor(),
                    own.prepaid.minor(),
                    &own.due_on.to_string(),
                    &terms
                ],
            )
            .await?;
        writing.adds("purchase_line", &own.id);
    }
    Ok(())
}

/// Takes a purchase to its next state, if it is still as it was read.
pub(super) async fn step(
    writing: &mut Writing,
    purchase: &Purchase,
    state: &str,
) -> Result<(), StoreError> {
    let changed = writing
        .run(
            "UPDATE purchase SET state = $2, version = version + 1 \
             WHERE id = $1 AND version = $3 AND state = 'accepted'",
            values![&purchase.id, state, purchase.version],
        )
        .await?;
    if changed == 0 {
        return Err(StoreError::Changed(purchase.version + 1));
    }
    writing.changes("purchase", &purchase.id);
    Ok(())
}

/// Reads the purchases of a client with their invoices within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<AgreedPurchase>, StoreError> {
    let rows: Vec<PurchaseRow> =
        reading.rows(select!("WHERE u.client_id = $1 ORDER BY u.id"), values![client]).await?;
    let all = lines!("WHERE u.client_id = $1 ORDER BY l.purchase_id, l.place");
    let mut lines: HashMap<String, Vec<AgreedInvoice>> = HashMap::new();
    for row in reading.rows::<LineRow>(all, values![client]).await? {
        lines.entry(row.purchase_id.clone()).or_default().push(row.invoice()?);
    }
    let with_lines = |row: PurchaseRow| {
        let purchase = row.purchase()?;
        let invoices = lines.remove(&purchase.id).unwrap_or_default();
        Ok(AgreedPurchase { purchase, invoices })
    };
    rows.into_iter().map(with_lines).collect()
}

/// Reads the invoices of a purchase within a transaction, in the order of its offer.
pub(super) async fn lines(
    reading: &mut Transaction,
    purchase: &str,
) -> Result<Vec<AgreedInvoice>, StoreError> {
    let rows: Vec<LineRow> =
        reading.rows(lines!("WHERE u.id = $1 ORDER BY l.place"), values![purchase]).await?;
    rows.into_iter().map(LineRow::invoice).collect()
}

impl Store {
    /// Returns a purchase.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such purchase; otherwise if the database cannot be
    /// read or the row is damaged.
    pub async fn purchase(&self, id: &str) -> Result<Purchase, StoreError> {
        let row: Option<PurchaseRow> =
            self.engine.row(select!("WHERE u.id = $1"), values![id]).await?;
        row.ok_or(StoreError::Missing("purchase"))?.purchase()
    }

    /// Returns up to `most` purchases after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn purchases(
        &self,
        PurchaseFilter { client, offer, state }: PurchaseFilter<'_>,
        after: &str,
        most: i64,
    ) -> Result<Vec<Purchase>, StoreError> {
        let rows: Vec<PurchaseRow> = self
            .engine
            .rows(
                select!(
                    "WHERE u.id > $1 AND ($2 IS NULL OR u.client_id = $2) \
                     AND ($3 IS NULL OR u.offer_id = $3) AND ($4 IS NULL OR $4 = CASE WHEN ",
                    reversed!(),
                    " THEN 'reversed' ELSE u.state END) ORDER BY u.id LIMIT $5"
                ),
                values![after, client, offer, state, most],
            )
            .await?;
        rows.into_iter().map(PurchaseRow::purchase).collect()
    }

    /// Returns the purchases of offers, from one id to another.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn purchases_of_offers(
        &self,
        first: &str,
        last: &str,
    ) -> Result<Vec<Purchase>, StoreError> {
        let behind = select!("WHERE u.offer_id >= $1 AND u.offer_id <= $2 ORDER BY u.id");
        let rows: Vec<PurchaseRow> = self.engine.rows(behind, values![first, last]).await?;
        rows.into_iter().map(PurchaseRow::purchase).collect()
    }

    /// Returns the invoices of a purchase in the order of its offer.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn lines_of(&self, purchase: &str) -> Result<Vec<AgreedInvoice>, StoreError> {
        let rows: Vec<LineRow> =
            self.engine.rows(lines!("WHERE u.id = $1 ORDER BY l.place"), values![purchase]).await?;
        rows.into_iter().map(LineRow::invoice).collect()
    }

    /// Returns the invoices of a client that are accepted and not funded.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn accepted_of(&self, client: &str) -> Result<Vec<AgreedInvoice>, StoreError> {
        let rows: Vec<LineRow> = self
            .engine
            .rows(
                lines!("WHERE u.client_id = $1 AND u.state = 'accepted' ORDER BY l.position_id"),
                values![client],
            )
            .await?;
        rows.into_iter().map(LineRow::invoice).collect()
    }

    /// Withdraws a purchase that is not funded: its invoices may be sold again.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if it has changed since it was read; otherwise if the database
    /// cannot be written.
    pub async fn withdraw_purchase(
        &self,
        (purchase, invoices): (&Purchase, &[AgreedInvoice]),
        Withdrawal { at, reason, by }: &Withdrawal,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        step(&mut writing, purchase, "withdrawn").await?;
        writing
            .run(
                "INSERT INTO withdrawal (purchase_id, reason, withdrawn_by, created_at) \
                 VALUES ($1, $2, $3, $4)",
                values![&purchase.id, reason, by, at],
            )
            .await?;
        writing.adds("withdrawal", &purchase.id);
        for own in invoices {
            claims::undo(&mut writing, &own.id, at).await?;
        }
        let entry =
            AuditEntry { action: "purchase.withdrawn", subject: &purchase.id, detail: reason };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
