//! Operations that name what they act on by an index into what there is, so that every part of a
//! sequence means something and a failing one shrinks.

use proptest::prelude::*;

/// Clients of a sequence.
pub const CLIENTS: usize = 2;

/// Invoices that either client may sell.
pub const INVOICES: usize = 3;

/// The person who pays out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Who {
    /// Another one than the person who accepted.
    Second,
    /// The person who accepted, with an administrator's key.
    Same,
    /// The underwriter, who may not.
    Underwriter,
}

/// The way in which a request is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sent {
    Once,
    /// Again to the other server under its idempotency key.
    Repeated,
    /// To both servers at once, as two requests.
    Raced,
}

#[derive(Debug, Clone)]
pub enum What {
    /// Sell an invoice under a spelling, naming what was charged back or not.
    Sell {
        client: usize,
        invoice: usize,
        spelling: usize,
        names: bool,
    },
    /// Accept an offer.
    Accept {
        offer: usize,
    },
    Fund {
        purchase: usize,
        who: Who,
    },
    Withdraw {
        purchase: usize,
    },
    /// Pay a percentage of the amount; a line of the bank has a reference, 0 is none.
    Pay {
        position: usize,
        percent: i64,
        line: usize,
    },
    Settle {
        position: usize,
    },
    UndoPayment {
        payment: usize,
    },
    UndoSettlement {
        position: usize,
    },
    UndoPurchase {
        position: usize,
    },
    /// Another account number.
    Account {
        client: usize,
        number: usize,
    },
    Call {
        client: usize,
    },
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub what: What,
    pub sent: Sent,
}

pub fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 16..44)
}

fn operation() -> impl Strategy<Value = Operation> {
    let sent =
        prop_oneof![5 => Just(Sent::Once), 1 => Just(Sent::Repeated), 2 => Just(Sent::Raced)];
    (what(), sent).prop_map(|(what, sent)| Operation { what, sent })
}

fn what() -> impl Strategy<Value = What> {
    let any = || 0..64_usize;
    let who =
        prop_oneof![6 => Just(Who::Second), 1 => Just(Who::Same), 1 => Just(Who::Underwriter)];
    let percent = prop_oneof![2 => 1..100_i64, 2 => Just(100), 1 => Just(150)];
    prop_oneof![
        7 => (0..CLIENTS, 0..INVOICES, 0..3_usize, prop::bool::ANY).prop_map(
            |(client, invoice, spelling, names)| What::Sell { client, invoice, spelling, names }
        ),
        3 => any().prop_map(|offer| What::Accept { offer }),
        7 => (any(), who).prop_map(|(purchase, who)| What::Fund { purchase, who }),
        1 => any().prop_map(|purchase| What::Withdraw { purchase }),
        5 => (any(), percent, prop_oneof![1 => Just(0), 1 => 1..3_usize])
            .prop_map(|(position, percent, line)| What::Pay { position, percent, line }),
        4 => any().prop_map(|position| What::Settle { position }),
        3 => any().prop_map(|payment| What::UndoPayment { payment }),
        2 => any().prop_map(|position| What::UndoSettlement { position }),
        3 => any().prop_map(|position| What::UndoPurchase { position }),
        1 => (0..CLIENTS).prop_map(|client| What::Account { client, number: 0 }),
        2 => (0..CLIENTS).prop_map(|client| What::Call { client }),
    ]
}
