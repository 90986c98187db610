use basics::Currency;

use super::guidance::Guidance;

/// Assumptions for rows that leave something out, and instructions on how to read the files.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// Currency of rows that name none.
    pub currency: Currency,
    /// Days from issue date to due date, where a row has only one of the two.
    pub assumed_terms_days: u16,
    /// Client of rows that name none.
    pub client: String,
    /// The user's instructions on how to read the files.
    pub guidance: Guidance,
}
