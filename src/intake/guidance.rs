use std::path::PathBuf;

use basics::Currency;

use super::notation::{DateOrder, Decimal};

/// What the user says about how the files are to be read; everything is found out otherwise.
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
    /// Whether nothing is said about columns and notation.
    pub fn leaves_reading_open(&self) -> bool {
        self.layout.is_none()
            && self.mapping.is_none()
            && self.date_order.is_none()
            && self.decimal.is_none()
    }
}

/// Where what the user knows of debtors is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DebtorFile {
    /// A file for this ledger: a name that it does not have is a mistake, and is warned of.
    Own(PathBuf),
    /// A register of the debtors of all clients.
    Register(PathBuf),
}
