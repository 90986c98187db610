//! What becomes of an offer after it was made: its envelope changes, the offer never does.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::envelope::{Decision, Envelope, EnvelopeError, Override, Signed, Status};
use basics::handwritten::{Fault, Faults, Place, from_program};
use basics::{Money, hex};
use policy::{Policy, PolicyError};

use super::document::Offer;

/// Why an offer document cannot be changed.
#[derive(Debug, Error)]
pub enum DecideError {
    /// Not an offer document.
    #[error("not an offer: {0}")]
    Document(#[from] Faults),
    /// It was changed after it was made.
    #[error("its offer_id is not that of the offer in it: the document was changed")]
    Changed,
    /// Its policy cannot be read.
    #[error("its policy: {0}")]
    Policy(PolicyError),
    /// What is asked for is not possible.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The line is not in it.
    #[error("it has no invoice {invoice} of debtor {debtor}{}", of_client(client.as_ref()))]
    NoLine {
        /// The client asked for.
        client: Option<String>,
        /// The debtor's id.
        debtor: String,
        /// The invoice's number.
        invoice: String,
    },
    /// Several lines are meant.
    #[error("several clients have an invoice {0}; name the client")]
    SeveralLines(String),
    /// The number is borne by several invoices of the debtor.
    #[error(
        "{count} invoices of debtor {debtor} bear the number {invoice}, and nobody could tell which is \
         meant; correct the ledger and evaluate it again"
    )]
    SameNumber {
        /// The debtor's id.
        debtor: String,
        /// The number.
        invoice: String,
        /// How many.
        count: usize,
    },
}

fn of_client(client: Option<&String>) -> String {
    client.map_or(String::new(), |client| format!(" of client {client}"))
}

/// An offer document whose offer stays byte for byte what it is.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OfferFile<'a> {
    /// State around the offer.
    pub envelope: Envelope,
    #[serde(borrow)]
    offer: &'a RawValue,
    offer_id: String,
    #[serde(borrow)]
    provenance: &'a RawValue,
}

/// The line on which a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineKey {
    /// The client; needed only where the offer has several.
    pub client: Option<String>,
    /// The debtor's id.
    pub debtor: String,
    /// The invoice's number.
    pub invoice: String,
}

/// Whether to buy so much against the policy of an offer needs somebody else's approval.
fn is_above_limit(offer: &Offer, open: Money) -> Result<bool, DecideError> {
    let policy: Policy = offer.policy.text.parse().map_err(DecideError::Policy)?;
    Ok(policy.override_limit().is_some_and(|limit| open.to_decimal() > limit.0))
}

impl<'a> OfferFile<'a> {
    /// Reads an `offer.json` and checks that its offer is the one that its id names.
    ///
    /// # Errors
    /// [`DecideError`].
    pub fn read(text: &'a str) -> Result<Self, DecideError> {
        let file: Self = from_program(text)?;
        let id = hex(&Sha256::digest(file.offer.get().as_bytes()));
        if id == file.offer_id { Ok(file) } else { Err(DecideError::Changed) }
    }

    /// The last day on which the offer can be accepted.
    ///
    /// # Errors
    /// [`DecideError::Document`].
    pub fn valid_until(&self) -> Result<NaiveDate, DecideError> {
        Ok(self.offer()?.valid_until)
    }

    /// The clients whose receivables it buys.
    ///
    /// # Errors
    /// [`DecideError::Document`].
    pub fn clients(&self) -> Result<BTreeSet<String>, DecideError> {
        Ok(self.offer()?.parts.into_iter().map(|part| part.client).collect())
    }

    /// Accepts, declines or withdraws it.
    ///
    /// # Errors
    /// [`DecideError`].
    pub fn change(&mut self, status: Status, signed: Signed) -> Result<(), DecideError> {
        let valid_until = self.valid_until()?;
        Ok(self.envelope.change(status, signed, valid_until)?)
    }

    /// Records a person's decision on a line beside the computed one.
    ///
    /// # Errors
    /// [`DecideError`].
    pub fn decide(
        &mut self,
        key: LineKey,
        decision: Decision,
        signed: Signed,
    ) -> Result<(), DecideError> {
        let offer = self.offer()?;
        let parts =
            offer.parts.iter().filter(|p| key.client.as_ref().is_none_or(|c| *c == p.client));
        let lines = parts.flat_map(|part| part.lines.iter().map(move |line| (part, line)));
        let named = lines
            .filter(|(_, line)| line.invoice_number == key.invoice && line.debtor_id == key.debtor);
        let found: Vec<_> = named.collect();
        let [(part, line)] = found.as_slice() else {
            return Err(match found.as_slice() {
                [] => DecideError::NoLine {
                    client: key.client,
                    debtor: key.debtor,
                    invoice: key.invoice,
                },
                [(first, _), rest @ ..] if rest.iter().all(|(p, _)| p.client == first.client) => {
                    let count = found.len();
                    DecideError::SameNumber { debtor: key.debtor, invoice: key.invoice, count }
                }
                _ => DecideError::SeveralLines(key.invoice),
            });
        };
        let decided = Override {
            client: part.client.clone(),
            computed: line.decision,
            computed_reason: line.reason,
            debtor_id: key.debtor,
            invoice_number: key.invoice,
            decision,
            signed,
            needs_approval: decision == Decision::Buy && is_above_limit(&offer, line.open)?,
            approval: None,
        };
        let valid_until = offer.valid_until;
        Ok(self.envelope.decide(decided, valid_until)?)
    }

    /// Approves the last override of a line, by somebody else than who has made it.
    ///
    /// # Errors
    /// [`DecideError`].
    pub fn approve(&mut self, key: &LineKey, signed: Signed) -> Result<(), DecideError> {
        let valid_until = self.valid_until()?;
        Ok(self.envelope.approve((&key.debtor, &key.invoice), signed, valid_until)?)
    }

    /// The document with its envelope as it is now.
    ///
    /// # Errors
    /// [`DecideError::Document`].
    pub fn to_text(&self) -> Result<String, DecideError> {
        let unwritable =
            |_| Faults::from(Fault::says(Place::Whole, "envelope", "it cannot be written"));
        let envelope = serde_json::to_string(&self.envelope).map_err(unwritable)?;
        let (offer, provenance) = (self.offer.get(), self.provenance.get());
        let id = &self.offer_id;
        Ok(format!(
            "{{\n \"envelope\": {envelope},\n \"offer\": {offer},\n \"offer_id\": \"{id}\",\n \
             \"provenance\": {provenance}\n}}\n"
        ))
    }

    /// The offer in it.
    ///
    /// # Errors
    /// [`DecideError::Document`].
    pub fn offer(&self) -> Result<Offer, DecideError> {
        Ok(from_program(self.offer.get())?)
    }
}
