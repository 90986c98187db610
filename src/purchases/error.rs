use chrono::NaiveDate;
use thiserror::Error;

use basics::{Currency, Money, MoneyError, OutOfRange};
use pricing::PricingError;

use super::calendar::{FIRST_DAY, LAST_DUE};

/// The reason why an invoice cannot be bought, paid or settled.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PurchaseError {
    /// The position is settled, but the step needs an open one.
    #[error("position {position} was settled on {on}; only an open one can be paid or settled")]
    Settled {
        /// The position.
        position: String,
        /// The day of settlement.
        on: NaiveDate,
    },
    /// The purchase of the position was undone.
    #[error("the purchase of position {position} was reversed on {on}")]
    Reversed {
        /// The position.
        position: String,
        /// The day of the reversal.
        on: NaiveDate,
    },
    /// The step was undone before.
    #[error("it was reversed on {on}; a step is undone once")]
    Undone {
        /// The day of the reversal.
        on: NaiveDate,
    },
    /// The purchase is funded, but the step comes before that.
    #[error("the purchase was funded on {on} by {by}")]
    Funded {
        /// The day of funding.
        on: NaiveDate,
        /// The holder of the key that funded it.
        by: String,
    },
    /// The purchase was funded, and that was undone.
    #[error("the purchase was funded on {funded_on} and reversed on {on}")]
    PayoutReversed {
        /// The day of funding.
        funded_on: NaiveDate,
        /// The day of the reversal.
        on: NaiveDate,
    },
    /// The purchase was withdrawn.
    #[error("the purchase was withdrawn by {by}")]
    Withdrawn {
        /// The holder of the key that withdrew it.
        by: String,
    },
    /// Charges that take more than the advances.
    #[error("the charges of {charges} exceed the advances of {advances}")]
    Charges {
        /// The charges.
        charges: Money,
        /// The advances.
        advances: Money,
    },
    /// A purchase that somebody changed since it was accepted.
    #[error("the {what} is not as it was accepted")]
    NotAsAccepted {
        /// The part of the purchase.
        what: &'static str,
    },
    /// One person would take a step and check it too.
    #[error("the same person {did}; another one has to do this")]
    SamePerson {
        /// The step that the person has taken.
        did: &'static str,
    },
    /// An account that nobody has called the client back about.
    #[error("nobody has called the client back about the account {payee}")]
    NotCalled {
        /// The account's name.
        payee: String,
    },
    /// A payout dated back further than the service allows.
    #[error("the payout is dated {on}; the first day allowed is {earliest}")]
    BackDated {
        /// The day given.
        on: NaiveDate,
        /// The first day allowed.
        earliest: NaiveDate,
    },
    /// A payout dated before anybody agreed to the purchase.
    #[error("the payout is dated {on}; the purchase was accepted on {accepted_on}")]
    BeforeAcceptance {
        /// The day given.
        on: NaiveDate,
        /// The day of acceptance.
        accepted_on: NaiveDate,
    },
    /// A payout dated after today.
    #[error("the payout is dated {on}; today is {today}")]
    Ahead {
        /// The day given.
        on: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// Something that rests on the step still stands.
    #[error("{0}")]
    Stands(Standing),
    /// A reversal dated before what it undoes, or before another reversal on the same position.
    #[error("the reversal on {on} precedes what it undoes, or another reversal, on {earliest}")]
    BeforeUndone {
        /// The day of the reversal.
        on: NaiveDate,
        /// The first possible day.
        earliest: NaiveDate,
    },
    /// A line of a bank account that is on record already.
    #[error("the bank reference {reference} is on record with the payment {first}")]
    Repeats {
        /// The reference.
        reference: String,
        /// The first payment with it.
        first: String,
    },
    /// The same line of a bank account twice in one list of payments.
    #[error("the payment repeats the bank reference and all else of payment {first} of the list")]
    RepeatsInList {
        /// The index of the first.
        first: usize,
    },
    /// A payment that matches invoices of several debtors.
    #[error(
        "several debtors have an open invoice with the number {invoice_number}; name the debtor"
    )]
    SeveralDebtors {
        /// The invoice number on the payment.
        invoice_number: String,
    },
    /// A payment in another currency than that of the purchase.
    #[error("the payment is in {paid_in}, but the invoice was bought in {bought_in}")]
    OtherCurrency {
        /// Currency of the payment.
        paid_in: Currency,
        /// Currency of the position.
        bought_in: Currency,
    },
    /// A payment that names no currency and matches no open position.
    #[error("invoice {invoice_number} has no open position; name the currency of the payment")]
    NoCurrency {
        /// The invoice number on the payment.
        invoice_number: String,
    },
    /// More than is outstanding, or than the factor has lost.
    #[error("{amount} is more than the {most} that can still be booked")]
    TooMuch {
        /// The amount given.
        amount: Money,
        /// The amount outstanding, or lost and not yet recovered.
        most: Money,
    },
    /// An amount with more decimals than its currency, or too large for it.
    #[error(transparent)]
    Amount(MoneyError),
    /// An amount of 0, below 0, or beyond the largest that can be booked.
    #[error("the amount is {amount}; it must be above 0 and at most {most}")]
    AmountRange {
        /// The amount given.
        amount: Money,
        /// The largest amount that can be booked.
        most: Money,
    },
    /// A day before the first possible one, or after tomorrow.
    #[error("{day} must be from {FIRST_DAY} to tomorrow")]
    Day {
        /// The day given.
        day: NaiveDate,
    },
    /// A due date outside the calendar.
    #[error("the due date {due} must be from {FIRST_DAY} to {LAST_DUE}")]
    Due {
        /// The day given.
        due: NaiveDate,
    },
    /// A payment dated before the purchase of the invoice.
    #[error("the payment was received on {on}, before the invoice was bought on {purchased_on}")]
    BeforePurchase {
        /// The day of the payment.
        on: NaiveDate,
        /// The day of the purchase.
        purchased_on: NaiveDate,
    },
    /// A settlement dated before the last payment or the purchase.
    #[error("the settlement on {on} precedes the last payment or the purchase on {earliest}")]
    BeforeLastPayment {
        /// The day of the settlement.
        on: NaiveDate,
        /// The first possible day.
        earliest: NaiveDate,
    },
    /// An advance above the amount bought.
    #[error("the advance of {advance} is more than the {amount} bought")]
    Advance {
        /// The advance given.
        advance: Money,
        /// Amount bought.
        amount: Money,
    },
    /// A fee plan that contradicts itself.
    #[error(transparent)]
    FeePlan(OutOfRange),
    /// A fee plan with too many components, or none.
    #[error("the fee plan has {0} components; it must have one or two")]
    Components(usize),
    /// An invoice whose day of recourse has passed.
    #[error(
        "the recourse period of invoice {invoice_number} ended on {last}; it can no longer be bought"
    )]
    RecoursePassed {
        /// The invoice number.
        invoice_number: String,
        /// The day of recourse.
        last: NaiveDate,
    },
    /// A payout dated before an invoice was issued.
    #[error("invoice {invoice_number} was issued on {issued_on}, after the day of the payout")]
    BeforeIssue {
        /// The invoice number.
        invoice_number: String,
        /// The issue date.
        issued_on: NaiveDate,
    },
    /// An offer of which every line was excluded.
    #[error("the offer buys nothing")]
    Nothing,
    /// A settlement that cannot be computed, or a shortfall without a cause.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// A sum that overflows.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A step that stands and must be undone before another one can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Standing {
    /// Payments on a position whose purchase is to be undone.
    #[error("payments on the position stand; reverse them first")]
    Payments,
    /// Recoveries of a loss whose settlement is to be undone.
    #[error("recoveries of the loss stand; reverse them first")]
    Recoveries,
    /// A settlement that rests on a payment which is to be undone, or on the purchase.
    #[error("the settlement of the position stands; reverse it first")]
    Settlement,
    /// The payment in full by which the position was settled.
    #[error("a payment in full settled the position; reverse that payment")]
    PaymentInFull,
    /// Another purchase of the invoice, made after the settlement that is to be undone.
    #[error("the invoice has been bought again since; reverse that purchase first")]
    BoughtAgain,
    /// No settlement: the position is open.
    #[error("the position is open; there is no settlement to reverse")]
    Open,
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
            "1.01 is more than the 1.00 that can still be booked"
        );
        let due = day("1999-12-31");
        assert_eq!(
            told(PurchaseError::Due { due }),
            "the due date 1999-12-31 must be from 2000-01-01 to 2200-12-31"
        );
        let (on, purchased_on) = (day("2026-01-01"), day("2026-01-02"));
        let early = told(PurchaseError::BeforePurchase { on, purchased_on });
        let expected =
            "the payment was received on 2026-01-01, before the invoice was bought on 2026-01-02";
        assert_eq!(early, expected);
    }
}
