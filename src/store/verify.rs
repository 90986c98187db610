use std::collections::BTreeMap;
use std::path::Path;

use super::audit::AuditRow;
use super::audit_start::{READ as STARTS, StartRow};
use super::audit_walk::{AuditFault, Walk};
use super::files::hash_of;
use super::sealed_table::{SEALED, STRAY_ENTRIES};
use super::seals::Cells;
use super::{Store, StoreError};

/// The fault of an entry that no movement is sealed with.
const STRAY: &str =
    "it was added behind the service's back, or its id, movement or account changed";

/// The outcome of a comparison of an audit log with what it describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of rows of the log.
    pub rows: i64,
    /// Number of rows of the sealed tables.
    pub sealed: usize,
    /// Number of stored files.
    pub files: usize,
    /// Everything that is not as it was written.
    pub faults: Vec<AuditFault>,
}

impl Store {
    /// Walks the audit log and compares it with the rows that it seals, with the stored files, and
    /// with the heads in the text of a file of heads.
    ///
    /// # Errors
    /// If the database or a file cannot be read. What is not as it was written is no error.
    pub async fn verify(&self, heads: Option<&str>) -> Result<Verified, StoreError> {
        let chain = self.engine.chain()?;
        let mut walk = Walk::new(chain, heads);
        // One snapshot: the service may go on writing.
        let mut reading = self.engine.reading().await?;
        let log = "SELECT number, at, key_prefix, action, subject, detail, seals, previous, hash \
             FROM audit ORDER BY number";
        reading.each(log, |row: AuditRow| walk.row(row)).await?;
        walk.end_of_log();
        let keys = "SELECT prefix, name FROM api_key";
        reading.each(keys, |(prefix, name): (String, String)| walk.holder(prefix, name)).await?;
        for table in SEALED {
            reading.each(table.every, |row: Cells| walk.sealed(table, &row)).await?;
            walk.end_of_table(table);
        }
        reading.each(STRAY_ENTRIES, |(id,): (String,)| walk.fault("entry", id, STRAY)).await?;
        reading.each(STARTS, |start: StartRow| walk.start(&start)).await?;
        let mut files = BTreeMap::new();
        let named = "SELECT sha256, 'ledger ' || id FROM ledger \
             UNION ALL SELECT sha256, 'file ' || name || ' of ' || owner_id FROM artefact";
        reading
            .each(named, |(sha256, owner): (String, String)| {
                files.entry(sha256).or_insert(owner);
            })
            .await?;
        drop(reading);
        let (rows, sealed, mut faults) = walk.end();
        let (count, paths) = (files.len(), self.files.clone());
        let hashed = tokio::task::spawn_blocking(move || wrong_files(&paths, files));
        faults.extend(hashed.await.map_err(|error| StoreError::damaged("file", "", &error))?);
        Ok(Verified { rows, sealed, files: count, faults })
    }
}

