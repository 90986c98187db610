//! Corrections: what was recorded by mistake is undone by a row of its own, never deleted.

use chrono::NaiveDate;

use purchases::{
    LineUse, Position, PurchaseError, Stage, Undoing, Undone, undo_payment, undo_settlement,
};
use store::Reversing;

use super::names::named;
use super::refusal::{own, past, refused};
use super::{Answer, Once, Reply, Service, ServiceError, Underwriter};

/// A request to undo a step.
#[derive(Debug, Clone, Copy)]
pub struct AskedReversal<'a> {
    /// The position, or any part of the payment.
    pub id: &'a str,
    /// The day of the books on which it is undone.
    pub on: NaiveDate,
    /// The reason.
    pub reason: &'a str,
}

/// Steps that were undone together.
#[derive(Debug, Clone)]
pub struct Reversed {
    /// The day of the books.
    pub on: NaiveDate,
    /// The reason.
    pub reason: String,
    /// The steps, in the order in which they were undone.
    pub steps: Vec<Undone>,
    /// The position as it is now; `None` if the payment belonged to none, or for several.
    pub position: Option<Position>,
    /// The use of the client's line afterwards; `None` without a line. A reversal may exceed it.
    pub line: Option<LineUse>,
}

/// The outcome of a reversal, or its refusal, with the client.
struct Found {
    client: String,
    undoings: Result<Vec<Undoing>, PurchaseError>,
}

impl Found {
    fn of(client: String, undoing: Result<Undoing, PurchaseError>) -> Self {
        Self { client, undoings: undoing.map(|own| vec![own]) }
    }
}

impl Service {
    /// Undoes a payment with all its parts, and the settlement of a position that it paid in full.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such payment, [`ServiceError::Conflict`] if it was
    /// undone before, a settlement rests on it or the invoice was bought again,
    /// [`ServiceError::Field`] for a day or reason that is not allowed.
    pub async fn reverse_payment(
        &self,
        _: &Underwriter,
        asked: AskedReversal<'_>,
        once: &Once,
        answer: Answer<Reversed>,
    ) -> Result<Reply, ServiceError> {
        let client = self.store.client_of_collection(asked.id).await?;
        self.check(asked)?;
        let books = self.store.books(&client).await?;
        let undone = books.reversal(&Undone::Collection(asked.id.to_owned()));
        if let Some(on) = undone.map(|own| own.on) {
            return Err(refused(&PurchaseError::Undone { on }, own));
        }
        let part = books.collections.iter().find(|own| own.id == asked.id);
        let payment = part.map_or(asked.id, |part| part.payment.as_str());
        let standing = books.standing();
        let undoing = undo_payment(payment, (&books.positions, &standing), asked.on);
        self.undo(Found::of(client, undoing), asked, once, answer).await
    }

    /// Undoes the settlement of a position that was not collected in full: it is open again.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such position, [`ServiceError::Conflict`] if it has
    /// no settlement that can be undone, [`ServiceError::Field`] for a day or reason that is not
    /// allowed.
    pub async fn reverse_settlement(
        &self,
        _: &Underwriter,
        asked: AskedReversal<'_>,
        once: &Once,
        answer: Answer<Reversed>,
    ) -> Result<Reply, ServiceError> {
        let position = self.store.position(asked.id).await?;
        self.check(asked)?;
        let client = position.invoice().client_id.clone();
        let positions = self.store.positions_of(&client).await?;
        let undoing = undo_settlement(position, &positions, asked.on);
        self.undo(Found::of(client, undoing), asked, once, answer).await
    }

    /// Undoes the purchase of a position on which nothing was paid: the invoice may be bought
    /// again.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such position, [`ServiceError::Conflict`] if
    /// payments or a settlement stand or it was undone before, [`ServiceError::Field`] for a day or
    /// reason that is not allowed.
    pub async fn reverse_purchase(
        &self,
        _: &Underwriter,
        asked: AskedReversal<'_>,
        once: &Once,
        answer: Answer<Reversed>,
    ) -> Result<Reply, ServiceError> {
        let position = self.store.position(asked.id).await?;
        self.check(asked)?;
        let client = position.invoice().client_id.clone();
        let undoing = position.undo_purchase(asked.on);
        self.undo(Found::of(client, undoing), asked, once, answer).await
    }

    /// Undoes a payout: the purchases of all its positions, on which nothing was paid. What was
    /// undone of it before stays so.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such purchase, [`ServiceError::Conflict`] if it is
    /// not funded, payments or a settlement stand or all of it was undone before,
    /// [`ServiceError::Field`] for a day or reason that is not allowed.
    pub async fn reverse_funding(
        &self,
        _: &Underwriter,
        asked: AskedReversal<'_>,
        once: &Once,
        answer: Answer<Reversed>,
    ) -> Result<Reply, ServiceError> {
        let purchase = self.store.purchase(asked.id).await?;
        self.check(asked)?;
        if !matches!(purchase.stage, Stage::Funded(_) | Stage::Reversed(..)) {
            let detail = "The purchase is not funded; withdraw it instead.".to_owned();
            return Err(ServiceError::Conflict(detail));
        }
        let (mut undoings, mut last) = (Vec::new(), None);
        for line in self.store.lines_of(asked.id).await? {
            match self.store.position(&line.id).await?.undo_purchase(asked.on) {
                Err(PurchaseError::Reversed { on, .. } | PurchaseError::Undone { on }) => {
                    last = last.max(Some(on));
                }
                undoing => undoings.push(undoing),
            }
        }
        let undoings = match last.filter(|_| undoings.is_empty()) {
            Some(on) => Err(PurchaseError::Undone { on }),
            None => undoings.into_iter().collect(),
        };
        self.undo(Found { client: purchase.client_id, undoings }, asked, once, answer).await
    }

    fn check(&self, asked: AskedReversal<'_>) -> Result<(), ServiceError> {
        past("on", asked.on, self.today())?;
        named("reason", asked.reason)
    }

    async fn undo(
        &self,
        Found { client, undoings }: Found,
        asked: AskedReversal<'_>,
        once: &Once,
        answer: Answer<Reversed>,
    ) -> Result<Reply, ServiceError> {
        let undoings = undoings.map_err(|error| refused(&error, own))?;
        let changed: Vec<&Position> =
            undoings.iter().filter_map(|own| own.position.as_ref()).collect();
        let line = self.store.line_with(&client, &changed).await?;
        let position = changed.first().filter(|_| changed.len() == 1);
        let reply = answer(&Reversed {
            on: asked.on,
            reason: asked.reason.to_owned(),
            steps: undoings.iter().flat_map(|own| own.steps.clone()).collect(),
            position: position.map(|own| (*own).clone()),
            line,
        })?;
        let (on, reason) = (asked.on, asked.reason);
        let reversing = Reversing { client: &client, undoings: &undoings, on, reason };
        self.store.undo(reversing, &once.actor(&reply)).await?;
        Ok(reply)
    }
}
