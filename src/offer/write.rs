use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Serializer;
use sha2::{Digest, Sha256};

use basics::{Outline, hex};

use super::document::{Offer, OfferPart};
use super::envelope::Envelope;
use super::provenance::Provenance;

/// The nesting depth of a part's lines: document, offer, parts, part, lines.
pub(super) const LINES_DEPTH: usize = 5;

/// Writes `offer.json`: the envelope, the offer, its id (the SHA-256 of the text of the offer
/// there) and its provenance, one invoice per line.
///
/// # Errors
/// If the writer fails, or if a value cannot be written as JSON.
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
    // An estimate: growing step by step copies a part of many lines again and again.
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
        // A writer may take less than it is given: only what went out belongs to the hash.
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

#[cfg(test)]
mod tests {
    use super::super::samples::{
        currency, document, input, listed, listed_with, offer, part, pool_in, provenance,
        solved_with, wire,
    };
    use super::super::{OfferFile, OfferPart};
    use super::*;
    use policy::Policy;

    /// Read by the types that wrote it, and written again by them.
    fn written_again(text: &str) -> String {
        let file = OfferFile::read(text).expect("an offer");
        let mut again = Vec::new();
        let offer = file.offer().expect("of the types that wrote it");
        offer_json(&file.envelope, &offer, &provenance(), &mut again).expect("JSON");
        String::from_utf8(again).expect("UTF-8")
    }

    fn part_in(policy: &Policy, code: &str) -> OfferPart {
        input(policy, pool_in(currency(code))).part().expect("a part")
    }

    #[test]
    fn a_document_that_is_read_and_written_again_is_the_same_to_the_byte() {
        for policy in [listed(), solved_with(""), listed_with(&wire("9000"))] {
            for code in ["USD", "JPY", "KWD"] {
                let text = document(&offer(&policy, vec![part_in(&policy, code)]));
                assert_eq!(written_again(&text), text, "{code}");
            }
            let both = vec![part_in(&policy, "EUR"), part_in(&policy, "USD")];
            let text = document(&offer(&policy, both));
            assert_eq!(written_again(&text), text);
        }
        let empty = document(&offer(&listed(), Vec::new()));
        assert!(empty.contains("\"parts\": [],\n"), "{empty}");
        assert_eq!(written_again(&empty), empty);
    }

    #[test]
    fn the_id_is_the_hash_of_the_offer_as_it_stands() {
        let text = document(&offer(&listed(), vec![part(&listed())]));
        let after = text.split_once("\"offer\": ").expect("an offer").1;
        let (body, rest) = after.split_once(",\n \"offer_id\": ").expect("an id");
        let id = format!("\"{}\",", hex(&Sha256::digest(body.as_bytes())));
        assert!(rest.starts_with(&id), "{rest}");
    }

    #[test]
    fn each_invoice_has_a_line_of_its_own() {
        let text = document(&offer(&listed(), vec![part(&listed())]));
        let lines =
            text.lines().filter(|line| line.trim_start().starts_with("{\"invoice_number\""));
        assert_eq!(lines.filter(|line| line.contains("\"collected_90\"")).count(), 4);
        assert!(text.starts_with("{\n \"envelope\": {") && text.ends_with("}\n"));
    }

    #[test]
    fn what_the_writer_refuses_is_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let offer = offer(&listed(), Vec::new());
        let refused = offer_json(&Envelope::default(), &offer, &provenance(), Full);
        assert_eq!(refused.expect_err("no room").kind(), io::ErrorKind::StorageFull);
    }

    /// A writer that takes little at once: no byte is hashed twice or left out.
    #[test]
    fn what_is_written_piece_by_piece_is_hashed_once() {
        struct Slow(Vec<u8>);
        impl Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let taken = bytes.len().min(3);
                self.0.extend_from_slice(&bytes[..taken]);
                Ok(taken)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let offer = offer(&listed(), vec![part(&listed())]);
        let mut slow = Slow(Vec::new());
        offer_json(&Envelope::default(), &offer, &provenance(), &mut slow).expect("JSON");
        let text = String::from_utf8(slow.0).expect("UTF-8");
        OfferFile::read(&text).expect("its id fits");
    }
}
