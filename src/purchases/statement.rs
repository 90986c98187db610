//! A client's statement of account: purchases, collections and settlements, with the balances after
//! each.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Currency, Money, MoneyError};

use super::accounts::Account;
use super::movement::{EntryKind, Movement, Recorded};

/// The first and last day of a statement, and the last movement that it knows of; an end left open
/// sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    /// The number of the last movement that counts: what was recorded later, whatever its day, is
    /// left out, so that a statement can be made again as it was.
    pub recorded: Option<i64>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// The day on which it happened.
    pub date: NaiveDate,
    /// The kind of entry.
    pub kind: EntryKind,
    /// True if the entry undoes an earlier one; its amounts then have the other sign.
    pub reversal: bool,
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
/// Entries are sorted by day, and within a day in the order in which they were recorded.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn statements(
    movements: &[Recorded],
    Period { from, to, recorded }: Period,
) -> Result<Vec<Statement>, MoneyError> {
    let counts = |own: &&Recorded| {
        to.is_none_or(|to| own.movement.on <= to) && recorded.is_none_or(|last| own.number <= last)
    };
    let mut movements: Vec<&Recorded> = movements.iter().filter(counts).collect();
    // The currency first, so that the movements of each statement are neighbours.
    movements.sort_by_key(|own| (own.movement.currency, own.movement.on, own.number));
    let mut all: Vec<Statement> = Vec::new();
    for Recorded { movement, .. } in movements {
        let currency = movement.currency;
        if all.last().is_none_or(|last| last.currency != currency) {
            all.push(Statement::new(currency));
        }
        let Some(statement) = all.last_mut() else { continue };
        statement.add(movement, from)?;
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

    fn add(&mut self, own: &Movement, from: Option<NaiveDate>) -> Result<(), MoneyError> {
        let negative = |account| Money::zero(own.currency).checked_sub(own.amount(account));
        self.funds_in_use = self.funds_in_use.checked_add(own.amount(Account::Funds))?;
        self.reserve_held = self.reserve_held.checked_add(negative(Account::Reserve)?)?;
        // Earlier movements are not shown, but they make up the opening balances.
        if from.is_some_and(|from| own.on < from) {
            // Overwritten by each: the last before the period leaves the opening balances.
            self.opening_funds_in_use = self.funds_in_use;
            self.opening_reserve_held = self.reserve_held;
            return Ok(());
        }
        let entry = Entry::of(own, (self.funds_in_use, self.reserve_held))?;
        self.fees = self.fees.checked_add(entry.fee)?;
        self.charges = self.charges.checked_add(entry.charges)?;
        self.to_client = self.to_client.checked_add(entry.to_client)?;
        self.chargebacks = self.chargebacks.checked_add(entry.chargeback)?;
        self.entries.push(entry);
        Ok(())
    }
}

impl Entry {
    /// Returns the line of a movement, with the balances after it.
    fn of(
        own: &Movement,
        (funds_in_use, reserve_held): (Money, Money),
    ) -> Result<Self, MoneyError> {
        let zero = Money::zero(own.currency);
        let negative = |account| zero.checked_sub(own.amount(account));
        let earned = negative(Account::Fee)?;
        // Bought invoices are reserve and cover; what a purchase adds a settlement releases.
        let invoices = own.amount(Account::Reserve).checked_add(own.amount(Account::Cover))?;
        let ours = negative(Account::Client)?.checked_sub(own.amount(Account::Chargeback))?;
        let (bank, funds) = (own.amount(Account::Bank), own.amount(Account::Funds));
        let plain = Self {
            date: own.on,
            kind: own.kind,
            reversal: own.is_reversal,
            debtor_id: own.debtor_id.clone(),
            invoice_number: own.invoice_number.clone(),
            amount: bank,
            advance: zero,
            charges: zero,
            fee: zero,
            chargeback: zero,
            factor_loss: zero,
            to_client: ours.checked_add(negative(Account::Suspense)?)?,
            funds_in_use,
            reserve_held,
        };
        Ok(match own.kind {
            EntryKind::Purchase => {
                let amount = zero.checked_sub(invoices)?;
                Self { amount, advance: funds, charges: earned, ..plain }
            }
            EntryKind::Settlement => Self {
                amount: invoices,
                advance: zero.checked_sub(funds)?,
                fee: earned,
                chargeback: own.amount(Account::Chargeback),
                factor_loss: own.amount(Account::Loss),
                ..plain
            },
            // Cash from debtors changes no balance: an advance is out until its invoice is settled.
            EntryKind::Unapplied | EntryKind::Collection | EntryKind::Recovery => plain,
        })
    }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{collection, day, eur, open, usd};
    use super::*;
    use crate::{AppliedTo, Collected, OpenPosition, Recorded};

    fn numbered(movements: Vec<Movement>) -> Vec<Recorded> {
        (1..).zip(movements).map(|(number, movement)| Recorded { number, movement }).collect()
    }

    /// The published example of 10,000 at 90 % and 3 %: advance 9,000, fee 300, rebate 700; with a
    /// wire of 25.
    fn published() -> Vec<Recorded> {
        let mut position = open("p", Recourse::Full);
        position.invoice.amount = usd(1_000_000);
        position.invoice.advance = usd(900_000);
        position.invoice.prepaid = usd(2_500);
        let bought = Movement::purchase(&position.invoice).expect("sums");
        let position = OpenPosition::new(position.invoice);
        let Ok(Collected::Fully(settled)) = position.collect(usd(1_000_000), day("2026-01-20"))
        else {
            panic!("collected in full")
        };
        let mut paid = collection("c", AppliedTo::Position("p".into()), 1_000_000);
        paid.part.booked_on = day("2026-01-20");
        let paid = Movement::collection("acme", &paid).expect("sums");
        let ended = Movement::settlement(&settled.invoice, &settled.settlement).expect("sums");
        numbered(vec![bought, paid, ended])
    }

    fn of(movements: &[Recorded], from: Option<&str>, to: Option<&str>) -> Statement {
        let period = Period { from: from.map(day), to: to.map(day), recorded: None };
        let mut all = statements(movements, period).expect("sums");
        assert_eq!(all.len(), 1, "one currency");
        all.remove(0)
    }

    #[test]
    fn advance_and_rebate_are_what_the_client_gets_and_nothing_stays_out() {
        let whole = of(&published(), None, None);
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
        let whole = of(&published(), None, None);
        for (last, next) in [
            ("2025-12-31", "2026-01-01"),
            ("2026-01-10", "2026-01-11"),
            ("2026-01-20", "2026-01-21"),
        ] {
            let period = Period { to: Some(day(last)), ..Period::default() };
            let first = statements(&published(), period).expect("sums");
            let second = of(&published(), Some(next), None);
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
        let both = [euros, open("p", Recourse::Full)];
        let both = both.map(|own| Movement::purchase(&own.invoice).expect("sums")).to_vec();
        let all = statements(&numbered(both), Period::default()).expect("sums");
        let funds: Vec<Money> = all.iter().map(|own| own.funds_in_use).collect();
        assert_eq!(funds, [eur(400), usd(80_000)]);
    }

    #[test]
    fn a_reversal_shows_on_its_own_day_with_the_other_sign_and_leaves_nothing() {
        let whole = published();
        let undone = whole.iter().rev().map(|own| own.movement.undone(day("2026-02-03")));
        let all: Vec<Movement> =
            whole.iter().map(|own| own.movement.clone()).chain(undone).collect();
        let all = numbered(all);
        let earlier = |all: &[Recorded]| of(all, None, Some("2026-02-02"));
        assert_eq!(earlier(&all), earlier(&whole), "an earlier period stays as it was");
        let both = of(&all, None, None);
        assert_eq!((both.fees, both.charges, both.to_client), (usd(0), usd(0), usd(0)));
        assert_eq!((both.funds_in_use, both.reserve_held), (usd(0), usd(0)));
        let last = both.entries.last().expect("an entry");
        assert_eq!((last.kind, last.reversal), (EntryKind::Purchase, true));
        assert_eq!((last.amount, last.advance), (usd(-1_000_000), usd(-900_000)));
        assert_eq!(last.to_client, usd(-897_500));
    }

    #[test]
    fn as_of_a_movement_it_is_what_it_was_before_the_later_ones() {
        let whole = published();
        let period = Period { recorded: Some(2), ..Period::default() };
        assert_eq!(statements(&whole, period), statements(&whole[..2], Period::default()));
    }

    #[test]
    fn without_movements_there_is_no_statement() {
        assert_eq!(statements(&[], Period::default()), Ok(Vec::new()));
    }
}
