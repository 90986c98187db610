//! What a sequence met, its invariants, and the run of all sequences.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::desk::{World, cents};
use super::operation::{CLIENTS, Operation, Sent, What, operations};
use super::reference::{LINE, Reference, State};
use super::run::{Checked, Run, hold};
use super::situation::Situations;
use crate::service::server::Engine;

impl Run<'_> {
    /// Notes what an operation did, by the reference before it.
    pub fn noted(&self, meant: &What, sent: Sent, (before, done): (&Reference, usize)) {
        let raced = sent == Sent::Raced && done == 1;
        if done == 0 {
            return;
        }
        let was = |at: usize| before.sold[at].state;
        match *meant {
            What::Sell { names, .. } => {
                self.met("sold", true);
                self.met("bought again by name", names);
                self.met("raced for a sale", raced);
                let own = self.reference.sold.last().expect("what was sold");
                let ended = |state| {
                    before.sold.iter().any(|o| o.invoice == own.invoice && o.state == state)
                };
                self.met("sold again after a withdrawal", ended(State::Withdrawn));
                self.met("sold again after a reversal", ended(State::Reversed));
            }
            What::Accept { .. } => self.met("an offer accepted", true),
            What::Fund { .. } => {
                self.met("paid out", true);
                self.met("raced for a payout", raced);
            }
            What::Withdraw { .. } => self.met("withdrawn", true),
            What::Pay { position, percent: minor, line } => {
                let own = &before.sold[position];
                let (is_open, rest) = (own.state == State::Open, own.amount - own.collected);
                self.met("paid in part", is_open && minor < rest);
                self.met("paid in full", is_open && minor == rest);
                self.met("paid too much", is_open && minor > rest);
                self.met("paid after the end", !is_open);
                self.met("raced with a line of the bank", raced && line > 0);
            }
            What::Settle { .. } => self.met("charged back", true),
            What::UndoPayment { .. } => self.met("a payment reversed", true),
            What::UndoSettlement { position } => {
                self.met("a settlement reversed", was(position) == State::ChargedBack);
            }
            What::UndoPurchase { .. } => self.met("a purchase reversed", true),
            What::Account { .. } => self.met("an account changed", true),
            What::Call { .. } => {}
        }
    }

    /// Never bought twice; within the line; funds in use as the reference; statements to come back
    /// to.
    ///
    /// A position that a payment or a charge-back had settled uses the line again once that is
    /// undone: a returned cheque is a fact, which no line forbids. Nothing else leads beyond it.
    pub fn invariants(&mut self, undoes: bool) -> Checked {
        for client in 0..CLIENTS {
            let statement = self.sequence.statement(client, "");
            let shown = &statement["statements"][0]["funds_in_use"];
            let funds = if shown.is_null() { 0 } else { cents(shown) };
            let open = self.reference.sold.iter();
            let open = open.filter(|own| own.client == client && own.state == State::Open);
            let expected: i64 = open.map(|own| own.advance).sum();
            hold(funds == expected, &|| format!("funds in use {funds}, the reference {expected}"))?;
            let before = std::mem::replace(&mut self.in_use[client], funds);
            let is_within = funds <= LINE || funds <= before || undoes;
            hold(is_within, &|| format!("{funds} on a line of {LINE}"))?;
            let recorded = statement["recorded"].as_i64().expect("a number");
            self.seen.entry((client, recorded)).or_insert(statement);
        }
        Ok(())
    }

    /// What each client reads at the end is what the reference has, and every statement is as it
    /// was.
    fn ended(&self) -> Checked {
        let mut bought = HashMap::new();
        for client in 0..CLIENTS {
            let positions = self.sequence.read(client, "/v1/positions?limit=200");
            let positions = positions["items"].as_array().expect("positions").clone();
            let all = self.reference.positions().into_iter().map(|at| &self.reference.sold[at]);
            let own: Vec<_> = all.filter(|own| own.client == client).collect();
            hold(own.len() == positions.len(), &|| format!("{} positions", positions.len()))?;
            for own in own {
                let found = positions.iter().find(|found| found["id"] == own.id.as_str());
                let found =
                    found.ok_or_else(|| TestCaseError::fail(format!("no position {own:?}")))?;
                let status = match own.state {
                    State::Open => "open",
                    State::Reversed => "reversed",
                    _ => "settled",
                };
                hold(found["status"] == status, &|| format!("{own:?}, {found}"))?;
                hold(cents(&found["collected"]) == own.collected, &|| format!("{own:?}, {found}"))?;
                // Not reversed and not charged back: at most one of the two clients.
                if matches!(own.state, State::Open | State::Full) {
                    let twice = bought.insert(own.invoice.clone(), own.id.clone());
                    hold(twice.is_none(), &|| format!("bought twice: {own:?} and {twice:?}"))?;
                }
            }
        }
        for ((client, recorded), statement) in &self.seen {
            let again = self.sequence.statement(*client, &format!("?recorded={recorded}"));
            hold(again == *statement, &|| format!("as of {recorded}: {statement}, then {again}"))?;
        }
        Ok(())
    }
}

fn sequence(
    (world, number): (&World, usize),
    operations: &[Operation],
    situations: &RefCell<Situations>,
) -> Checked {
    // Evaluations are slow, so that only some sequences have offers.
    let sequence = world.begun(number, number % 4 == 0);
    let mut run = Run {
        sequence: &sequence,
        reference: Reference { called: [true, false], ..Reference::default() },
        situations,
        seen: HashMap::new(),
        in_use: [0; CLIENTS],
        step: 0,
    };
    for operation in operations {
        run.take(operation)?;
    }
    run.ended()
}

/// The seed is fixed, so that every run meets the same situations; the long form goes on from it.
fn sequences(engine: Engine) {
    let cases = std::env::var("MODEL_SEQUENCES").ok().and_then(|text| text.parse().ok());
    let cases = cases.unwrap_or(50);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[24; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let (world, situations) = (World::new(engine), RefCell::new(Situations::default()));
    let number = Cell::new(0);
    let run = runner.run(&operations(), |operations| {
        number.set(number.get() + 1);
        sequence((&world, number.get()), &operations, &situations)
    });
    if let Err(error) = run {
        panic!("{error}");
    }
    let missed = situations.borrow().missed();
    assert!(missed.is_empty(), "never met: {missed:?}");
    let World { place, servers, .. } = world;
    drop(servers);
    assert!(place.done(&["book", "check"]).contains("the books balance"));
    assert!(place.done(&["audit", "verify"]).contains("none altered"));
}

#[test]
fn random_sequences_on_sqlite_are_as_the_reference() {
    sequences(Engine::Sqlite);
}

#[test]
fn random_sequences_on_postgresql_are_as_the_reference() {
    if Engine::Postgres.is_here() {
        sequences(Engine::Postgres);
    }
}
