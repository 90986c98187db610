use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money};

/// What is different from the client's previous ledger, of one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerChange {
    /// What kind of difference.
    pub change: ChangeKind,
    /// Its number.
    pub invoice_number: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// As it was.
    pub before: InvoiceFacts,
    /// As it is; absent when it is not there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<InvoiceFacts>,
}

/// Dates and amount of an invoice in one of two ledgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceFacts {
    /// Issue date.
    pub invoice_date: NaiveDate,
    /// Due date.
    pub due_date: NaiveDate,
    /// Original amount.
    pub face: Money,
    /// Still owed at that ledger's date.
    pub open: Money,
}

/// Kinds of differences, each a known way of making a ledger look better than it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The same number and amount, dated or due later: re-aging.
    ReDated,
    /// The same number with another amount.
    AmountChanged,
    /// Closed then, open now.
    Reopened,
    /// Open then, in no ledger now.
    Vanished,
}

impl ChangeKind {
    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::ReDated => "dated or due later than before",
            Self::AmountChanged => "another amount than before",
            Self::Reopened => "closed before, open again",
            Self::Vanished => "open before, not there any more",
        }
    }

    /// The kind of what became of an invoice; `None` where nothing is odd.
    pub fn of(before: &InvoiceFacts, now: Option<&InvoiceFacts>) -> Option<Self> {
        let was_open = before.open.minor() > 0;
        let Some(now) = now else { return was_open.then_some(Self::Vanished) };
        // A report of balances shows what is left as the amount.
        let is_balance = now.face == now.open && before.face == before.open;
        if now.face != before.face && !(is_balance && now.face.minor() < before.face.minor()) {
            return Some(Self::AmountChanged);
        }
        if now.invoice_date > before.invoice_date || now.due_date > before.due_date {
            return Some(Self::ReDated);
        }
        (!was_open && now.open.minor() > 0).then_some(Self::Reopened)
    }
}

impl LedgerChange {
    /// Currency of its amounts.
    pub fn currency(&self) -> Currency {
        self.before.face.currency()
    }
}
