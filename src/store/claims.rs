//! Claims: the right to each invoice that was bought.

use chrono::NaiveDate;
use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{Claim, ClaimedDebtor, NotBuyable, Sold, StandingClaim, number_key};

use super::StoreError;
use super::engine::{Transaction, Writing, values};
use super::linked::linked;

/// Positions read at a time when claims are added to a database of an older version.
const AT_ONCE: i64 = 1000;

/// A claim with what its position and settlement say. Amounts are in minor units.
#[derive(Debug, FromRow)]
struct ClaimRow {
    position_id: String,
    client_id: String,
    debtor_id: String,
    debtor_name: String,
    tax_number: Option<String>,
    known_debtor: Option<String>,
    invoice_number: String,
    /// ISO 4217.
    currency: String,
    face: i64,
    amount: i64,
    issued_on: Option<String>,
    due_on: String,
    /// Of its settlement, if it has one.
    chargeback: Option<i64>,
    /// The purchase in which it waits for its payout.
    waits_in: Option<String>,
}

impl ClaimRow {
    fn claim(self) -> Result<StandingClaim, StoreError> {
        let damaged = |reason: &dyn std::fmt::Display| {
            StoreError::damaged("claim", &self.position_id, reason)
        };
        let currency: Currency = self.currency.parse().map_err(|error| damaged(&error))?;
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|error| damaged(&error));
        let issued_on = self.issued_on.as_deref().map(day).transpose()?;
        let due_on = day(&self.due_on)?;
        let claim = Claim {
            client_id: self.client_id,
            debtor: ClaimedDebtor {
                id: self.debtor_id,
                name: self.debtor_name,
                tax_number: self.tax_number,
                known: self.known_debtor,
                same_as: None,
            },
            number: self.invoice_number,
            face: Money::from_minor(self.face, currency),
            amount: Money::from_minor(self.amount, currency),
            issued_on,
            due_on,
        };
        let is_charged_back = self.chargeback.is_some_and(|minor| minor > 0);
        let (position, waits_in) = (self.position_id, self.waits_in);
        Ok(StandingClaim { position, waits_in, claim, is_charged_back })
    }
}

/// A statement that reads claims.
macro_rules! select {
    ($behind:literal) => {
        concat!(
            "SELECT c.position_id, c.client_id, c.debtor_id, c.debtor_name, c.tax_number, \
             c.known_debtor, c.invoice_number, c.currency, c.face, c.amount, c.issued_on, \
             c.due_on, s.chargeback, l.purchase_id AS waits_in FROM claim AS c \
             LEFT JOIN position AS p ON p.id = c.position_id \
             LEFT JOIN purchase_line AS l ON l.position_id = c.position_id AND p.id IS NULL \
             LEFT JOIN settlement AS s ON s.id = p.settlement_id ",
            $behind
        )
    };
}

/// Returns the claims to the invoices of a purchase.
pub(super) async fn of_purchase(
    reading: &mut Transaction,
    purchase: &str,
) -> Result<Vec<StandingClaim>, StoreError> {
    let rows: Vec<ClaimRow> = reading
        .rows(
            select!(
                "WHERE c.position_id IN \
                 (SELECT position_id FROM purchase_line WHERE purchase_id = $1)"
            ),
            values![purchase],
        )
        .await?;
    rows.into_iter().map(ClaimRow::claim).collect()
}

/// Returns the claims that stand to invoices with the same number key.
pub(super) async fn standing(
    writing: &mut Writing,
    number: &str,
) -> Result<Vec<StandingClaim>, StoreError> {
    let key = number_key(number);
    let rows: Vec<ClaimRow> = writing
        .rows(
            select!("WHERE c.number_key = $1 AND c.released_at IS NULL ORDER BY c.position_id"),
            values![&key],
        )
        .await?;
    let mut claims = Vec::with_capacity(rows.len());
    for row in rows {
        // What was recorded since tells as well.
        let linked = linked(writing, &row.client_id, &row.debtor_id).await?;
        let mut own = row.claim()?;
        linked.tell(&mut own.claim.debtor);
        claims.push(own);
    }
    Ok(claims)
}

