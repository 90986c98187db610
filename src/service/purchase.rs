//! Purchases in three steps: accepted, confirmed where the policy asks for it, funded by a second
//! person.

use chrono::{Days, NaiveDate};

use policy::LimitBasis;
use purchases::{
    AgreedInvoice, Deal, FIRST_DAY, Lot, Payout, Purchase, PurchaseError, Stage, Totals,
    Withdrawal, is_one_person,
};
use store::{Accepted, Funded, Grounds, PayeeOf, PurchaseFilter, StoreError};

use super::names::named;
use super::offers::{limit_basis, opened};
use super::refusal::{own, refused};
use super::{Answer, Caller, Expected, Funder, Once, Reply, Service, ServiceError, Underwriter};

/// A purchase with its invoices.
#[derive(Debug, Clone)]
pub struct ShownPurchase {
    /// The purchase.
    pub purchase: Purchase,
    /// The invoices in the order of the offer, each under the id of the position that it becomes.
    pub invoices: Vec<AgreedInvoice>,
}

/// A request to pay out a purchase.
#[derive(Debug, Clone)]
pub struct AskedFunding<'a> {
    /// The purchase.
    pub id: &'a str,
    /// The day of the payout: day 0 of the fee; by default today.
    pub on: Option<NaiveDate>,
    /// The name of the client's account.
    pub payee: String,
    /// The reference of the transfer.
    pub reference: String,
    /// The purchase of the first payout with this account and reference, if this is another
    /// transfer.
    pub duplicate_of: Option<String>,
    /// The version that the caller read.
    pub expected: Expected,
}

/// A request to withdraw a purchase that is not funded.
#[derive(Debug, Clone)]
pub struct AskedWithdrawal<'a> {
    /// The purchase.
    pub id: &'a str,
    /// The reason.
    pub reason: String,
    /// The version that the caller read.
    pub expected: Expected,
}

impl ShownPurchase {
    /// Returns a purchase as it is accepted.
    pub(super) fn of(Accepted { purchase, invoices, .. }: &Accepted) -> Self {
        let invoices = invoices.iter().map(|own| own.invoice.clone()).collect();
        Self { purchase: purchase.clone(), invoices }
    }
}

impl Service {
    /// The first day to which a payout may still be dated.
    fn first_payday(&self) -> NaiveDate {
        let back = Days::new(self.limits.back_dating_days.into());
        self.today().checked_sub_days(back).unwrap_or(FIRST_DAY).max(FIRST_DAY)
    }

    /// A purchase of invoices that a client has agreed to sell, accepted at a time.
    pub(super) fn agreed(
        &self,
        lot: Lot,
        deal: &Deal,
        (by, at): (&Caller, &str),
    ) -> Result<Accepted, ServiceError> {
        let currency = lot.prepaid.currency();
        let invoices = lot.agreed(deal, || self.new_id())?;
        let totals = Totals::of(invoices.iter().map(|own| &own.invoice), currency);
        let totals = totals.map_err(ServiceError::internal)?;
        totals.check().map_err(|error| refused(&error, own))?;
        let purchase = Purchase {
            id: self.new_id()?,
            client_id: deal.client_id.clone(),
            offer_id: deal.offer_id.clone(),
            accepted_by: by.holder().to_owned(),
            accepted_at: at.to_owned(),
            totals,
            stage: Stage::Accepted,
            version: 1,
        };
        Ok(Accepted { purchase, invoices, grounds: Grounds::default() })
    }

    /// Returns up to `most` purchases after an id: a client's own, or all for staff.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it.
    pub async fn purchases(
        &self,
        caller: &Caller,
        filter: PurchaseFilter<'_>,
        (after, most): (&str, i64),
    ) -> Result<Vec<Purchase>, ServiceError> {
        if let Some(asked) = filter.client {
            caller.sees(asked, "client")?;
            self.store.client(asked).await?;
        }
        let client = caller.client().or(filter.client);
        Ok(self.store.purchases(PurchaseFilter { client, ..filter }, after, most).await?)
    }

