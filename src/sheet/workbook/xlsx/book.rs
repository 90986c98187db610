use std::io::Read;

use super::super::super::SheetError;
use super::super::number::Calendar;
use super::super::xml::{Node, Xml, attribute, flag};
use super::super::{MAX_SHEETS, too_many_sheets};

/// The longest name of a worksheet that is kept.
const MAX_NAME: usize = 255;

/// The content of the part `workbook.xml`.
#[derive(Default)]
pub(super) struct Book {
    pub calendar: Calendar,
    /// True if formulas are to be calculated by the program that opens the workbook, so that a zero
    /// as the value of a formula is a placeholder.
    pub recalculates: bool,
    pub sheets: Vec<SheetEntry>,
}

/// A worksheet in the list of the workbook.
pub(super) struct SheetEntry {
    pub name: String,
    /// The identifier of the relationship to the worksheet's part.
    pub relation: String,
    pub hidden: bool,
}

/// Reads the part `workbook.xml`.
///
/// # Errors
/// If the XML is damaged or lists too many worksheets.
pub(super) fn read<R: Read>(mut xml: Xml<R>) -> Result<Book, SheetError> {
    let mut book = Book::default();
    loop {
        match xml.next()? {
            Node::Open(element) => match element.local_name().into_inner() {
                "workbookPr" if flag(&element, "date1904")? => book.calendar = Calendar::From1904,
                "calcPr" => book.recalculates = flag(&element, "fullCalcOnLoad")?,
                "sheet" => {
                    let name = attribute(&element, "name")?.unwrap_or_default();
                    let state = attribute(&element, "state")?;
                    book.sheets.push(SheetEntry {
                        name: name.chars().take(MAX_NAME).collect(),
                        relation: attribute(&element, "id")?.unwrap_or_default().into_owned(),
                        hidden: state.is_some_and(|state| state != "visible"),
                    });
                }
                _ => {}
            },
            Node::End => return Ok(book),
            _ => {}
        }
        if book.sheets.len() > MAX_SHEETS {
            return Err(too_many_sheets());
        }
    }
}
