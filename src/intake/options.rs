use basics::Currency;

use super::guidance::Guidance;

/// What to assume where a row is silent.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// Currency of rows that name none.
    pub currency: Currency,
    /// Days from issue to due date where a row has only one of them.
    pub assumed_terms_days: u16,
    /// Client of rows that name none.
    pub client: String,
    /// What the user says about how the files are to be read.
    pub guidance: Guidance,
}
