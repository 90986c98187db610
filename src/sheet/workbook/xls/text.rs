//! Strings of BIFF8: a count, flags, and characters of one or two bytes.

use super::super::super::{MAX_CELL_BYTES, SheetError};
use super::record::too_short;

/// The flag for characters of two bytes.
const WIDE: u8 = 0x01;
/// The flag for phonetic data after the characters.
const PHONETIC: u8 = 0x04;
/// The flag for formatting of parts of the text.
const RICH: u8 = 0x08;

/// A reader of the data of a record and of the records that continue it.
pub(super) struct Reader<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Creates a reader from the data of each record.
    pub(super) fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self { pieces, piece: 0, at: 0 }
    }

    /// Returns true if nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        // In this order, so that empty pieces are looked at only once and not for every string.
        self.rest().is_empty()
            && self.pieces.iter().skip(self.piece + 1).all(|next| next.is_empty())
    }

    fn rest(&self) -> &'a [u8] {
        self.pieces.get(self.piece).and_then(|piece| piece.get(self.at..)).unwrap_or(&[])
    }

    fn next_piece(&mut self) -> Result<(), SheetError> {
        (self.piece, self.at) = (self.piece + 1, 0);
        if self.piece < self.pieces.len() { Ok(()) } else { Err(too_short("text")) }
    }

    /// The next byte.
    ///
    /// # Errors
    /// If nothing is left, here and in the other methods.
    pub(super) fn byte(&mut self) -> Result<u8, SheetError> {
        loop {
            if let Some(&byte) = self.rest().first() {
                self.at += 1;
                return Ok(byte);
            }
            self.next_piece()?;
        }
    }

    /// The number in the next two bytes.
    pub(super) fn number16(&mut self) -> Result<u16, SheetError> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// The number in the next four bytes.
    pub(super) fn number32(&mut self) -> Result<u32, SheetError> {
        Ok(u32::from(self.number16()?) | u32::from(self.number16()?) << 16)
    }

    /// Skips `count` bytes.
    pub(super) fn skip(&mut self, mut count: usize) -> Result<(), SheetError> {
        while count > self.rest().len() {
            count -= self.rest().len();
            self.next_piece()?;
        }
        self.at += count;
        Ok(())
    }

    /// A string with a count of one byte.
    pub(super) fn short_text(&mut self) -> Result<String, SheetError> {
        let count = usize::from(self.byte()?);
        self.flagged_text(count)
    }

    /// A string with a count of two bytes.
    pub(super) fn text(&mut self) -> Result<String, SheetError> {
        let count = usize::from(self.number16()?);
        self.flagged_text(count)
    }

    fn flagged_text(&mut self, count: usize) -> Result<String, SheetError> {
        let flags = self.byte()?;
        let fonts = if flags & RICH > 0 { usize::from(self.number16()?) } else { 0 };
        let phonetic = if flags & PHONETIC > 0 { self.number32()? as usize } else { 0 };
        let text = self.characters(count, flags)?;
        self.skip(fonts * 4)?;
        self.skip(phonetic.min(MAX_CELL_BYTES))?;
        Ok(text)
    }

    /// Reads characters. They may continue in the next record, which begins with flags of its own.
    fn characters(&mut self, count: usize, flags: u8) -> Result<String, SheetError> {
        let mut units: Vec<u16> = Vec::new();
        let mut flags = flags;
        while units.len() < count {
            if self.rest().is_empty() {
                self.next_piece()?;
                flags = self.byte()?;
            }
            let missing = count - units.len();
            let rest = self.rest();
            if flags & WIDE > 0 {
                let (chunks, _) = rest.as_chunks::<2>();
                let chunks = &chunks[..missing.min(chunks.len())];
                // A single byte is left: the format never splits a character between records.
                if chunks.is_empty() {
                    return Err(too_short("text"));
                }
                units.extend(chunks.iter().map(|chunk| u16::from_le_bytes(*chunk)));
                self.at += 2 * chunks.len();
            } else {
                let bytes = &rest[..missing.min(rest.len())];
                units.extend(bytes.iter().map(|&byte| u16::from(byte)));
                self.at += bytes.len();
            }
        }
        Ok(String::from_utf16_lossy(&units))
    }
}
