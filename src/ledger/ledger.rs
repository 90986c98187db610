use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use basics::{Currency, Day, DebtorFacts};
use intake::Reject;

use super::certificate::FootingCertificate;

/// A checked ledger.
///
/// `invoices`: `client`, `debtor` (UInt32 codes: index into `clients`, row of `debtors`), `number`
/// (String), `issue_date`, `due_date` (Date), `currency` (UInt32: index into `currencies`), `face`
/// (Int64 minor units), `disputed` (Boolean, null = the ledger does not say), `disputed_date`
/// (Date), `duplicate_number`, `issue_assumed`, `due_assumed` (Boolean), `file`, `line` (UInt32),
/// and `delivery_date` (Date), `po_number` and `job` (String) when a file has them.
///
/// `reductions`: `client`, `debtor`, `invoice` (UInt32 row of `invoices`, null = unapplied),
/// `date` (Date, null = the ledger gives none), `kind` (UInt32, the
/// [`code`](intake::ReductionKind::code)), `amount` (Int64 minor units, positive), `currency`,
/// `used_up` (Date: an unapplied credit note was used by then), `file`, `line`.
///
/// `debtors`: `client` (UInt32), `debtor_id`, `debtor_name`, `country` (String), and the other
/// [`DebtorFacts::COLUMNS`] of the user's debtor file: names (String), flags (Boolean), amounts
/// (String, major units); empty or null if the file does not state them.
#[derive(Debug)]
pub struct Ledger {
    /// One row per invoice, in canonical order.
    pub invoices: DataFrame,
    /// One row per reduction, in the order of the invoices.
    pub reductions: DataFrame,
    /// One row per client and debtor, ordered by both.
    pub debtors: DataFrame,
    /// Facts about each debtor beside its invoices, by row of `debtors`; `None` if there are none.
    pub told: Vec<Option<Box<DebtorFacts>>>,
    /// The names of debtors that have several, by row of `debtors`, each with its first issue date.
    pub several_names: BTreeMap<usize, Vec<(Day, String)>>,
    /// The ids or names that rows give to the customers that are joined into a debtor, by row of
    /// `debtors`.
    pub joined: BTreeMap<usize, Vec<String>>,
    /// The clients in order of their id, each with its rows in the frames.
    pub clients: Vec<ClientRows>,
    /// The currencies of the ledger, ordered by code.
    pub currencies: Vec<Currency>,
    /// Rejected rows, ordered by file and line.
    pub rejects: Vec<Reject>,
    /// Proof that every row and every amount is accounted for.
    pub certificate: FootingCertificate,
    /// The as-of date that a report states.
    pub stated_as_of: Option<NaiveDate>,
}

/// The rows of one client, as ranges of row numbers in the frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRows {
    /// The client's id; empty if neither the ledger nor the user names one.
    pub id: String,
    /// Rows of `invoices`.
    pub invoices: Range<usize>,
    /// Rows of `reductions`.
    pub reductions: Range<usize>,
    /// Rows of `debtors`.
    pub debtors: Range<usize>,
}