/// Records the claim of a position.
pub(super) async fn add(
    writing: &mut Writing,
    position: &str,
    claim: &Claim,
) -> Result<(), StoreError> {
    let debtor = &claim.debtor;
    let (number_key, debtor_key) = (number_key(&claim.number), debtor.key());
    let issued_on = claim.issued_on.map(|day| day.to_string());
    writing
        .run(
            "INSERT INTO claim (position_id, client_id, debtor_id, debtor_name, debtor_key, \
             tax_number, known_debtor, invoice_number, number_key, currency, face, amount, \
             issued_on, due_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            values![
                position,
                &claim.client_id,
                &debtor.id,
                &debtor.name,
                &debtor_key,
                &debtor.tax_number,
                &debtor.known,
                &claim.number,
                &number_key,
                claim.amount.currency().code(),
                claim.face.minor(),
                claim.amount.minor(),
                &issued_on,
                &claim.due_on.to_string()
            ],
        )
        .await?;
    writing.adds("claim", position);
    Ok(())
}

/// Releases the claim of a position: its invoice is bought again, as another position, or its
/// purchase is undone, by none.
pub(super) async fn release(
    writing: &mut Writing,
    position: &str,
    by: Option<&str>,
    at: &str,
) -> Result<(), StoreError> {
    writing
        .run(
            "UPDATE claim SET released_at = $2, released_by = $3 WHERE position_id = $1",
            values![position, at, by],
        )
        .await?;
    writing.changes("claim", position);
    Ok(())
}

/// Undoes the claim of a position with its purchase. What it had bought again stands once more.
pub(super) async fn undo(
    writing: &mut Writing,
    position: &str,
    at: &str,
) -> Result<(), StoreError> {
    release(writing, position, None, at).await?;
    let released: Vec<(String,)> = writing
        .rows("SELECT position_id FROM claim WHERE released_by = $1", values![position])
        .await?;
    for (again,) in &released {
        let stands =
            "UPDATE claim SET released_at = NULL, released_by = NULL WHERE position_id = $1";
        writing.run(stands, values![again]).await?;
        writing.changes("claim", again);
    }
    Ok(())
}

/// Checks that an invoice was not bought again since, before its position is opened anew.
pub(super) async fn check_stands(writing: &mut Writing, position: &str) -> Result<(), StoreError> {
    let released: Option<(String, String, Option<String>)> = writing
        .row(
            "SELECT c.invoice_number, c.released_by, l.purchase_id FROM claim AS c \
             LEFT JOIN position AS p ON p.id = c.released_by \
             LEFT JOIN purchase_line AS l ON l.position_id = c.released_by AND p.id IS NULL \
             WHERE c.position_id = $1 AND c.released_by IS NOT NULL",
            values![position],
        )
        .await?;
    let Some((invoice, position, waits_in)) = released else { return Ok(()) };
    let sold = waits_in.map_or(Sold::Position(position), Sold::Purchase);
    Err(NotBuyable::Bought { invoice, sold, is_charged_back: false }.into())
}

/// Adds the claims of positions from before there were any: keys are not made in SQL.
pub(super) async fn fill(writing: &mut Writing) -> Result<(), StoreError> {
    loop {
        // As claims, of which nothing more is known.
        let rows: Vec<ClaimRow> = writing
            .rows(
                "SELECT id AS position_id, client_id, debtor_id, '' AS debtor_name, \
                 NULL AS tax_number, NULL AS known_debtor, invoice_number, currency, \
                 amount AS face, amount, NULL AS issued_on, due_on, \
                 CAST(NULL AS BIGINT) AS chargeback, NULL AS waits_in FROM position WHERE NOT EXISTS \
                 (SELECT 1 FROM claim WHERE position_id = position.id) ORDER BY id LIMIT $1",
                values![AT_ONCE],
            )
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let StandingClaim { position, claim, .. } = row.claim()?;
            add(writing, &position, &claim).await?;
        }
    }
}
