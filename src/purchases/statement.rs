//! A client's statement of account: purchases, collections and settlements, with the balances after
//! each.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Currency, Money, MoneyError};

use super::ledger_event::{EntryKind, LedgerEvent};

/// The first and last day of a statement; an end left open sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// The day on which it happened.
    pub date: NaiveDate,
    /// The kind of entry.
    pub kind: EntryKind,
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice number.
    pub invoice_number: String,
    /// Amount bought, paid or settled.
    pub amount: Money,
    /// The advance paid at a purchase, or repaid by a settlement.
    pub advance: Money,
    /// Charges taken out of the advances of a purchase; shown on its first invoice.
    pub charges: Money,
    /// The fee taken.
    pub fee: Money,
    /// The part of a shortfall that the client bears.
    pub chargeback: Money,
    /// The part of a shortfall that the factor bears.
    pub factor_loss: Money,
    /// Amount that the client gets: the advance of a purchase less charges, the rebate of a
    /// settlement, or an unapplied payment. Negative if the client owes it.
    pub to_client: Money,
    /// Advances outstanding after this entry.
    pub funds_in_use: Money,
    /// Reserves held after this entry.
    pub reserve_held: Money,
}

/// A statement in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// The currency of all amounts.
    pub currency: Currency,
    /// Advances outstanding before the first entry.
    pub opening_funds_in_use: Money,
    /// Reserves held before the first entry.
    pub opening_reserve_held: Money,
    /// The entries, in order of their dates.
    pub entries: Vec<Entry>,
    /// Advances outstanding at the end.
    pub funds_in_use: Money,
    /// Reserves held at the end.
    pub reserve_held: Money,
    /// Fees taken in the period.
    pub fees: Money,
    /// Charges taken at purchases in the period.
    pub charges: Money,
    /// Amount that the client got in the period: advances less charges, rebates and unapplied
    /// payments.
    pub to_client: Money,
    /// Chargebacks of the period.
    pub chargebacks: Money,
}

/// Returns a client's statements for a period, one for each currency.
///
/// Entries are sorted by day; on one day purchases come before payments, and payments before
/// settlements.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn statements(
    mut events: Vec<LedgerEvent>,
    Period { from, to }: Period,
) -> Result<Vec<Statement>, MoneyError> {
    events.retain(|event| to.is_none_or(|to| event.date <= to));
    events.sort_by(|a, b| {
        // The currency first, so that the events of each statement are neighbours.
        let key = |event: &LedgerEvent| (event.amount.currency(), event.date, event.kind);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.debtor_id.cmp(&b.debtor_id))
            .then_with(|| a.invoice_number.cmp(&b.invoice_number))
            // The id last: the store may return events in any order, the statement must not show
            // it.
            .then_with(|| a.id.cmp(&b.id))
    });
    let mut all: Vec<Statement> = Vec::new();
    for event in events {
        let currency = event.amount.currency();
        if all.last().is_none_or(|last| last.currency != currency) {
            all.push(Statement::new(currency));
        }
        let Some(statement) = all.last_mut() else { continue };
        statement.add(event, from)?;
    }
    Ok(all)
}

