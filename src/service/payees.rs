//! The accounts of clients to which payouts go.

use purchases::Payee;
use store::{PayeeOf, StoreError};

use super::names::{identifier, named};
use super::refusal::{own, refused};
use super::{Caller, Expected, Funder, Service, ServiceError, Underwriter};

/// Fewest and most characters of an account's number.
const ACCOUNT: std::ops::RangeInclusive<usize> = 4..=64;

impl Service {
    /// Returns the last versions of a client's accounts.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it.
    pub async fn payees(&self, caller: &Caller, client: &str) -> Result<Vec<Payee>, ServiceError> {
        caller.sees(client, "client")?;
        self.store.client(client).await?;
        Ok(self.store.payees(client).await?)
    }

    /// Returns the last version of a client's account.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such account or the caller may not see it.
    pub async fn payee(&self, caller: &Caller, of: PayeeOf<'_>) -> Result<Payee, ServiceError> {
        caller.sees(of.client, "account")?;
        Ok(self.store.payee(of).await?)
    }

    /// Writes a version of a client's account. No payout goes to it before a second person has
    /// called the client back.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a name or
    /// number that is not allowed, [`ServiceError::Changed`] if it has another version by now.
    pub async fn write_payee(
        &self,
        by: &Underwriter,
        of: PayeeOf<'_>,
        account: &str,
        expected: Expected,
    ) -> Result<Payee, ServiceError> {
        identifier("alias", of.alias)?;
        let is_account = |text: &str| {
            let is_plain = |own: char| own.is_ascii_alphanumeric() || " -/.".contains(own);
            ACCOUNT.contains(&text.len()) && text.chars().all(is_plain)
        };
        if !is_account(account) {
            let detail = "Expected 4 to 64 letters, digits, blanks or - / .";
            return Err(ServiceError::field("account", detail));
        }
        self.store.client(of.client).await?;
        let last = match self.store.payee(of).await {
            Ok(payee) => Some(payee),
            Err(StoreError::Missing(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let now = last.as_ref().map_or(0, |own| own.version);
        if expected.version()?.is_some_and(|read| read != now) {
            return Err(ServiceError::Changed(now));
        }
        // The same account needs no second call.
        if let Some(last) = last.filter(|own| own.account == account) {
            return Ok(last);
        }
        let caller = by.as_ref();
        let payee = Payee {
            alias: of.alias.to_owned(),
            account: account.to_owned(),
            version: now + 1,
            written_by: caller.holder().to_owned(),
            called_by: None,
        };
        self.store.write_payee(of.client, &payee, &self.actor(caller)).await?;
        Ok(payee)
    }

    /// Records that a client was called back about the last version of an account, at a number
    /// known from before, by another person than the one who wrote it.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such account, [`ServiceError::Conflict`] if the
    /// same person wrote it, [`ServiceError::Field`] for a note that is not allowed or another
    /// account than the one on record,
    /// [`ServiceError::Changed`] if it has another version by now.
    pub async fn call_back(
        &self,
        by: &Funder,
        of: PayeeOf<'_>,
        (account, note): (&str, &str),
        expected: Expected,
    ) -> Result<Payee, ServiceError> {
        named("note", note)?;
        let payee = self.store.payee(of).await?;
        if expected.version()?.is_some_and(|read| read != payee.version) {
            return Err(ServiceError::Changed(payee.version));
        }
        if !payee.is_account(account) {
            let detail = "Not the account that is on record; read it again.";
            return Err(ServiceError::field("account", detail));
        }
        let caller = by.as_ref();
        payee.check_call(caller.holder()).map_err(|error| refused(&error, own))?;
        if payee.called_by.is_some() {
            let detail = "Somebody has already called back about this account.".to_owned();
            return Err(ServiceError::Conflict(detail));
        }
        let called = Payee { called_by: Some(caller.holder().to_owned()), ..payee };
        self.store.add_call(of.client, &called, note, &self.actor(caller)).await?;
        Ok(called)
    }
}
