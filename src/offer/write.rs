use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Serializer;
use sha2::{Digest, Sha256};

use basics::{Outline, hex};

use super::document::{Offer, OfferPart};
use super::envelope::Envelope;
use super::provenance::Provenance;

/// Nesting at which a part's lines stand: document, offer, parts, part, lines.
const LINES_DEPTH: usize = 5;

/// Writes `offer.json`: the envelope, the offer, its id (the SHA-256 of the offer as it stands
/// there) and its provenance, one invoice per line.
///
/// # Errors
/// What the writer says.
pub fn offer_json(
    envelope: &Envelope,
    offer: &Offer,
    provenance: &Provenance,
    mut out: impl Write,
) -> io::Result<()> {
    // Taken apart by name, so that no new member can be forgotten here.
    let Offer { format, as_of, as_of_reason, valid_until, parts, policy } = offer;
    let parts = parts.par_iter().map(part_json).collect::<io::Result<Vec<_>>>()?;
    let mut document = Members { out: &mut out, depth: 1, first: true };
    document.out.write_all(b"{")?;
    document.member("envelope", envelope)?;
    document.name("offer")?;
    let mut hashed = Hashed { out: &mut *document.out, hash: Sha256::new() };
    hashed.write_all(b"{")?;
    let mut body = Members { out: &mut hashed, depth: 2, first: true };
    body.member("format", format)?;
    body.member("as_of", as_of)?;
    body.member("as_of_reason", as_of_reason)?;
    body.member("valid_until", valid_until)?;
    body.name("parts")?;
    for (index, part) in parts.iter().enumerate() {
        body.out.write_all(if index == 0 { b"[\n   " } else { b",\n   " })?;
        body.out.write_all(part)?;
    }
    body.out.write_all(if parts.is_empty() { b"[]" } else { b"\n  ]" })?;
    body.member("policy", policy)?;
    body.out.write_all(b"\n }")?;
    let id = hex(&hashed.hash.finalize());
    document.first = false;
    document.member("offer_id", &id)?;
    document.member("provenance", provenance)?;
    document.out.write_all(b"\n}\n")?;
    Ok(())
}

fn part_json(part: &OfferPart) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4096 + 640 * part.lines.len());
    let outline = Outline::new(3, LINES_DEPTH);
    part.serialize(&mut Serializer::with_formatter(&mut bytes, outline))?;
    Ok(bytes)
}

/// Passes bytes on and hashes them.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes the members of an object one by one, so that the parts can be written on all cores
/// before.
struct Members<'a, W> {
    out: &'a mut W,
    depth: usize,
    first: bool,
}

impl<W: Write> Members<'_, W> {
    fn name(&mut self, name: &str) -> io::Result<()> {
        let comma = if std::mem::take(&mut self.first) { "" } else { "," };
        write!(self.out, "{comma}\n{:1$}\"{name}\": ", "", self.depth)
    }

    fn member(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
        self.name(name)?;
        let outline = Outline::new(self.depth, LINES_DEPTH);
        value.serialize(&mut Serializer::with_formatter(&mut *self.out, outline))?;
        Ok(())
    }
}
