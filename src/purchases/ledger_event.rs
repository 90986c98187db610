use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::Money;

use super::invoice::BoughtInvoice;
use super::payment::{AppliedTo, Collection};
use super::{Position, SettledPosition};

/// The kind of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// An invoice was bought: its advance was paid, the rest is held as reserve.
    Purchase,
    /// A debtor paid a bought invoice, in part or in full.
    Collection,
    /// A debtor paid something that was not bought; the cash belongs to the client.
    Unapplied,
    /// A debtor paid part of the factor's loss; the cash belongs to the factor.
    Recovery,
    /// An invoice was settled: the fee was taken and the rest of the reserve paid out.
    Settlement,
}

/// Something that happened between client, debtor and factor, before the events are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEvent {
    /// The id of the position, or of the collection.
    pub id: String,
    /// The day on which it happened.
    pub date: NaiveDate,
    /// The kind of event.
    pub kind: EntryKind,
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// Amount bought, paid or settled.
    pub amount: Money,
    /// The advance, for purchases and settlements.
    pub advance: Money,
    /// Charges of a purchase.
    pub charges: Money,
    /// Fee of a settlement.
    pub fee: Money,
    /// The part of a shortfall that the client bears.
    pub chargeback: Money,
    /// The part of a shortfall that the factor bears.
    pub factor_loss: Money,
    /// The rebate of a settlement, or an unapplied payment. Negative if the client owes it.
    pub to_client: Money,
}

/// Returns everything that has happened to a client's positions, and the payments that belong to
/// none of them.
pub fn events(positions: &[Position], collections: &[Collection]) -> Vec<LedgerEvent> {
    let mut all: Vec<LedgerEvent> =
        positions.iter().map(|position| LedgerEvent::purchase(position.invoice())).collect();
    for position in positions {
        if let Position::Settled(settled) = position {
            all.push(LedgerEvent::settlement(settled));
        }
    }
    all.extend(collections.iter().map(LedgerEvent::collection));
    all
}

impl LedgerEvent {
    fn purchase(own: &BoughtInvoice) -> Self {
        let plain = Self::plain(EntryKind::Purchase, own.purchased_on, own);
        Self { charges: own.prepaid, ..plain }
    }

    fn settlement(settled: &SettledPosition) -> Self {
        let SettledPosition { invoice, settlement, .. } = settled;
        Self {
            fee: settlement.fee,
            chargeback: settlement.chargeback,
            factor_loss: settlement.factor_loss,
            to_client: settlement.rebate,
            ..Self::plain(EntryKind::Settlement, settlement.on, invoice)
        }
    }

    /// An event of a position, without amounts beside its own.
    fn plain(kind: EntryKind, date: NaiveDate, own: &BoughtInvoice) -> Self {
        let zero = Money::zero(own.amount.currency());
        Self {
            id: own.id.clone(),
            date,
            kind,
            debtor_id: own.debtor_id.clone(),
            invoice_number: own.invoice_number.clone(),
            amount: own.amount,
            advance: own.advance,
            charges: zero,
            fee: zero,
            chargeback: zero,
            factor_loss: zero,
            to_client: zero,
        }
    }

    fn collection(collection: &Collection) -> Self {
        let part = &collection.part;
        let zero = Money::zero(part.amount.currency());
        // A collection moves no money to the client: its share comes with the settlement.
        let (kind, to_client) = match part.applied_to {
            AppliedTo::Position(_) => (EntryKind::Collection, zero),
            AppliedTo::Loss(_) => (EntryKind::Recovery, zero),
            AppliedTo::Client => (EntryKind::Unapplied, part.amount),
        };
        Self {
            id: collection.id.clone(),
            date: part.received_on,
            kind,
            debtor_id: part.debtor_id.clone(),
            invoice_number: part.invoice_number.clone(),
            amount: part.amount,
            advance: zero,
            charges: zero,
            fee: zero,
            chargeback: zero,
            factor_loss: zero,
            to_client,
        }
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{day, open, usd};
    use super::*;
    use crate::PaymentPart;

    fn paid(applied_to: AppliedTo) -> Collection {
        let part = PaymentPart {
            applied_to,
            debtor_id: "D1".into(),
            invoice_number: "1".into(),
            amount: usd(70),
            received_on: day("2026-05-02"),
            reference: String::new(),
        };
        Collection { id: "c".into(), part }
    }

    #[test]
    fn an_open_position_was_bought_and_a_settled_one_has_ended_too() {
        let mut position = open("p", Recourse::NonRecourse);
        position.invoice.prepaid = usd(2_500);
        let bought = events(&[position.clone().into()], &[]);
        let [event] = bought.as_slice() else { panic!("one event: {bought:?}") };
        assert_eq!((event.kind, event.date), (EntryKind::Purchase, day("2026-01-01")));
        assert_eq!((event.amount, event.advance), (usd(100_000), usd(80_000)));
        assert_eq!((event.charges, event.to_client), (usd(2_500), usd(0)));
        let lost = position.settle(day("2026-04-02"), Some(LossCause::Credit)).expect("settled");
        let both = events(&[lost.into()], &[]);
        assert_eq!(both[0], bought[0], "what comes later changes nothing earlier");
        assert_eq!((both[1].kind, both[1].date), (EntryKind::Settlement, day("2026-04-02")));
        assert_eq!((both[1].fee, both[1].factor_loss), (usd(10_000), usd(90_000)));
        assert_eq!((both[1].charges, both[1].to_client), (usd(0), usd(0)));
    }

    #[test]
    fn only_what_is_not_applied_is_the_clients() {
        let of = |applied_to| {
            let all = events(&[], &[paid(applied_to)]);
            (all[0].kind, all[0].amount, all[0].to_client)
        };
        let id = || "p".to_owned();
        assert_eq!(of(AppliedTo::Position(id())), (EntryKind::Collection, usd(70), usd(0)));
        assert_eq!(of(AppliedTo::Loss(id())), (EntryKind::Recovery, usd(70), usd(0)));
        assert_eq!(of(AppliedTo::Client), (EntryKind::Unapplied, usd(70), usd(70)));
    }

    #[test]
    fn kinds_keep_their_words() {
        let words = [
            (EntryKind::Purchase, "\"purchase\""),
            (EntryKind::Collection, "\"collection\""),
            (EntryKind::Unapplied, "\"unapplied\""),
            (EntryKind::Recovery, "\"recovery\""),
            (EntryKind::Settlement, "\"settlement\""),
        ];
        for (kind, word) in words {
            assert_eq!(serde_json::to_string(&kind).expect("JSON"), word);
        }
        assert!(words.is_sorted_by_key(|(kind, _)| *kind), "of one day, in this order");
    }
}
