use std::io::{self, Write};

use ledger::{FootingCertificate, Note, Reject};
use offer::{Envelope, Offer, Provenance, offer_json};

/// An evaluated ledger: the offer and its evidence.
#[derive(Debug)]
pub struct Evaluation {
    /// The state of the offer, such as its status and issue time.
    pub envelope: Envelope,
    /// The offer: a pure function of ledger, policy and as-of date.
    pub offer: Offer,
    /// The provenance, the only part that the order of rows and files may change.
    pub provenance: Provenance,
    /// Rejected rows.
    pub rejects: Vec<Reject>,
    /// The proof that the ledger foots.
    pub certificate: FootingCertificate,
    /// Oddities of the ledger that were read all the same, as `ingest` reports them.
    pub warnings: Vec<Note>,
}

impl Evaluation {
    /// Writes `offer.json`.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write_offer(&self, out: impl Write) -> io::Result<()> {
        offer_json(&self.envelope, &self.offer, &self.provenance, out)
    }

    /// Removes what the client's copy of the offer does not have.
    pub fn keep_client_copy(&mut self) {
        self.offer.keep_client_copy();
        self.provenance.keep_client_copy();
    }
}
