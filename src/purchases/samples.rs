//! Positions that the tests begin with.

use chrono::NaiveDate;

use basics::{Amount, Currency, Money};
use pricing::Recourse;

use super::{
    AgreedInvoice, AppliedTo, BoughtInvoice, Collection, OpenPosition, Payee, Payment, PaymentPart,
    PositionTerms,
};

pub fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

pub fn eur(minor: i64) -> Money {
    Money::from_minor(minor, "EUR".parse().expect("a currency"))
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// 3 % up to day 30 and 1 % more for every 10 days begun, a wire of 25; recourse 60 days after the
/// due date.
pub fn terms(recourse: Recourse) -> PositionTerms {
    let text = r#"{
        "fee_plan": {
            "components": [{
                "kind": "tiered", "first_percent": "3", "first_days": 30, "step_percent": "1",
                "step_days": 10
            }],
            "charges": { "events": [{ "event": "wire", "amount": "25", "per": "funding" }] }
        },
        "recourse_days": 60
    }"#;
    let terms: PositionTerms = serde_json::from_str(text).expect("terms");
    PositionTerms { recourse, ..terms }
}

/// 1,000 at 80 %, bought on the first of January 2026 and due a month later.
pub fn invoice(id: &str, recourse: Recourse) -> BoughtInvoice {
    BoughtInvoice {
        id: id.to_owned(),
        client_id: "acme".to_owned(),
        offer_id: None,
        debtor_id: "D1".to_owned(),
        invoice_number: "1".to_owned(),
        amount: usd(100_000),
        advance: usd(80_000),
        prepaid: usd(0),
        purchased_on: day("2026-01-01"),
        due_on: day("2026-02-01"),
        terms: terms(recourse),
        version: 1,
    }
}

pub fn open(id: &str, recourse: Recourse) -> OpenPosition {
    OpenPosition::new(invoice(id, recourse))
}

/// The same invoice, agreed on and not funded.
pub fn agreed(id: &str, number: &str) -> AgreedInvoice {
    AgreedInvoice { invoice_number: number.to_owned(), ..agreed_of(invoice(id, Recourse::Full)) }
}

/// A bought invoice as it was agreed on.
pub fn agreed_of(own: BoughtInvoice) -> AgreedInvoice {
    AgreedInvoice {
        id: own.id,
        client_id: own.client_id,
        offer_id: own.offer_id,
        debtor_id: own.debtor_id,
        invoice_number: own.invoice_number,
        amount: own.amount,
        advance: own.advance,
        prepaid: own.prepaid,
        due_on: own.due_on,
        issued_on: None,
        terms: own.terms,
    }
}

/// An account that F. Payne has called back about.
pub fn payee() -> Payee {
    Payee {
        alias: "main".to_owned(),
        account: "DE02 1203 0000 0020 4711".to_owned(),
        version: 3,
        written_by: "U. Low".to_owned(),
        called_by: Some("F. Payne".to_owned()),
    }
}

/// A payment on an invoice, in the position's currency.
pub fn payment(number: &str, amount: &str, on: &str) -> Payment {
    Payment {
        invoice_number: number.to_owned(),
        debtor_id: None,
        amount: Amount(amount.parse().expect("a decimal")),
        currency: None,
        received_on: day(on),
        reference: String::new(),
        account: String::new(),
        duplicate_of: None,
    }
}

/// A part of a payment on the invoice of [`invoice`], received on the second of May 2026.
pub fn collection(id: &str, applied_to: AppliedTo, minor: i64) -> Collection {
    let part = PaymentPart {
        applied_to,
        debtor_id: "D1".to_owned(),
        invoice_number: "1".to_owned(),
        amount: usd(minor),
        received_on: day("2026-05-02"),
        booked_on: day("2026-05-02"),
        reference: String::new(),
        account: String::new(),
    };
    Collection { id: id.to_owned(), payment: id.to_owned(), part }
}
