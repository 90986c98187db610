use std::fmt;

use chrono::NaiveDate;
use thiserror::Error;

use basics::{Currency, Money};

use super::Position;
use super::accounts::Account;
use super::movement::{EntryKind, Movement};
use super::purchase::Totals;

/// A place where a client's books do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BookFault {
    /// A movement is missing, or was moved.
    #[error("movement {expected} is missing; {found} is in its place")]
    Gap {
        /// The number that comes next.
        expected: i64,
        /// The number found.
        found: i64,
    },
    /// The entries of a movement do not sum to 0.
    #[error("the entries of movement {number} sum to {sum} minor units, not to 0")]
    Unbalanced {
        /// The movement.
        number: i64,
        /// The sum.
        sum: i128,
    },
    /// The entries of a day and before do not sum to 0.
    #[error("the entries in {currency} sum to {sum} minor units, not to 0")]
    Sum {
        /// The currency.
        currency: Currency,
        /// The sum.
        sum: i128,
    },
    /// A movement that no row explains.
    #[error("movement {number} has no position, payment, settlement or reversal behind it")]
    NoRow {
        /// The movement.
        number: i64,
    },
    /// A row that was not booked.
    #[error("{} {} was not booked", what(*kind, *is_reversal), subject)]
    NotBooked {
        /// The kind of the movement.
        kind: EntryKind,
        /// True if a reversal was not booked.
        is_reversal: bool,
        /// The id of the position, collection or settlement.
        subject: String,
    },
    /// A movement that is not that of its row.
    #[error(
        "movement {number}, {} {}: booked is {}, but the row says {}",
        what(row.kind, row.is_reversal), row.subject, told(booked), told(row)
    )]
    Differs {
        /// The movement.
        number: i64,
        /// The movement of the row.
        row: Box<Movement>,
        /// The movement on record.
        booked: Box<Movement>,
    },
    /// A position that is not what its entries make it.
    #[error("position {id} is {says}, but by its entries {booked}")]
    Position {
        /// The position.
        id: String,
        /// The position's own figures.
        says: Box<Stand>,
        /// The figures of its entries.
        booked: Box<Stand>,
    },
    /// A purchase of which the invoices are not those that were accepted.
    #[error("purchase {purchase} was accepted for {says}, but its invoices make {lines}")]
    Accepted {
        /// The purchase.
        purchase: String,
        /// The sums that were accepted.
        says: Box<Totals>,
        /// The sums of its invoices.
        lines: Box<Totals>,
    },
    /// A payout that is not that of the positions.
    #[error(
        "the payout of purchase {purchase} is {paid}, but its positions were booked at {booked}"
    )]
    Payout {
        /// The purchase.
        purchase: String,
        /// The cash paid out.
        paid: Money,
        /// The cash that the movements of its positions say.
        booked: Money,
    },
    /// A position of a purchase that was not paid out.
    #[error("position {position} is on the books, but its purchase {purchase} is {stage}")]
    NotPaid {
        /// The purchase.
        purchase: String,
        /// Its stage.
        stage: &'static str,
        /// The position.
        position: String,
    },
    /// An invoice of a payout that is no position.
    #[error("purchase {purchase} was paid out, but its position {position} is not on the books")]
    NoPosition {
        /// The purchase.
        purchase: String,
        /// The position.
        position: String,
    },
    /// A position that is not what was agreed.
    #[error("position {position} is not what was agreed: {}", unlike.join("; "))]
    Agreed {
        /// The position.
        position: String,
        /// The members that differ, each with both values.
        unlike: Vec<String>,
    },
    /// A position that no purchase paid for.
    #[error("position {0} is on the books, but no purchase has it")]
    NoPurchase(String),
    /// A payout to an account that nobody else than its writer has called back about.
    #[error(
        "purchase {purchase} was paid to version {version} of the account {payee}, about which no \
         second person has called the client back"
    )]
    NotCalled {
        /// The purchase.
        purchase: String,
        /// The name of the account.
        payee: String,
        /// The version.
        version: i64,
    },
    /// A payout by the person who accepted the purchase.
    #[error("one person accepted purchase {0} and paid it out")]
    OnePerson(String),
    /// A total that positions, entries and statement do not agree on.
    #[error(
        "{account} in {currency}: {} by the positions, {} by the entries, {} by the statement \
         (minor units)", found[0], found[1], found[2]
    )]
    Closing {
        /// The currency.
        currency: Currency,
        /// The account.
        account: Account,
        /// The balance in minor units by the positions, the entries and the statement.
        found: [i128; 3],
    },
}

/// The state of a position in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// `open`, `settled` or `reversed`.
    pub status: &'static str,
    /// The advance, if it is out.
    pub funds: Money,
    /// Cash received from the debtor, recoveries included.
    pub collected: Money,
    /// The fee of its settlement.
    pub fee: Money,
    /// The factor's loss of its settlement.
    pub loss: Money,
    /// The day of the last payment.
    pub last_paid_on: Option<NaiveDate>,
    /// The day of the last reversal.
    pub reopened_on: Option<NaiveDate>,
}

impl Stand {
    /// Returns the figures that a position states.
    pub(super) fn of(position: &Position) -> Self {
        let zero = Money::zero(position.invoice().amount.currency());
        let settlement = position.settlement();
        Self {
            status: position.status(),
            funds: match position {
                Position::Open(open) => open.invoice.advance,
                Position::Settled(_) | Position::Reversed(_) => zero,
            },
            collected: position.collected(),
            fee: settlement.map_or(zero, |own| own.fee),
            loss: settlement.map_or(zero, |own| own.factor_loss),
            last_paid_on: position.last_paid_on(),
            reopened_on: position.reopened_on(),
        }
    }
}

impl fmt::Display for Stand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, funds, collected, fee, loss, last_paid_on, reopened_on } = self;
        write!(f, "{status} with funds of {funds}, collected {collected}, fee {fee}, loss {loss}")?;
        write!(f, ", last paid {}, last reversed {}", day(*last_paid_on), day(*reopened_on))
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "never".to_owned(), |day| day.to_string())
}

fn what(kind: EntryKind, is_reversal: bool) -> String {
    let word = kind.as_str();
    if is_reversal { format!("the reversal of {word}") } else { word.to_owned() }
}

/// The facts of a movement in one line.
fn told(own: &Movement) -> String {
    let entries = own.entries.iter().map(|(account, amount)| format!("{account} {amount}"));
    let entries = entries.collect::<Vec<_>>().join(", ");
    let Movement { client_id, debtor_id, invoice_number, on, currency, .. } = own;
    format!("{entries} {currency} on {on} for {client_id}, {debtor_id}, {invoice_number}")
}
