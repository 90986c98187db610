use sqlx::FromRow;

use basics::{Currency, Money};
use purchases::{Account, EntryKind, Movement, Recorded};

use super::engine::{Transaction, Writing, values};
use super::statement::Value;
use super::{Store, StoreError};

/// An entry with its movement as stored, or a movement without entries. The amount is in minor
/// units of the movement's currency.
#[derive(Debug, FromRow)]
struct MovementRow {
    number: i64,
    kind: String,
    is_reversal: i64,
    subject: String,
    client_id: String,
    position_id: Option<String>,
    debtor_id: String,
    invoice_number: String,
    booked_on: String,
    currency: String,
    account: Option<String>,
    amount: Option<i64>,
}

/// A statement that reads movements with their entries.
macro_rules! select {
    ($behind:literal) => {
        concat!(
            "SELECT m.number, m.kind, m.is_reversal, m.subject, m.client_id, m.position_id, \
             m.debtor_id, m.invoice_number, m.booked_on, m.currency, e.account, e.amount \
             FROM movement AS m LEFT JOIN entry AS e ON e.movement_id = m.id ",
            $behind
        )
    };
}

const OF_CLIENT: &str = select!("WHERE m.client_id = $1 ORDER BY m.number");

/// All entries of a movement in one statement: its id, then an amount for each account in the order
/// of [`Account::ALL`].
const ADD_ENTRIES: &str = "INSERT INTO entry (id, movement_id, account, amount) \
     SELECT m.id || '.' || v.account, m.id, v.account, v.amount FROM ( \
     SELECT 'receivable' AS account, CAST($2 AS BIGINT) AS amount \
     UNION ALL SELECT 'reserve', CAST($3 AS BIGINT) \
     UNION ALL SELECT 'cover', CAST($4 AS BIGINT) \
     UNION ALL SELECT 'funds', CAST($5 AS BIGINT) \
     UNION ALL SELECT 'client', CAST($6 AS BIGINT) \
     UNION ALL SELECT 'chargeback', CAST($7 AS BIGINT) \
     UNION ALL SELECT 'suspense', CAST($8 AS BIGINT) \
     UNION ALL SELECT 'fee', CAST($9 AS BIGINT) \
     UNION ALL SELECT 'loss', CAST($10 AS BIGINT) \
     UNION ALL SELECT 'bank', CAST($11 AS BIGINT) \
     ) AS v JOIN movement AS m ON m.id = $1 WHERE v.amount <> 0";

impl MovementRow {
    fn recorded(&self) -> Result<Recorded, StoreError> {
        let id = id(&self.client_id, self.number);
        let damaged = |reason: &dyn std::fmt::Display| StoreError::damaged("movement", &id, reason);
        let on = self.booked_on.parse();
        let movement = Movement {
            kind: EntryKind::of(&self.kind).ok_or_else(|| damaged(&"its kind is unknown"))?,
            is_reversal: self.is_reversal == 1,
            subject: self.subject.clone(),
            client_id: self.client_id.clone(),
            position_id: self.position_id.clone(),
            debtor_id: self.debtor_id.clone(),
            invoice_number: self.invoice_number.clone(),
            on: on.map_err(|error: chrono::ParseError| damaged(&error))?,
            currency: self.currency.parse().map_err(|error| damaged(&error))?,
            entries: Vec::new(),
        };
        Ok(Recorded { number: self.number, movement })
    }

    fn entry(&self, currency: Currency) -> Result<Option<(Account, Money)>, StoreError> {
        let Some((word, amount)) = self.account.as_deref().zip(self.amount) else {
            return Ok(None);
        };
        let id = id(&self.client_id, self.number);
        let unknown = || StoreError::damaged("movement", &id, &format!("its account is {word}"));
        let account = Account::of(word).ok_or_else(unknown)?;
        Ok(Some((account, Money::from_minor(amount, currency))))
    }
}

fn id(client: &str, number: i64) -> String {
    format!("{client}.{number}")
}

fn movements(rows: &[MovementRow]) -> Result<Vec<Recorded>, StoreError> {
    let mut all: Vec<Recorded> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.number != row.number) {
            all.push(row.recorded()?);
        }
        if let Some(Recorded { movement, .. }) = all.last_mut() {
            movement.entries.extend(row.entry(movement.currency)?);
        }
    }
    for Recorded { movement, .. } in &mut all {
        movement.entries.sort_by_key(|(account, _)| *account);
    }
    Ok(all)
}

/// Records a movement as the next one of its client.
pub(super) async fn add(writing: &mut Writing, own: &Movement) -> Result<(), StoreError> {
    let last: Option<(Option<i64>,)> = writing
        .row("SELECT MAX(number) FROM movement WHERE client_id = $1", values![&own.client_id])
        .await?;
    // Writers take turns, so that nobody else draws the same number.
    let number = last.and_then(|(last,)| last).unwrap_or(0) + 1;
    let (id, on) = (id(&own.client_id, number), own.on.to_string());
    writing
        .run(
            "INSERT INTO movement (id, client_id, number, kind, is_reversal, subject, \
             position_id, debtor_id, invoice_number, booked_on, currency) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                &id,
                &own.client_id,
                number,
                own.kind.as_str(),
                i64::from(own.is_reversal),
                &own.subject,
                &own.position_id,
                &own.debtor_id,
                &own.invoice_number,
                &on,
                own.currency.code()
            ],
        )
        .await?;
    let amounts = Account::ALL.map(|account| own.amount(account).minor());
    let mut values = vec![Value::from(&id)];
    values.extend(amounts.map(Value::from));
    writing.run(ADD_ENTRIES, &values).await?;
    // Sealed with its entries.
    writing.adds("movement", &id);
    Ok(())
}

/// Reads the movements of a client within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<Recorded>, StoreError> {
    movements(&reading.rows(OF_CLIENT, values![client]).await?)
}

/// Reads the movement of a step, whatever kind of payment it may be.
pub(super) async fn of_step(
    writing: &mut Writing,
    (kind, subject): (&str, &str),
) -> Result<Movement, StoreError> {
    let rows: Vec<MovementRow> = writing
        .rows(
            select!(
                "WHERE m.subject = $1 AND m.is_reversal = 0 AND (m.kind = $2 \
                 OR ($2 = 'collection' AND m.kind IN ('unapplied', 'recovery')))"
            ),
            values![subject, kind],
        )
        .await?;
    let own = movements(&rows)?.into_iter().next();
    own.map(|own| own.movement).ok_or(StoreError::Missing("movement"))
}

impl Store {
    /// Returns the movements of a client, in the order in which they were recorded.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn movements_of(&self, client: &str) -> Result<Vec<Recorded>, StoreError> {
        movements(&self.engine.rows(OF_CLIENT, values![client]).await?)
    }
}
