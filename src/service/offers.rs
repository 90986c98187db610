use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::Value;

use basics::{Currency, Rate};
use offer::{DecideError, Envelope, EnvelopeError, Offer, OfferFile, OfferPart, Status};
use report::offer_xlsx;
use store::{JobRow, OfferRow, TextKind};

use super::jobs::{NewJob, QueuedJob, Scoring, Task, VersionRef, Way};
use super::quotes::requested_advance;
use super::{Answer, Caller, Once, Service, ServiceError, Underwriter};

/// How an offer is to be made.
#[derive(Debug, Clone)]
pub struct AskedEvaluation<'a> {
    /// The ledger.
    pub ledger: &'a str,
    /// The day at whose end everything is judged; the latest date in the ledger unless told.
    pub as_of: Option<NaiveDate>,
    /// The most that the client wants to be advanced.
    pub advance: Option<Rate>,
    /// `auto`, `km`, `train`, or the name of a model; its last version counts.
    pub model: Option<String>,
    /// The policy's name; the service's own unless told.
    pub policy: Option<String>,
    /// Its version; the last one unless told.
    pub policy_version: Option<i64>,
}

/// A member of the parts of an offer that can be asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartMember {
    /// Offers to choose from.
    Menu,
    /// What the law asks to be told.
    Disclosures,
    /// What is confirmed first.
    VerificationQueue,
}

impl PartMember {
    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Disclosures => "disclosures",
            Self::VerificationQueue => "verification_queue",
        }
    }
}

/// A member of a part of an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownMember {
    /// The part's currency.
    pub currency: Currency,
    /// The member.
    pub member: Value,
}

/// The envelope of an offer as it is now.
#[derive(Debug, Clone)]
pub struct History {
    /// The envelope, as it is kept.
    pub envelope: Envelope,
    /// The status of today.
    pub status: String,
    /// The offer's version.
    pub version: i64,
}

/// Why a decision on an offer is not recorded.
pub(super) fn fault(error: &DecideError) -> ServiceError {
    match error {
        DecideError::Envelope(error @ EnvelopeError::Nobody) => {
            ServiceError::field("by", format!("{error}."))
        }
        DecideError::Envelope(error @ EnvelopeError::NoReason) => {
            ServiceError::field("reason", format!("{error}."))
        }
        DecideError::Envelope(error) => ServiceError::Conflict(error.to_string()),
        DecideError::NoLine { .. }
        | DecideError::SeveralLines(_)
        | DecideError::SameNumber { .. } => ServiceError::field("invoice", error.to_string()),
        DecideError::Document(_) | DecideError::Changed | DecideError::Policy(_) => {
            ServiceError::internal(error)
        }
    }
}

/// The document with its envelope as it is now.
pub(super) fn opened(offer: &OfferRow) -> Result<OfferFile<'_>, ServiceError> {
    let mut file = OfferFile::read(&offer.document).map_err(|error| fault(&error))?;
    file.envelope = envelope(offer)?;
    Ok(file)
}

/// The offer of a document, as it was made.
fn made(offer: &OfferRow) -> Result<Offer, ServiceError> {
    let file = OfferFile::read(&offer.document).map_err(|error| fault(&error))?;
    file.offer().map_err(|error| fault(&error))
}

fn envelope(offer: &OfferRow) -> Result<Envelope, ServiceError> {
    serde_json::from_str(&offer.envelope).map_err(ServiceError::internal)
}

/// The offer with the status of a day.
fn on_day(mut offer: OfferRow, today: NaiveDate) -> Result<OfferRow, ServiceError> {
    let until = offer.valid_until.parse().unwrap_or(NaiveDate::MAX);
    let status: Status = envelope(&offer)?.status_on(today, until);
    status.as_str().clone_into(&mut offer.status);
    Ok(offer)
}

