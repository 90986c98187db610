use std::io::Write;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{Store, StoreError};
use crate::ledger::hex;

/// A file by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 in hexadecimal; its name.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A file that is being received; gone when it is dropped.
#[derive(Debug)]
pub struct Receiving {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

impl Receiving {
    /// Takes in a piece.
    ///
    /// # Errors
    /// [`StoreError::File`]: the disk is full.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        self.file.write_all(piece).map_err(|source| failed("an upload", source))
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn failed(file: &str, source: std::io::Error) -> StoreError {
    StoreError::File { file: file.to_owned(), source }
}

impl Store {
    /// Starts to receive a file.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn receive(&self) -> Result<Receiving, StoreError> {
        let file = NamedTempFile::new_in(&self.files)
            .map_err(|source| failed(&self.files.display().to_string(), source))?;
        Ok(Receiving { file, hash: Sha256::new(), bytes: 0 })
    }

    /// Keeps a file that has been received whole, on disk before this returns.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn keep(&self, received: Receiving) -> Result<StoredFile, StoreError> {
        let Receiving { file, hash, bytes } = received;
        let sha256 = hex(&hash.finalize());
        let path = self.path_of(&sha256);
        let named = |source| failed(&path.display().to_string(), source);
        file.as_file().sync_all().map_err(named)?;
        file.persist(&path).map_err(|error| failed(&path.display().to_string(), error.error))?;
        Ok(StoredFile { sha256, bytes })
    }

    /// Where a file lies.
    pub fn path_of(&self, sha256: &str) -> PathBuf {
        self.files.join(sha256)
    }
}
