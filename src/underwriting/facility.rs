use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::basics::{Amount, Currency, Money, MoneyError};

/// What is agreed with a client and drawn, from outside the ledger: a TOML file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Currency of every amount.
    pub currency: Currency,
    /// The most that is lent.
    pub line: Option<Amount>,
    /// Funds in use.
    #[serde(default)]
    pub outstanding: Amount,
    /// Reserves set by hand.
    #[serde(default)]
    pub other_reserves: Amount,
    /// The client's own certificate.
    pub declared: Option<Declared>,
}

/// What the client declares of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// All receivables.
    pub gross: Option<Amount>,
    /// What it takes to be ineligible.
    pub ineligible: Option<Amount>,
    /// What it takes to be eligible.
    pub eligible: Option<Amount>,
}

/// Why a facility file is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FacilityError {
    /// Not TOML, an unknown key or a value of the wrong kind.
    #[error("{0}")]
    Syntax(String),
    /// An amount that its currency cannot hold, or a negative one.
    #[error("{key}: {source}")]
    Amount {
        /// The key.
        key: &'static str,
        /// What is wrong.
        source: MoneyError,
    },
    /// A negative amount.
    #[error("{0}: expected an amount of 0 or more")]
    Negative(&'static str),
}

/// A figure of the client beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// What it is.
    pub figure: &'static str,
    /// What the client declares.
    pub declared: Money,
    /// What the ledger gives.
    pub computed: Money,
    /// Declared less computed.
    pub difference: Money,
}

impl FromStr for Facility {
    type Err = FacilityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let facility: Self = toml::from_str(text).map_err(|error| {
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            FacilityError::Syntax(format!("line {line}: {message}"))
        })?;
        let declared = facility.declared.as_ref();
        for (key, amount) in [
            ("line", facility.line),
            ("outstanding", Some(facility.outstanding)),
            ("other_reserves", Some(facility.other_reserves)),
            ("declared.gross", declared.and_then(|d| d.gross)),
            ("declared.ineligible", declared.and_then(|d| d.ineligible)),
            ("declared.eligible", declared.and_then(|d| d.eligible)),
        ] {
            let Some(amount) = amount else { continue };
            if amount.0.is_sign_negative() {
                return Err(FacilityError::Negative(key));
            }
            Money::from_major(amount.0, facility.currency)
                .map_err(|source| FacilityError::Amount { key, source })?;
        }
        Ok(facility)
    }
}

impl Facility {
    /// An amount of the file.
    ///
    /// # Errors
    /// None for an amount that was checked when the file was read.
    pub fn money(&self, amount: Amount) -> Result<Money, MoneyError> {
        Money::from_major(amount.0, self.currency)
    }

    /// What the client declares beside what the ledger gives.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn compare(&self, gross: Money, eligible: Money) -> Result<Vec<Comparison>, MoneyError> {
        let Some(declared) = &self.declared else { return Ok(Vec::new()) };
        let ineligible = gross.checked_sub(eligible)?;
        let figures = [
            ("gross", declared.gross, gross),
            ("ineligible", declared.ineligible, ineligible),
            ("eligible", declared.eligible, eligible),
        ];
        let given = figures.into_iter().filter_map(|(figure, declared, computed)| {
            declared.map(|declared| (figure, declared, computed))
        });
        given
            .map(|(figure, declared, computed)| {
                let declared = self.money(declared)?;
                let difference = declared.checked_sub(computed)?;
                Ok(Comparison { figure, declared, computed, difference })
            })
            .collect()
    }
}
