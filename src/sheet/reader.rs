use std::borrow::Cow;

use super::file_error::FileError;

/// Knowledge about the meaning of cells, needed where the bytes alone do not decide.
pub trait Reader {
    /// The number of known column names among the cells of a record.
    ///
    /// The delimiter under which a record has the most is that of the file.
    fn columns_named(&self, cells: &[Cow<'_, str>]) -> usize;

    /// The reason a JSON document with these members is not a table at all, if it is not.
    ///
    /// Each member comes with its value as written.
    fn refuses(&self, file: &str, members: &[(String, &str)]) -> Option<FileError>;
}
