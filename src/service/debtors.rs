use basics::{DebtorFact, DebtorFacts};
use store::{NewText, TextKind, VersionedText};

use super::debtor::check;
use super::names::named;
use super::once::text;
use super::{Expected, Reader, Service, ServiceError, Underwriter};

/// A version of the facts about a debtor that is known across clients. They reach a client's debtor
/// by a link that staff make, and by nothing else.
#[derive(Debug, Clone)]
pub struct KnownDebtor {
    /// Its id, which is the factor's own and no client's.
    pub id: String,
    /// Rises with every change.
    pub version: i64,
    /// The facts.
    pub facts: DebtorFacts,
    /// The clients' debtors that are linked to it, as pairs of client and debtor.
    pub links: Vec<(String, String)>,
}

/// Refuses facts that hold between a client and its debtor.
fn check_travelling(facts: &DebtorFacts) -> Result<(), ServiceError> {
    let mut own = facts.clone();
    for column in DebtorFacts::COLUMNS.iter().filter(|column| !column.travels) {
        let is_known = match (column.fact)(&mut own) {
            DebtorFact::Text(text) => text.is_some(),
            DebtorFact::Flag(flag) => flag.is_some(),
            DebtorFact::Amount(amount) => amount.is_some(),
        };
        if is_known {
            let detail = "Holds between one client and its debtor: record it at \
                          /v1/clients/{id}/debtors/{debtor}.";
            return Err(ServiceError::field(column.name, detail));
        }
    }
    Ok(())
}

impl Service {
    async fn with_links(&self, written: VersionedText) -> Result<KnownDebtor, ServiceError> {
        let facts = serde_json::from_str(&written.text).map_err(ServiceError::internal)?;
        let links = self.store.linked_to(&written.name).await?;
        let links = links.into_iter().map(|link| (link.client_id, link.debtor_id)).collect();
        Ok(KnownDebtor { id: written.name, version: written.version, facts, links })
    }

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
        let mut all = Vec::new();
        for written in self.store.last_versions(TextKind::Debtor, after, most).await? {
            all.push(self.with_links(written).await?);
        }
        Ok(all)
    }

    /// Returns a debtor.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if nothing is recorded about it.
    pub async fn debtor(&self, _: &Reader, id: &str) -> Result<KnownDebtor, ServiceError> {
        self.with_links(self.store.version(TextKind::Debtor, id, None).await?).await
    }

    /// Writes a new version of the facts about a debtor; the next evaluation of a client whose
    /// debtor is linked to it takes it into account.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for a fact that is not allowed or that holds for one client alone,
    /// [`ServiceError::Changed`] if the
    /// debtor has another version by now.
    pub async fn write_debtor(
        &self,
        by: &Underwriter,
        id: &str,
        facts: &DebtorFacts,
        expected: Expected,
    ) -> Result<KnownDebtor, ServiceError> {
        check(facts)?;
        check_travelling(facts)?;
        named("id", id)?;
        // Last, so that a wrong fact is reported before a wrong version.
        let expected = expected.version()?;
        let text = &text(facts)?;
        let new = NewText { kind: TextKind::Debtor, name: id, text, expected };
        self.with_links(self.write(new, by.as_ref()).await?).await
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
