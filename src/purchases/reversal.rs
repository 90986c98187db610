//! Reversals: what undoes a payment, a settlement or a purchase. A reversal is a row of its own
//! with a day of its own, so that earlier periods stay as they are; each step is undone once.

use chrono::NaiveDate;

use super::error::Standing;
use super::invoice::BoughtInvoice;
use super::payment::{AppliedTo, Collection};
use super::{OpenPosition, Position, PurchaseError, ReversedPosition, SettledPosition};

/// The step that a reversal undoes, by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undone {
    /// The purchase of a position.
    Purchase(String),
    /// A part of a payment.
    Collection(String),
    /// A settlement.
    Settlement(String),
}

/// A reversal on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The step that it undoes.
    pub undoes: Undone,
    /// The day of the books on which it counts.
    pub on: NaiveDate,
    /// The reason given.
    pub reason: String,
}

/// The outcome of a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// The position in its new state; `None` if the payment belonged to none.
    pub position: Option<Position>,
    /// The steps that are undone, in the order in which they are.
    pub steps: Vec<Undone>,
}

impl Undone {
    /// Returns the word used in files with the id: `purchase`, `collection` or `settlement`.
    pub fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Purchase(id) => ("purchase", id),
            Self::Collection(id) => ("collection", id),
            Self::Settlement(id) => ("settlement", id),
        }
    }

    /// Reads the word used in files with the id.
    pub fn of(word: &str, id: String) -> Option<Self> {
        match word {
            "purchase" => Some(Self::Purchase(id)),
            "collection" => Some(Self::Collection(id)),
            "settlement" => Some(Self::Settlement(id)),
            _ => None,
        }
    }
}

impl Position {
    /// Undoes the purchase. Payments and settlement are undone before it.
    ///
    /// # Errors
    /// [`PurchaseError::Stands`] if something was paid or settled, [`PurchaseError::Reversed`] if
    /// the purchase was undone, [`PurchaseError::BeforeUndone`] for a day before the purchase.
    pub fn undo_purchase(self, on: NaiveDate) -> Result<Undoing, PurchaseError> {
        let OpenPosition { invoice, collected, reopened_on, .. } = match self {
            Self::Open(open) => open,
            Self::Settled(_) => return Err(PurchaseError::Stands(Standing::Settlement)),
            Self::Reversed(reversed) => return Err(reversed.refused()),
        };
        if collected.minor() > 0 {
            return Err(PurchaseError::Stands(Standing::Payments));
        }
        not_before(on, [Some(invoice.purchased_on), reopened_on])?;
        let steps = vec![Undone::Purchase(invoice.id.clone())];
        Ok(Undoing { position: Some(ReversedPosition { invoice, on }.into()), steps })
    }

    /// Takes back a payment; `last_paid_on` is the day of the last of those that are left. A
    /// position that was paid in full is open again.
    fn without(
        self,
        (part, on): (&Collection, NaiveDate),
        last_paid_on: Option<NaiveDate>,
    ) -> Result<(Self, Vec<Undone>), PurchaseError> {
        let own = Undone::Collection(part.id.clone());
        let amount = part.part.amount;
        not_before(on, [Some(part.part.booked_on), self.reopened_on()])?;
        let (open, mut steps) = match self {
            Self::Open(open) => (open, Vec::new()),
            Self::Settled(settled) if matches!(part.part.applied_to, AppliedTo::Loss(_)) => {
                let recovered = settled.recovered.checked_sub(amount)?;
                let reopened_on = Some(on);
                let less = SettledPosition { recovered, last_paid_on, reopened_on, ..settled };
                return Ok((less.into(), vec![own]));
            }
            Self::Settled(settled) if settled.settlement.shortfall.minor() > 0 => {
                return Err(PurchaseError::Stands(Standing::Settlement));
            }
            Self::Settled(settled) => {
                // Nothing was missing because of this payment: the settlement falls with it.
                let (open, step) = settled.reopened(on)?;
                (open, vec![step])
            }
            Self::Reversed(reversed) => return Err(reversed.refused()),
        };
        steps.push(own);
        let collected = open.collected.checked_sub(amount)?;
        let reopened_on = Some(on);
        Ok((OpenPosition { collected, last_paid_on, reopened_on, ..open }.into(), steps))
    }
}

impl SettledPosition {
    /// Returns it as it was before its settlement.
    fn reopened(self, on: NaiveDate) -> Result<(OpenPosition, Undone), PurchaseError> {
        let Self { invoice, settlement, last_paid_on, reopened_on, .. } = self;
        not_before(on, [Some(settlement.booked_on), reopened_on])?;
        let (collected, step) = (settlement.collected, Undone::Settlement(settlement.id));
        Ok((OpenPosition { invoice, collected, last_paid_on, reopened_on: Some(on) }, step))
    }
}

