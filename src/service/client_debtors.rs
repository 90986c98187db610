use basics::{DebtorFact, DebtorFacts};
use store::{ClientDebtorRow, DebtorChange, DebtorOf, StoreError, TextKind};

use super::debtor::check;
use super::names::named;
use super::once::text;
use super::{Expected, Reader, Service, ServiceError, Underwriter};

/// Number of debtors read at a time.
const AT_ONCE: i64 = 1000;

/// A version of what is known about a client's debtor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDebtor {
    /// The client's id.
    pub client_id: String,
    /// Id or name of the debtor, as in the client's ledgers.
    pub debtor_id: String,
    /// Rises with every change.
    pub version: i64,
    /// The facts that were recorded for this client.
    pub facts: DebtorFacts,
    /// The known debtor that it is linked to, whose facts count where this one has none.
    pub known_debtor: Option<String>,
}

impl TryFrom<ClientDebtorRow> for ClientDebtor {
    type Error = ServiceError;

    fn try_from(row: ClientDebtorRow) -> Result<Self, ServiceError> {
        let facts = serde_json::from_str(&row.facts).map_err(ServiceError::internal)?;
        let ClientDebtorRow { client_id, debtor_id, version, known_debtor, .. } = row;
        Ok(Self { client_id, debtor_id, version, facts, known_debtor })
    }
}

/// The facts about a client's debtor: its own, and where there is none that of the known debtor,
/// if it holds for every client.
fn merged(mut own: DebtorFacts, mut known: DebtorFacts) -> DebtorFacts {
    for column in DebtorFacts::COLUMNS.iter().filter(|column| column.travels) {
        match ((column.fact)(&mut own), (column.fact)(&mut known)) {
            (DebtorFact::Text(own), DebtorFact::Text(known)) => *own = own.take().or(known.take()),
            (DebtorFact::Flag(own), DebtorFact::Flag(known)) => *own = own.or(*known),
            (DebtorFact::Amount(own), DebtorFact::Amount(known)) => *own = own.or(*known),
            // A column is of one kind.
            _ => {}
        }
    }
    own
}

