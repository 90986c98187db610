use std::sync::LazyLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money};
use words::{Catalogue, Facts};

/// The difference of one invoice from the client's previous ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerChange {
    /// The kind of difference.
    pub change: ChangeKind,
    /// Its number.
    pub invoice_number: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// The invoice in the previous ledger.
    pub before: InvoiceFacts,
    /// The invoice in this ledger; absent if it is no longer there.
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
    /// Open then, no longer in the ledger.
    Vanished,
}

static TITLES: LazyLock<[String; 4]> = LazyLock::new(|| {
    ["re_dated", "amount_changed", "reopened", "vanished"]
        .map(|kind| Catalogue::english().say(&format!("ledger_change.{kind}"), &Facts::new()))
});

impl ChangeKind {
    /// Returns the difference in words.
    pub fn title(self) -> &'static str {
        let [re_dated, amount_changed, reopened, vanished] = &*TITLES;
        match self {
            Self::ReDated => re_dated,
            Self::AmountChanged => amount_changed,
            Self::Reopened => reopened,
            Self::Vanished => vanished,
        }
    }

    /// Returns the kind of difference between two states of an invoice; `None` if nothing is
    /// unusual.
    pub fn of(before: &InvoiceFacts, now: Option<&InvoiceFacts>) -> Option<Self> {
        let was_open = before.open.minor() > 0;
        // A report of open items leaves out what is paid, so only an open invoice is missed.
        let Some(now) = now else { return was_open.then_some(Self::Vanished) };
        // A report of open balances shows the balance as the amount, so a smaller one was paid
        // down.
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
    /// Returns the currency of its amounts.
    pub fn currency(&self) -> Currency {
        self.before.face.currency()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{day, is_whole, read_back, usd};
    use super::*;

    /// 1,000.00 of the first of May, due in June, of which 600.00 are open.
    fn invoice() -> InvoiceFacts {
        InvoiceFacts {
            invoice_date: day("2026-05-01"),
            due_date: day("2026-06-01"),
            face: usd(100_000),
            open: usd(60_000),
        }
    }

    fn became(now: InvoiceFacts) -> Option<ChangeKind> {
        ChangeKind::of(&invoice(), Some(&now))
    }

    #[test]
    fn what_was_open_and_is_in_no_ledger_has_vanished() {
        assert_eq!(ChangeKind::of(&invoice(), None), Some(ChangeKind::Vanished));
        let closed = InvoiceFacts { open: usd(0), ..invoice() };
        assert_eq!(ChangeKind::of(&closed, None), None, "a closed one may go");
    }

    #[test]
    fn only_a_later_date_is_re_aging() {
        let (issue, due) = (invoice().invoice_date, invoice().due_date);
        let dated =
            |invoice_date, due_date| became(InvoiceFacts { invoice_date, due_date, ..invoice() });
        let next = |date: NaiveDate| date.succ_opt().expect("a day");
        let before = |date: NaiveDate| date.pred_opt().expect("a day");
        assert_eq!(dated(issue, due), None);
        assert_eq!(dated(next(issue), due), Some(ChangeKind::ReDated));
        assert_eq!(dated(issue, next(due)), Some(ChangeKind::ReDated));
        assert_eq!(dated(before(issue), before(due)), None);
    }

    #[test]
    fn another_amount_is_one_unless_a_balance_has_shrunk() {
        let now =
            |face, open| became(InvoiceFacts { face: usd(face), open: usd(open), ..invoice() });
        assert_eq!(now(100_000, 0), None, "paid");
        assert_eq!(now(100_001, 60_000), Some(ChangeKind::AmountChanged));
        // 900.00 of which all is open: the earlier ledger showed that 1,000.00 was the amount.
        assert_eq!(now(90_000, 90_000), Some(ChangeKind::AmountChanged));
        let balance = |minor| InvoiceFacts { face: usd(minor), open: usd(minor), ..invoice() };
        let of = |before, now| ChangeKind::of(&balance(before), Some(&balance(now)));
        assert_eq!(of(100_000, 60_000), None, "a report of balances shows what is left");
        assert_eq!(of(60_000, 100_000), Some(ChangeKind::AmountChanged), "a balance that grew");
    }

    #[test]
    fn what_was_closed_and_is_open_is_reopened() {
        let closed = InvoiceFacts { open: usd(0), ..invoice() };
        let again =
            |open| ChangeKind::of(&closed, Some(&InvoiceFacts { open: usd(open), ..closed }));
        assert_eq!(again(1), Some(ChangeKind::Reopened));
        assert_eq!(again(0), None);
    }

    #[test]
    fn a_change_reads_back_in_its_currency() {
        let vanished = LedgerChange {
            change: ChangeKind::Vanished,
            invoice_number: "A-1".to_owned(),
            debtor_id: "D1".to_owned(),
            debtor_name: "Debtor 1".to_owned(),
            before: invoice(),
            now: None,
        };
        assert_eq!(vanished.currency(), Currency::USD);
        read_back(&vanished, vanished.currency());
        let re_dated =
            LedgerChange { change: ChangeKind::ReDated, now: Some(invoice()), ..vanished };
        read_back(&re_dated, Currency::USD);
        let text = serde_json::to_value(&re_dated).expect("JSON");
        assert_eq!(text["change"], "re_dated");
    }

    #[test]
    fn every_kind_is_put_into_words() {
        use ChangeKind::{AmountChanged, ReDated, Reopened, Vanished};
        for kind in [ReDated, AmountChanged, Reopened, Vanished] {
            is_whole(kind.title());
        }
    }
}