/// Undoes a settlement that left a shortfall: the position is open again, with what was collected.
///
/// `positions` are those of the client.
///
/// # Errors
/// [`PurchaseError::Stands`] if the position is open, was paid in full, had recoveries, or if its
/// invoice was bought again; [`PurchaseError::Reversed`] if its purchase was undone;
/// [`PurchaseError::BeforeUndone`] for a day before the settlement.
pub fn undo_settlement(
    position: Position,
    positions: &[Position],
    on: NaiveDate,
) -> Result<Undoing, PurchaseError> {
    let settled = match position {
        Position::Settled(settled) => settled,
        Position::Open(_) => return Err(PurchaseError::Stands(Standing::Open)),
        Position::Reversed(reversed) => return Err(reversed.refused()),
    };
    if settled.settlement.shortfall.minor() == 0 {
        return Err(PurchaseError::Stands(Standing::PaymentInFull));
    }
    if settled.recovered.minor() > 0 {
        return Err(PurchaseError::Stands(Standing::Recoveries));
    }
    let (open, step) = settled.reopened(on)?;
    not_bought_again(&open.invoice, positions)?;
    Ok(Undoing { position: Some(open.into()), steps: vec![step] })
}

/// Checks that a position can be open again: no other purchase of the invoice is open.
fn not_bought_again(own: &BoughtInvoice, positions: &[Position]) -> Result<(), PurchaseError> {
    let again = positions.iter().any(|other| {
        let invoice = other.invoice();
        matches!(other, Position::Open(_))
            && invoice.id != own.id
            && (&invoice.debtor_id, &invoice.invoice_number)
                == (&own.debtor_id, &own.invoice_number)
    });
    if again { Err(PurchaseError::Stands(Standing::BoughtAgain)) } else { Ok(()) }
}

/// Undoes a payment with all its parts: what was applied to a position, with the settlement that it
/// brought about, and what went to the client.
///
/// `positions` are those of the client; `collections` all its payments that stand.
///
/// # Errors
/// [`PurchaseError::Stands`] if a settlement with a shortfall rests on the payment, or if the
/// invoice that it paid in full was bought again,
/// [`PurchaseError::BeforeUndone`] for a day before the payment or the settlement.
pub fn undo_payment(
    payment: &str,
    (positions, collections): (&[Position], &[Collection]),
    on: NaiveDate,
) -> Result<Undoing, PurchaseError> {
    let mut undoing = Undoing { position: None, steps: Vec::new() };
    // What went to the client was left over from what was paid, whatever its id.
    let mut parts: Vec<&Collection> =
        collections.iter().filter(|own| own.payment == payment).collect();
    parts.sort_by_key(|own| own.part.applied_to.position_id().is_none());
    for part in parts {
        let id = part.part.applied_to.position_id();
        let position = id.and_then(|id| positions.iter().find(|own| own.invoice().id == id));
        let Some(position) = position else {
            not_before(on, [Some(part.part.booked_on)])?;
            undoing.steps.push(Undone::Collection(part.id.clone()));
            continue;
        };
        let left = collections
            .iter()
            .filter(|other| other.payment != payment && other.part.applied_to.position_id() == id);
        let last_paid_on = left.map(|other| other.part.received_on).max();
        let (position, steps) = position.clone().without((part, on), last_paid_on)?;
        if matches!(position, Position::Open(_)) {
            not_bought_again(position.invoice(), positions)?;
        }
        undoing.position = Some(position);
        undoing.steps.extend(steps);
    }
    Ok(undoing)
}

