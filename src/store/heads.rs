//! Signed heads of the audit log, kept outside the database: a log that is shorter than a head says
//! was cut.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::keying::Chain;
use super::{Store, StoreError};

/// Name of the file of heads in its folder.
const FILE: &str = "heads.jsonl";

/// The last row of an audit log at a time, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Number of the row.
    pub number: i64,
    /// Hash of the row.
    pub hash: String,
    /// Time of the export, RFC 3339.
    pub at: String,
    /// Id of the database.
    pub database: String,
    /// Keyed digest of the others.
    pub seal: String,
}

impl Head {
    fn own_seal(&self, chain: &Chain) -> String {
        let number = &self.number.to_string();
        let members = [&self.database, number, &self.hash, &self.at];
        chain.key.seal("head", members.map(String::as_str))
    }

    /// Appends the head to the file of heads in a folder, which is created if it is missing;
    /// returns the file.
    ///
    /// # Errors
    /// [`StoreError::File`] if the file cannot be written.
    pub fn export(&self, folder: &Path) -> Result<PathBuf, StoreError> {
        let file = folder.join(FILE);
        let failed = |source| StoreError::File { file: file.display().to_string(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let line = serde_json::to_string(self).map_err(|error| failed(error.into()))?;
        let mut out = OpenOptions::new().append(true).create(true).open(&file).map_err(failed)?;
        // In one piece: services that share the folder do not write into each other's lines.
        out.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
        out.sync_all().map_err(failed)?;
        Ok(file)
    }

    /// The fault of a head that says nothing about this chain.
    pub(super) fn fault(&self, chain: &Chain) -> Option<&'static str> {
        if self.seal != self.own_seal(chain) {
            return Some("it was not sealed with this key, or it was changed");
        }
        (self.database != chain.database).then_some("it is a head of another database")
    }
}

impl Store {
    /// Returns the head of the audit log, signed.
    ///
    /// # Errors
    /// If the log is empty or the database cannot be read.
    pub async fn head(&self, at: &str) -> Result<Head, StoreError> {
        let chain = self.engine.chain()?;
        let last: Option<(i64, String)> = self
            .engine
            .row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", &[])
            .await?;
        let (number, hash) = last.ok_or(StoreError::Missing("row in the audit log"))?;
        let (at, database) = (at.to_owned(), chain.database.clone());
        let mut head = Head { number, hash, at, database, seal: String::new() };
        head.seal = head.own_seal(chain);
        Ok(head)
    }
}
