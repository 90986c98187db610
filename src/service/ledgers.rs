use std::path::PathBuf;

use ledger::{InvoiceEntry, InvoiceFilter, invoice_page};
use report::{RejectEntry, rejects_page};
use store::{JobRow, LedgerRow, Receiving, StoreError, StoredFile};

use super::heavy::{Left, Place};
use super::jobs::{NewJob, QueuedJob, Task};
use super::{Answer, Caller, Once, Party, Service, ServiceError};

/// Longest file name, in bytes; file systems allow 255.
const LONGEST: usize = 200;

/// A ledger that is being received; deleted when dropped.
#[derive(Debug)]
pub struct Upload {
    file: Receiving,
    most: u64,
}

/// A ledger that was received completely.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// Name of the file.
    pub file_name: String,
    /// True if staff say that the client which the ledger names is this one.
    pub client_name_confirmed: bool,
    by_staff: bool,
    file: StoredFile,
}

/// A range of a list.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Number of entries before it.
    pub from: usize,
    /// Largest number of entries in it.
    pub most: usize,
}

/// The rejected rows of a ledger.
#[derive(Debug)]
pub struct RejectList(PathBuf, Place);

/// The invoices of a ledger.
#[derive(Debug)]
pub struct InvoiceList(PathBuf, Place);

impl Upload {
    /// Appends a piece.
    ///
    /// # Errors
    /// [`ServiceError::TooLarge`] if the ledger exceeds the limit, [`ServiceError::Unavailable`] if
    /// the disk cannot be written.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), ServiceError> {
        self.file.write(piece)?;
        // Counted as it comes: the length that a caller announces may be absent or untrue.
        if self.file.bytes() > self.most { Err(ServiceError::TooLarge(self.most)) } else { Ok(()) }
    }
}

impl Uploaded {
    /// SHA-256 of its bytes.
    pub fn sha256(&self) -> &str {
        &self.file.sha256
    }
}

/// The last part of a file name, so that no caller chooses a path.
fn last_part(name: Option<&str>) -> Result<String, ServiceError> {
    let name = name.unwrap_or("ledger.csv");
    // Both separators: the name was given on the caller's system.
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = !last.is_empty() && last != "." && last != ".." && last.len() <= LONGEST;
    if plain && !last.contains(char::is_control) {
        return Ok(last.to_owned());
    }
    Err(ServiceError::field("file_name", "Expected a file name of 1 to 200 bytes."))
}

impl Service {
    /// Checks that the caller may upload a ledger of a client, and confirm the name in it.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it,
    /// [`ServiceError::Field`] if a client confirms its own name.
    pub async fn may_upload(
        &self,
        by: &Party,
        client: &str,
        confirms_name: bool,
    ) -> Result<(), ServiceError> {
        by.as_ref().sees(client, "client")?;
        if confirms_name && by.as_ref().is_client() {
            return Err(ServiceError::field("client_name_confirmed", "Only staff may set this."));
        }
        self.store.client(client).await?;
        Ok(())
    }

    /// Starts to receive a ledger of at least `least` bytes.
    ///
    /// # Errors
    /// [`ServiceError::TooLarge`] if that exceeds the limit, [`ServiceError::Unavailable`] if the
    /// disk cannot be written.
    pub fn receive(&self, least: u64) -> Result<Upload, ServiceError> {
        let most = self.limits.most_bytes;
        if least > most {
            return Err(ServiceError::TooLarge(most));
        }
        Ok(Upload { file: self.store.receive()?, most })
    }

    /// Keeps a ledger that was received completely from a caller, under the last part of its name.
    ///
    /// # Errors
    /// [`ServiceError::Field`] if the ledger is empty or its name is not allowed.
    pub async fn keep_upload(
        &self,
        by: &Party,
        upload: Upload,
        name: Option<&str>,
    ) -> Result<Uploaded, ServiceError> {
        let file_name = last_part(name)?;
        if upload.file.bytes() == 0 {
            return Err(ServiceError::field("body", "The upload is empty."));
        }
        // Off the async threads: it waits until the file is on disk.
        let store = self.store.clone();
        let file = tokio::task::spawn_blocking(move || store.keep(upload.file));
        let file = file.await.map_err(ServiceError::internal)??;
        let by_staff = !by.as_ref().is_client();
        Ok(Uploaded { file_name, client_name_confirmed: false, by_staff, file })
    }

    /// Queues the reading of a client's ledger.
    ///
    /// # Errors
    /// [`ServiceError::Answered`] if the same request was answered in the meantime.
    pub async fn ingest(
        &self,
        client: String,
        uploaded: Uploaded,
        once: &Once,
        answer: Answer<JobRow>,
    ) -> Result<QueuedJob, ServiceError> {
        let Uploaded { file_name, client_name_confirmed, by_staff, file } = uploaded;
        let (sha256, bytes) = (file.sha256, i64::try_from(file.bytes).unwrap_or(i64::MAX));
        let own = client.clone();
        let task =
            Task::Ingest { client: own, file_name, sha256, bytes, client_name_confirmed, by_staff };
        self.queue(NewJob { task: &task, client: Some(client), bytes }, once, answer).await
    }

