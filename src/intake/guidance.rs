use std::path::PathBuf;

use basics::Currency;

use super::notation::{DateOrder, Decimal};

/// The user's instructions on how to read the files; anything left out is detected.
#[derive(Debug, Clone, Default)]
pub struct Guidance {
    /// Name of the layout.
    pub layout: Option<String>,
    /// A mapping file.
    pub mapping: Option<PathBuf>,
    /// Order of day, month and year in dates that can be read in several ways.
    pub date_order: Option<DateOrder>,
    /// The mark before the decimals of amounts.
    pub decimal: Option<Decimal>,
    /// Currency of rows that name none; the policy's when absent.
    pub currency: Option<Currency>,
    /// Client of rows that name none.
    pub client: Option<String>,
    /// A file that says who the debtors are.
    pub debtors: Option<DebtorFile>,
}

impl Guidance {
    /// True if the user says nothing about columns and notation.
    pub fn leaves_reading_open(&self) -> bool {
        self.layout.is_none()
            && self.mapping.is_none()
            && self.date_order.is_none()
            && self.decimal.is_none()
    }
}

/// A file with the user's facts about debtors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DebtorFile {
    /// A file for this ledger: a name that is not in the ledger is a mistake and gets a warning.
    Own(PathBuf),
    /// A register of the debtors of all clients, of which a ledger has only some.
    Register(PathBuf),
}
