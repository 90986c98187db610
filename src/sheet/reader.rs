use std::borrow::Cow;

use super::file_error::FileError;

/// What whoever reads the cells knows of them, where the bytes alone do not decide.
pub trait Reader {
    /// How many columns a record of these cells names: the delimiter under which it names the most
    /// is the file's.
    fn columns_named(&self, cells: &[Cow<'_, str>]) -> usize;

    /// Why a JSON document with these members, each with its value as written, is no table at all.
    fn refuses(&self, file: &str, members: &[(String, &str)]) -> Option<FileError>;
}
