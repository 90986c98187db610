use std::io::Write;

use serde::Serialize;
use serde_json::Serializer;

use basics::Outline;
use ledger::FootingCertificate;

use super::ReportError;

/// The depth of nesting down to which each entry has a line of its own.
const DEPTH: usize = 5;

/// Writes `footing.json`: the footing certificate.
///
/// # Errors
/// If `out` cannot be written to.
pub fn footing_json(
    certificate: &FootingCertificate,
    mut out: impl Write,
) -> Result<(), ReportError> {
    let outline = Outline::new(0, DEPTH);
    certificate.serialize(&mut Serializer::with_formatter(&mut out, outline))?;
    Ok(out.write_all(b"\n")?)
}
