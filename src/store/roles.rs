//! The rights of the service's own role on PostgreSQL.

use super::engine::values;
use super::sealed_table::{SEALED, SealedTable};
use super::{Store, StoreError};

/// The rights on a table that is not sealed.
const OTHERS: [(&str, &str); 5] = [
    ("audit", "SELECT, INSERT"),
    ("audit_start", "SELECT"),
    ("entry", "SELECT, INSERT"),
    ("idempotency", "SELECT, INSERT, UPDATE, DELETE"),
    ("_sqlx_migrations", "SELECT"),
];

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The rights on a sealed table: what changes can be changed.
fn rights(table: &SealedTable) -> String {
    let columns = [table.changing, table.unsealed].concat();
    match columns.as_slice() {
        [] => "SELECT, INSERT".to_owned(),
        columns => format!("SELECT, INSERT, UPDATE ({})", columns.join(", ")),
    }
}

impl Store {
    /// Grants a role what the service needs, and takes from it whatever else it had on the tables:
    /// it can neither change nor delete what is only ever added, and alters no table.
    ///
    /// # Errors
    /// [`StoreError::Role`] if the database is an SQLite file, or if the role owns the tables or
    /// may act as their owner; otherwise if the role is unknown or the caller may not grant.
    pub async fn grant(&self, role: &str) -> Result<(), StoreError> {
        let refused = |reason| StoreError::Role { role: role.to_owned(), reason };
        if !self.engine.is_server() {
            return Err(refused("SQLite has no roles; --service-role needs PostgreSQL"));
        }
        let owns: Option<(i64,)> = self
            .engine
            .row(
                "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('audit') \
                 AND pg_has_role($1, relowner, 'MEMBER')",
                values![role],
            )
            .await?;
        if owns.is_none_or(|(count,)| count > 0) {
            return Err(refused(
                "this role owns the tables or may act as their owner; make another one for the \
                 service",
            ));
        }
        let name = quoted(role);
        let schema: Option<(String,)> =
            self.engine.row("SELECT CAST(current_schema() AS TEXT)", &[]).await?;
        let (schema,) = schema.ok_or(StoreError::Missing("schema"))?;
        let sealed = SEALED.iter().map(|table| (table.name, rights(table)));
        let others = OTHERS.map(|(table, rights)| (table, rights.to_owned()));
        let mut writing = self.engine.writing().await?;
        writing.run_own(format!("GRANT USAGE ON SCHEMA {} TO {name}", quoted(&schema))).await?;
        for (table, rights) in sealed.chain(others) {
            let table = quoted(table);
            writing.run_own(format!("REVOKE ALL ON {table} FROM {name}")).await?;
            writing.run_own(format!("GRANT {rights} ON {table} TO {name}")).await?;
        }
        writing.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_name() {
        assert_eq!(quoted("service"), "\"service\"");
        assert_eq!(quoted("a\"; DROP TABLE audit"), "\"a\"\"; DROP TABLE audit\"");
    }
}
