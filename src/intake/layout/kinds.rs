//! Kinds of tables, documents and statuses.

/// Kind of table: what each of its rows is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An invoice.
    #[default]
    Invoices,
    /// A line item of an invoice.
    Lines,
    /// A document of any kind, with its open balance.
    OpenItems,
    /// A payment of an invoice, together with that invoice.
    InvoicePayments,
    /// A payment, or its application to one invoice.
    Payments,
    /// A debit or credit entry.
    Entries,
    /// A debtor.
    Customers,
}

/// Kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An invoice, unless its amount is negative.
    Invoice,
    /// A credit note.
    CreditNote,
    /// Cash.
    Payment,
    /// A bad debt.
    WriteOff,
    /// A journal entry.
    Adjustment,
    /// A supplier's document: a payable.
    Payable,
    /// None of these; its row is classified as other.
    Other,
}

impl DocumentKind {
    const KINDS: [(&str, Self); 7] = [
        ("invoice", Self::Invoice),
        ("credit_note", Self::CreditNote),
        ("payment", Self::Payment),
        ("write_off", Self::WriteOff),
        ("adjustment", Self::Adjustment),
        ("payable", Self::Payable),
        ("other", Self::Other),
    ];

    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::KINDS.into_iter().map(|(name, _)| name)
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::KINDS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}

/// Kind of status of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// Not yet, or no longer, a claim.
    VoidOrDraft,
    /// Disputed by the debtor.
    Disputed,
    /// Written off as bad debt.
    WrittenOff,
    /// Paid in full.
    Paid,
    /// Sold or pledged to someone else.
    Assigned,
}

impl StatusKind {
    const KINDS: [(&str, Self); 5] = [
        ("void_or_draft", Self::VoidOrDraft),
        ("disputed", Self::Disputed),
        ("written_off", Self::WrittenOff),
        ("paid", Self::Paid),
        ("assigned", Self::Assigned),
    ];

    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::KINDS.into_iter().map(|(name, _)| name)
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::KINDS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}
