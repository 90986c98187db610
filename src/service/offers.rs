use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::Value;

use basics::{Currency, Rate};
use offer::{DecideError, Envelope, EnvelopeError, OfferFile, Status, client_copy};
use policy::{LimitBasis, Policy};
use purchases::Purchase;
use report::{CLIENT_FILES, offer_xlsx};
use store::{JobRow, OfferHead, OfferRow, StoreError, TextKind};

use super::jobs::{NewJob, QueuedJob, Scoring, Task, VersionRef, Way};
use super::made::made;
use super::once::text;
use super::previous::AskedPrevious;
use super::quotes::requested_advance;
use super::sentence::sentence;
use super::{Answer, Caller, Once, Reader, Service, ServiceError, Underwriter};

/// A request to evaluate a ledger into an offer.
#[derive(Debug, Clone)]
pub struct AskedEvaluation<'a> {
    /// Id of the ledger.
    pub ledger: &'a str,
    /// The as-of date; by default the latest date in the ledger.
    pub as_of: Option<NaiveDate>,
    /// The largest advance that the client asks for.
    pub advance: Option<Rate>,
    /// `auto`, `km`, `train`, or the name of a model, of which the last version is used.
    pub model: Option<String>,
    /// Name of the policy; by default the service's own.
    pub policy: Option<String>,
    /// Version of the policy; by default the last one.
    pub policy_version: Option<i64>,
    /// The ledgers to compare it with.
    pub previous: AskedPrevious,
}

/// A member of the parts of an offer that has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartMember {
    /// The offers to choose from.
    Menu,
    /// The disclosures that the law requires.
    Disclosures,
}

impl PartMember {
    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Disclosures => "disclosures",
        }
    }
}

/// A member of one part of an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownMember {
    /// The part's currency.
    pub currency: Currency,
    /// The member.
    pub member: Value,
}

/// The current envelope of an offer.
#[derive(Debug, Clone)]
pub struct History {
    /// The envelope as stored.
    pub envelope: Envelope,
    /// Today's status, which may be `expired`.
    pub status: String,
    /// The offer's version.
    pub version: i64,
}

/// Returns the error for a decision that cannot be recorded.
pub(super) fn fault(error: &DecideError) -> ServiceError {
    match error {
        DecideError::Envelope(error @ EnvelopeError::Nobody) => {
            ServiceError::field("by", sentence(error))
        }
        DecideError::Envelope(error @ EnvelopeError::NoReason) => {
            ServiceError::field("reason", sentence(error))
        }
        DecideError::Envelope(EnvelopeError::NotOffered(status)) => {
            let state = match status {
                Status::Expired => "has expired".to_owned(),
                other => format!("has been {}", other.as_str()),
            };
            let detail = format!("The offer {state}; only an open offer can be changed.");
            ServiceError::Conflict(detail)
        }
        // Opens with a person's name, which stays as it was given.
        DecideError::Envelope(error @ EnvelopeError::Own(_)) => {
            ServiceError::Conflict(format!("{error}."))
        }
        DecideError::Envelope(error) => ServiceError::Conflict(sentence(error)),
        DecideError::NoLine { debtor, invoice, .. } => {
            let detail = format!("The offer has no invoice {invoice} of debtor {debtor}.");
            ServiceError::field("invoice", detail)
        }
        DecideError::SeveralLines(_) | DecideError::SameNumber { .. } => {
            ServiceError::field("invoice", sentence(error))
        }
        DecideError::Document(_) | DecideError::Changed | DecideError::Policy(_) => {
            ServiceError::internal(error)
        }
    }
}

/// The amount that the limits of an offer's policy apply to: what they bind when it was made, they
/// bind when it is accepted and paid.
pub(super) fn limit_basis(file: &OfferFile<'_>) -> Result<LimitBasis, ServiceError> {
    let made = file.offer().map_err(|error| fault(&error))?;
    // A policy of an older format, which is read no more.
    let policy = made.policy.text.parse::<Policy>();
    Ok(policy.map(|own| own.limits().basis).unwrap_or_default())
}

/// The document with its current envelope.
pub(super) fn opened(offer: &OfferRow) -> Result<OfferFile<'_>, ServiceError> {
    let mut file = OfferFile::read(&offer.document).map_err(|error| fault(&error))?;
    file.envelope = envelope(&offer.envelope)?;
    Ok(file)
}

/// One member of every part of an offer's document, of which nothing else is read.
fn members(document: &str, name: &str) -> Result<Vec<ShownMember>, ServiceError> {
    let file = OfferFile::read(document).map_err(|error| fault(&error))?;
    let members = file.members(name).map_err(|error| fault(&error))?.into_iter();
    Ok(members.map(|(currency, member)| ShownMember { currency, member }).collect())
}

/// Refuses to complete an offer on which nothing was agreed, or that holds nothing.
fn completable(offer: &OfferRow) -> Result<(), ServiceError> {
    let document = made(offer)?;
    if !document.can_be_completed() {
        return Err(ServiceError::Conflict("The offer holds no invoice.".to_owned()));
    }
    let is = |status: Status| offer.status == status.as_str();
    if is(Status::Accepted) || (is(Status::Offered) && document.only_holds()) {
        return Ok(());
    }
    Err(ServiceError::Conflict(format!(
        "The offer is {}; only what was held in an accepted offer can be completed, or in an open \
         one that buys nothing else.",
        offer.status
    )))
}

