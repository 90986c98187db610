use std::io::Write;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::value::RawValue;

use crate::ledger::FootingCertificate;
use crate::underwriting::{Envelope, OfferPart, PolicyDocument, Provenance};

use super::outline::Outline;
use super::{Evaluation, ReportError};

/// Nesting at which a part's lines stand: document, offer, parts, part, lines.
const LINES_DEPTH: usize = 5;
const PARTS_DEPTH: usize = 3;

#[derive(Serialize)]
struct Document<'a> {
    envelope: &'a Envelope,
    offer: OfferBody<'a>,
    provenance: &'a Provenance,
}

/// The offer with its parts already written, so that they can be written on all cores.
#[derive(Serialize)]
struct OfferBody<'a> {
    format: &'static str,
    as_of: String,
    as_of_reason: &'a str,
    valid_until: String,
    parts: Vec<Box<RawValue>>,
    policy: &'a PolicyDocument,
}

/// Writes `offer.json`: the envelope, the offer and its provenance.
///
/// # Errors
/// What the writer says.
pub fn offer_json(evaluation: &Evaluation, out: impl Write) -> Result<(), ReportError> {
    let offer = &evaluation.offer;
    let parts = offer.parts.par_iter().map(part_json).collect::<Result<Vec<_>, ReportError>>()?;
    let document = Document {
        envelope: &evaluation.envelope,
        offer: OfferBody {
            format: offer.format,
            as_of: offer.as_of.to_string(),
            as_of_reason: &offer.as_of_reason,
            valid_until: offer.valid_until.to_string(),
            parts,
            policy: &offer.policy,
        },
        provenance: &evaluation.provenance,
    };
    write(&document, Outline::new(0, LINES_DEPTH), out)
}

/// Writes `footing.json`: the footing certificate.
///
/// # Errors
/// What the writer says.
pub fn footing_json(
    certificate: &FootingCertificate,
    out: impl Write,
) -> Result<(), ReportError> {
    write(certificate, Outline::new(0, LINES_DEPTH), out)
}

fn part_json(part: &OfferPart) -> Result<Box<RawValue>, ReportError> {
    let mut bytes = Vec::with_capacity(4096 + 640 * part.lines.len());
    let outline = Outline::new(PARTS_DEPTH, LINES_DEPTH);
    part.serialize(&mut Serializer::with_formatter(&mut bytes, outline))?;
    // The serializer writes UTF-8 only.
    let text = String::from_utf8(bytes).map_err(|error| ReportError::Text(error.to_string()))?;
    Ok(RawValue::from_string(text)?)
}

fn write(value: &impl Serialize, outline: Outline, mut out: impl Write) -> Result<(), ReportError> {
    value.serialize(&mut Serializer::with_formatter(&mut out, outline))?;
    out.write_all(b"\n")?;
    Ok(())
}
