use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::ReportError;

/// A row that was kept out, as `rejects.csv` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectEntry {
    /// The file.
    pub file: String,
    /// Its line there.
    pub line: u64,
    /// The column of the value.
    pub column: String,
    /// The value.
    pub value: String,
    /// Why, as a code.
    pub code: String,
    /// Why, in words.
    pub message: String,
}

/// `most` rows of a `rejects.csv` behind the first `from` ones.
///
/// # Errors
/// [`ReportError`] when the file is not one of ours.
pub fn rejects_page(
    path: &Path,
    from: usize,
    most: usize,
) -> Result<Vec<RejectEntry>, ReportError> {
    let mut reader = csv::Reader::from_path(path)?;
    let rows = reader.deserialize().skip(from).take(most);
    Ok(rows.collect::<Result<_, csv::Error>>()?)
}
