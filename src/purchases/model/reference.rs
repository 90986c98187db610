//! The reference: whole numbers by account, and no days. Fees are taken from the answer; they have
//! laws of their own.

use std::collections::BTreeMap;

use pricing::{LossCause, Recourse};

use super::refusal::Refusal;
use super::request::{CLIENTS, Offer, Request, advance, face, number};
use crate::{Account, Standing};

/// A wire of 25 for each funding.
const CHARGE: i64 = 2_500;

type Entries = Vec<(Account, i64)>;

#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Open,
    Full,
    Short,
    Reversed,
}

#[derive(Debug, Clone)]
pub struct Position {
    pub client: usize,
    pub id: String,
    pub invoice: usize,
    pub state: State,
    pub collected: i64,
    recourse: Recourse,
    lost: i64,
    recovered: i64,
    bought: Entries,
    settled: Entries,
}

#[derive(Debug, Clone)]
pub struct Payment {
    pub client: usize,
    pub id: String,
    reference: String,
    is_undone: bool,
    /// The position and the part of the payment that it got.
    part: Option<(usize, i64)>,
    entries: Entries,
}

#[derive(Debug, Default)]
pub struct Reference {
    pub positions: Vec<Position>,
    pub payments: Vec<Payment>,
    pub balances: [BTreeMap<Account, i128>; CLIENTS],
    ids: [usize; CLIENTS],
}

impl Position {
    pub fn to_come(&self) -> i64 {
        match self.state {
            State::Open => face(self.invoice) - self.collected,
            State::Short => self.lost - self.recovered,
            State::Full | State::Reversed => 0,
        }
    }

    /// The entries of its settlement, and the factor's loss in it.
    fn settlement(&self, cause: Option<LossCause>, fee: i64) -> (Entries, i64) {
        let (amount, advance) = (face(self.invoice), advance(face(self.invoice)));
        let short = amount - self.collected;
        let is_ours = cause == Some(LossCause::Credit) && self.recourse == Recourse::NonRecourse;
        let due = self.collected - advance - fee;
        let lost = if is_ours { short.min((-due).max(0)) } else { 0 };
        let charged_back = if is_ours { 0 } else { short };
        let entries = vec![
            (Account::Receivable, -short),
            (Account::Reserve, amount - advance),
            (Account::Cover, advance),
            (Account::Funds, -advance),
            (Account::Client, -(due + lost + charged_back)),
            (Account::Chargeback, charged_back),
            (Account::Fee, -fee),
            (Account::Loss, lost),
        ];
        (entries, lost)
    }
}

impl Reference {
    /// Answers a request as the desk should; `fee` is what the desk took.
    pub fn ask(&mut self, request: &Request, fee: i64) -> Result<(), Refusal> {
        match request {
            Request::Accept { offer, .. } => self.accept(offer),
            Request::Pay { client, payment } => {
                let first = self.first(*client, &payment.reference);
                if first.is_some() && payment.duplicate_of.as_deref() != first {
                    return Err(Refusal::Repeats);
                }
                let minor = crate::bookable_amount(payment.amount, basics::Currency::USD);
                let minor = minor.expect("an amount").minor();
                self.pay(*client, (&payment.invoice_number, &payment.reference), (minor, fee));
                Ok(())
            }
            Request::Settle { position, client, cause, .. } => {
                let at = self.place(*client, position);
                match self.positions[at].state {
                    State::Open => self.settle(at, Some(*cause), fee),
                    State::Full | State::Short => return Err(Refusal::Settled),
                    State::Reversed => return Err(Refusal::Reversed),
                }
                Ok(())
            }
            Request::UndoPayment { client, payment, .. } => self.undo_payment(*client, payment),
            Request::UndoSettlement { client, position, .. } => {
                let at = self.place(*client, position);
                self.undo_settlement(at)
            }
            Request::UndoPurchase { client, position, .. } => {
                let at = self.place(*client, position);
                self.undo_purchase(at)
            }
        }
    }

    /// The id of the first payment with a reference.
    pub fn first(&self, client: usize, reference: &str) -> Option<&str> {
        let same =
            |own: &&Payment| own.client == client && !own.is_undone && own.reference == reference;
        let first = self.payments.iter().find(same).map(|own| own.id.as_str());
        first.filter(|_| !reference.is_empty())
    }

    fn id(&mut self, client: usize, letter: char) -> String {
        self.ids[client] += 1;
        format!("{letter}{:04}", self.ids[client])
    }

    fn place(&self, client: usize, id: &str) -> usize {
        let own = self.positions.iter().position(|own| own.client == client && own.id == id);
        own.expect("a position")
    }

    fn post(&mut self, client: usize, entries: &Entries, sign: i64) {
        for (account, minor) in entries {
            *self.balances[client].entry(*account).or_default() += i128::from(sign * minor);
        }
    }

