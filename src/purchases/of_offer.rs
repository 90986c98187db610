//! What an accepted offer buys: its document and its envelope as the values that acceptance takes.

use thiserror::Error;

use offer::{Decision, Envelope, Offer, OfferLine, OfferPart};
use policy::{Policy, PolicyError};

use super::accept::{LineOverride, OfferedLine, OfferedPart, Priced, accepted};
use super::error::PurchaseError;
use super::purchase::Purchases;
use super::terms::PositionTerms;

/// Why it cannot be said what an offer buys.
#[derive(Debug, Error)]
pub enum OfferError {
    /// The policy in it is none.
    #[error("the policy in the offer: {0}")]
    Policy(#[from] PolicyError),
    /// An amount that overflows.
    #[error(transparent)]
    Purchase(#[from] PurchaseError),
}

/// What an offer buys when it is accepted, after the decisions in its envelope.
///
/// # Errors
/// [`OfferError`].
pub fn purchases_of(offer: &Offer, envelope: &Envelope) -> Result<Vec<Purchases>, OfferError> {
    let policy: Policy = offer.policy.text.parse()?;
    let parts = offer.parts.iter().map(|part| offered(part, &policy)).collect();
    let decided = envelope.overrides.iter().map(|own| LineOverride {
        debtor_id: own.debtor_id.clone(),
        invoice_number: own.invoice_number.clone(),
        buys: own.decision != Decision::Exclude,
    });
    Ok(accepted(parts, &decided.collect::<Vec<_>>())?)
}

fn offered(part: &OfferPart, policy: &Policy) -> OfferedPart {
    let line = |line: &OfferLine| OfferedLine {
        debtor_id: line.debtor_id.clone(),
        invoice_number: line.invoice_number.clone(),
        due: line.due_date,
        open: line.open,
        priced: line
            .price
            .map(|price| Priced { amount: price.amount_bought, advance: price.advance }),
    };
    OfferedPart {
        currency: part.currency,
        advance_rate: part.terms.advance_rate_percent,
        lines: part.lines.iter().map(line).collect(),
        terms: PositionTerms {
            fee_plan: part.terms.fee_plan.clone(),
            recourse: policy.recourse(),
            recourse_days: u32::try_from(policy.recourse_days()).unwrap_or(0),
            credit_approved: false,
        },
    }
}