fn not_before<const N: usize>(
    on: NaiveDate,
    days: [Option<NaiveDate>; N],
) -> Result<(), PurchaseError> {
    match days.into_iter().flatten().max() {
        Some(earliest) if on < earliest => Err(PurchaseError::BeforeUndone { on, earliest }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{collection, day, open, usd};
    use super::*;
    use crate::Collected;

    /// A part of a payment on the position `p`, received and booked on a day.
    fn paid(id: &str, minor: i64, on: &str) -> Collection {
        let mut own = collection(id, AppliedTo::Position("p".into()), minor);
        (own.part.received_on, own.part.booked_on) = (day(on), day(on));
        own
    }

    /// A position after payments.
    fn after(parts: &[Collection]) -> Position {
        parts.iter().fold(open("p", Recourse::NonRecourse).into(), |position, own| {
            let Position::Open(open) = position else { panic!("open: {position:?}") };
            match open.collect(own.part.amount, own.part.received_on).expect("booked") {
                Collected::Partly(open) => open.into(),
                Collected::Fully(settled) => settled.into(),
            }
        })
    }

    fn undone(payment: &str, all: &[Collection], on: &str) -> Result<Undoing, PurchaseError> {
        undo_payment(payment, (&[after(all)], all), day(on))
    }

    fn steps(own: &Undoing) -> Vec<(&'static str, &str)> {
        own.steps.iter().map(Undone::told).collect()
    }

    #[test]
    fn a_payment_in_part_is_taken_back_and_the_last_of_the_others_counts() {
        let all = [paid("a", 100, "2026-01-10"), paid("b", 200, "2026-01-20")];
        let own = undone("b", &all, "2026-01-25").expect("undone");
        assert_eq!(steps(&own), [("collection", "b")]);
        let Some(Position::Open(open)) = own.position else { panic!("open") };
        assert_eq!((open.collected, open.last_paid_on), (usd(100), Some(day("2026-01-10"))));
        assert_eq!(open.reopened_on, Some(day("2026-01-25")));
        let early = undone("b", &all, "2026-01-19");
        let (on, earliest) = (day("2026-01-19"), day("2026-01-20"));
        assert_eq!(early, Err(PurchaseError::BeforeUndone { on, earliest }));
    }

    #[test]
    fn a_payment_in_full_takes_its_settlement_with_it_whichever_of_the_parts_it_is() {
        let all = [paid("a", 40_000, "2026-01-10"), paid("b", 60_000, "2026-01-20")];
        for (payment, left) in [("a", 60_000), ("b", 40_000)] {
            let own = undone(payment, &all, "2026-01-20").expect("undone");
            assert_eq!(steps(&own), [("settlement", "p.1"), ("collection", payment)]);
            assert_eq!(own.position.expect("a position").collected(), usd(left));
        }
        assert!(undone("a", &all, "2026-01-19").is_err(), "before the settlement");
    }

    #[test]
    fn what_rests_on_a_step_is_undone_before_it() {
        let on = day("2026-05-05");
        let stands = |standing| Err(PurchaseError::Stands(standing));
        let position = |own: &Undoing| own.position.clone().expect("a position");
        let all = [paid("a", 10_000, "2026-01-10")];
        assert_eq!(after(&all).undo_purchase(on), stands(Standing::Payments));
        assert_eq!(undo_settlement(after(&all), &[], on), stands(Standing::Open));
        let lost = after(&all).into_open().expect("open");
        let lost = lost.settle(day("2026-04-02"), Some(LossCause::Credit)).expect("settled");
        let settled = Position::from(lost.clone());
        assert_eq!(settled.clone().undo_purchase(on), stands(Standing::Settlement));
        let rests = undo_payment("a", (&[settled], &all), on);
        assert_eq!(rests, stands(Standing::Settlement));
        let later = Position::from(lost.recover(usd(50), day("2026-05-02")).expect("recovered"));
        assert_eq!(undo_settlement(later.clone(), &[], on), stands(Standing::Recoveries));
        let recovery = collection("r", AppliedTo::Loss("p".into()), 50);
        let both = [all[0].clone(), recovery];
        let own = position(&undo_payment("r", (&[later], &both), on).expect("undone"));
        assert_eq!(own.to_come(), usd(80_000));
        let own = position(&undo_settlement(own, &[], on).expect("undone"));
        assert_eq!((own.status(), own.collected()), ("open", usd(10_000)));
        let own = position(&undo_payment("a", (&[own], &all), on).expect("undone"));
        let own = position(&own.undo_purchase(on).expect("undone"));
        assert_eq!((own.status(), own.to_come()), ("reversed", usd(0)));
        let position = "p".to_owned();
        assert_eq!(own.undo_purchase(on), Err(PurchaseError::Reversed { position, on }));
    }

    #[test]
    fn a_position_paid_in_full_is_opened_by_its_payment_alone() {
        let full = after(&[paid("a", 100_000, "2026-01-10")]);
        let refused = undo_settlement(full, &[], day("2026-02-01"));
        assert_eq!(refused, Err(PurchaseError::Stands(Standing::PaymentInFull)));
    }

    #[test]
    fn what_was_bought_again_since_stays_settled() {
        let all = [paid("a", 100_000, "2026-01-10")];
        let anew = Position::from(open("q", Recourse::Full));
        let on = day("2026-02-01");
        let refused = Err(PurchaseError::Stands(Standing::BoughtAgain));
        assert_eq!(undo_payment("a", (&[after(&all), anew.clone()], &all), on), refused);
        let lost = open("p", Recourse::Full).settle(on, Some(LossCause::Credit));
        let lost = Position::from(lost.expect("settled"));
        assert_eq!(undo_settlement(lost.clone(), &[lost.clone(), anew.clone()], on), refused);
        let reversed = anew.undo_purchase(on).expect("undone").position.expect("a position");
        assert!(undo_settlement(lost.clone(), &[lost, reversed], on).is_ok());
    }

    #[test]
    fn what_belongs_to_the_client_is_taken_back_without_a_position() {
        let rest = collection("c", AppliedTo::Client, 70);
        let own = undo_payment("c", (&[], &[rest]), day("2026-05-02")).expect("undone");
        assert_eq!(steps(&own), [("collection", "c")]);
        assert_eq!(own.position, None);
    }
}