impl Service {
    /// Returns up to `most` debtors of a client after an id, in order of their ids.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client.
    pub async fn client_debtors(
        &self,
        _: &Reader,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<ClientDebtor>, ServiceError> {
        self.store.client(client).await?;
        let rows = self.store.client_debtors(client, after, most).await?;
        rows.into_iter().map(ClientDebtor::try_from).collect()
    }

    /// Returns a client's debtor.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if nothing is recorded about it.
    pub async fn client_debtor(
        &self,
        _: &Reader,
        of: DebtorOf<'_>,
    ) -> Result<ClientDebtor, ServiceError> {
        self.store.client_debtor(of).await?.try_into()
    }

    /// Writes a new version of the facts about a client's debtor; the client's next evaluation
    /// takes it into account.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for a fact that is not allowed, [`ServiceError::Missing`] if there
    /// is no such client, [`ServiceError::Changed`] if the debtor has another version by now.
    pub async fn write_client_debtor(
        &self,
        by: &Underwriter,
        of: DebtorOf<'_>,
        facts: &DebtorFacts,
        expected: Expected,
    ) -> Result<ClientDebtor, ServiceError> {
        check(facts)?;
        self.debtor_changed(by, of, DebtorChange::Facts(&text(facts)?), expected).await
    }

    /// Links a client's debtor to a debtor that is known across clients, or takes the link away.
    ///
    /// # Errors
    /// [`ServiceError::Field`] if there is no such known debtor, [`ServiceError::Missing`] if there
    /// is no such client, [`ServiceError::Changed`] if the debtor has another version by now.
    pub async fn link_debtor(
        &self,
        by: &Underwriter,
        of: DebtorOf<'_>,
        known: Option<&str>,
        expected: Expected,
    ) -> Result<ClientDebtor, ServiceError> {
        if let Some(known) = known {
            match self.store.version(TextKind::Debtor, known, None).await {
                Err(StoreError::Missing(_)) => {
                    let detail = "There is no such debtor; record it at /v1/debtors first.";
                    return Err(ServiceError::field("known_debtor", detail));
                }
                found => drop(found?),
            }
        }
        self.debtor_changed(by, of, DebtorChange::Link(known), expected).await
    }

    async fn debtor_changed(
        &self,
        by: &Underwriter,
        of: DebtorOf<'_>,
        change: DebtorChange<'_>,
        expected: Expected,
    ) -> Result<ClientDebtor, ServiceError> {
        named("debtor", of.debtor)?;
        self.store.client(of.client).await?;
        // Last, so that a wrong value is reported before a wrong version.
        let expected = expected.version()?;
        let actor = &self.actor(by.as_ref());
        self.store.write_client_debtor(of, change, expected, actor).await?.try_into()
    }

    /// Returns every debtor of a client about which something is known, with the facts that count,
    /// in order of their ids.
    pub(super) async fn facts_of(
        &self,
        client: &str,
    ) -> Result<Vec<(ClientDebtor, DebtorFacts)>, ServiceError> {
        let mut all = Vec::new();
        // Names are never empty, so every one of them is after this.
        let mut after = String::new();
        loop {
            let page = self.store.client_debtors(client, &after, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after.clone_from(&last.debtor_id);
            for row in page {
                let own = ClientDebtor::try_from(row)?;
                let facts = match &own.known_debtor {
                    None => own.facts.clone(),
                    Some(known) => {
                        let known = self.store.version(TextKind::Debtor, known, None).await?;
                        let known = serde_json::from_str(&known.text);
                        merged(own.facts.clone(), known.map_err(ServiceError::internal)?)
                    }
                };
                all.push((own, facts));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, amount, by, run, staff};
    use super::*;
    use crate::NewClient;

    fn anew() -> Expected {
        Expected::new(Ok(None))
    }

    /// The facts about a client's debtor 0 that an evaluation reads.
    async fn counted(desk: &Desk, client: &str) -> Option<DebtorFacts> {
        let all = desk.service.facts_of(client).await.expect("facts");
        all.into_iter().find(|(debtor, _)| debtor.debtor_id == "0").map(|(_, facts)| facts)
    }

    /// Two clients that each have a customer number 0.
    async fn desk() -> Desk {
        let desk = Desk::new().await;
        let new = NewClient { id: "b".into(), name: "B".into(), sector: String::new() };
        let once = desk.once("another client").await;
        let answer = |client: &store::Client| crate::Reply::json(201, &client.id);
        let made = desk.service.create_client(&staff(), new, &once, answer).await;
        drop(made.expect("a client"));
        desk
    }

    #[test]
    fn what_is_known_of_one_clients_debtor_says_nothing_of_anothers() {
        run(async {
            let desk = desk().await;
            let of = DebtorOf { client: "a", debtor: "0" };
            let bad = DebtorFacts {
                insolvent: Some(true),
                payable: Some(amount("5")),
                ..DebtorFacts::default()
            };
            let written = desk.service.write_client_debtor(&staff(), of, &bad, anew()).await;
            assert_eq!(written.expect("written").version, 1);
            assert_eq!(counted(&desk, "a").await, Some(bad.clone()));
            assert_eq!(counted(&desk, "b").await, None);
            // A debtor that is known across clients reaches nobody before it is linked.
            desk.service
                .write_debtor(&staff(), "0", &DebtorFacts::default(), anew())
                .await
                .expect("known");
            assert_eq!(counted(&desk, "b").await, None);
            let (reader, of) = (by(Role::Analyst), DebtorOf { client: "b", debtor: "0" });
            let none = desk.service.client_debtor(&reader, of).await;
            assert_eq!(none, Err(ServiceError::Missing("debtor")));
        });
    }

    #[test]
    fn a_link_lets_through_what_holds_for_every_client() {
        run(async {
            let desk = desk().await;
            let of = DebtorOf { client: "b", debtor: "0" };
            let none = desk.service.link_debtor(&staff(), of, Some("north"), anew()).await;
            assert!(matches!(none, Err(ServiceError::Field { .. })), "{none:?}");
            let known = DebtorFacts {
                insolvent: Some(true),
                group: Some("North".into()),
                ..DebtorFacts::default()
            };
            desk.service.write_debtor(&staff(), "north", &known, anew()).await.expect("known");
            let linked = desk.service.link_debtor(&staff(), of, Some("north"), anew()).await;
            assert_eq!(linked.expect("linked").known_debtor.as_deref(), Some("north"));
            assert_eq!(counted(&desk, "b").await, Some(known.clone()));
            assert_eq!(counted(&desk, "a").await, None);
            // The client's own facts outrank those of the known debtor.
            let own = DebtorFacts { insolvent: Some(false), ..DebtorFacts::default() };
            let one = Expected::new(Ok(Some(1)));
            desk.service.write_client_debtor(&staff(), of, &own, one).await.expect("written");
            let both = DebtorFacts { insolvent: Some(false), ..known };
            assert_eq!(counted(&desk, "b").await, Some(both));
            desk.service.link_debtor(&staff(), of, None, anew()).await.expect("unlinked");
            assert_eq!(counted(&desk, "b").await, Some(own));
            let one = Expected::new(Ok(Some(1)));
            let stale = desk.service.link_debtor(&staff(), of, None, one).await;
            assert_eq!(stale, Err(ServiceError::Changed(3)));
        });
    }

    #[test]
    fn what_holds_between_a_client_and_its_debtor_is_recorded_for_the_client() {
        run(async {
            let desk = desk().await;
            let owed = DebtorFacts { payable: Some(amount("5")), ..DebtorFacts::default() };
            let refused = desk.service.write_debtor(&staff(), "0", &owed, anew()).await;
            let Err(ServiceError::Field { field, .. }) = refused else { panic!("{refused:?}") };
            assert_eq!(field, "payable");
        });
    }
}
