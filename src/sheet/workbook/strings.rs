use super::super::{MAX_CELL_BYTES, MAX_CELLS, SheetError};

/// The most bytes of all shared strings.
const MAX_TEXT: usize = 256 << 20;

/// The strings that the cells of a workbook share, in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    texts: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Adds the next string; its index.
    ///
    /// # Errors
    /// [`SheetError`] beyond the limits of a string's length, their number and all their text.
    pub(super) fn push(&mut self, text: &str) -> Result<u32, SheetError> {
        if text.len() > MAX_CELL_BYTES {
            let problem = format!(
                "a shared string has {} bytes; a cell of a ledger has at most {MAX_CELL_BYTES}",
                text.len()
            );
            return Err(SheetError::Damaged(problem));
        }
        if self.ends.len() >= MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
        if self.texts.len() + text.len() > MAX_TEXT {
            return Err(SheetError::Inflates { limit: "256 MiB of shared text" });
        }
        self.texts.push_str(text);
        self.ends.push(self.texts.len() as u32);
        Ok(self.ends.len() as u32 - 1)
    }

    /// The string at `index`, 0-based, to which a cell of row `line` refers.
    ///
    /// # Errors
    /// [`SheetError::Damaged`] when there is none.
    pub(super) fn get(&self, index: usize, line: u64) -> Result<&str, SheetError> {
        let missing = || {
            let count = self.ends.len();
            let problem = format!("row {line} refers to shared string {index} of {count}");
            SheetError::Damaged(problem)
        };
        let end = *self.ends.get(index).ok_or_else(missing)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Ok(&self.texts[start..end])
    }
}