impl Service {
    /// Queues the evaluation of a ledger.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] for a ledger, policy or model that is not there.
    pub async fn evaluate(
        &self,
        _: &Underwriter,
        asked: AskedEvaluation<'_>,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        let way = asked.model.as_deref().map_or(Some(Way::Auto), Way::of);
        let model = match (way, asked.model) {
            (Some(way), _) => Scoring::Way(way),
            (None, name) => {
                let name = name.unwrap_or_default();
                Scoring::Model(self.version_ref(TextKind::Model, &name, None).await?)
            }
        };
        requested_advance(asked.advance)?;
        let ledger = self.store.ledger(asked.ledger).await?;
        let policy = match (asked.policy, asked.policy_version) {
            (None, None) => None,
            (None, Some(_)) => {
                return Err(ServiceError::field("policy_version", "Name the policy as well."));
            }
            (Some(name), version) => {
                Some(self.version_ref(TextKind::Policy, &name, version).await?)
            }
        };
        let (as_of, advance_percent) = (asked.as_of, asked.advance);
        let task = Task::Evaluate { ledger: ledger.id, as_of, advance_percent, model, policy };
        let job = NewJob { task: &task, client: Some(ledger.client_id), bytes: ledger.bytes };
        self.queue(job, once, answer).await
    }

    async fn version_ref(
        &self,
        kind: TextKind,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionRef, ServiceError> {
        let written = self.store.version(kind, name, version).await?;
        Ok(VersionRef { name: written.name, version: written.version })
    }

    /// Offers behind an id: a client's own, or all; their status is the one of today.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn offers(
        &self,
        caller: &Caller,
        after: &str,
        most: i64,
    ) -> Result<Vec<OfferRow>, ServiceError> {
        let offers = self.store.offers(caller.client(), after, most).await?;
        offers.into_iter().map(|offer| on_day(offer, self.today())).collect()
    }

    /// An offer; its status is the one of today.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn offer(&self, caller: &Caller, id: &str) -> Result<OfferRow, ServiceError> {
        let offer = self.store.offer(id).await?;
        caller.sees(&offer.client_id, "offer")?;
        on_day(offer, self.today())
    }

    /// The document of an offer with its envelope as it is now.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] for one that cannot be read.
    pub fn offer_document(&self, offer: &OfferRow) -> Result<String, ServiceError> {
        opened(offer)?.to_text().map_err(|error| fault(&error))
    }

    /// An offer as a workbook, as it was made.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub async fn offer_workbook(&self, offer: OfferRow) -> Result<Vec<u8>, ServiceError> {
        let workbook = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            let written = offer_xlsx(&made(&offer)?, &mut bytes);
            written.map(|()| bytes).map_err(ServiceError::internal)
        });
        workbook.await.map_err(ServiceError::internal)?
    }

    /// Where a file of an offer lies, as it was made.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn offer_file(&self, offer: &OfferRow, name: &str) -> Result<PathBuf, ServiceError> {
        Ok(self.store.artefact(&offer.id, name).await?)
    }

    /// A member of every part of an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn offer_parts(
        &self,
        caller: &Caller,
        id: &str,
        member: PartMember,
    ) -> Result<Vec<ShownMember>, ServiceError> {
        let offer = self.offer(caller, id).await?;
        let of_part = |part: &OfferPart| {
            let own = match member {
                PartMember::Menu => serde_json::to_value(&part.menu),
                PartMember::Disclosures => serde_json::to_value(&part.disclosures),
                PartMember::VerificationQueue => serde_json::to_value(&part.verification_queue),
            };
            let member = own.map_err(ServiceError::internal)?;
            Ok(ShownMember { currency: part.currency, member })
        };
        made(&offer)?.parts.iter().map(of_part).collect()
    }

    /// What has become of an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn offer_history(&self, caller: &Caller, id: &str) -> Result<History, ServiceError> {
        let offer = self.offer(caller, id).await?;
        Ok(History { envelope: envelope(&offer)?, status: offer.status, version: offer.version })
    }
}
