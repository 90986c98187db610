use std::borrow::Cow;

use sheet::{FileError, Reader, Text};

use super::field::Columns;
use super::{layout, own_output};

/// What the reading of files has to know of the columns of ledgers.
pub struct KnownColumns;

impl Reader for KnownColumns {
    fn columns_named(&self, cells: &[Cow<'_, str>]) -> usize {
        Columns::recognised(cells).max(layout::spelled(cells))
    }

    fn refuses(&self, file: &str, members: &[(String, &str)]) -> Option<FileError> {
        own_output::of_members(members).map(|output| output.refused(file))
    }
}

/// Delimited text as a sheet; `file` is named in errors.
///
/// # Errors
/// [`FileError`].
pub fn read_text(file: &str, bytes: &[u8]) -> Result<Text, FileError> {
    sheet::read_text(file, bytes, &KnownColumns)
}
