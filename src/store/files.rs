use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use basics::hex;
use scratch::{Folder, sweep};

use super::engine::{Writing, values};
use super::{Store, StoreError};

/// Name of a file while it is being received.
const UPLOAD: &str = "upload";

/// A file, identified by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 in hexadecimal, which is also its name on disk.
    pub sha256: String,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

/// A file that a job wrote about a ledger, an offer or a report.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Artefact {
    /// Name of the file, such as `footing.json`.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size of the file, in bytes.
    pub bytes: i64,
}

/// A file that is being received; deleted when dropped.
#[derive(Debug)]
pub struct Receiving {
    folder: Folder,
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Receiving {
    /// Appends a piece.
    ///
    /// # Errors
    /// [`StoreError::File`] if the disk is full or cannot be written.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        // Hashed as it comes in, so that a ledger of gigabytes is not read once more.
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        self.file.write_all(piece).map_err(|source| failed("an upload", source))
    }

    /// The number of bytes received so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn failed(file: &str, source: std::io::Error) -> StoreError {
    StoreError::File { file: file.to_owned(), source }
}

/// Records the files of a ledger, an offer or a report.
pub(super) async fn add(
    writing: &mut Writing,
    owner: &str,
    artefacts: &[Artefact],
) -> Result<(), StoreError> {
    for Artefact { name, sha256, bytes } in artefacts {
        writing
            .run(
                "INSERT INTO artefact (owner_id, name, sha256, bytes) VALUES ($1, $2, $3, $4)",
                values![owner, name, sha256, *bytes],
            )
            .await?;
        writing.adds("artefact", [owner, name]);
    }
    Ok(())
}

/// Returns the SHA-256 of a file, in hexadecimal.
pub(super) fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    std::io::copy(&mut File::open(path)?, &mut HashWriter(&mut hash))?;
    Ok(hex(&hash.finalize()))
}

/// A hash as a place to copy to.
struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.0.update(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Store {
    /// Returns the path of a file of a ledger, an offer or a report, once its content is checked.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such file; otherwise if the database cannot be read,
    /// or as [`Store::stored`].
    pub async fn artefact(&self, owner: &str, name: &str) -> Result<PathBuf, StoreError> {
        let found: Option<(String,)> = self
            .engine
            .row(
                "SELECT sha256 FROM artefact WHERE owner_id = $1 AND name = $2",
                values![owner, name],
            )
            .await?;
        let (sha256,) = found.ok_or(StoreError::Missing("file"))?;
        self.stored(&sha256).await
    }

    /// Returns the records of the files of a ledger, an offer or a report, in order of their names.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn artefacts(&self, owner: &str) -> Result<Vec<Artefact>, StoreError> {
        self.engine
            .rows(
                "SELECT name, sha256, bytes FROM artefact WHERE owner_id = $1 ORDER BY name",
                values![owner],
            )
            .await
    }

    /// Copies a file into the store; returns its record.
    ///
    /// # Errors
    /// [`StoreError::File`] if the file cannot be read or the copy cannot be written.
    pub fn keep_file(&self, path: &Path) -> Result<Artefact, StoreError> {
        let named = |source| failed(&path.display().to_string(), source);
        let mut receiving = self.receive()?;
        let mut file = File::open(path).map_err(named)?;
        // In pieces: a list of invoices may be larger than the service should hold.
        let mut piece = vec![0; 1 << 18];
        loop {
            match std::io::Read::read(&mut file, &mut piece).map_err(named)? {
                0 => break,
                length => receiving.write(&piece[..length])?,
            }
        }
        let StoredFile { sha256, bytes } = self.keep(receiving)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Artefact { name, sha256, bytes: i64::try_from(bytes).unwrap_or(i64::MAX) })
    }

    /// Creates a folder for a job; deleted when dropped.
    ///
    /// # Errors
    /// [`StoreError::File`] if the folder cannot be created.
    pub fn workshop(&self) -> Result<Folder, StoreError> {
        // Not in the system's temporary folder: a job's inputs are linked into it, and links do not
        // cross file systems.
        Folder::within(&self.files)
            .map_err(|source| failed(&self.files.display().to_string(), source))
    }

    /// Removes the folders of jobs and uploads that killed services left behind.
    pub fn sweep(&self) {
        sweep(&self.files);
    }

    /// Starts to receive a file.
    ///
    /// # Errors
    /// [`StoreError::File`] if a file cannot be created.
    pub fn receive(&self) -> Result<Receiving, StoreError> {
        let named = |source| failed(&self.files.display().to_string(), source);
        let folder = Folder::within(&self.files).map_err(named)?;
        let file = folder.create(UPLOAD).map_err(named)?;
        Ok(Receiving { folder, file, hash: Sha256::new(), bytes: 0 })
    }

    /// Keeps a file that has been received completely; it is on disk before this returns.
    ///
    /// # Errors
    /// [`StoreError::File`] if the file cannot be written or moved into place.
    pub fn keep(&self, received: Receiving) -> Result<StoredFile, StoreError> {
        let Receiving { folder, file, hash, bytes } = received;
        let sha256 = hex(&hash.finalize());
        let path = self.path_of(&sha256);
        let named = |source| failed(&path.display().to_string(), source);
        // The database will refer to the file: it must outlive a power cut as the row does.
        file.sync_all().map_err(named)?;
        // A file of the same content may be there already: the same bytes take its place.
        folder.publish(&[(UPLOAD, &path)]).map_err(|(_, source)| named(source))?;
        Ok(StoredFile { sha256, bytes })
    }

    /// Returns the path of a file by its hash, once its content is checked.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if its content has another hash; otherwise if it cannot be read.
    pub async fn stored(&self, sha256: &str) -> Result<PathBuf, StoreError> {
        let path = self.path_of(sha256);
        let own = path.clone();
        // Off the async threads: a ledger may have gigabytes.
        let hashed = tokio::task::spawn_blocking(move || hash_of(&own)).await;
        let hashed = hashed.map_err(|error| StoreError::damaged("file", sha256, &error))?;
        if hashed.map_err(|source| failed(&path.display().to_string(), source))? == sha256 {
            return Ok(path);
        }
        Err(StoreError::damaged("file", sha256, &"its content was changed"))
    }

    /// The path of a file by its hash.
    fn path_of(&self, sha256: &str) -> PathBuf {
        self.files.join(sha256)
    }
}