impl Statement {
    fn new(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            currency,
            opening_funds_in_use: zero,
            opening_reserve_held: zero,
            entries: Vec::new(),
            funds_in_use: zero,
            reserve_held: zero,
            fees: zero,
            charges: zero,
            to_client: zero,
            chargebacks: zero,
        }
    }

    fn add(&mut self, event: LedgerEvent, from: Option<NaiveDate>) -> Result<(), MoneyError> {
        let held = event.amount.checked_sub(event.advance)?;
        let to_client = match event.kind {
            EntryKind::Purchase => {
                self.funds_in_use = self.funds_in_use.checked_add(event.advance)?;
                self.reserve_held = self.reserve_held.checked_add(held)?;
                event.advance.checked_sub(event.charges)?
            }
            EntryKind::Settlement => {
                self.funds_in_use = self.funds_in_use.checked_sub(event.advance)?;
                self.reserve_held = self.reserve_held.checked_sub(held)?;
                event.to_client
            }
            // Cash from debtors changes no balance: an advance is out until its invoice is settled.
            EntryKind::Unapplied | EntryKind::Collection | EntryKind::Recovery => event.to_client,
        };
        // Earlier events are not shown, but they make up the opening balances.
        if from.is_some_and(|from| event.date < from) {
            // Overwritten by each: the last before the period leaves the opening balances.
            self.opening_funds_in_use = self.funds_in_use;
            self.opening_reserve_held = self.reserve_held;
            return Ok(());
        }
        self.fees = self.fees.checked_add(event.fee)?;
        self.charges = self.charges.checked_add(event.charges)?;
        self.to_client = self.to_client.checked_add(to_client)?;
        self.chargebacks = self.chargebacks.checked_add(event.chargeback)?;
        self.entries.push(Entry {
            date: event.date,
            kind: event.kind,
            debtor_id: event.debtor_id,
            invoice_number: event.invoice_number,
            amount: event.amount,
            advance: event.advance,
            charges: event.charges,
            fee: event.fee,
            chargeback: event.chargeback,
            factor_loss: event.factor_loss,
            to_client,
            funds_in_use: self.funds_in_use,
            reserve_held: self.reserve_held,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, eur, open, usd};
    use super::*;
    use crate::{AppliedTo, Collected, Collection, OpenPosition, PaymentPart, Position, events};

    /// The published example of 10,000 at 90 % and 3 %: advance 9,000, fee 300, rebate 700; with a
    /// wire of 25.
    fn published() -> Vec<LedgerEvent> {
        let mut position = open("p", Recourse::Full);
        position.invoice.amount = usd(1_000_000);
        position.invoice.advance = usd(900_000);
        position.invoice.prepaid = usd(2_500);
        let position = OpenPosition::new(position.invoice);
        let Ok(Collected::Fully(settled)) = position.collect(usd(1_000_000), day("2026-01-20"))
        else {
            panic!("collected in full")
        };
        let part = PaymentPart {
            applied_to: AppliedTo::Position("p".into()),
            debtor_id: "D1".into(),
            invoice_number: "1".into(),
            amount: usd(1_000_000),
            received_on: day("2026-01-20"),
            reference: String::new(),
        };
        let mut all = events(&[settled.into()], &[Collection { id: "c".into(), part }]);
        all.reverse();
        all
    }

    fn of(events: Vec<LedgerEvent>, from: Option<&str>, to: Option<&str>) -> Statement {
        let period = Period { from: from.map(day), to: to.map(day) };
        let mut all = statements(events, period).expect("sums");
        assert_eq!(all.len(), 1, "one currency");
        all.remove(0)
    }

    #[test]
    fn advance_and_rebate_are_what_the_client_gets_and_nothing_stays_out() {
        let whole = of(published(), None, None);
        assert_eq!((whole.fees, whole.charges), (usd(30_000), usd(2_500)));
        assert_eq!(whole.to_client, usd(967_500), "9,000 - 25 at once, 700 later");
        assert_eq!((whole.funds_in_use, whole.reserve_held), (usd(0), usd(0)));
        let kinds: Vec<EntryKind> = whole.entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Purchase, EntryKind::Collection, EntryKind::Settlement]);
        let bought = &whole.entries[0];
        assert_eq!((bought.funds_in_use, bought.reserve_held), (usd(900_000), usd(100_000)));
    }

    #[test]
    fn cut_in_two_the_first_half_closes_where_the_second_opens_and_they_add_up() {
        let whole = of(published(), None, None);
        for (last, next) in [
            ("2025-12-31", "2026-01-01"),
            ("2026-01-10", "2026-01-11"),
            ("2026-01-20", "2026-01-21"),
        ] {
            let period = Period { from: None, to: Some(day(last)) };
            let first = statements(published(), period).expect("sums");
            let second = of(published(), Some(next), None);
            let (funds, reserve) = first
                .first()
                .map_or((usd(0), usd(0)), |first| (first.funds_in_use, first.reserve_held));
            assert_eq!(second.opening_funds_in_use, funds);
            assert_eq!(second.opening_reserve_held, reserve);
            let sum = |of: fn(&Statement) -> Money| {
                let before = first.first().map_or(usd(0), of);
                before.checked_add(of(&second)).expect("a sum")
            };
            assert_eq!(sum(|own| own.fees), whole.fees);
            assert_eq!(sum(|own| own.charges), whole.charges);
            assert_eq!(sum(|own| own.to_client), whole.to_client);
            assert_eq!(sum(|own| own.chargebacks), whole.chargebacks);
            let entries = first.into_iter().flat_map(|first| first.entries);
            assert_eq!(entries.chain(second.entries).collect::<Vec<_>>(), whole.entries);
        }
    }

    #[test]
    fn currencies_are_never_added_up() {
        let mut euros = open("q", Recourse::Full);
        (euros.invoice.amount, euros.invoice.advance) = (eur(500), eur(400));
        euros.invoice.prepaid = eur(0);
        let both: [Position; 2] = [euros.into(), open("p", Recourse::Full).into()];
        let all = statements(events(&both, &[]), Period::default()).expect("sums");
        let funds: Vec<Money> = all.iter().map(|own| own.funds_in_use).collect();
        assert_eq!(funds, [eur(400), usd(80_000)]);
    }

    #[test]
    fn of_one_day_the_order_is_the_same_however_the_events_come() {
        let mut forward = published();
        let other = LedgerEvent { id: "o".into(), ..forward[2].clone() };
        forward.push(other);
        let mut backward = forward.clone();
        backward.reverse();
        assert_eq!(of(forward, None, None), of(backward, None, None));
    }

    #[test]
    fn without_events_there_is_no_statement() {
        assert_eq!(statements(Vec::new(), Period::default()), Ok(Vec::new()));
    }
}
