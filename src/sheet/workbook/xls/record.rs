//! Records of BIFF8: a number for the type, a length, and that many bytes.

use super::super::super::SheetError;

pub(super) const BOF: u16 = 0x0809;
pub(super) const BOOL_ERR: u16 = 0x0205;
pub(super) const BOUND_SHEET: u16 = 0x0085;
pub(super) const CONTINUE: u16 = 0x003C;
pub(super) const DATE_MODE: u16 = 0x0022;
pub(super) const EOF: u16 = 0x000A;
pub(super) const FILE_PASS: u16 = 0x002F;
pub(super) const FORMAT: u16 = 0x041E;
pub(super) const FORMULA: u16 = 0x0006;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const LABEL_SST: u16 = 0x00FD;
pub(super) const MUL_RK: u16 = 0x00BD;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const RK: u16 = 0x027E;
pub(super) const ROW: u16 = 0x0208;
pub(super) const RICH_LABEL: u16 = 0x00D6;
pub(super) const SST: u16 = 0x00FC;
pub(super) const STRING: u16 = 0x0207;
pub(super) const XF: u16 = 0x00E0;

/// The little-endian number in the two bytes at `at`; `None` beyond the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

/// The little-endian number in the four bytes at `at`; `None` beyond the end.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// A record without the records that continue it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
}

/// An iterator over the records of a stream.
#[derive(Clone)]
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// Creates an iterator from the beginning of `stream`.
    pub(super) fn new(stream: &'a [u8]) -> Self {
        Self { stream, at: 0 }
    }

    /// The number of bytes read so far.
    pub(super) fn read_bytes(&self) -> usize {
        self.at
    }

    /// The next record.
    ///
    /// # Errors
    /// If the stream ends before the record does.
    pub(super) fn next(&mut self) -> Result<Record<'a>, SheetError> {
        let cut = || SheetError::Damaged("its records are incomplete".to_owned());
        let kind = u16_at(self.stream, self.at).ok_or_else(cut)?;
        let length = usize::from(u16_at(self.stream, self.at + 2).ok_or_else(cut)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start + length).ok_or_else(cut)?;
        self.at = start + length;
        Ok(Record { kind, data })
    }

    /// The data of `record`, which was read last, and of the records that continue it.
    ///
    /// # Errors
    /// As [`Records::next`].
    pub(super) fn continued(&mut self, record: Record<'a>) -> Result<Vec<&'a [u8]>, SheetError> {
        let mut pieces = vec![record.data];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            pieces.push(self.next()?.data);
        }
        Ok(pieces)
    }
}

/// The error for a record that is too short for what it holds.
pub(super) fn too_short(kind: &str) -> SheetError {
    SheetError::Damaged(format!("a record of type {kind} is too short"))
}
