use super::super::{MAX_CELL_BYTES, MAX_CELLS, SheetError};

/// The most bytes of all shared strings together.
const MAX_TEXT: usize = 256 << 20;

/// The strings that the cells of a workbook share, in one allocation.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    texts: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Adds the next string and returns its index.
    ///
    /// # Errors
    /// If the string is too long, or if there are too many strings or too much text.
    pub(super) fn push(&mut self, text: &str) -> Result<u32, SheetError> {
        if text.len() > MAX_CELL_BYTES {
            let problem =
                format!("a shared string has {} bytes; the limit is {MAX_CELL_BYTES}", text.len());
            return Err(SheetError::Damaged(problem));
        }
        if self.ends.len() >= MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
        if self.texts.len() + text.len() > MAX_TEXT {
            return Err(SheetError::Inflates { limit: "256 MiB of shared text" });
        }
        self.texts.push_str(text);
        // `MAX_TEXT` and `MAX_CELLS` fit in 32 bits.
        self.ends.push(self.texts.len() as u32);
        Ok(self.ends.len() as u32 - 1)
    }

    /// The string at the 0-based `index`, to which a cell of row `line` refers.
    ///
    /// # Errors
    /// If there is no such string.
    pub(super) fn get(&self, index: usize, line: u64) -> Result<&str, SheetError> {
        let missing = || {
            let count = self.ends.len();
            SheetError::Damaged(format!(
                "row {line} refers to shared string {index}, but there are {count}"
            ))
        };
        let end = *self.ends.get(index).ok_or_else(missing)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Ok(&self.texts[start..end])
    }
}
