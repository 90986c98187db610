use super::super::strings::SharedStrings;
use super::book::Book;

/// The parts of a workbook to which all of its worksheets refer.
pub(super) struct Shared {
    pub strings: SharedStrings,
    /// For every cell style, true if it shows a day.
    pub dates: Vec<bool>,
    pub book: Book,
}
