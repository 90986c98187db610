use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;

use super::engine::values;
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// A version of what is known about a client's debtor; never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ClientDebtorRow {
    /// The client's id.
    pub client_id: String,
    /// Id or name of the debtor, as in the client's ledgers.
    pub debtor_id: String,
    /// Version, counted from 1.
    pub version: i64,
    /// The facts that hold between the client and its debtor, JSON.
    pub facts: String,
    /// The known debtor that it is linked to.
    pub known_debtor: Option<String>,
    /// Prefix of the key that wrote it.
    pub key_prefix: String,
    /// Time at which it was written.
    pub created_at: String,
}

/// A client's debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DebtorOf<'a> {
    /// The client's id.
    pub client: &'a str,
    /// Id or name of the debtor, as in the client's ledgers.
    pub debtor: &'a str,
}

/// A change of what is known about a client's debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebtorChange<'a> {
    /// Other facts, JSON.
    Facts(&'a str),
    /// Another link to a known debtor, or none.
    Link(Option<&'a str>),
}

/// A statement that reads the last version of clients' debtors.
macro_rules! last {
    ($which:literal) => {
        concat!(
            "SELECT d.client_id, d.debtor_id, d.version, d.facts, d.known_debtor, d.key_prefix, \
             d.created_at FROM client_debtor AS d WHERE d.version = (SELECT MAX(version) \
             FROM client_debtor WHERE client_id = d.client_id AND debtor_id = d.debtor_id) AND ",
            $which
        )
    };
}

impl Store {
    /// Writes a new version of what is known about a client's debtor and returns it. If nothing
    /// changes, nothing is written and the last version is returned.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the last version is not the expected one; otherwise if the
    /// database cannot be written.
    pub async fn write_client_debtor(
        &self,
        DebtorOf { client, debtor }: DebtorOf<'_>,
        change: DebtorChange<'_>,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<ClientDebtorRow, StoreError> {
        let mut writing = self.engine.writing().await?;
        let last: Option<ClientDebtorRow> = writing
            .row(last!("d.client_id = $1 AND d.debtor_id = $2"), values![client, debtor])
            .await?;
        let version = last.as_ref().map_or(0, |last| last.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(StoreError::Changed(version));
        }
        let (facts, known) = match &last {
            Some(last) => (last.facts.as_str(), last.known_debtor.as_deref()),
            None => ("{}", None),
        };
        let (facts, known, action) = match change {
            DebtorChange::Facts(facts) => (facts, known, "client_debtor.written"),
            DebtorChange::Link(known) => (facts, known, "client_debtor.linked"),
        };
        if let Some(last) = &last
            && last.facts == facts
            && last.known_debtor.as_deref() == known
        {
            return Ok(last.clone());
        }
        let new = ClientDebtorRow {
            client_id: client.to_owned(),
            debtor_id: debtor.to_owned(),
            version: version + 1,
            facts: facts.to_owned(),
            known_debtor: known.map(str::to_owned),
            key_prefix: actor.key.clone(),
            created_at: actor.at.clone(),
        };
        writing
            .run(
                "INSERT INTO client_debtor (client_id, debtor_id, version, facts, known_debtor, \
                 key_prefix, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values![client, debtor, new.version, facts, known, &actor.key, &actor.at],
            )
            .await?;
        writing.adds("client_debtor", [client, debtor, &new.version.to_string()]);
        let detail = match change {
            DebtorChange::Facts(facts) => hex(&Sha256::digest(facts.as_bytes())),
            DebtorChange::Link(known) => known.unwrap_or_default().to_owned(),
        };
        // A client's id has no `/`, so what stands before the first one is the client.
        let subject = &format!("{client}/{debtor}");
        let entry = AuditEntry { action, subject, detail: &detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await?;
        Ok(new)
    }

    /// Returns the last version of what is known about a client's debtor.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if nothing is; otherwise if the database cannot be read.
    pub async fn client_debtor(
        &self,
        DebtorOf { client, debtor }: DebtorOf<'_>,
    ) -> Result<ClientDebtorRow, StoreError> {
        self.engine
            .row(last!("d.client_id = $1 AND d.debtor_id = $2"), values![client, debtor])
            .await?
            .ok_or(StoreError::Missing("debtor"))
    }

    /// Returns the last versions of up to `most` debtors of a client after an id, in order of their
    /// ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn client_debtors(
        &self,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<ClientDebtorRow>, StoreError> {
        let page = last!("d.client_id = $1 AND d.debtor_id > $2 ORDER BY d.debtor_id LIMIT $3");
        self.engine.rows(page, values![client, after, most]).await
    }

    /// Returns the clients' debtors that are linked to a known debtor, in order.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn linked_to(&self, known: &str) -> Result<Vec<ClientDebtorRow>, StoreError> {
        let linked = last!("d.known_debtor = $1 ORDER BY d.client_id, d.debtor_id");
        self.engine.rows(linked, values![known]).await
    }
}
