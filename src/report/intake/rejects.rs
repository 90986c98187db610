use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::ReportError;

/// A rejected row, as in `rejects.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectEntry {
    /// The file name.
    pub file: String,
    /// The line in the file.
    pub line: u64,
    /// The column with the value.
    pub column: String,
    /// The value as it was found.
    pub value: String,
    /// The reason code.
    pub code: String,
    /// The reason in words.
    pub message: String,
}

/// Reads up to `most` rows of a `rejects.csv`, after skipping the first `from`.
///
/// # Errors
/// If the file cannot be read or is not a `rejects.csv` that this program wrote.
pub fn rejects_page(
    path: &Path,
    from: usize,
    most: usize,
) -> Result<Vec<RejectEntry>, ReportError> {
    let mut reader = csv::Reader::from_path(path)?;
    let rows = reader.deserialize().skip(from).take(most);
    Ok(rows.collect::<Result<_, csv::Error>>()?)
}