/// The files that are missing or have another content, each with the row that names it.
fn wrong_files(folder: &Path, files: BTreeMap<String, String>) -> Vec<AuditFault> {
    let mut faults = Vec::new();
    for (sha256, owner) in files {
        let fault = match hash_of(&folder.join(&sha256)) {
            Ok(own) if own == sha256 => continue,
            Ok(_) => format!("its content was changed ({owner})"),
            Err(error) => format!("it cannot be read: {} ({owner})", basics::refusal(&error)),
        };
        faults.push(AuditFault { table: "file".to_owned(), id: sha256, fault });
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::sealed_table::{SCHEMA, SealedTable};
    use super::*;
    use crate::{Actor, Client, Keying, Location};

    /// Tables that prove, are sealed with another (entries, with their movement), or hold nothing
    /// that the service reads back.
    const OTHERS: [&str; 4] = ["_sqlx_migrations", "audit", "audit_start", "entry"];

    fn run(test: impl AsyncFnOnce(Store, &tempfile::TempDir)) {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            test(Store::sample(folder.path()).await, &folder).await;
        });
    }

    fn actor() -> Actor {
        let (key, at) = ("fk_1".to_owned(), "2026-06-30T09:00:00Z".to_owned());
        Actor { key, at, answer: None }
    }

    async fn with_client(store: &Store, id: &str) {
        let (id, name, created_at) = (id.to_owned(), "A".to_owned(), actor().at);
        let client = Client { id, name, sector: String::new(), version: 1, created_at };
        store.create_client(&client, &actor()).await.expect("a client");
    }

    async fn script(store: &Store, sql: &'static str) {
        let mut writing = store.engine.writing().await.expect("a turn");
        writing.script(sql).await.expect("done");
        writing.commit().await.expect("written");
    }

    async fn faults(store: &Store, heads: Option<&str>) -> Vec<String> {
        let verified = store.verify(heads).await.expect("a walk");
        verified.faults.iter().map(ToString::to_string).collect()
    }

    /// A table or a column that nobody seals could be changed by anybody.
    #[test]
    fn every_column_of_every_table_is_sealed_or_named_here() {
        run(async |store, _| {
            let named = "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) \
                 AS c WHERE m.type = 'table'";
            let found: Vec<(String, String)> = store.engine.rows(named, &[]).await.expect("read");
            let found = found.iter().map(|(table, column)| (table.as_str(), column.as_str()));
            let found: BTreeSet<_> = found.filter(|(table, _)| !OTHERS.contains(table)).collect();
            let columns = |table: &'static SealedTable| {
                let sealed = table.columns.iter().map(|(column, _)| column);
                let sealed = sealed.filter(|column| **column != "entries");
                sealed.chain(table.unsealed).map(|column| (table.name, *column))
            };
            let sealed: BTreeSet<_> = SEALED.iter().flat_map(columns).collect();
            assert_eq!(sealed, found);
            for table in SEALED {
                let is_sealed = |name: &&str| table.columns.iter().any(|(own, _)| own == name);
                assert!(table.key.iter().chain(table.changing).all(is_sealed), "{}", table.name);
            }
            let last: Option<(i64,)> = store
                .engine
                .row("SELECT MAX(version) FROM _sqlx_migrations", &[])
                .await
                .expect("read");
            assert_eq!(last, Some((SCHEMA,)));
        });
    }

    #[test]
    fn what_is_written_unsealed_is_not_written() {
        run(async |store, _| {
            with_client(&store, "a").await;
            let mut writing = store.engine.writing().await.expect("a turn");
            writing.changes("client", "a");
            let refused = writing.commit().await.expect_err("unsealed");
            assert_eq!(refused.to_string(), "client a is damaged: it was written unsealed");
        });
    }

    #[test]
    fn every_fault_is_named() {
        run(async |store, _| {
            for id in ["a", "b", "c"] {
                with_client(&store, id).await;
            }
            let head = serde_json::to_string(&store.head("now").await.expect("a head"));
            let head = head.expect("JSON");
            assert_eq!(faults(&store, Some(&head)).await, [] as [&str; 0]);
            script(
                &store,
                "UPDATE client SET name = 'B' WHERE id = 'a'; DELETE FROM client WHERE id = 'b'; \
                 INSERT INTO client (id, name, created_at) VALUES ('d', 'D', 'now')",
            )
            .await;
            let behind = "behind the service's back";
            let mut expected = vec![
                format!("client a: it was changed {behind}"),
                format!("client d: it was added {behind}"),
                format!("client b: it was deleted {behind}"),
            ];
            assert_eq!(faults(&store, Some(&head)).await, expected);
            script(&store, "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE number = 4")
                .await;
            let cut = "audit 4: missing: the end of the log was cut after its head was exported at \
                 now";
            expected.insert(0, cut.to_owned());
            expected.insert(2, format!("client c: it was added {behind}"));
            assert_eq!(faults(&store, Some(&head)).await, expected);
            script(&store, "DELETE FROM audit; DELETE FROM client").await;
            let emptied = faults(&store, Some(&head)).await;
            assert_eq!(emptied[0], "audit 1: missing: the end of the log was cut");
            let other = head.replace("now", "then");
            let wrong = faults(&store, Some(&other)).await;
            assert_eq!(wrong[0], "head 1: it was not sealed with this key, or it was changed");
        });
    }

    #[test]
    fn a_change_by_the_service_does_not_seal_what_somebody_else_changed() {
        run(async |store, _| {
            with_client(&store, "a").await;
            script(&store, "UPDATE client SET created_at = 'then'").await;
            let change = crate::ClientChange { id: "a", name: "B", sector: "", version: 1 };
            store.change_client(change, &actor()).await.expect("changed");
            let said = "client a: what never changes was changed behind the service's back before \
                 row 3 of the log";
            assert_eq!(faults(&store, None).await, [said]);
        });
    }

    #[test]
    fn a_row_of_the_log_is_keyed_and_stays_in_its_place() {
        run(async |store, _| {
            for id in ["a", "b", "c"] {
                with_client(&store, id).await;
            }
            script(&store, "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted")
                .await;
            script(&store, "UPDATE audit SET detail = 'X' WHERE number = 3").await;
            let changed = ["audit 3: it was changed, or added without the key"];
            assert_eq!(faults(&store, None).await, changed);
            script(&store, "DELETE FROM audit WHERE number = 3").await;
            let gone = ["audit 3: missing", "client b: it was added behind the service's back"];
            assert_eq!(faults(&store, None).await, gone);
        });
    }

    #[test]
    fn a_stored_file_is_compared_with_its_hash() {
        run(async |store, _| {
            let mut receiving = store.receive().expect("a place");
            receiving.write(b"abc").expect("written");
            let kept = store.keep(receiving).expect("kept");
            let path = store.stored(&kept.sha256).await.expect("as it was kept");
            std::fs::write(path, b"abd").expect("altered");
            let refused = store.stored(&kept.sha256).await.expect_err("altered");
            assert!(matches!(refused, StoreError::Damaged { what: "file", .. }), "{refused}");
        });
    }

    #[test]
    fn a_database_opens_with_its_own_key_alone() {
        run(async |store, folder| {
            drop(store);
            let location = Location::File(folder.path().join("factorage.sqlite"));
            let keying = Keying::sample(folder.path());
            std::fs::write(&keying.file, [8; 32]).expect("another key");
            let other = Store::existing(&location, None, &keying).await.expect_err("another key");
            assert!(matches!(other, StoreError::OtherAuditKey(_)), "{other}");
            std::fs::remove_file(&keying.file).expect("gone");
            // None is made: what was sealed before could not be verified with it.
            let none = Store::open(&location, None, &keying).await.expect_err("no key");
            assert!(matches!(none, StoreError::NoAuditKey(_)), "{none}");
        });
    }
}