fn envelope(text: &str) -> Result<Envelope, ServiceError> {
    serde_json::from_str(text).map_err(ServiceError::internal)
}

/// The offer with its status on a day, after what became of its purchases.
fn on_day(
    mut offer: OfferHead,
    purchases: &[Purchase],
    today: NaiveDate,
) -> Result<OfferHead, ServiceError> {
    // An offer with a damaged date is still shown; its document holds the true one for decisions.
    let until = offer.valid_until.parse().unwrap_or(NaiveDate::MAX);
    let mut envelope = envelope(&offer.envelope)?;
    let mut status = envelope.status_on(today, until);
    let mut own =
        purchases.iter().filter(|own| own.offer_id.as_ref() == Some(&offer.id)).peekable();
    // An older offer has none: it bought when it was accepted.
    if status == Status::Accepted && own.peek().is_some() && !own.any(Purchase::stands) {
        status = Status::Reversed;
        envelope.status = status;
        offer.envelope = text(&envelope)?;
    }
    status.as_str().clone_into(&mut offer.status);
    Ok(offer)
}

impl Service {
    /// Queues the evaluation of a ledger.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such ledger, policy or model,
    /// [`ServiceError::Field`] for an advance that is not allowed or a policy version without its
    /// policy.
    pub async fn evaluate(
        &self,
        _: &Underwriter,
        asked: AskedEvaluation<'_>,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        // The methods first: no model can have their names.
        let way = asked.model.as_deref().map_or(Some(Way::Auto), Way::of);
        let model = match (way, asked.model) {
            (Some(way), _) => Scoring::Way(way),
            (None, name) => {
                let name = name.unwrap_or_default();
                // The version is fixed now, so that a job in the queue does not meet a later one.
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
        let as_of = asked.as_of;
        // Now as well: what the client sends while the job waits changes nothing.
        let previous = self.previous_of(&ledger, as_of, asked.previous).await?;
        let task = Task::Evaluate {
            ledger: ledger.id,
            as_of,
            advance_percent: asked.advance,
            model,
            policy,
            previous,
            completes: None,
            selection_seed: Some(self.selection_seed()?),
        };
        let job = NewJob { task: &task, client: Some(ledger.client_id), bytes: ledger.bytes };
        self.queue(job, once, answer).await
    }

    /// Queues the evaluation that completes an offer: what it held and debtors have confirmed since
    /// becomes an offer on the same terms. `as_of` is today by default.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, [`ServiceError::Conflict`] if it is
    /// neither accepted nor one that only holds, and still open, or if it holds nothing.
    pub async fn complete(
        &self,
        by: &Underwriter,
        (id, as_of): (&str, Option<NaiveDate>),
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        let offer = self.offer(by.as_ref(), id).await?;
        completable(&offer)?;
        let job = self.store.job_of_offer(id).await?;
        let task = serde_json::from_str(&job.request).map_err(ServiceError::internal)?;
        let Task::Evaluate { ledger, model, policy, previous, selection_seed, .. } = task else {
            return Err(ServiceError::internal("an offer was made by another task"));
        };
        let bytes = self.store.ledger(&ledger).await?.bytes;
        let task = Task::Evaluate {
            ledger,
            as_of: Some(as_of.unwrap_or_else(|| self.today())),
            advance_percent: None,
            model,
            policy,
            previous,
            completes: Some(offer.id),
            selection_seed,
        };
        let job = NewJob { task: &task, client: Some(offer.client_id), bytes };
        self.queue(job, once, answer).await
    }

    /// Draws the seed of an offer: 53 bits, which every reader of JSON keeps.
    fn selection_seed(&self) -> Result<u64, ServiceError> {
        let mut bits = [0; 8];
        self.random(&mut bits)?;
        Ok(u64::from_be_bytes(bits) & ((1 << 53) - 1))
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

    /// Returns up to `most` offers after an id, with today's status: a client's own, or all for
    /// staff.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn offers(
        &self,
        caller: &Caller,
        after: &str,
        most: i64,
    ) -> Result<Vec<OfferHead>, ServiceError> {
        let offers = self.store.offers(caller.client(), after, most).await?;
        let (Some(first), Some(last)) = (offers.first(), offers.last()) else {
            return Ok(offers);
        };
        let purchases = self.store.purchases_of_offers(&first.id, &last.id).await?;
        offers.into_iter().map(|offer| on_day(offer, &purchases, self.today())).collect()
    }

    /// Returns an offer with today's status, without its document.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer or the caller may not see it.
    pub async fn offer_head(&self, caller: &Caller, id: &str) -> Result<OfferHead, ServiceError> {
        let offer = self.store.offer_head(id).await?;
        caller.sees(&offer.client_id, "offer")?;
        let purchases = self.store.purchases_of_offers(id, id).await?;
        on_day(offer, &purchases, self.today())
    }

    /// Returns an offer with today's status.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer or the caller may not see it.
    pub(super) async fn offer(&self, caller: &Caller, id: &str) -> Result<OfferRow, ServiceError> {
        let head = self.offer_head(caller, id).await?;
        // Once made, a document never changes: it belongs to the head however late it is read.
        Ok(head.with(self.store.offer_text(id).await?))
    }

    /// Returns the document of an offer with its current envelope; for a client, its copy.
    ///
    /// # Errors
    /// If the database cannot be read, and [`ServiceError::Internal`] if the document cannot be.
    pub async fn offer_document(
        &self,
        caller: &Caller,
        offer: &OfferHead,
    ) -> Result<String, ServiceError> {
        let envelope = self.shown_to(caller, envelope(&offer.envelope)?).await?;
        let is_client = caller.is_client();
        // Before the document is read: whoever waits for a turn holds nothing in memory.
        let place = self.heavy.place(caller).await?;
        let text = self.store.offer_text(&offer.id).await?;
        place
            .run(move |left| {
                let mut file = OfferFile::read(&text).map_err(|error| fault(&error))?;
                file.envelope = envelope;
                let document = file.to_text().map_err(|error| fault(&error))?;
                left.check()?;
                if is_client {
                    return client_copy(&document).map_err(ServiceError::internal);
                }
                Ok(document)
            })
            .await
    }

    /// Returns an offer, as made, as a workbook; for a client, its copy.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] if the document cannot be read or the workbook cannot be written.
    pub async fn offer_workbook(
        &self,
        caller: &Caller,
        offer: OfferHead,
    ) -> Result<Vec<u8>, ServiceError> {
        let is_client = caller.is_client();
        let place = self.heavy.place(caller).await?;
        let text = self.store.offer_text(&offer.id).await?;
        place
            .run(move |left| {
                let (mut offer, mut bytes) = (made(&offer.with(text))?, Vec::new());
                left.check()?;
                if is_client {
                    offer.keep_client_copy();
                }
                let written = offer_xlsx(&offer, &mut bytes);
                written.map(|()| bytes).map_err(ServiceError::internal)
            })
            .await
    }

    /// Returns the path of the list of an offer's lines; for a client, of its copy.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such file: offers of older versions have no copy.
    pub async fn offer_lines(
        &self,
        caller: &Caller,
        offer: &OfferHead,
    ) -> Result<PathBuf, ServiceError> {
        let [_, copy] = CLIENT_FILES;
        self.offer_file(offer, if caller.is_client() { copy } else { "invoices.csv" }, "lines")
            .await
    }

    /// Returns the path of an offer's page; for a client, of its copy.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such file: offers of older versions have no copy.
    pub async fn offer_page(
        &self,
        caller: &Caller,
        offer: &OfferHead,
    ) -> Result<PathBuf, ServiceError> {
        let [copy, _] = CLIENT_FILES;
        self.offer_file(offer, if caller.is_client() { copy } else { "report.html" }, "page").await
    }

    async fn offer_file(
        &self,
        offer: &OfferHead,
        name: &str,
        what: &'static str,
    ) -> Result<PathBuf, ServiceError> {
        match self.store.artefact(&offer.id, name).await {
            Err(StoreError::Missing(_)) => Err(ServiceError::Missing(what)),
            found => Ok(found?),
        }
    }

    /// Returns one member of every part of an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer or the caller may not see it.
    pub async fn offer_parts(
        &self,
        caller: &Caller,
        id: &str,
        member: PartMember,
    ) -> Result<Vec<ShownMember>, ServiceError> {
        self.offer_head(caller, id).await?;
        self.members(caller, id, member.name()).await
    }

    /// Returns the invoices to confirm first, of every part of an offer. Clients do not see them.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer.
    pub async fn verification_queue(
        &self,
        by: &Reader,
        id: &str,
    ) -> Result<Vec<ShownMember>, ServiceError> {
        self.store.offer_head(id).await?;
        self.members(by.as_ref(), id, "verification_queue").await
    }

    async fn members(
        &self,
        caller: &Caller,
        id: &str,
        name: &'static str,
    ) -> Result<Vec<ShownMember>, ServiceError> {
        let place = self.heavy.place(caller).await?;
        let text = self.store.offer_text(id).await?;
        place.run(move |_| members(&text, name)).await
    }

    /// Returns the status, decisions and history of an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer or the caller may not see it.
    pub async fn offer_history(&self, caller: &Caller, id: &str) -> Result<History, ServiceError> {
        let offer = self.offer_head(caller, id).await?;
        let envelope = self.shown_to(caller, envelope(&offer.envelope)?).await?;
        Ok(History { envelope, status: offer.status, version: offer.version })
    }

    /// The envelope as a caller reads it: a client sees no names and keys of staff.
    pub(super) async fn shown_to(
        &self,
        caller: &Caller,
        mut envelope: Envelope,
    ) -> Result<Envelope, ServiceError> {
        if let Some(client) = caller.client() {
            let own = self.store.keys_of_client(client).await?;
            envelope.keep_client_copy(|key| own.iter().any(|own| own == key));
        }
        Ok(envelope)
    }
}
