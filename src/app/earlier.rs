//! Reads the ledgers that a client sent before.

use ledger::{IngestOptions, Ledger, LedgerError, Source};

/// Reads each of the ledgers, in order of their own dates. An exact copy of another counts once,
/// so that neither their order nor how often one is given changes anything.
pub(super) fn read_earlier(
    sources: &[Source],
    options: &IngestOptions,
) -> Result<Vec<Ledger>, LedgerError> {
    let mut all = Vec::with_capacity(sources.len());
    for source in sources {
        let ledger = ledger::read(std::slice::from_ref(source), options, &|_| ())?;
        let files = ledger.certificate.files.iter();
        let mut bytes: Vec<String> = files.clone().map(|file| file.sha256.clone()).collect();
        bytes.sort_unstable();
        let names: Vec<String> = files.map(|file| file.name.clone()).collect();
        all.push(((ledger.as_of(None)?.date, bytes, names), ledger));
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all.dedup_by(|((_, one, _), _), ((_, other, _), _)| one == other);
    Ok(all.into_iter().map(|(_, ledger)| ledger).collect())
}
