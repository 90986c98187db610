use super::super::strings::SharedStrings;
use super::book::Book;

/// What all worksheets of a workbook refer to.
pub(super) struct Shared {
    pub strings: SharedStrings,
    /// For every cell style, whether it shows a day.
    pub dates: Vec<bool>,
    pub book: Book,
}
