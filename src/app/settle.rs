//! What happens to invoices that were bought: recorded with their terms, collected, settled.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use basics::handwritten::from_program;
use basics::{Amount, Currency, Money, MoneyError, Rate, Rounding};
use offer::{Decision, Envelope};
use policy::Policy;
use pricing::{
    FeeBase, FeePlan, LossCause, PricingError, Recourse, Settled, SettlementTerms, advance, settle,
};

/// The terms under which an invoice was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionTerms {
    /// What is charged.
    pub fee_plan: FeePlan,
    /// Who bears what is not collected.
    #[serde(default)]
    pub recourse: Recourse,
    /// Days after the due date on which recourse is taken; no fee accrues behind it.
    pub recourse_days: u32,
    /// Modified recourse: whether the debtor was credit-approved within its limit.
    #[serde(default)]
    pub credit_approved: bool,
}

/// An invoice that an offer buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The debtor's id.
    pub debtor_id: String,
    /// The client's number.
    pub invoice_number: String,
    /// Amount bought.
    pub amount: Money,
    /// Paid at the purchase, before charges.
    pub advance: Money,
    /// When it is due.
    pub due: NaiveDate,
}

/// What an offer buys in one currency, under one set of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchases {
    /// The terms of all.
    pub terms: PositionTerms,
    /// Charges taken out of the advances, once.
    pub prepaid: Money,
    /// The invoices, in the order of the offer.
    pub invoices: Vec<Purchase>,
}

/// Why an invoice cannot be bought or settled.
#[derive(Debug, Error)]
pub enum SettleError {
    /// The offer is not one of ours.
    #[error("not an offer: {0}")]
    Document(String),
    /// An amount overflows or lies outside its range.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// An amount that its currency cannot hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[derive(Deserialize)]
struct Document {
    offer: Offer,
}

#[derive(Deserialize)]
struct Offer {
    parts: Vec<Part>,
    policy: PolicyText,
}

#[derive(Deserialize)]
struct PolicyText {
    text: String,
}

#[derive(Deserialize)]
struct Part {
    currency: Currency,
    terms: Terms,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Terms {
    fee_plan: FeePlan,
    advance_rate_percent: Rate,
}

#[derive(Deserialize)]
struct Line {
    invoice_number: String,
    debtor_id: String,
    due_date: NaiveDate,
    open: Amount,
    amount_bought: Option<Amount>,
    advance: Option<Amount>,
}

/// What an offer buys when it is accepted: its priced lines, less those that a person has excluded;
/// what a person buys beside it is bought whole, at the advance rate of the offer.
///
/// # Errors
/// [`SettleError`].
pub fn purchases(document: &str, envelope: &Envelope) -> Result<Vec<Purchases>, SettleError> {
    let wrong = |error: &dyn std::fmt::Display| SettleError::Document(error.to_string());
    let Document { offer } = from_program(document).map_err(|error| wrong(&error))?;
    let policy: Policy = offer.policy.text.parse().map_err(|error| wrong(&error))?;
    let mut all = Vec::new();
    for Part { currency, terms, lines } in offer.parts {
        let rate = terms.advance_rate_percent;
        let terms = PositionTerms {
            fee_plan: terms.fee_plan,
            recourse: policy.recourse(),
            recourse_days: u32::try_from(policy.recourse_days()).unwrap_or(0),
            credit_approved: false,
        };
        let mut invoices = Vec::new();
        for line in lines {
            let decided = envelope.overrides.iter().rev().find(|other| {
                other.debtor_id == line.debtor_id && other.invoice_number == line.invoice_number
            });
            let money = |amount: Amount| Money::from_major(amount.0, currency);
            let (amount, advanced) = match (decided, line.amount_bought, line.advance) {
                (Some(own), ..) if own.decision == Decision::Exclude => continue,
                (Some(_), ..) => {
                    let amount = money(line.open)?;
                    (amount, advance(amount, rate)?)
                }
                (None, Some(amount), Some(advance)) => (money(amount)?, money(advance)?),
                (None, ..) => continue,
            };
            invoices.push(Purchase {
                debtor_id: line.debtor_id,
                invoice_number: line.invoice_number,
                amount,
                advance: advanced,
                due: line.due_date,
            });
        }
        if !invoices.is_empty() {
            let prepaid = terms.fee_plan.charges().prepaid(currency)?;
            all.push(Purchases { terms, prepaid, invoices });
        }
    }
    Ok(all)
}

/// An invoice that was bought, as far as it has been collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Amount bought.
    pub amount: Money,
    /// Paid at the purchase, before charges.
    pub advance: Money,
    /// Cash from the debtor so far, at most the amount.
    pub collected: Money,
    /// Day 0.
    pub purchased_on: NaiveDate,
    /// When it is due.
    pub due_on: NaiveDate,
    /// Its terms.
    pub terms: PositionTerms,
}

impl Position {
    /// What is still to be collected.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn outstanding(&self) -> Result<Money, MoneyError> {
        self.amount.checked_sub(self.collected)
    }

    /// Settles it on a day: the fee runs to it, at most to the day of recourse. What is missing
    /// needs a cause.
    ///
    /// # Errors
    /// [`PricingError`].
    pub fn settled(
        &self,
        on: NaiveDate,
        cause: Option<LossCause>,
    ) -> Result<Settled, PricingError> {
        let days = |to: NaiveDate| to.signed_duration_since(self.purchased_on).num_days();
        let recourse = days(self.due_on) + i64::from(self.terms.recourse_days);
        let day = u32::try_from(days(on).min(recourse)).unwrap_or(0);
        let base =
            FeeBase { amount: self.amount, advance: self.advance, purchase: self.purchased_on };
        let terms = SettlementTerms {
            recourse: self.terms.recourse,
            credit_approved: self.terms.credit_approved,
            cause,
            rounding: Rounding::HalfUp,
        };
        settle(base, self.collected, &self.terms.fee_plan, day, terms)
    }
}
