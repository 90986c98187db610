//! Reversals: rows that undo a purchase, a payment or a settlement, with their movements.

use chrono::NaiveDate;
use sqlx::FromRow;

use purchases::{Position, Reversal, Undoing, Undone};

use super::engine::{Transaction, Writing, values};
use super::{Actor, AuditEntry, Store, StoreError, audit, claims, movements, positions};

/// A reversal as stored.
#[derive(Debug, FromRow)]
struct ReversalRow {
    undoes: String,
    subject: String,
    booked_on: String,
    reason: String,
}

/// Steps that are undone together.
#[derive(Debug, Clone, Copy)]
pub struct Reversing<'a> {
    /// The client.
    pub client: &'a str,
    /// The steps, and the positions as they leave them, with the versions that they had before.
    pub undoings: &'a [Undoing],
    /// The day of the books.
    pub on: NaiveDate,
    /// The reason.
    pub reason: &'a str,
}

impl ReversalRow {
    fn reversal(self) -> Result<Reversal, StoreError> {
        let Self { undoes, subject, booked_on, reason } = self;
        let damaged = |why: &dyn std::fmt::Display| StoreError::damaged("reversal", &subject, why);
        let on = booked_on.parse().map_err(|error: chrono::ParseError| damaged(&error))?;
        let undoes = Undone::of(&undoes, subject.clone());
        let undoes = undoes.ok_or_else(|| damaged(&"it undoes an unknown kind of step"))?;
        Ok(Reversal { undoes, on, reason })
    }
}

/// Reads the reversals of a client within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<Reversal>, StoreError> {
    let rows: Vec<ReversalRow> = reading
        .rows(
            "SELECT undoes, subject, booked_on, reason FROM reversal WHERE client_id = $1",
            values![client],
        )
        .await?;
    rows.into_iter().map(ReversalRow::reversal).collect()
}

impl Store {
    /// Records reversals with their movements and the positions that they change, all or none.
    ///
    /// # Errors
    /// [`StoreError::Undone`] if a step was undone before, [`StoreError::Changed`] if a position
    /// has changed since it was read; otherwise if the database cannot be written.
    pub async fn undo(&self, reversing: Reversing<'_>, actor: &Actor) -> Result<(), StoreError> {
        let Reversing { client, undoings, on, reason } = reversing;
        let mut writing = self.engine.writing().await?;
        let mut told = Vec::new();
        for step in undoings.iter().flat_map(|own| &own.steps) {
            add(&mut writing, step, reversing, &actor.at).await?;
            let undone = movements::of_step(&mut writing, step.told()).await?.undone(on);
            movements::add(&mut writing, &undone).await?;
            let (kind, id) = step.told();
            told.push(format!("{kind} {id}"));
        }
        for position in undoings.iter().filter_map(|own| own.position.as_ref()) {
            let id = &position.invoice().id;
            match position {
                Position::Reversed(_) => claims::undo(&mut writing, id, &actor.at).await?,
                Position::Open(_) => claims::check_stands(&mut writing, id).await?,
                Position::Settled(_) => {}
            }
            positions::change(&mut writing, position).await?;
        }
        let detail = &format!("{} on {on}: {reason}", told.join(", "));
        let entry = AuditEntry { action: "step.reversed", subject: client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}

async fn add(
    writing: &mut Writing,
    step: &Undone,
    Reversing { client, on, reason, .. }: Reversing<'_>,
    at: &str,
) -> Result<(), StoreError> {
    let (undoes, subject) = step.told();
    let (id, on) = (format!("{undoes}.{subject}"), on.to_string());
    let added = writing
        .run(
            "INSERT INTO reversal (id, client_id, undoes, subject, booked_on, reason, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            values![&id, client, undoes, subject, &on, reason, at],
        )
        .await?;
    if added == 0 {
        return Err(StoreError::Undone);
    }
    writing.adds("reversal", &id);
    Ok(())
}
