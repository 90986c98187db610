//! The reference: what was claimed, bought, paid and undone, in cents, without days or fees.

use super::operation::Who;

/// The line of each client.
pub const LINE: i64 = 160_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Accepted,
    Withdrawn,
    Open,
    Full,
    ChargedBack,
    Reversed,
}

/// An invoice that a client sells, from its acceptance on.
#[derive(Debug, Clone)]
pub struct Sold {
    pub client: usize,
    pub purchase: usize,
    /// The invoice, whoever sells it and however it is spelled.
    pub invoice: String,
    pub number: String,
    pub id: String,
    pub amount: i64,
    pub advance: i64,
    pub state: State,
    pub collected: i64,
    /// Its claim bars others.
    claimed: bool,
    /// The one before, which this one has bought again.
    again: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Purchase {
    pub client: usize,
    pub id: String,
}

#[derive(Debug, Clone)]
pub struct Payment {
    pub client: usize,
    pub id: String,
    pub reference: String,
    part: Option<(usize, i64)>,
    is_undone: bool,
}

/// A refusal, by the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    Bought,
    SoldByTheOther,
    ChargedBackUnnamed,
    OverLine,
    NotAccepted,
    SamePerson,
    NoRight,
    NotCalled,
    LineRepeated,
    NotOpen,
    Undone,
    Stands,
    BoughtAgain,
    Called,
}

/// An invoice about to be sold.
#[derive(Debug, Clone)]
pub struct Offered {
    pub invoice: String,
    pub number: String,
    pub amount: i64,
    pub advance: i64,
}

#[derive(Debug, Default, Clone)]
pub struct Reference {
    pub sold: Vec<Sold>,
    pub purchases: Vec<Purchase>,
    pub payments: Vec<Payment>,
    /// True if the client was called about its account.
    pub called: [bool; 2],
    /// The numbers of the accounts as last written.
    pub account: [usize; 2],
    /// The offers that were accepted.
    pub accepted: Vec<usize>,
}

impl Reference {
    /// The advances that use a client's line.
    pub fn in_use(&self, client: usize) -> i64 {
        let uses = |own: &&Sold| {
            own.client == client && matches!(own.state, State::Accepted | State::Open)
        };
        self.sold.iter().filter(uses).map(|own| own.advance).sum()
    }

    /// The standing claim to an invoice.
    pub fn claim(&self, invoice: &str) -> Option<usize> {
        self.sold.iter().rposition(|own| own.claimed && own.invoice == invoice)
    }

    /// Those that were funded.
    pub fn positions(&self) -> Vec<usize> {
        let is_one =
            |&at: &usize| !matches!(self.sold[at].state, State::Accepted | State::Withdrawn);
        (0..self.sold.len()).filter(is_one).collect()
    }

    /// Sells invoices, all or none. Ids are filled in from the answer.
    pub fn sell(
        &mut self,
        client: usize,
        offered: &[Offered],
        named: Option<usize>,
    ) -> Result<(), Refusal> {
        let advance: i64 = offered.iter().map(|own| own.advance).sum();
        if self.in_use(client) + advance > LINE {
            return Err(Refusal::OverLine);
        }
        let mut again = Vec::new();
        for own in offered {
            let Some(at) = self.claim(&own.invoice) else {
                again.push(None);
                continue;
            };
            let before = &self.sold[at];
            match (before.client == client, before.state) {
                (false, _) => return Err(Refusal::SoldByTheOther),
                (true, State::ChargedBack) if named == Some(at) => again.push(Some(at)),
                (true, State::ChargedBack) => return Err(Refusal::ChargedBackUnnamed),
                (true, _) => return Err(Refusal::Bought),
            }
        }
        let purchase = self.purchases.len();
        self.purchases.push(Purchase { client, id: String::new() });
        for (own, again) in offered.iter().zip(again) {
            if let Some(before) = again {
                self.sold[before].claimed = false;
            }
            let Offered { invoice, number, amount, advance } = own.clone();
            let (id, state) = (String::new(), State::Accepted);
            self.sold.push(Sold {
                client,
                purchase,
                invoice,
                number,
                id,
                amount,
                advance,
                state,
                collected: 0,
                claimed: true,
                again,
            });
        }
        Ok(())
    }

