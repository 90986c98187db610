//! Disclosures that the law asks for with an offer to buy receivables. Engineering input, not legal
//! advice: every item names the rule that it follows, and ambiguities are settings.

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

/// Whose law.
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
    /// Its name.
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

    /// The law, and the amount in US dollars up to which it applies.
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

/// A disclosure as it is handed over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disclosure {
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// The law.
    pub law: Cow<'static, str>,
    /// Heading.
    pub heading: String,
    /// Whether the offer is within the amount up to which the law applies.
    pub applies: bool,
    /// What it was taken to be where the law leaves a choice.
    pub settings: Vec<String>,
    /// Its rows, in the order of the rule.
    pub rows: Vec<DisclosureRow>,
}

/// A row of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisclosureRow {
    /// First column.
    pub label: Cow<'static, str>,
    /// Second column.
    pub value: String,
    /// Third column.
    pub explanation: String,
    /// The rule that it follows.
    pub rule: Cow<'static, str>,
}

/// The disclosure of one jurisdiction for a specific transaction.
///
/// # Errors
/// [`PricingError`] for a term of no days, a negative cost or nothing financed.
pub fn disclosure(
    jurisdiction: Jurisdiction,
    facts: &DisclosureFacts,
) -> Result<Disclosure, PricingError> {
    let figures = facts.figures()?;
    let (rows, heading) = match jurisdiction {
        Jurisdiction::Ca => (california::specific(facts, &figures), heading(facts)),
        Jurisdiction::Ny => (new_york::rows(facts, &figures), heading(facts)),
        other => (
            states::rows(facts, &figures),
            format!("COMMERCIAL FINANCING DISCLOSURE - {}", other.name()),
        ),
    };
    Ok(disclosed(jurisdiction, facts, figures.financed, rows, heading))
}

/// California's disclosure for a general agreement, 10 CCR 913: an example at the approved limit,
/// or 10,000.00 where there is none. `facts` are those of the example.
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