    /// Returns a ledger.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such ledger or the caller may not see it.
    pub async fn ledger(&self, caller: &Caller, id: &str) -> Result<LedgerRow, ServiceError> {
        let ledger = self.store.ledger(id).await?;
        caller.sees(&ledger.client_id, "ledger")?;
        Ok(ledger)
    }

    /// Returns up to `most` ledgers of a client after an id, in order of their ids.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it.
    pub async fn ledgers(
        &self,
        caller: &Caller,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<LedgerRow>, ServiceError> {
        caller.sees(client, "client")?;
        self.store.client(client).await?;
        Ok(self.store.ledgers(client, after, most).await?)
    }

    /// Returns the path of a ledger's original file, once its content is checked.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such ledger or the caller may not see it.
    pub async fn ledger_file(&self, caller: &Caller, id: &str) -> Result<PathBuf, ServiceError> {
        let ledger = self.ledger(caller, id).await?;
        Ok(self.store.stored(&ledger.sha256).await?)
    }

    /// Returns the rejected rows of a ledger.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such ledger or the caller may not see it.
    pub async fn rejects(&self, caller: &Caller, id: &str) -> Result<RejectList, ServiceError> {
        self.ledger(caller, id).await?;
        let file = self.store.artefact(id, "rejects.csv").await?;
        Ok(RejectList(file, self.heavy.place(caller).await?))
    }

    /// Returns the invoices of a ledger.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such ledger, the caller may not see it, or it was
    /// read without a list of invoices.
    pub async fn invoices(&self, caller: &Caller, id: &str) -> Result<InvoiceList, ServiceError> {
        self.ledger(caller, id).await?;
        match self.store.artefact(id, "invoices.parquet").await {
            Err(StoreError::Missing(_)) => Err(ServiceError::Missing("list of invoices")),
            found => Ok(InvoiceList(found?, self.heavy.place(caller).await?)),
        }
    }
}

impl RejectList {
    /// Reads a range of them, in the order of the file.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] if the file cannot be read.
    pub async fn page(self, Slice { from, most }: Slice) -> Result<Vec<RejectEntry>, ServiceError> {
        let Self(file, place) = self;
        place.run(move |_| rejects_page(&file, from, most).map_err(ServiceError::unavailable)).await
    }
}

impl InvoiceList {
    /// Reads a range of those that pass the filter.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] if the file cannot be read.
    pub async fn page(
        self,
        filter: InvoiceFilter,
        Slice { from, most }: Slice,
    ) -> Result<Vec<InvoiceEntry>, ServiceError> {
        let Self(file, place) = self;
        let page = move |_: &Left| {
            invoice_page(&file, &filter, from, most).map_err(ServiceError::internal)
        };
        place.run(page).await
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, run};
    use super::*;

    #[test]
    fn of_a_path_from_outside_the_last_part_is_the_name() {
        for (name, kept) in
            [("a.csv", "a.csv"), ("../../a.csv", "a.csv"), ("C:\\x\\a.csv", "a.csv"), ("-", "-")]
        {
            assert_eq!(last_part(Some(name)).as_deref(), Ok(kept));
        }
        assert_eq!(last_part(None).as_deref(), Ok("ledger.csv"));
        for wrong in ["", "a/", "..", "a/..", "a\nb", &"x".repeat(201)] {
            assert!(last_part(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_upload_has_bytes_and_no_more_than_the_largest_ledger() {
        run(async {
            let desk = Desk::new().await;
            assert_eq!(desk.service.receive(1001).err(), Some(ServiceError::TooLarge(1000)));
            let mut large = desk.service.receive(0).expect("a place");
            assert_eq!(large.write(&[0; 1000]), Ok(()));
            assert_eq!(large.write(&[0]), Err(ServiceError::TooLarge(1000)));
            let sender: Party = by(Role::Client);
            let empty = desk.service.receive(0).expect("a place");
            let refused = desk.service.keep_upload(&sender, empty, Some("a.csv")).await;
            assert!(matches!(refused, Err(ServiceError::Field { field, .. }) if field == "body"));
            let mut upload = desk.service.receive(0).expect("a place");
            upload.write(b"abc").expect("a piece");
            let kept =
                desk.service.keep_upload(&sender, upload, Some("x/a.csv")).await.expect("kept");
            // The published digest of "abc" (FIPS 180-4).
            assert!(kept.sha256().starts_with("ba7816bf8f01cfea"), "{kept:?}");
            assert_eq!(kept.file_name, "a.csv");
        });
    }
}
