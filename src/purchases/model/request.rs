//! What is asked of a desk, with everything named: an operation once its indices are resolved.

use chrono::NaiveDate;

use basics::{Amount, Currency};
use pricing::{LossCause, Recourse};

use super::desk::{Desk, Refused};
use crate::samples::{invoice, terms, usd};
use crate::{
    ClaimFacts, Deal, LineOverride, OfferedLine, OfferedPart, Payment, Priced, accepted, buyable_on,
};

pub const CLIENTS: usize = 2;

/// An invoice of a client, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub invoice: usize,
    /// True if the offer buys it.
    pub is_priced: bool,
}

/// An offer to a client, with the decisions of a person.
#[derive(Debug, Clone)]
pub struct Offer {
    pub client: usize,
    pub recourse: Recourse,
    pub lines: Vec<Line>,
    pub overrides: Vec<(usize, bool)>,
}

/// A request to the desk of a client; positions and payments by their ids.
#[derive(Debug, Clone)]
pub enum Request {
    Accept { offer: Offer, on: NaiveDate },
    Pay { client: usize, payment: Payment },
    Settle { client: usize, position: String, on: NaiveDate, cause: LossCause },
    UndoPayment { client: usize, payment: String, on: NaiveDate },
    UndoSettlement { client: usize, position: String, on: NaiveDate },
    UndoPurchase { client: usize, position: String, on: NaiveDate },
}

/// The amount of an invoice in minor units; 80 % of it is advanced.
pub fn face(invoice: usize) -> i64 {
    100_000 + 10_007 * i64::try_from(invoice).expect("few")
}

/// 80 %, rounded down.
pub fn advance(amount: i64) -> i64 {
    amount * 4 / 5
}

pub fn number(invoice: usize) -> String {
    format!("INV-{invoice}")
}

impl Offer {
    /// The invoices that it buys.
    pub fn buys(&self) -> Vec<usize> {
        let buys = |line: &&Line| {
            let decided = self.overrides.iter().rev().find(|(own, _)| *own == line.invoice);
            decided.map_or(line.is_priced, |(_, buys)| *buys)
        };
        self.lines.iter().filter(buys).map(|line| line.invoice).collect()
    }

    fn part(&self) -> OfferedPart {
        let line = |own: &Line| OfferedLine {
            debtor_id: "D1".to_owned(),
            invoice_number: number(own.invoice),
            due: invoice("", self.recourse).due_on,
            recourse_by: None,
            open: usd(face(own.invoice)),
            facts: ClaimFacts::default(),
            priced: own.is_priced.then(|| Priced {
                amount: usd(face(own.invoice)),
                advance: usd(advance(face(own.invoice))),
            }),
        };
        OfferedPart {
            currency: Currency::USD,
            terms: terms(self.recourse),
            advance_rate: basics::Rate::from_percent(rust_decimal::Decimal::from(80)),
            lines: self.lines.iter().map(line).collect(),
        }
    }

    fn accept(&self, desk: &mut Desk, on: NaiveDate) -> Result<(), Refused> {
        let decided = |(own, buys): &(usize, bool)| LineOverride {
            debtor_id: "D1".to_owned(),
            invoice_number: number(*own),
            buys: *buys,
        };
        let overrides: Vec<_> = self.overrides.iter().map(decided).collect();
        let all = accepted(vec![self.part()], &overrides)?;
        buyable_on(&all, on)?;
        let deal =
            Deal { client_id: desk.books.client_id.clone(), offer_id: Some("offer".to_owned()) };
        let mut bought = Vec::new();
        for lot in all {
            // The desk gives the ids.
            for agreed in lot.agreed(&deal, || Ok::<_, Refused>(String::new()))? {
                bought.push(agreed.invoice.funded(on)?.invoice);
            }
        }
        desk.buy(bought)
    }
}

impl Request {
    pub fn client(&self) -> usize {
        match self {
            Self::Accept { offer, .. } => offer.client,
            Self::Pay { client, .. }
            | Self::Settle { client, .. }
            | Self::UndoPayment { client, .. }
            | Self::UndoSettlement { client, .. }
            | Self::UndoPurchase { client, .. } => *client,
        }
    }

    /// Asks it of the client's desk.
    pub fn ask(&self, desk: &mut Desk) -> Result<(), Refused> {
        match self {
            Self::Accept { offer, on } => offer.accept(desk, *on),
            Self::Pay { payment, .. } => desk.pay(payment).map(drop),
            Self::Settle { position, on, cause, .. } => desk.settle(position, *on, *cause),
            Self::UndoPayment { payment, on, .. } => desk.undo_payment(payment, *on),
            Self::UndoSettlement { position, on, .. } => desk.undo_settlement(position, *on),
            Self::UndoPurchase { position, on, .. } => desk.undo_purchase(position, *on),
        }
    }
}

/// A payment of so many minor units on an invoice of the debtor.
pub fn payment(invoice_number: String, minor: i64, received_on: NaiveDate) -> Payment {
    Payment {
        invoice_number,
        debtor_id: Some("D1".to_owned()),
        amount: Amount(usd(minor).to_decimal()),
        currency: Some(Currency::USD),
        received_on,
        reference: String::new(),
        account: String::new(),
        duplicate_of: None,
    }
}
