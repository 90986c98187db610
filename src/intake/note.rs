use serde::Serialize;

/// An assumption or oddity, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// Its code, from a closed list.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl Note {
    /// Creates a note with this code.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The codes of readings that are used in more than one place.
pub mod reading {
    /// Whole numbers without a unit were taken as major units.
    pub const MAJOR_UNITS: &str = "major_units";
}

/// The codes of warnings.
pub mod warning {
    /// A grand total differs from the sum of the rows.
    pub const TOTAL_DIFFERS: &str = "total_differs";
    /// A total of several currencies, which cannot be checked.
    pub const TOTAL_UNCHECKED: &str = "total_unchecked";
    /// A subtotal differs from the sum of its rows.
    pub const SUBTOTAL_DIFFERS: &str = "subtotal_differs";
    /// The ageing buckets of an invoice differ from its open balance.
    pub const BUCKETS_DIFFER: &str = "buckets_differ";
    /// More is open than was invoiced.
    pub const OPEN_EXCEEDS_AMOUNT: &str = "open_exceeds_amount";
    /// Amount, payments and balance contradict each other.
    pub const BALANCE_DISAGREES: &str = "balance_disagrees";
    /// Invoices due before they were issued.
    pub const DUE_BEFORE_ISSUE: &str = "due_before_issue";
    /// Invoices issued after the as-of date.
    pub const FUTURE_DATED: &str = "future_dated";
    /// Invoices that share their number with another of the same debtor.
    pub const DUPLICATE_NUMBER: &str = "duplicate_number";
    /// Invoice numbers used by several debtors; valid.
    pub const SHARED_NUMBER: &str = "shared_number";
    /// Spellings joined as one debtor.
    pub const NAME_VARIANTS: &str = "name_variants";
    /// Names that differ only in the legal form; not joined.
    pub const MERGE_PROPOSAL: &str = "merge_proposal";
    /// Debtors with several names under one id.
    pub const SEVERAL_NAMES: &str = "several_names";
    /// Names in the debtor file that are not in the ledger.
    pub const UNKNOWN_DEBTOR: &str = "unknown_debtor";
    /// Answers of debtors about invoices that are not in the ledger.
    pub const UNKNOWN_INVOICE: &str = "unknown_invoice";
    /// Answers of debtors after the as-of date.
    pub const ANSWERS_LATER: &str = "answers_later";
    /// Confirmations that are older than the policy lets them count.
    pub const ANSWERS_EXPIRED: &str = "answers_expired";
    /// Confirmations that are dated before their invoices.
    pub const ANSWERS_EARLY: &str = "answers_early";
    /// Confirmations of more than the original amount of their invoices.
    pub const ANSWERS_ABOVE: &str = "answers_above";
    /// Reductions of invoices that are not in the files; kept unapplied.
    pub const UNMATCHED_SETTLEMENT: &str = "unmatched_settlement";
    /// Rows that are hidden in the workbook; read all the same.
    pub const HIDDEN_ROWS: &str = "hidden_rows";
    /// The file lists what the client owes.
    pub const PAYABLES: &str = "payables";
    /// A sheet or file without a ledger, left out.
    pub const IGNORED_SHEET: &str = "ignored_sheet";
    /// Unapplied credits of debtors that owe nothing, which reduce nothing that is bought.
    pub const IDLE_CREDIT: &str = "idle_credit";
    /// Draft or void documents, left out.
    pub const VOIDED: &str = "voided";
    /// Invoices payable to someone other than the client.
    pub const ALREADY_ASSIGNED: &str = "already_assigned";
    /// Most documents are negative: the export may show what debtors owe as negative.
    pub const MOSTLY_NEGATIVE: &str = "mostly_negative";
    /// Debits that are not invoices, left out.
    pub const OTHER_DEBITS: &str = "other_debits";
}