    fn of_purchase(&self, purchase: usize) -> Vec<usize> {
        (0..self.sold.len()).filter(|&at| self.sold[at].purchase == purchase).collect()
    }

    fn all_accepted(&self, own: &[usize]) -> Result<(), Refusal> {
        let is_accepted = own.iter().all(|&at| self.sold[at].state == State::Accepted);
        if is_accepted { Ok(()) } else { Err(Refusal::NotAccepted) }
    }

    pub fn fund(&mut self, purchase: usize, who: Who) -> Result<(), Refusal> {
        if who == Who::Underwriter {
            return Err(Refusal::NoRight);
        }
        let own = self.of_purchase(purchase);
        self.all_accepted(&own)?;
        if who == Who::Same {
            return Err(Refusal::SamePerson);
        }
        if !self.called[self.purchases[purchase].client] {
            return Err(Refusal::NotCalled);
        }
        // A settlement that was undone uses the line again.
        if self.in_use(self.purchases[purchase].client) > LINE {
            return Err(Refusal::OverLine);
        }
        own.into_iter().for_each(|at| self.sold[at].state = State::Open);
        Ok(())
    }

    pub fn withdraw(&mut self, purchase: usize) -> Result<(), Refusal> {
        let own = self.of_purchase(purchase);
        self.all_accepted(&own)?;
        own.into_iter().for_each(|at| self.release(at, State::Withdrawn));
        Ok(())
    }

    /// Gives a claim back: what it had bought again stands once more.
    fn release(&mut self, at: usize, state: State) {
        (self.sold[at].state, self.sold[at].claimed) = (state, false);
        if let Some(before) = self.sold[at].again {
            self.sold[before].claimed = true;
        }
    }

    /// A payment on the number of a position: it is applied if the number is that of an open one.
    pub fn pay(&mut self, at: usize, minor: i64, reference: &str) -> Result<(), Refusal> {
        let (client, number) = (self.sold[at].client, self.sold[at].number.clone());
        let is_first =
            |own: &Payment| own.client == client && !own.is_undone && own.reference == reference;
        if !reference.is_empty() && self.payments.iter().any(is_first) {
            return Err(Refusal::LineRepeated);
        }
        let open = self.sold.iter().position(|own| {
            own.client == client && own.number == number && own.state == State::Open
        });
        let mut part = None;
        if let Some(at) = open {
            let own = &mut self.sold[at];
            let got = minor.min(own.amount - own.collected);
            own.collected += got;
            if own.collected == own.amount {
                own.state = State::Full;
            }
            part = Some((at, got));
        }
        let (id, reference) = (String::new(), reference.to_owned());
        self.payments.push(Payment { client, id, reference, part, is_undone: false });
        Ok(())
    }

    pub fn settle(&mut self, at: usize) -> Result<(), Refusal> {
        if self.sold[at].state != State::Open {
            return Err(Refusal::NotOpen);
        }
        self.sold[at].state = State::ChargedBack;
        Ok(())
    }

    pub fn undo_payment(&mut self, payment: usize) -> Result<(), Refusal> {
        let own = &self.payments[payment];
        if own.is_undone {
            return Err(Refusal::Undone);
        }
        if let Some((at, got)) = own.part {
            let position = &mut self.sold[at];
            if position.state == State::ChargedBack {
                return Err(Refusal::Stands);
            }
            position.collected -= got;
            position.state = State::Open;
        }
        self.payments[payment].is_undone = true;
        Ok(())
    }

    pub fn undo_settlement(&mut self, at: usize) -> Result<(), Refusal> {
        match self.sold[at].state {
            State::ChargedBack if self.sold[at].claimed => {
                self.sold[at].state = State::Open;
                Ok(())
            }
            State::ChargedBack => Err(Refusal::BoughtAgain),
            State::Full => Err(Refusal::Stands),
            _ => Err(Refusal::NotOpen),
        }
    }

    pub fn undo_purchase(&mut self, at: usize) -> Result<(), Refusal> {
        match self.sold[at].state {
            State::Open if self.sold[at].collected == 0 => {
                self.release(at, State::Reversed);
                Ok(())
            }
            State::Reversed => Err(Refusal::Undone),
            _ => Err(Refusal::Stands),
        }
    }
}