    fn accept(&mut self, offer: &Offer) -> Result<(), Refusal> {
        let (client, buys) = (offer.client, offer.buys());
        if buys.is_empty() {
            return Err(Refusal::Nothing);
        }
        let mut mine = self.positions.iter().filter(|own| own.client == client);
        if mine.any(|own| own.state == State::Open && buys.contains(&own.invoice)) {
            return Err(Refusal::Bought);
        }
        for (at, invoice) in buys.into_iter().enumerate() {
            let (amount, advance) = (face(invoice), advance(face(invoice)));
            let charge = if at == 0 { CHARGE } else { 0 };
            let bought = vec![
                (Account::Receivable, amount),
                (Account::Reserve, advance - amount),
                (Account::Cover, -advance),
                (Account::Funds, advance),
                (Account::Client, charge - advance),
                (Account::Fee, -charge),
            ];
            self.post(client, &bought, 1);
            let id = self.id(client, 'p');
            self.positions.push(Position {
                client,
                id,
                invoice,
                state: State::Open,
                collected: 0,
                recourse: offer.recourse,
                lost: 0,
                recovered: 0,
                bought,
                settled: Vec::new(),
            });
        }
        Ok(())
    }

    fn pay(&mut self, client: usize, (invoice, reference): (&str, &str), (minor, fee): (i64, i64)) {
        let named = |own: &&Position| own.client == client && number(own.invoice) == invoice;
        let open = self.positions.iter().find(|own| named(own) && own.state == State::Open);
        let meant =
            open.or_else(|| self.positions.iter().find(|own| named(own) && own.to_come() > 0));
        let meant = meant.map(|own| self.place(client, &own.id.clone()));
        let part = meant.map_or(0, |at| self.positions[at].to_come().min(minor));
        let id = self.id(client, 'c');
        if meant.is_some() && minor > part {
            // The rest has an id of its own.
            self.id(client, 'c');
        }
        let account = match meant.map(|at| &self.positions[at].state) {
            Some(State::Open) => Account::Receivable,
            _ => Account::Loss,
        };
        let entries =
            vec![(account, -part), (Account::Suspense, part - minor), (Account::Bank, minor)];
        self.post(client, &entries, 1);
        if let Some(at) = meant {
            if self.positions[at].state == State::Open {
                self.positions[at].collected += part;
                if self.positions[at].to_come() == 0 {
                    self.settle(at, None, fee);
                }
            } else {
                self.positions[at].recovered += part;
            }
        }
        let (reference, part) = (reference.to_owned(), meant.map(|at| (at, part)));
        self.payments.push(Payment { client, id, reference, is_undone: false, part, entries });
    }

    fn settle(&mut self, at: usize, cause: Option<LossCause>, fee: i64) {
        let (entries, lost) = self.positions[at].settlement(cause, fee);
        self.post(self.positions[at].client, &entries, 1);
        let own = &mut self.positions[at];
        (own.settled, own.lost) = (entries, lost);
        own.state = if cause.is_some() { State::Short } else { State::Full };
    }

    /// True if the invoice has another open purchase.
    fn again(&self, at: usize) -> bool {
        let own = &self.positions[at];
        let same = |other: &&Position| (other.client, other.invoice) == (own.client, own.invoice);
        self.positions.iter().filter(same).any(|other| other.state == State::Open)
    }

    fn reopen(&mut self, at: usize) {
        let entries = std::mem::take(&mut self.positions[at].settled);
        self.post(self.positions[at].client, &entries, -1);
        (self.positions[at].state, self.positions[at].lost) = (State::Open, 0);
    }

    fn undo_payment(&mut self, client: usize, id: &str) -> Result<(), Refusal> {
        let own = self.payments.iter().position(|own| own.client == client && own.id == id);
        let own = own.expect("a payment");
        let Payment { is_undone, part, entries, .. } = self.payments[own].clone();
        if is_undone {
            return Err(Refusal::Undone);
        }
        if let Some((at, part)) = part {
            let was_recovery = entries[0].0 == Account::Loss;
            match self.positions[at].state {
                State::Short if was_recovery => self.positions[at].recovered -= part,
                State::Short => return Err(Refusal::Stands(Standing::Settlement)),
                State::Full if self.again(at) => {
                    return Err(Refusal::Stands(Standing::BoughtAgain));
                }
                State::Full => self.reopen(at),
                State::Open | State::Reversed => {}
            }
            if !was_recovery {
                self.positions[at].collected -= part;
            }
        }
        self.payments[own].is_undone = true;
        self.post(client, &entries, -1);
        Ok(())
    }

    fn undo_settlement(&mut self, at: usize) -> Result<(), Refusal> {
        match self.positions[at].state {
            State::Open => Err(Refusal::Stands(Standing::Open)),
            State::Reversed => Err(Refusal::Reversed),
            State::Full => Err(Refusal::Stands(Standing::PaymentInFull)),
            State::Short if self.positions[at].recovered > 0 => {
                Err(Refusal::Stands(Standing::Recoveries))
            }
            State::Short if self.again(at) => Err(Refusal::Stands(Standing::BoughtAgain)),
            State::Short => {
                self.reopen(at);
                Ok(())
            }
        }
    }

    fn undo_purchase(&mut self, at: usize) -> Result<(), Refusal> {
        let own = &self.positions[at];
        match own.state {
            State::Full | State::Short => Err(Refusal::Stands(Standing::Settlement)),
            State::Reversed => Err(Refusal::Reversed),
            State::Open if own.collected > 0 => Err(Refusal::Stands(Standing::Payments)),
            State::Open => {
                let (client, entries) = (own.client, own.bought.clone());
                self.post(client, &entries, -1);
                self.positions[at].state = State::Reversed;
                Ok(())
            }
        }
    }
}
