//! Operations that name what they act on by an index into what there is, so that every part of a
//! sequence means something and a failing one shrinks.

use chrono::{Days, NaiveDate};
use pricing::{LossCause, Recourse};
use proptest::prelude::*;

use super::reference::Reference;
use super::request::{CLIENTS, Line, Offer, Request, face, number, payment};
use crate::samples::day;

const INVOICES: usize = 4;

/// How much of what is to come is paid.
#[derive(Debug, Clone, Copy)]
pub enum Cents {
    Percent(i64),
    Rest,
    More,
}

/// A step; `late` are days behind the day of the sequence, so that steps come out of order.
#[derive(Debug, Clone)]
pub enum Operation {
    Offer { client: usize, recourse: Recourse, lines: Vec<(usize, bool)> },
    Override { offer: usize, line: usize, buys: bool },
    Accept { offer: usize, late: u64 },
    Pay { position: usize, cents: Cents, line: (usize, bool), late: u64 },
    Stray { client: usize, invoice: usize, late: u64 },
    Settle { position: usize, cause: LossCause, late: u64 },
    UndoPayment { payment: usize, late: u64 },
    UndoSettlement { position: usize, late: u64 },
    UndoPurchase { position: usize, late: u64 },
    Again,
}

pub fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 1..40)
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation as Op;
    let any = || 0..64_usize;
    let late = || prop_oneof![2 => Just(0), 1 => 0..15_u64];
    let recourse = prop_oneof![Just(Recourse::Full), Just(Recourse::NonRecourse)];
    let cause = prop_oneof![2 => Just(LossCause::Credit), 1 => Just(LossCause::Dilution)];
    let cents = prop_oneof![
        2 => (1..100_i64).prop_map(Cents::Percent),
        2 => Just(Cents::Rest),
        1 => Just(Cents::More)
    ];
    let lines = prop::collection::vec((0..INVOICES, prop::bool::weighted(0.7)), 1..4);
    prop_oneof![
        2 => (0..CLIENTS, recourse, lines)
            .prop_map(|(client, recourse, lines)| Op::Offer { client, recourse, lines }),
        1 => (any(), any(), prop::bool::ANY)
            .prop_map(|(offer, line, buys)| Op::Override { offer, line, buys }),
        3 => (any(), late()).prop_map(|(offer, late)| Op::Accept { offer, late }),
        5 => (any(), cents, (0..6_usize, prop::bool::weighted(0.3)), late()).prop_map(
            |(position, cents, line, late)| Op::Pay { position, cents, line, late }
        ),
        1 => (0..CLIENTS, 0..INVOICES, late())
            .prop_map(|(client, invoice, late)| Op::Stray { client, invoice, late }),
        2 => (any(), cause, late())
            .prop_map(|(position, cause, late)| Op::Settle { position, cause, late }),
        3 => (any(), late()).prop_map(|(payment, late)| Op::UndoPayment { payment, late }),
        2 => (any(), late()).prop_map(|(position, late)| Op::UndoSettlement { position, late }),
        1 => (any(), late()).prop_map(|(position, late)| Op::UndoPurchase { position, late }),
        1 => Just(Op::Again),
    ]
}

/// Turns operations into requests.
#[derive(Debug, Default)]
pub struct Resolver {
    offers: Vec<Offer>,
    last: Option<Request>,
    steps: u64,
}

impl Resolver {
    /// Returns the request of an operation; `None` if there is nothing yet that it could mean.
    pub fn request(&mut self, operation: &Operation, reference: &Reference) -> Option<Request> {
        self.steps += 1;
        let request = self.resolved(operation, reference)?;
        self.last = Some(request.clone());
        Some(request)
    }

    fn resolved(&mut self, operation: &Operation, reference: &Reference) -> Option<Request> {
        let on = |late: u64| self.today(late);
        let position = |index: usize| {
            let own = nth(&reference.positions, index)?;
            Some((own.client, own.id.clone()))
        };
        Some(match operation {
            Operation::Offer { .. } | Operation::Override { .. } => {
                self.offered(operation);
                return None;
            }
            Operation::Accept { offer, late } => {
                Request::Accept { offer: nth(&self.offers, *offer)?.clone(), on: on(*late) }
            }
            Operation::Pay { position, cents, line, late } => {
                return paid(reference, (*position, *cents), *line, on(*late));
            }
            Operation::Stray { client, invoice, late } => {
                let payment = payment(format!("{}-X", number(*invoice)), 777, on(*late));
                Request::Pay { client: *client, payment }
            }
            Operation::Settle { position: own, cause, late } => {
                let (client, position) = position(*own)?;
                Request::Settle { client, position, on: on(*late), cause: *cause }
            }
            Operation::UndoPayment { payment, late } => {
                let own = nth(&reference.payments, *payment)?;
                let (client, payment) = (own.client, own.id.clone());
                Request::UndoPayment { client, payment, on: on(*late) }
            }
            Operation::UndoSettlement { position: own, late } => {
                let (client, position) = position(*own)?;
                Request::UndoSettlement { client, position, on: on(*late) }
            }
            Operation::UndoPurchase { position: own, late } => {
                let (client, position) = position(*own)?;
                Request::UndoPurchase { client, position, on: on(*late) }
            }
            Operation::Again => self.last.clone()?,
        })
    }

    /// Two days a step, so that a sequence ends before the day of recourse.
    fn today(&self, late: u64) -> NaiveDate {
        day("2026-01-01") + Days::new((2 * self.steps).saturating_sub(late))
    }

    fn offered(&mut self, operation: &Operation) {
        match operation {
            Operation::Offer { client, recourse, lines } => {
                let mut own: Vec<Line> = Vec::new();
                for (invoice, is_priced) in lines {
                    if own.iter().all(|line| line.invoice != *invoice) {
                        own.push(Line { invoice: *invoice, is_priced: *is_priced });
                    }
                }
                let (client, recourse, overrides) = (*client, *recourse, Vec::new());
                self.offers.push(Offer { client, recourse, lines: own, overrides });
            }
            Operation::Override { offer, line, buys } => {
                let count = self.offers.len().max(1);
                if let Some(own) = self.offers.get_mut(offer % count) {
                    let invoice = own.lines[line % own.lines.len()].invoice;
                    own.overrides.push((invoice, *buys));
                }
            }
            _ => {}
        }
    }
}

fn paid(
    reference: &Reference,
    (index, cents): (usize, Cents),
    (line, is_another): (usize, bool),
    on: NaiveDate,
) -> Option<Request> {
    let own = nth(&reference.positions, index)?;
    let (client, invoice) = (own.client, own.invoice);
    let due = match own.to_come() {
        0 => face(invoice),
        due => due,
    };
    let minor = match cents {
        Cents::Percent(percent) => (due * percent / 100).max(1),
        Cents::Rest => due,
        Cents::More => due + 500,
    };
    let mut payment = payment(number(invoice), minor, on);
    // Of six payments one has a reference that comes back soon, the others have none.
    if line == 0 {
        payment.reference = format!("R-{}", index % 3);
        if is_another {
            payment.duplicate_of = reference.first(client, &payment.reference).map(str::to_owned);
        }
    }
    Some(Request::Pay { client, payment })
}

fn nth<T>(all: &[T], index: usize) -> Option<&T> {
    all.get(index.checked_rem(all.len())?)
}
