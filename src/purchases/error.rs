use chrono::NaiveDate;
use thiserror::Error;

use basics::{Currency, Money, MoneyError, OutOfRange};
use pricing::PricingError;

use super::calendar::{FIRST_DAY, LAST_DUE};

/// Why an invoice cannot be bought, paid or settled.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PurchaseError {
    /// Only an open position can be paid or settled.
    #[error("position {position} is settled since {on}; expected an open one")]
    Settled {
        /// The position.
        position: String,
        /// When it was settled.
        on: NaiveDate,
    },
    /// A payment that several debtors may have meant.
    #[error("several debtors have an open invoice {invoice_number}; name the debtor")]
    SeveralDebtors {
        /// The invoice that it names.
        invoice_number: String,
    },
    /// A payment in a currency in which the invoice was not bought.
    #[error("paid in {paid_in}, but the invoice was bought in {bought_in}")]
    OtherCurrency {
        /// Currency of the payment.
        paid_in: Currency,
        /// Currency of the position.
        bought_in: Currency,
    },
    /// A payment whose currency neither it nor a position tells.
    #[error("no open position has the invoice {invoice_number}, and the payment names no currency")]
    NoCurrency {
        /// The invoice that it names.
        invoice_number: String,
    },
    /// More than there is to come.
    #[error("{amount} is more than the {most} still to come")]
    TooMuch {
        /// What was to be booked.
        amount: Money,
        /// What is outstanding, or lost and not recovered.
        most: Money,
    },
    /// An amount that its currency cannot hold.
    #[error(transparent)]
    Amount(MoneyError),
    /// An amount outside what is booked.
    #[error("{amount} is not an amount above 0, at most {most}")]
    AmountRange {
        /// What was to be booked.
        amount: Money,
        /// The largest amount.
        most: Money,
    },
    /// A day on which nothing can have happened yet.
    #[error("{day} is not a day from {FIRST_DAY} to today")]
    Day {
        /// The day given.
        day: NaiveDate,
    },
    /// A due date that is none.
    #[error("{due} is not a day from {FIRST_DAY} to {LAST_DUE}")]
    Due {
        /// The day given.
        due: NaiveDate,
    },
    /// A payment before the invoice was bought.
    #[error("received on {on}, but the invoice was bought on {purchased_on}")]
    BeforePurchase {
        /// The day of the payment.
        on: NaiveDate,
        /// The day of the purchase.
        purchased_on: NaiveDate,
    },
    /// A settlement before what it settles.
    #[error("{on} is before the last payment or the purchase, {earliest}")]
    BeforeLastPayment {
        /// The day of the settlement.
        on: NaiveDate,
        /// The first day that is possible.
        earliest: NaiveDate,
    },
    /// More is advanced than was bought.
    #[error("an advance of {advance} on {amount}")]
    Advance {
        /// Paid at the purchase.
        advance: Money,
        /// Amount bought.
        amount: Money,
    },
    /// A fee plan that contradicts itself.
    #[error(transparent)]
    FeePlan(OutOfRange),
    /// A fee plan of too many components, or of none.
    #[error("a fee plan of {0} components; expected one or two")]
    Components(usize),
    /// Whose recourse has passed cannot be bought.
    #[error("the day of recourse of invoice {invoice_number} was {last}")]
    RecoursePassed {
        /// Its number.
        invoice_number: String,
        /// Its day of recourse.
        last: NaiveDate,
    },
    /// An offer of which everything was excluded.
    #[error("the offer buys nothing")]
    Nothing,
    /// A settlement that cannot be computed, or lacks the cause of a shortfall.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// A sum that overflows.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[cfg(test)]
mod tests {
    use super::super::samples::{day, usd};
    use super::*;

    #[test]
    fn a_refusal_names_the_offending_values() {
        let told = |error: PurchaseError| error.to_string();
        let (amount, most) = (usd(1_01), usd(1_00));
        assert_eq!(
            told(PurchaseError::TooMuch { amount, most }),
            "1.01 is more than the 1.00 still to come"
        );
        let due = day("1999-12-31");
        assert_eq!(
            told(PurchaseError::Due { due }),
            "1999-12-31 is not a day from 2000-01-01 to 2200-12-31"
        );
        let (on, purchased_on) = (day("2026-01-01"), day("2026-01-02"));
        let early = told(PurchaseError::BeforePurchase { on, purchased_on });
        assert_eq!(early, "received on 2026-01-01, but the invoice was bought on 2026-01-02");
    }
}
