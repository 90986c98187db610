//! Sequences of operations, each step compared with the reference and held against the invariants.

use std::cell::RefCell;
use std::collections::HashSet;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use basics::Currency;

use super::desk::{Desk, Refused};
use super::operation::{Operation, Resolver, operations};
use super::reference::{Reference, State};
use super::refusal::Refusal;
use super::request::{CLIENTS, Request};
use super::situation::Situations;
use crate::{Account, Books, EntryKind, Period, Position, Statement, balances, statements};

type Checked = Result<(), TestCaseError>;

fn hold(holds: bool, law: &str) -> Checked {
    if holds { Ok(()) } else { Err(TestCaseError::fail(law.to_owned())) }
}

/// Never bought twice: of an invoice at most one purchase is open.
fn never_bought_twice(books: &Books) -> Checked {
    let mut open = HashSet::new();
    let own = books.positions.iter().filter(|own| matches!(own, Position::Open(_)));
    let twice = own
        .map(Position::invoice)
        .any(|own| !open.insert((own.debtor_id.clone(), own.invoice_number.clone())));
    hold(!twice, "never bought twice")
}

/// The books balance: rows, entries, positions and statement agree.
fn books_balance(books: &Books, until: Option<chrono::NaiveDate>) -> Checked {
    let faults = books.check(until).expect("sums");
    let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    hold(faults.is_empty(), &format!("the books balance: {faults}"))
}

/// Reserve and advance are the amount.
fn reserve_and_advance(books: &Books) -> Checked {
    let amount =
        |own: &Books, account| balances(&own.movements, None).minor(account, Currency::USD);
    let open = books.positions.iter().filter(|own| matches!(own, Position::Open(_)));
    let amounts: i128 = open.map(|own| i128::from(own.invoice().amount.minor())).sum();
    let funds = amount(books, Account::Funds);
    let split = funds - amount(books, Account::Reserve);
    hold(split == amounts, "reserve and advance are the amount")?;
    hold(funds == -amount(books, Account::Cover), "what covers the advances is as much")
}

/// Undone once: no step has two reversals, and none has one without the step before it.
fn undone_once(books: &Books) -> Checked {
    let mut seen = HashSet::new();
    let once = books.movements.iter().all(|own| {
        let own = &own.movement;
        let place = (own.kind, own.subject.clone());
        let after_step = !own.is_reversal || seen.contains(&(place.clone(), false));
        seen.insert((place, own.is_reversal)) && after_step
    });
    hold(once, "undone once")
}

fn as_of(books: &Books, recorded: usize) -> Vec<Statement> {
    let recorded = i64::try_from(recorded).ok();
    statements(&books.movements, Period { recorded, ..Period::default() }).expect("sums")
}

/// What the reference knows is what the desk has.
fn as_the_reference(reference: &Reference, desks: &[Desk]) -> Checked {
    for (client, desk) in desks.iter().enumerate() {
        let own = balances(&desk.books.movements, None);
        for account in Account::ALL {
            let expected = reference.balances[client].get(&account).copied().unwrap_or_default();
            let found = own.minor(account, Currency::USD);
            hold(found == expected, &format!("{account}: {found}, the reference {expected}"))?;
        }
    }
    for own in &reference.positions {
        let found = desks[own.client].position(&own.id);
        let status = match own.state {
            State::Open => "open",
            State::Full | State::Short => "settled",
            State::Reversed => "reversed",
        };
        let to_come = found.to_come().minor();
        hold((found.status(), to_come) == (status, own.to_come()), &format!("{own:?}, {found:?}"))?;
    }
    Ok(())
}

/// The fee that the last step took.
fn fee(before: &Books, after: &Books) -> i64 {
    let new = after.movements[before.movements.len()..].iter().map(|own| &own.movement);
    let settled = new.filter(|own| own.kind == EntryKind::Settlement && !own.is_reversal);
    settled.map(|own| -own.amount(Account::Fee).minor()).sum()
}

/// Asks it of desk and reference alike.
fn step(
    request: &Request,
    (desks, reference): (&mut [Desk], &mut Reference),
    situations: &mut Situations,
) -> Checked {
    let desk = &mut desks[request.client()];
    let before = desk.books.clone();
    match request.ask(desk) {
        Ok(()) => {
            let answer = reference.ask(request, fee(&before, &desk.books));
            hold(answer == Ok(()), &format!("done, but the reference says {answer:?}"))?;
            situations.done(request, &before, desk);
            let is_reversal = !matches!(
                request,
                Request::Accept { .. } | Request::Pay { .. } | Request::Settle { .. }
            );
            if let Some(last) = desk.books.movements.last().filter(|_| is_reversal) {
                // Earlier periods stay as they are.
                let to = last.movement.on.pred_opt();
                let of = |books: &Books| {
                    statements(&books.movements, Period { to, ..Period::default() }).expect("sums")
                };
                hold(of(&before) == of(&desk.books), "a reversal changes no earlier period")?;
            }
        }
        Err(refused) => {
            hold(before == desk.books, "what is refused changes nothing")?;
            situations.refused(&refused);
            let refusal = match &refused {
                Refused::Bought => Some(Refusal::Bought),
                Refused::Step(error) => Refusal::of(error),
            };
            // Of days the reference knows nothing: such a refusal is admissible.
            if let Some(refusal) = refusal {
                let answer = reference.ask(request, 0);
                hold(answer == Err(refusal), &format!("{refused:?}, the reference {answer:?}"))?;
            }
        }
    }
    let desk = &desks[request.client()];
    never_bought_twice(&desk.books)?;
    books_balance(&desk.books, None)?;
    reserve_and_advance(&desk.books)?;
    as_the_reference(reference, desks)
}

fn sequence(operations: &[Operation], situations: &mut Situations) -> Checked {
    let mut desks: Vec<Desk> = ["acme", "bolt"].into_iter().map(Desk::new).collect();
    assert_eq!(desks.len(), CLIENTS);
    let (mut reference, mut resolver) = (Reference::default(), Resolver::default());
    // Statements as they were, by client and movement.
    let mut seen: Vec<(usize, usize, Vec<Statement>)> = Vec::new();
    for operation in operations {
        let Some(request) = resolver.request(operation, &reference) else { continue };
        step(&request, (&mut desks, &mut reference), situations)?;
        let client = request.client();
        let recorded = desks[client].books.movements.len();
        seen.push((client, recorded, as_of(&desks[client].books, recorded)));
    }
    for (client, recorded, statement) in seen {
        let again = as_of(&desks[client].books, recorded);
        hold(again == statement, "a statement is the same whenever it is asked for")?;
    }
    for books in desks.iter().map(|desk| &desk.books) {
        undone_once(books)?;
        let days: HashSet<_> = books.movements.iter().map(|own| own.movement.on).collect();
        days.into_iter().try_for_each(|day| books_balance(books, Some(day)))?;
    }
    Ok(())
}

/// The seed is fixed, so that every run meets the same situations; the long form goes on from it.
#[test]
fn random_sequences_are_as_the_reference_and_keep_the_invariants() {
    let cases = std::env::var("MODEL_SEQUENCES").ok().and_then(|text| text.parse().ok());
    let cases = cases.unwrap_or(2_000);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[23; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let situations = RefCell::new(Situations::default());
    let run =
        runner.run(&operations(), |operations| sequence(&operations, &mut situations.borrow_mut()));
    if let Err(error) = run {
        panic!("{error}");
    }
    let missed = situations.borrow().missed();
    assert!(missed.is_empty(), "never met: {missed:?}");
}
