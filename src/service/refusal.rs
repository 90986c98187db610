//! Sentences for invoices that cannot be bought, paid or settled.

use chrono::NaiveDate;

use basics::{Amount, Currency, Money};
use pricing::PricingError;
use purchases::{FIRST_DAY, LAST_DUE, PurchaseError, bookable_amount, bookable_day};

use super::ServiceError;
use super::sentence::sentence;

/// Turns a refusal into an error for the caller; `path` places a member in the request.
pub(super) fn refused(error: &PurchaseError, path: impl Fn(&str) -> String) -> ServiceError {
    let field = |name: &str, detail: String| ServiceError::field(&path(name), detail);
    let conflict = ServiceError::Conflict;
    match error {
        PurchaseError::Settled { .. } => conflict("The position has already been settled.".into()),
        PurchaseError::Undone { on } => conflict(format!("It was already reversed on {on}.")),
        PurchaseError::Reversed { .. }
        | PurchaseError::Stands(_)
        | PurchaseError::Repeats { .. }
        | PurchaseError::Funded { .. }
        | PurchaseError::PayoutReversed { .. }
        | PurchaseError::Withdrawn { .. }
        | PurchaseError::SamePerson { .. }
        | PurchaseError::NotCalled { .. }
        | PurchaseError::Charges { .. }
        | PurchaseError::Nothing
        | PurchaseError::RecoursePassed { .. } => conflict(sentence(error)),
        PurchaseError::RepeatsInList { first } => {
            field("reference", format!("The payment is the same as payments[{first}]."))
        }
        PurchaseError::SeveralDebtors { .. } => {
            let detail = "Several debtors have an invoice with this number; name the debtor.";
            field("debtor_id", detail.to_owned())
        }
        PurchaseError::OtherCurrency { bought_in, .. } => {
            field("currency", format!("The invoice was bought in {bought_in}."))
        }
        PurchaseError::NoCurrency { .. } => {
            let detail = "No open position has this invoice number; name the payment's currency.";
            field("currency", detail.to_owned())
        }
        PurchaseError::Amount(error) => field("amount", sentence(error)),
        PurchaseError::AmountRange { most, .. } => {
            field("amount", format!("Expected an amount above 0 and at most {most}."))
        }
        PurchaseError::Advance { .. } => field("advance", "Must not exceed the amount.".to_owned()),
        PurchaseError::BackDated { .. }
        | PurchaseError::BeforeAcceptance { .. }
        | PurchaseError::Ahead { .. }
        | PurchaseError::BeforeIssue { .. }
        | PurchaseError::BeforeUndone { .. }
        | PurchaseError::Day { .. }
        | PurchaseError::Due { .. }
        | PurchaseError::BeforePurchase { .. }
        | PurchaseError::BeforeLastPayment { .. } => {
            let (name, detail) = wrong_day(error);
            field(name, detail)
        }
        PurchaseError::FeePlan(error) => field("terms.fee_plan", sentence(error)),
        PurchaseError::Components(_) => {
            field("terms.fee_plan.components", "Expected one or two components.".to_owned())
        }
        PurchaseError::Pricing(PricingError::Range(range)) if range.key == "cause" => {
            ServiceError::field("cause", format!("Required: {}.", range.expected))
        }
        PurchaseError::Pricing(error) => ServiceError::field("cause", sentence(error)),
        // Not the caller's doing: what exceeds a position becomes an unapplied part.
        PurchaseError::TooMuch { .. }
        | PurchaseError::NotAsAccepted { .. }
        | PurchaseError::Money(_) => ServiceError::internal(error),
    }
}

/// The member with a day that is not allowed, and the sentence about it.
fn wrong_day(error: &PurchaseError) -> (&'static str, String) {
    match error {
        PurchaseError::BackDated { earliest, .. } => {
            ("funded_on", format!("Must not be before {earliest}."))
        }
        PurchaseError::BeforeAcceptance { accepted_on, .. } => {
            let accepted = "when the purchase was accepted";
            ("funded_on", format!("Must not be before {accepted_on}, {accepted}."))
        }
        PurchaseError::Ahead { today, .. } => {
            ("funded_on", format!("Must not be after {today}, today in UTC."))
        }
        PurchaseError::BeforeIssue { invoice_number, issued_on } => {
            let issued = format!("when invoice {invoice_number} was issued");
            ("funded_on", format!("Must not be before {issued_on}, {issued}."))
        }
        PurchaseError::BeforeUndone { earliest, .. } => {
            ("on", format!("Must not be before {earliest}, the date of what is reversed."))
        }
        PurchaseError::Day { .. } => {
            ("received_on", format!("Expected a date from {FIRST_DAY} to today."))
        }
        PurchaseError::Due { .. } => {
            ("due_on", format!("Expected a date from {FIRST_DAY} to {LAST_DUE}."))
        }
        PurchaseError::BeforePurchase { purchased_on, .. } => {
            let bought = "when the invoice was bought";
            ("received_on", format!("Must not be before {purchased_on}, {bought}."))
        }
        PurchaseError::BeforeLastPayment { earliest, .. } => {
            let last = "the date of the purchase or the last payment";
            ("on", format!("Must not be before {earliest}, {last}."))
        }
        other => ("on", sentence(other)),
    }
}

/// The path of a member of the request itself.
pub(super) fn own(name: &str) -> String {
    name.to_owned()
}

/// Checks an amount: above 0, and with no more digits than its currency has.
pub(super) fn money(
    field: &str,
    amount: Amount,
    currency: Currency,
) -> Result<Money, ServiceError> {
    bookable_amount(amount, currency).map_err(|error| refused(&error, |_| field.to_owned()))
}

/// Checks the date of a past event.
pub(super) fn past(field: &str, day: NaiveDate, today: NaiveDate) -> Result<(), ServiceError> {
    bookable_day(day, today).map_err(|error| refused(&error, |_| field.to_owned()))
}

#[cfg(test)]
mod tests {
    use basics::OutOfRange;

    use super::*;

    #[test]
    fn a_refusal_names_the_member_by_its_path() {
        let in_second = |name: &str| format!("payments[1].{name}");
        let invoice_number = "7".to_owned();
        let error = refused(&PurchaseError::SeveralDebtors { invoice_number }, in_second);
        let ServiceError::Field { field, .. } = error else { panic!("a field: {error:?}") };
        assert_eq!(field, "payments[1].debtor_id");
        let missing = OutOfRange::new("cause", "missing", "credit, because less was collected");
        let missing = refused(&PurchaseError::Pricing(missing.into()), own);
        let detail = "Required: credit, because less was collected.";
        assert_eq!(missing, ServiceError::field("cause", detail));
        let nothing = refused(&PurchaseError::Nothing, in_second);
        assert_eq!(nothing, ServiceError::Conflict("The offer buys nothing.".to_owned()));
    }

    #[test]
    fn amounts_and_days_are_named_by_their_own_field() {
        let today = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
        let late = today + chrono::Days::new(2);
        assert_eq!(past("on", today, today), Ok(()));
        let detail = "Expected a date from 2000-01-01 to today.";
        assert_eq!(past("on", late, today), Err(ServiceError::field("on", detail)));
        let none = money("advance", Amount(0.into()), Currency::USD);
        let detail = "Expected an amount above 0 and at most 100000000000.00.";
        assert_eq!(none, Err(ServiceError::field("advance", detail)));
    }
}
