use ledger::{FootingCertificate, Note, Reject};
use offer::{Envelope, Offer, Provenance};

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