    /// Returns a purchase with its invoices.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such purchase or the caller may not see it.
    pub async fn purchase(&self, caller: &Caller, id: &str) -> Result<ShownPurchase, ServiceError> {
        let purchase = self.store.purchase(id).await?;
        caller.sees(&purchase.client_id, "purchase")?;
        let invoices = self.store.lines_of(id).await?;
        Ok(ShownPurchase { purchase, invoices })
    }

    /// Returns the ground on which a purchase's invoices were sold.
    async fn grounds_of(&self, purchase: &Purchase) -> Result<Grounds, ServiceError> {
        let Some(id) = &purchase.offer_id else { return Ok(Grounds::default()) };
        self.grounds(id, &opened(&self.store.offer(id).await?)?.envelope).await
    }

    /// Pays out a purchase that another person has accepted: its invoices become positions.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such purchase or account,
    /// [`ServiceError::Conflict`] if it is funded or withdrawn, the same person accepted it or had
    /// a part in its offer, the account waits for a call back, the reference is that of another
    /// payout, recourse on an invoice has passed, a debtor has spoken against one, or the line no
    /// longer allows it,
    /// [`ServiceError::Field`] for a day or text that is not allowed.
    pub async fn fund(
        &self,
        by: &Funder,
        asked: AskedFunding<'_>,
        once: &Once,
        answer: Answer<ShownPurchase>,
    ) -> Result<Reply, ServiceError> {
        let AskedFunding { id, on, payee, reference, duplicate_of, expected } = asked;
        let caller = by.as_ref();
        let purchase = self.store.purchase(id).await.map_err(ServiceError::for_payer)?;
        let invoices = self.store.lines_of(id).await.map_err(ServiceError::for_payer)?;
        let expected = read(&purchase, expected)?;
        purchase.check_accepted().map_err(|error| refused(&error, own))?;
        let (mut compared, basis) = self.check_second(caller, &purchase).await?;
        compared.extend(self.check_not_confirmed(caller, &purchase).await?);
        let grounds = self.grounds_of(&purchase).await?;
        let on = on.unwrap_or_else(|| self.today());
        named("payee", &payee)?;
        named("reference", &reference)?;
        let of = PayeeOf { client: &purchase.client_id, alias: &payee };
        let payee = self.store.payee(of).await?;
        let (earliest, today) = (self.first_payday(), self.today());
        let (payee, reference, by) = (&payee, &reference[..], caller.holder());
        let payout = Payout { on, earliest, today, payee, reference, by };
        let funded = purchase.fund(invoices.clone(), payout);
        let (funding, positions) = funded.map_err(|error| match error {
            PurchaseError::NotAsAccepted { .. } => {
                ServiceError::damaged(&format!("purchase {id}"), error)
            }
            other => refused(&other, own),
        })?;
        let stage = Stage::Funded(funding.clone());
        let version = purchase.version + 1;
        let shown = Purchase { stage, version, ..purchase.clone() };
        let shown = ShownPurchase { purchase: shown, invoices };
        let reply = answer(&shown)?.tagged(version);
        let (purchase, invoices) = (&purchase, &shown.invoices[..]);
        let (funding, positions, compared) = (&funding, &positions[..], &compared[..]);
        let duplicate_of = duplicate_of.as_deref();
        let grounds = &grounds;
        let funded = Funded {
            purchase,
            funding,
            invoices,
            positions,
            duplicate_of,
            basis,
            compared,
            grounds,
        };
        match self.store.fund(funded, &once.actor(&reply)).await {
            Ok(()) => Ok(reply),
            Err(StoreError::Changed(_)) if expected.is_none() => Err(self.overtaken(id).await),
            Err(error) => Err(ServiceError::for_payer(error)),
        }
    }

