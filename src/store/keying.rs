//! The key that seals what is written. It is kept outside the database: whoever can change the
//! database cannot seal the change.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use basics::hex;
use scratch::create_private;

use super::error::StoreError;

/// Length of a key, in bytes.
const LENGTH: usize = 32;

/// The key file, and what a database without a key begins with.
#[derive(Clone)]
pub struct Keying {
    /// The file with the key, 32 random bytes.
    pub file: PathBuf,
    /// Random bits that become the key of a new database, if there is no file yet.
    pub fresh: [u8; LENGTH],
    /// Random bits that become the id of a new database.
    pub database: [u8; 16],
    /// The current time, RFC 3339.
    pub at: String,
}

/// A key for sealing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AuditKey([u8; LENGTH]);

/// The chain of a database's audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub key: AuditKey,
    /// Id of the database.
    pub database: String,
    /// Number of the first row that is keyed.
    pub first: i64,
}

impl fmt::Debug for Keying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keying").field("file", &self.file).finish_non_exhaustive()
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey")
    }
}

impl AuditKey {
    /// The seal of texts, in hexadecimal. Every text is preceded by its length, so that nothing can
    /// be moved from one into the next; `purpose` keeps a seal of one kind from passing for
    /// another.
    pub fn seal<'a>(&self, purpose: &'a str, texts: impl IntoIterator<Item = &'a str>) -> String {
        // Keys of any length are taken, so the error does not occur.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        for text in std::iter::once(purpose).chain(texts) {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

impl Keying {
    /// Reads the key from its file.
    ///
    /// # Errors
    /// [`StoreError::NoAuditKey`] if there is no file, [`StoreError::WrongAuditKey`] if it is not a
    /// key; otherwise if the file cannot be read.
    pub(super) fn key(&self) -> Result<AuditKey, StoreError> {
        let mut file = match File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(StoreError::NoAuditKey(self.named()));
            }
            Err(source) => return Err(self.failed(source)),
        };
        let mut bytes = Vec::new();
        let most = LENGTH as u64 + 1;
        Read::by_ref(&mut file).take(most).read_to_end(&mut bytes).map_err(|e| self.failed(e))?;
        let key = bytes.try_into().map_err(|_| StoreError::WrongAuditKey(self.named()))?;
        Ok(AuditKey(key))
    }

    /// Reads the key from its file; creates the file, for its owner alone, if there is none.
    ///
    /// # Errors
    /// As [`Keying::key`], and if the file cannot be written.
    pub(super) fn key_or_new(&self) -> Result<AuditKey, StoreError> {
        match create_private(&self.file) {
            Ok(mut file) => {
                file.write_all(&self.fresh).map_err(|source| self.failed(source))?;
                // What is sealed with the key must not outlive it.
                file.sync_all().map_err(|source| self.failed(source))?;
                Ok(AuditKey(self.fresh))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.key(),
            Err(source) => Err(self.failed(source)),
        }
    }

    /// The keying of a test, beside its database.
    #[cfg(test)]
    pub(super) fn sample(folder: &std::path::Path) -> Self {
        let (file, at) = (folder.join("audit-key"), "2026-06-30T09:00:00Z".to_owned());
        Self { file, fresh: [7; LENGTH], database: [1; 16], at }
    }

    fn named(&self) -> String {
        self.file.display().to_string()
    }

    fn failed(&self, source: std::io::Error) -> StoreError {
        StoreError::File { file: self.named(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.audit-key");
        let keying = |fresh: u8| Keying {
            file: file.clone(),
            fresh: [fresh; LENGTH],
            database: [0; 16],
            at: String::new(),
        };
        assert!(matches!(keying(1).key(), Err(StoreError::NoAuditKey(_))));
        let made = keying(1).key_or_new().expect("a key");
        assert!(keying(2).key_or_new().expect("the same") == made);
        assert!(keying(2).key().expect("the same") == made);
        #[cfg(unix)]
        {
            let mode = std::fs::metadata(&file).expect("a file").permissions();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
        }
        for bytes in [vec![1; 31], vec![1; 33], Vec::new()] {
            std::fs::write(&file, bytes).expect("written");
            assert!(matches!(keying(1).key(), Err(StoreError::WrongAuditKey(_))));
        }
    }

    #[test]
    fn a_seal_is_that_of_its_texts_in_their_places_for_its_purpose() {
        let key = AuditKey([7; LENGTH]);
        let own = key.seal("row", ["a", "bc"]);
        assert_eq!(own.len(), 64);
        assert_eq!(own, key.seal("row", ["a", "bc"]));
        for other in [
            key.seal("row", ["ab", "c"]),
            key.seal("row", ["a", "bc", ""]),
            key.seal("head", ["a", "bc"]),
            AuditKey([8; LENGTH]).seal("row", ["a", "bc"]),
        ] {
            assert_ne!(own, other);
        }
    }
}
