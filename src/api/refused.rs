//! What a caller is told when an invoice cannot be bought, paid or settled.

use chrono::NaiveDate;

use basics::{Amount, Currency, Money};
use purchases::{FIRST_DAY, LAST_DUE, PurchaseError, bookable_amount, bookable_day};

use super::Service;
use super::problem::{Problem, ProblemType};

/// A refusal as a problem; `of` gives a member of the request its path.
pub(super) fn refused(error: &PurchaseError, of: impl Fn(&str) -> String) -> Problem {
    let field = |name: &str, detail: String| Problem::field(&of(name), detail);
    match error {
        PurchaseError::Settled { .. } => {
            Problem::new(ProblemType::Conflict, "The position is settled already.")
        }
        PurchaseError::SeveralDebtors { .. } => {
            let detail = "Several debtors have an invoice of this number; name the debtor.";
            field("debtor_id", detail.to_owned())
        }
        PurchaseError::OtherCurrency { bought_in, .. } => {
            field("currency", format!("The invoice was bought in {bought_in}."))
        }
        PurchaseError::NoCurrency { .. } => {
            let detail = "No open position has this invoice; name the currency of the payment.";
            field("currency", detail.to_owned())
        }
        PurchaseError::Amount(error) => field("amount", error.to_string()),
        PurchaseError::AmountRange { most, .. } => {
            field("amount", format!("Expected an amount above 0, at most {most}."))
        }
        PurchaseError::Advance { .. } => {
            field("advance", "Expected at most the amount.".to_owned())
        }
        PurchaseError::Day { .. } => {
            field("received_on", format!("Expected a day from {FIRST_DAY} to today."))
        }
        PurchaseError::Due { .. } => {
            field("due_on", format!("Expected a day from {FIRST_DAY} to {LAST_DUE}."))
        }
        PurchaseError::BeforePurchase { purchased_on, .. } => {
            field("received_on", format!("The invoice was bought on {purchased_on}."))
        }
        PurchaseError::BeforeLastPayment { earliest, .. } => field(
            "on",
            format!("Expected no day before the last payment or the purchase, {earliest}."),
        ),
        PurchaseError::FeePlan(error) => field("terms.fee_plan", error.to_string()),
        PurchaseError::Components(_) => {
            field("terms.fee_plan.components", "Expected one or two components.".to_owned())
        }
        PurchaseError::RecoursePassed { invoice_number, .. } => Problem::new(
            ProblemType::Conflict,
            format!(
                "The day of recourse of invoice {invoice_number} has passed: exclude it, or evaluate anew."
            ),
        ),
        PurchaseError::Nothing => Problem::new(ProblemType::Conflict, "The offer buys nothing."),
        PurchaseError::Pricing(error) => Problem::field("cause", error.to_string()),
        PurchaseError::TooMuch { .. } | PurchaseError::Money(_) => Problem::internal(error),
    }
}

/// A member of the request itself.
pub(super) fn own(name: &str) -> String {
    name.to_owned()
}

/// An amount above 0 that its currency can hold.
pub(super) fn money(field: &str, amount: Amount, currency: Currency) -> Result<Money, Problem> {
    bookable_amount(amount, currency).map_err(|error| refused(&error, |_| field.to_owned()))
}

/// A day on which something can have happened.
pub(super) fn past(service: &Service, field: &str, day: NaiveDate) -> Result<(), Problem> {
    bookable_day(day, service.today()).map_err(|error| refused(&error, |_| field.to_owned()))
}
