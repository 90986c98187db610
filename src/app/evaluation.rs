use std::io::{self, Write};

use ledger::{FootingCertificate, Note, Reject};
use offer::{Envelope, Offer, Provenance, offer_json};

/// An evaluated ledger: the offer with its evidence.
#[derive(Debug)]
pub struct Evaluation {
    /// State around the offer.
    pub envelope: Envelope,
    /// The offer: a pure function of ledger, policy and as-of date.
    pub offer: Offer,
    /// Where it came from; the only part that the order of rows and files may change.
    pub provenance: Provenance,
    /// Rows kept out.
    pub rejects: Vec<Reject>,
    /// Proof of the ledger.
    pub certificate: FootingCertificate,
    /// What is odd about the ledger and was read all the same, as `ingest` tells it.
    pub warnings: Vec<Note>,
}

impl Evaluation {
    /// Writes `offer.json`.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_offer(&self, out: impl Write) -> io::Result<()> {
        offer_json(&self.envelope, &self.offer, &self.provenance, out)
    }
}
