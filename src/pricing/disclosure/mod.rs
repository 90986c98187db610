//! Disclosures that the law requires with an offer to buy receivables. The figures are defined at
//! [`disclosure()`].

mod california;
mod facts;
mod new_york;
mod states;

pub use facts::{Agreement, DisclosedLine, DisclosureFacts, DisclosureSettings};

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;

use super::PricingError;

/// A state whose law asks for a disclosure.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Jurisdiction {
    /// California.
    Ca,
    /// New York.
    Ny,
    /// Georgia.
    Ga,
    /// Florida.
    Fl,
    /// Kansas.
    Ks,
    /// Missouri.
    Mo,
    /// Utah.
    Ut,
}

impl Jurisdiction {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ca => "California",
            Self::Ny => "New York",
            Self::Ga => "Georgia",
            Self::Fl => "Florida",
            Self::Ks => "Kansas",
            Self::Mo => "Missouri",
            Self::Ut => "Utah",
        }
    }

    /// Returns the law, and the amount in US dollars up to which it applies.
    pub fn law(self) -> (&'static str, i64) {
        match self {
            Self::Ca => ("Fin. Code 22800-22806; 10 CCR 900-956", 500_000),
            Self::Ny => ("Financial Services Law 801-812; 23 NYCRR 600", 2_500_000),
            Self::Ga => ("O.C.G.A. 10-1-393.18", 500_000),
            Self::Fl => ("Fla. Stat. 559.961-559.9615", 500_000),
            Self::Ks => ("K.S.A. 75-784", 500_000),
            Self::Mo => ("Mo. Rev. Stat. 427.300", 500_000),
            Self::Ut => ("Utah Code 7-27", 1_000_000),
        }
    }
}

/// A disclosure as handed to the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disclosure {
    /// The state whose law asks for it.
    pub jurisdiction: Jurisdiction,
    /// The law.
    pub law: Cow<'static, str>,
    /// The heading.
    pub heading: String,
    /// True if the amount financed is within the limit up to which the law applies.
    pub applies: bool,
    /// The readings taken where the law leaves a choice.
    pub settings: Vec<String>,
    /// The rows, in the order of the rule.
    pub rows: Vec<DisclosureRow>,
}

/// A row of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisclosureRow {
    /// First column: the item.
    pub label: Cow<'static, str>,
    /// Second column: its value.
    pub value: String,
    /// Third column: an explanation.
    pub explanation: String,
    /// The rule that it follows.
    pub rule: Cow<'static, str>,
}

/// Returns the disclosure of one jurisdiction for a specific transaction; [`general_agreement`] has
/// that for an agreement on many.
///
/// Engineering input, not legal advice: every item names the rule that it follows, and where a rule
/// is ambiguous, the reading is a setting ([`DisclosureSettings`]).
///
/// ```text
/// amount financed = advances - prepaid charges
/// finance charge  = fees + prepaid charges, or reserves + prepaid charges where the return of the
///                   reserves is not reasonably anticipated (10 CCR 943(a)(3))
/// total payment   = amount financed + finance charge (NY FSL 806(d); 806(c) says minus, which
///                   would make the APR negative)
/// term            = mean day of payment, weighted by advance, rounded up
/// APR, California = r with sum of (advance + charge)_i / (1 + r d_i / 365) = amount financed
/// APR, New York   = finance charge / amount financed x 365 / term, as one payment
/// ```
///
/// California: 10 CCR 912. New York: 23 NYCRR 600.12. Georgia, Florida, Kansas, Missouri and Utah
/// ask for one set of items. Payment is assumed on the due date or, if that has passed, on the
/// expected day; the term's explanation says which.
///
/// # Errors
/// [`PricingError`] if the term has no days, the cost is negative or nothing is financed.
pub fn disclosure(
    jurisdiction: Jurisdiction,
    facts: &DisclosureFacts,
) -> Result<Disclosure, PricingError> {
    let figures = facts.figures()?;
    let (rows, heading) = match jurisdiction {
        // California and New York prescribe the heading; the others prescribe no layout.
        Jurisdiction::Ca => (california::specific(facts, &figures), heading(facts)),
        Jurisdiction::Ny => (new_york::rows(facts, &figures), heading(facts)),
        other => (
            states::rows(facts, &figures),
            format!("COMMERCIAL FINANCING DISCLOSURE - {}", other.name()),
        ),
    };
    Ok(disclosed(jurisdiction, facts, figures.financed, rows, heading))
}

/// Returns California's disclosure for a general agreement, 10 CCR 913, for an example at the
/// approved limit, or at 10,000.00 if no limit is approved. `facts` are those of the example.
///
/// # Errors
/// As [`disclosure`].
pub fn general_agreement(facts: &DisclosureFacts) -> Result<Disclosure, PricingError> {
    let figures = facts.figures()?;
    let rows = california::general(facts, &figures);
    Ok(disclosed(Jurisdiction::Ca, facts, figures.financed, rows, heading(facts)))
}

fn disclosed(
    jurisdiction: Jurisdiction,
    facts: &DisclosureFacts,
    financed: Money,
    rows: Vec<DisclosureRow>,
    heading: String,
) -> Disclosure {
    let (law, most) = jurisdiction.law();
    // The laws leave out what exceeds the amount, so the amount itself is still within.
    let applies = financed.to_decimal() <= most.into();
    Disclosure {
        jurisdiction,
        law: law.into(),
        heading,
        applies,
        settings: facts.settings_in_words(jurisdiction),
        rows,
    }
}

fn heading(facts: &DisclosureFacts) -> String {
    format!("OFFER SUMMARY - {}", facts.settings.product)
}
