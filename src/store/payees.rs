//! The accounts of clients to which payouts go, in versions that are never changed.

use sqlx::FromRow;

use purchases::Payee;

use super::engine::{Transaction, Writing, values};
use super::{Actor, AuditEntry, Store, StoreError, audit};

/// An account of a client.
#[derive(Debug, Clone, Copy)]
pub struct PayeeOf<'a> {
    /// The client.
    pub client: &'a str,
    /// The account's name.
    pub alias: &'a str,
}

/// A version of an account as stored, with the call back if there was one.
#[derive(Debug, FromRow)]
struct PayeeRow {
    alias: String,
    version: i64,
    account: String,
    written_by: String,
    called_by: Option<String>,
}

impl From<PayeeRow> for Payee {
    fn from(row: PayeeRow) -> Self {
        let PayeeRow { alias, version, account, written_by, called_by } = row;
        Self { alias, account, version, written_by, called_by }
    }
}

/// A statement that reads versions of accounts.
macro_rules! select {
    ($($behind:literal),+) => {
        concat!(
            "SELECT p.alias, p.version, p.account, p.written_by, c.called_by FROM payee AS p \
             LEFT JOIN payee_call AS c ON c.client_id = p.client_id AND c.alias = p.alias \
             AND c.version = p.version ",
            $($behind),+
        )
    };
}

/// A statement that reads the last versions of a client's accounts.
macro_rules! last {
    ($behind:literal) => {
        select!(
            "WHERE p.client_id = $1 AND p.version = \
             (SELECT MAX(version) FROM payee WHERE client_id = p.client_id AND alias = p.alias) ",
            $behind
        )
    };
}

/// Reads the last version of an account within a transaction.
pub(super) async fn last(
    writing: &mut Writing,
    PayeeOf { client, alias }: PayeeOf<'_>,
) -> Result<Payee, StoreError> {
    let row: Option<PayeeRow> =
        writing.row(last!("AND p.alias = $2"), values![client, alias]).await?;
    Ok(row.ok_or(StoreError::Missing("account"))?.into())
}

/// Reads every version of a client's accounts within a transaction.
pub(super) async fn of_client(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<Payee>, StoreError> {
    let rows: Vec<PayeeRow> = reading
        .rows(select!("WHERE p.client_id = $1 ORDER BY p.alias, p.version"), values![client])
        .await?;
    Ok(rows.into_iter().map(Payee::from).collect())
}

impl Store {
    /// Returns the last version of a client's account.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such account; otherwise if the database cannot be
    /// read.
    pub async fn payee(&self, PayeeOf { client, alias }: PayeeOf<'_>) -> Result<Payee, StoreError> {
        let row: Option<PayeeRow> =
            self.engine.row(last!("AND p.alias = $2"), values![client, alias]).await?;
        Ok(row.ok_or(StoreError::Missing("account"))?.into())
    }

    /// Returns the last versions of a client's accounts, in order of their names.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn payees(&self, client: &str) -> Result<Vec<Payee>, StoreError> {
        let rows: Vec<PayeeRow> =
            self.engine.rows(last!("ORDER BY p.alias"), values![client]).await?;
        Ok(rows.into_iter().map(Payee::from).collect())
    }

    /// Writes a version of an account, if the last one is still the one before it.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the account has another version by now; otherwise if the database
    /// cannot be written.
    pub async fn write_payee(
        &self,
        client: &str,
        payee: &Payee,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let Payee { alias, version, account, written_by, .. } = payee;
        let mut writing = self.engine.writing().await?;
        let now = match last(&mut writing, PayeeOf { client, alias }).await {
            Ok(last) => last.version,
            Err(StoreError::Missing(_)) => 0,
            Err(error) => return Err(error),
        };
        if now + 1 != *version {
            return Err(StoreError::Changed(now));
        }
        writing
            .run(
                "INSERT INTO payee (client_id, alias, version, account, written_by, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                values![client, alias, *version, account, written_by, &actor.at],
            )
            .await?;
        writing.adds("payee", [client, alias, &version.to_string()]);
        let detail = &format!("{alias}, version {version}");
        let entry = AuditEntry { action: "payee.written", subject: client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Records that the client was called back about the last version of an account.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such account, [`StoreError::Changed`] if it has
    /// another version by now or was called about before; otherwise if the database cannot be
    /// written.
    pub async fn add_call(
        &self,
        client: &str,
        called: &Payee,
        note: &str,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let Payee { alias, version, .. } = called;
        let mut writing = self.engine.writing().await?;
        let last = last(&mut writing, PayeeOf { client, alias }).await?;
        writing.reads("payee", [client, alias, &version.to_string()]);
        if last.version != *version || last.called_by.is_some() {
            return Err(StoreError::Changed(last.version));
        }
        writing
            .run(
                "INSERT INTO payee_call (client_id, alias, version, note, called_by, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                values![client, alias, *version, note, &called.called_by, &actor.at],
            )
            .await?;
        writing.adds("payee_call", [client, alias, &version.to_string()]);
        let detail = &format!("{alias}, version {version}: {note}");
        let entry = AuditEntry { action: "payee.called", subject: client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}
