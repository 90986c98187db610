use basics::DebtorFacts;
use store::{NewText, TextKind, VersionedText};

use super::debtor::check;
use super::names::named;
use super::once::text;
use super::{Expected, Reader, Service, ServiceError, Underwriter};

/// A version of the facts about a debtor.
#[derive(Debug, Clone)]
pub struct KnownDebtor {
    /// Id or name of the debtor, as in ledgers.
    pub id: String,
    /// Rises with every change.
    pub version: i64,
    /// The facts.
    pub facts: DebtorFacts,
}

impl TryFrom<VersionedText> for KnownDebtor {
    type Error = ServiceError;

    fn try_from(written: VersionedText) -> Result<Self, ServiceError> {
        let facts = serde_json::from_str(&written.text).map_err(ServiceError::internal)?;
        Ok(Self { id: written.name, version: written.version, facts })
    }
}

impl Service {
    /// Returns up to `most` debtors after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn debtors(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<KnownDebtor>, ServiceError> {
        let all = self.store.last_versions(TextKind::Debtor, after, most).await?;
        all.into_iter().map(KnownDebtor::try_from).collect()
    }

    /// Returns a debtor.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if nothing is recorded about it.
    pub async fn debtor(&self, _: &Reader, id: &str) -> Result<KnownDebtor, ServiceError> {
        self.store.version(TextKind::Debtor, id, None).await?.try_into()
    }

    /// Writes a new version of the facts about a debtor; the next evaluation takes it into account.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for a fact that is not allowed, [`ServiceError::Changed`] if the
    /// debtor has another version by now.
    pub async fn write_debtor(
        &self,
        by: &Underwriter,
        id: &str,
        facts: &DebtorFacts,
        expected: Expected,
    ) -> Result<KnownDebtor, ServiceError> {
        check(facts)?;
        named("id", id)?;
        // Last, so that a wrong fact is reported before a wrong version.
        let expected = expected.version()?;
        let text = &text(facts)?;
        let new = NewText { kind: TextKind::Debtor, name: id, text, expected };
        self.write(new, by.as_ref()).await?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, run, staff};
    use super::*;

    #[test]
    fn what_is_written_of_a_debtor_is_what_is_known() {
        run(async {
            let desk = Desk::new().await;
            let known = DebtorFacts { government: Some(true), ..DebtorFacts::default() };
            let anew = || Expected::new(Ok(Some(0)));
            let written = desk.service.write_debtor(&staff(), "D1", &known, anew()).await;
            assert_eq!(written.expect("written").version, 1);
            let read = desk.service.debtor(&by(Role::Analyst), "D1").await.expect("a debtor");
            assert_eq!(read.facts.government, Some(true));
            let late =
                desk.service.write_debtor(&staff(), "D1", &DebtorFacts::default(), anew()).await;
            assert_eq!(late.err(), Some(ServiceError::Changed(1)));
        });
    }
}