    /// The refusal of a step on a purchase that somebody else has taken meanwhile, for a caller who
    /// named no version: it tells who was first.
    async fn overtaken(&self, id: &str) -> ServiceError {
        let now = self.store.purchase(id).await;
        match now.map_err(ServiceError::from).map(|now| now.check_accepted()) {
            Err(error) => error,
            Ok(Err(taken)) => refused(&taken, own),
            Ok(Ok(())) => {
                ServiceError::Conflict("The account has just been changed; read it again.".into())
            }
        }
    }

    /// Checks that a person had no part in an offer before its purchase is paid out: neither asked
    /// for it or an offer that it completes, nor decided on one of its lines. Where the client
    /// accepts, nobody else of the staff may have seen it. Returns the prefixes of the keys of
    /// those persons, and the amount that the limits of the offer's policy apply to.
    async fn check_second(
        &self,
        caller: &Caller,
        purchase: &Purchase,
    ) -> Result<(Vec<String>, LimitBasis), ServiceError> {
        let Some(id) = &purchase.offer_id else { return Ok(Default::default()) };
        let offer = self.store.offer(id).await?;
        let damaged = |error: ServiceError| error.of_payout(&format!("offer {id}"));
        let file = opened(&offer).map_err(damaged)?;
        let basis = limit_basis(&file).map_err(damaged)?;
        let decided = file.envelope.overrides;
        let signed =
            decided.into_iter().flat_map(|own| own.approval.into_iter().chain([own.signed]));
        let mut keys: Vec<String> = signed.filter_map(|own| own.key).collect();
        keys.extend(self.store.asked_for(id).await?);
        for first in self.completed_by(id).await? {
            keys.extend(self.store.asked_for(&first).await?);
        }
        for key in &keys {
            if is_one_person(&self.store.holder(key).await?, caller.holder()) {
                let did = "asked for this offer or one that it completes, or decided on a line";
                return Err(refused(&PurchaseError::SamePerson { did }, own));
            }
        }
        Ok((keys, basis))
    }

    /// Withdraws a purchase that is not funded: its invoices may be sold again.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such purchase, [`ServiceError::Conflict`] if it is
    /// funded or withdrawn, [`ServiceError::Field`] for a reason that is not allowed.
    pub async fn withdraw_purchase(
        &self,
        by: &Underwriter,
        AskedWithdrawal { id, reason, expected }: AskedWithdrawal<'_>,
        once: &Once,
        answer: Answer<ShownPurchase>,
    ) -> Result<Reply, ServiceError> {
        let caller = by.as_ref();
        let ShownPurchase { purchase, invoices } = self.purchase(caller, id).await?;
        let expected = read(&purchase, expected)?;
        purchase.check_accepted().map_err(|error| refused(&error, own))?;
        named("reason", &reason)?;
        let (at, by) = (once.at().to_owned(), caller.holder().to_owned());
        let withdrawal = Withdrawal { at, reason, by };
        let (stage, version) = (Stage::Withdrawn(withdrawal.clone()), purchase.version + 1);
        let shown = Purchase { stage, version, ..purchase.clone() };
        let shown = ShownPurchase { purchase: shown, invoices };
        let reply = answer(&shown)?.tagged(version);
        let withdrawn = (&purchase, &shown.invoices[..]);
        match self.store.withdraw_purchase(withdrawn, &withdrawal, &once.actor(&reply)).await {
            Ok(()) => Ok(reply),
            Err(StoreError::Changed(_)) if expected.is_none() => Err(self.overtaken(id).await),
            Err(error) => Err(error.into()),
        }
    }
}

/// Checks that a purchase is still as the caller read it; returns the version that it named.
fn read(purchase: &Purchase, expected: Expected) -> Result<Option<i64>, ServiceError> {
    match expected.version()? {
        Some(version) if version != purchase.version => {
            Err(ServiceError::Changed(purchase.version))
        }
        expected => Ok(expected),
    }
}
