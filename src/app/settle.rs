//! What an accepted offer buys: the document and its envelope as the values that `purchases` takes.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use basics::handwritten::from_program;
use basics::{Amount, Currency, Money, MoneyError, Rate};
use offer::{Decision, Envelope};
use policy::Policy;
use pricing::FeePlan;
use purchases::{
    LineOverride, OfferedLine, OfferedPart, PositionTerms, Priced, PurchaseError, Purchases,
    accepted,
};

/// Why it cannot be said what an offer buys.
#[derive(Debug, Error)]
pub enum SettleError {
    /// The offer is not one of ours.
    #[error("not an offer: {0}")]
    Document(String),
    /// An amount that its currency cannot hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// An amount that overflows.
    #[error(transparent)]
    Purchase(#[from] PurchaseError),
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

impl Line {
    fn offered(self, currency: Currency) -> Result<OfferedLine, MoneyError> {
        let money = |amount: Amount| Money::from_major(amount.0, currency);
        let priced = match self.amount_bought.zip(self.advance) {
            Some((amount, advance)) => {
                Some(Priced { amount: money(amount)?, advance: money(advance)? })
            }
            None => None,
        };
        Ok(OfferedLine {
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            due: self.due_date,
            open: money(self.open)?,
            priced,
        })
    }
}

/// What an offer buys when it is accepted, after the decisions in its envelope.
///
/// # Errors
/// [`SettleError`].
pub fn purchases_of(document: &str, envelope: &Envelope) -> Result<Vec<Purchases>, SettleError> {
    let wrong = |error: &dyn std::fmt::Display| SettleError::Document(error.to_string());
    let Document { offer } = from_program(document).map_err(|error| wrong(&error))?;
    let policy: Policy = offer.policy.text.parse().map_err(|error| wrong(&error))?;
    let part = |Part { currency, terms, lines }| {
        let offered = |line: Line| line.offered(currency);
        Ok(OfferedPart {
            currency,
            advance_rate: terms.advance_rate_percent,
            lines: lines.into_iter().map(offered).collect::<Result<_, _>>()?,
            terms: PositionTerms {
                fee_plan: terms.fee_plan,
                recourse: policy.recourse(),
                recourse_days: u32::try_from(policy.recourse_days()).unwrap_or(0),
                credit_approved: false,
            },
        })
    };
    let parts = offer.parts.into_iter().map(part).collect::<Result<_, MoneyError>>()?;
    let decided = envelope.overrides.iter().map(|own| LineOverride {
        debtor_id: own.debtor_id.clone(),
        invoice_number: own.invoice_number.clone(),
        buys: own.decision != Decision::Exclude,
    });
    Ok(accepted(parts, &decided.collect::<Vec<_>>())?)
}
