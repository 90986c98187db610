use std::fmt;

use thiserror::Error;

use basics::{Currency, Money, MoneyError};
use policy::Objection;

/// The place of an earlier sale of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sold {
    /// A position.
    Position(String),
    /// A purchase that is accepted: there is no position yet.
    Purchase(String),
}

impl fmt::Display for Sold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(id) => write!(f, "as position {id}"),
            Self::Purchase(id) => write!(f, "in purchase {id}, which waits for its payout"),
        }
    }
}

/// The reason why an invoice that could be priced cannot be bought.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotBuyable {
    /// The client has sold it before.
    #[error("invoice {invoice} has already been bought, {sold}{}", again(*is_charged_back))]
    Bought {
        /// Its number.
        invoice: String,
        /// The place of its first sale.
        sold: Sold,
        /// True if the position was charged back.
        is_charged_back: bool,
    },
    /// Another client has sold it. Only staff may read this.
    #[error(
        "invoice {invoice} has already been bought from the client {client}, {sold}: \
         ask its debtor whose it is"
    )]
    SoldTwice {
        /// Its number.
        invoice: String,
        /// The place of its first sale.
        sold: Sold,
        /// The client that sold it first.
        client: String,
    },
    /// Another position under its debtor and number is open.
    #[error(
        "another position of debtor {debtor} with the invoice number {invoice} is open; settle that \
         one first"
    )]
    Open {
        /// The debtor's id.
        debtor: String,
        /// The number.
        invoice: String,
    },
    /// A debtor speaks against it. Only staff may read this.
    #[error(
        "invoice {invoice} cannot be bought: {objection}; exclude it, have it confirmed anew, or \
         evaluate the ledger again"
    )]
    Contradicted {
        /// The number.
        invoice: String,
        /// The debtor's word against it.
        objection: Objection,
    },
    /// Its debtor is recorded as insolvent. Only staff may read this.
    #[error("invoice {invoice} cannot be bought: its debtor {debtor} is recorded as insolvent")]
    Insolvent {
        /// The number.
        invoice: String,
        /// The debtor's id.
        debtor: String,
    },
    /// Nothing of the offer that is completed stands.
    #[error("the offer that this one completes is {0}; what it held is not bought any more")]
    Completes(&'static str),
    /// A named repurchase that none of the invoices is.
    #[error("none of the invoices repurchases position {0}")]
    NoRepurchase(String),
    /// The purchase would take more than the line.
    #[error(
        "the line is {limit} {}: {in_use} is in use, and this purchase would add {adds}",
        limit.currency()
    )]
    OverLine {
        /// The line.
        limit: Money,
        /// Funds in use before.
        in_use: Money,
        /// The advances of the purchase.
        adds: Money,
    },
    /// The purchase would take more than a debtor, or a group of debtors, is good for.
    #[error(
        "the limit on {whom} is {limit} {}: {owed} is bought and not yet paid, and this purchase \
         would add {adds}",
        limit.currency()
    )]
    OverDebtor {
        /// `debtor D1` or `the group Mills`.
        whom: String,
        /// The limit.
        limit: Money,
        /// Bought and not yet paid before.
        owed: Money,
        /// The amounts that the purchase would add.
        adds: Money,
    },
    /// Amounts in a currency for which the facility states no rate.
    #[error(
        "the facility is in {to} and states no rate for {from}: add one under rates, with the day \
         in rates_on"
    )]
    NoRate {
        /// The currency of an amount.
        from: Currency,
        /// The currency of the facility.
        to: Currency,
    },
    /// A sum that overflows.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

fn again(is_charged_back: bool) -> &'static str {
    if is_charged_back {
        "; it was charged back, and is bought again only if staff name that position as repurchased"
    } else {
        ""
    }
}
