use std::sync::LazyLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;
use words::{Catalogue, Facts};

/// The difference of one invoice from the client's earlier ledgers, or from an invoice that it
/// replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerChange {
    /// The kind of difference; of several, the one declared first.
    pub change: ChangeKind,
    /// The other kinds of the same invoice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ChangeKind>,
    /// Its number; that of the earlier ledger if it is no longer there.
    pub invoice_number: String,
    /// The number of the invoice that it replaces, if that was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// The debtor in the earlier ledger, if that was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debtor_before: Option<String>,
    /// The invoice in the earlier ledger, of several the one that shows its first dates, or the
    /// invoice that it replaces; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<InvoiceFacts>,
    /// The invoice in this ledger; absent if it is no longer there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The same invoice, dated or due later: re-ageing.
    ReDated,
    /// The same invoice with another amount, or with more of it open.
    AmountChanged,
    /// Closed then, open now.
    Reopened,
    /// The same invoice, owed by another debtor.
    DebtorChanged,
    /// Dated before an earlier ledger, which does not have it.
    Backdated,
    /// Billed anew what a credit has closed, to be due later.
    Rebilled,
    /// Open then, no longer in the ledger.
    Vanished,
}

static TITLES: LazyLock<[String; 7]> = LazyLock::new(|| {
    ChangeKind::ALL.map(|kind| {
        Catalogue::english().say(&format!("ledger_change.{}", kind.code()), &Facts::new())
    })
});

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::ReDated,
        Self::AmountChanged,
        Self::Reopened,
        Self::DebtorChanged,
        Self::Backdated,
        Self::Rebilled,
        Self::Vanished,
    ];

    /// Returns the code used in files and in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReDated => "re_dated",
            Self::AmountChanged => "amount_changed",
            Self::Reopened => "reopened",
            Self::DebtorChanged => "debtor_changed",
            Self::Backdated => "backdated",
            Self::Rebilled => "rebilled",
            Self::Vanished => "vanished",
        }
    }

    /// Returns the difference in words.
    pub fn title(self) -> &'static str {
        // Declared in the order of the list.
        &TITLES[self as usize]
    }
}

impl LedgerChange {
    /// Returns every kind of difference of the invoice.
    pub fn kinds(&self) -> impl Iterator<Item = ChangeKind> + '_ {
        std::iter::once(self.change).chain(self.also.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use basics::Currency;

    use super::super::samples::{day, is_whole, read_back, usd};
    use super::*;

    fn invoice() -> InvoiceFacts {
        InvoiceFacts {
            invoice_date: day("2026-05-01"),
            due_date: day("2026-06-01"),
            face: usd(100_000),
            open: usd(60_000),
        }
    }

    #[test]
    fn a_change_reads_back_in_its_currency() {
        let vanished = LedgerChange {
            change: ChangeKind::Vanished,
            also: Vec::new(),
            invoice_number: "A-1".to_owned(),
            replaces: None,
            debtor_id: "D1".to_owned(),
            debtor_name: "Debtor 1".to_owned(),
            debtor_before: None,
            before: Some(invoice()),
            now: None,
        };
        read_back(&vanished, Currency::USD);
        let text = serde_json::to_value(&vanished).expect("JSON");
        let members: Vec<&str> = text.as_object().expect("members").keys().map(|k| &**k).collect();
        assert!(!members.iter().any(|m| ["also", "replaces", "debtor_before", "now"].contains(m)));
        let moved = LedgerChange {
            change: ChangeKind::ReDated,
            also: vec![ChangeKind::DebtorChanged],
            debtor_before: Some("Debtor 2".to_owned()),
            now: Some(invoice()),
            ..vanished
        };
        read_back(&moved, Currency::USD);
        let text = serde_json::to_value(&moved).expect("JSON");
        assert_eq!(text["change"], "re_dated");
        assert_eq!(text["also"][0], "debtor_changed");
        assert_eq!(moved.kinds().count(), 2);
    }

    #[test]
    fn a_change_of_an_earlier_version_is_read() {
        let text = r#"{"change": "vanished", "invoice_number": "A-1", "debtor_id": "D1",
            "debtor_name": "Debtor 1", "before": {"invoice_date": "2026-05-01",
            "due_date": "2026-06-01", "face": "1000.00", "open": "600.00"}}"#;
        let read: LedgerChange =
            Money::reading_in(Currency::USD, || serde_json::from_str(text).expect("a change"));
        assert_eq!((read.change, read.before), (ChangeKind::Vanished, Some(invoice())));
    }

    #[test]
    fn every_kind_has_its_code_and_words() {
        for (at, kind) in ChangeKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at, "the order of the list");
            is_whole(kind.title());
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.code());
        }
    }
}
