use std::borrow::Cow;

use sheet::{FileError, Reader, Text};

use super::field::Columns;
use super::{layout, own_output};

/// The knowledge of ledger columns that reading a file needs.
pub struct KnownColumns;

impl Reader for KnownColumns {
    fn columns_named(&self, cells: &[Cow<'_, str>]) -> usize {
        // Layouts know names of columns that mean nothing in general.
        Columns::recognised(cells).max(layout::spelled(cells))
    }

    fn refuses(&self, file: &str, members: &[(String, &str)]) -> Option<FileError> {
        own_output::of_members(members).map(|output| output.refused(file))
    }
}

/// Reads delimited text as a sheet; `file` is named in errors.
///
/// # Errors
/// If the text has more rows or columns than are read, or a quote that takes in the rows below it.
pub fn read_text(file: &str, bytes: &[u8]) -> Result<Text, FileError> {
    sheet::read_text(file, bytes, &KnownColumns)
}
