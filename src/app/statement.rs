//! A client's statement of account: what was bought, collected and settled, and what is out after
//! each of it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Currency, Money, MoneyError};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// An invoice was bought: its advance was paid, the rest is held.
    Purchase,
    /// A debtor paid on an invoice that was bought.
    Collection,
    /// A debtor paid something that was not bought; it is the client's.
    Unapplied,
    /// A debtor paid what the factor had lost; it is the factor's.
    Recovery,
    /// An invoice was settled: the fee is taken, the rest of the reserve is paid out.
    Settlement,
}

/// Something that happened, before it is put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub date: NaiveDate,
    /// What.
    pub kind: EntryKind,
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// Amount bought, paid or settled.
    pub amount: Money,
    /// Its advance: for purchases and settlements.
    pub advance: Money,
    /// Charges of a purchase.
    pub charges: Money,
    /// Fee of a settlement.
    pub fee: Money,
    /// What the client bears of what was not collected.
    pub chargeback: Money,
    /// What the factor bears of it.
    pub factor_loss: Money,
    /// Rebate of a settlement, or an unapplied payment; negative: the client owes it.
    pub to_client: Money,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// When.
    pub date: NaiveDate,
    /// What.
    pub kind: EntryKind,
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// Amount bought, paid or settled.
    pub amount: Money,
    /// Advance paid; for a settlement, the advance that is repaid by it.
    pub advance: Money,
    /// Charges taken out of the advances of a purchase, on its first invoice.
    pub charges: Money,
    /// The fee taken.
    pub fee: Money,
    /// What the client bears of what was not collected.
    pub chargeback: Money,
    /// What the factor bears of it.
    pub factor_loss: Money,
    /// What the client gets: the advance of a purchase less charges, the rebate of a settlement, an
    /// unapplied payment; negative: it owes that.
    pub to_client: Money,
    /// Advances that are out after it.
    pub funds_in_use: Money,
    /// Reserves that are held after it.
    pub reserve_held: Money,
}

/// A statement in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// Its currency.
    pub currency: Currency,
    /// Advances that were out before the first entry.
    pub opening_funds_in_use: Money,
    /// Reserves that were held before the first entry.
    pub opening_reserve_held: Money,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// Advances that are out at the end.
    pub funds_in_use: Money,
    /// Reserves that are held at the end.
    pub reserve_held: Money,
    /// Fees of the period.
    pub fees: Money,
    /// Charges at the purchases of the period.
    pub charges: Money,
    /// Advances and rebates of the period, and unapplied payments: what the client got.
    pub to_client: Money,
    /// Chargebacks of the period.
    pub chargebacks: Money,
}

/// The statements of a client from `from` to `to`, one for each currency.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn statements(
    mut happened: Vec<Happening>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Vec<Statement>, MoneyError> {
    happened.sort_by(|a, b| {
        let key = |h: &Happening| (h.amount.currency(), h.date, h.kind);
        let names = |h: &Happening| (h.debtor_id.clone(), h.invoice_number.clone());
        key(a).cmp(&key(b)).then_with(|| names(a).cmp(&names(b)))
    });
    let mut all: Vec<Statement> = Vec::new();
    for what in happened.into_iter().filter(|what| to.is_none_or(|to| what.date <= to)) {
        let currency = what.amount.currency();
        if all.last().is_none_or(|last| last.currency != currency) {
            all.push(Statement::new(currency));
        }
        let Some(statement) = all.last_mut() else { continue };
        statement.add(what, from)?;
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

    fn add(&mut self, what: Happening, from: Option<NaiveDate>) -> Result<(), MoneyError> {
        let held = what.amount.checked_sub(what.advance)?;
        let to_client = match what.kind {
            EntryKind::Purchase => {
                self.funds_in_use = self.funds_in_use.checked_add(what.advance)?;
                self.reserve_held = self.reserve_held.checked_add(held)?;
                what.advance.checked_sub(what.charges)?
            }
            EntryKind::Settlement => {
                self.funds_in_use = self.funds_in_use.checked_sub(what.advance)?;
                self.reserve_held = self.reserve_held.checked_sub(held)?;
                what.to_client
            }
            EntryKind::Unapplied | EntryKind::Collection | EntryKind::Recovery => what.to_client,
        };
        if from.is_some_and(|from| what.date < from) {
            self.opening_funds_in_use = self.funds_in_use;
            self.opening_reserve_held = self.reserve_held;
            return Ok(());
        }
        self.fees = self.fees.checked_add(what.fee)?;
        self.charges = self.charges.checked_add(what.charges)?;
        self.to_client = self.to_client.checked_add(to_client)?;
        self.chargebacks = self.chargebacks.checked_add(what.chargeback)?;
        self.entries.push(Entry {
            date: what.date,
            kind: what.kind,
            debtor_id: what.debtor_id,
            invoice_number: what.invoice_number,
            amount: what.amount,
            advance: what.advance,
            charges: what.charges,
            fee: what.fee,
            chargeback: what.chargeback,
            factor_loss: what.factor_loss,
            to_client,
            funds_in_use: self.funds_in_use,
            reserve_held: self.reserve_held,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn on(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).expect("a day")
    }

    fn happened(kind: EntryKind, day: u32, amount: i64, advance: i64) -> Happening {
        Happening {
            date: on(day),
            kind,
            debtor_id: "D1".into(),
            invoice_number: "INV-1".into(),
            amount: money(amount),
            advance: money(advance),
            charges: money(0),
            fee: money(0),
            chargeback: money(0),
            factor_loss: money(0),
            to_client: money(0),
        }
    }

    /// The published example of 10,000 at 90 % and 3 %: advance 9,000, fee 300, rebate 700.
    #[test]
    fn advance_and_rebate_are_what_the_client_gets_and_nothing_stays_out() {
        let mut bought = happened(EntryKind::Purchase, 1, 1_000_000, 900_000);
        bought.charges = money(2_500);
        let paid = happened(EntryKind::Collection, 20, 1_000_000, 0);
        let mut settled = happened(EntryKind::Settlement, 20, 1_000_000, 900_000);
        (settled.fee, settled.to_client) = (money(30_000), money(70_000));
        let all = vec![settled, paid, bought];
        let whole = statements(all.clone(), None, None).expect("sums");
        let [statement] = whole.as_slice() else { panic!("one currency") };
        assert_eq!(statement.to_client, money(967_500), "less the charge of 25");
        assert_eq!((statement.funds_in_use, statement.reserve_held), (money(0), money(0)));
        assert_eq!(statement.entries[0].reserve_held, money(100_000));
        // Cut in two, the first half closes where the second opens.
        let first = &statements(all.clone(), None, Some(on(10))).expect("sums")[0];
        let second = &statements(all, Some(on(11)), None).expect("sums")[0];
        assert_eq!(first.funds_in_use, second.opening_funds_in_use);
        assert_eq!(second.opening_funds_in_use, money(900_000));
        assert_eq!(second.to_client, money(70_000));
    }
}
