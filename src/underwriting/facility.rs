use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::basics::{Amount, Currency, Money, MoneyError};

use super::RollForward;

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
    /// Invoices that have been bought already.
    #[serde(default)]
    pub funded: Vec<FundedInvoice>,
    /// The day of the previous certificate, from which receivables are rolled forward.
    pub previous_certificate: Option<NaiveDate>,
    /// The client's own certificate.
    pub declared: Option<Declared>,
}

/// An invoice that has been bought already.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundedInvoice {
    /// Its number.
    pub invoice: String,
    /// Id or name of its debtor; any debtor's without it.
    pub debtor: Option<String>,
}

/// What the client declares of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Receivables at the previous certificate.
    pub opening: Option<Amount>,
    /// Invoices issued since.
    pub sales: Option<Amount>,
    /// Paid since.
    pub collections: Option<Amount>,
    /// Credited since.
    pub credits: Option<Amount>,
    /// Written off since.
    pub write_offs: Option<Amount>,
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
        let mut facility: Self = toml::from_str(text).map_err(|error| {
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            FacilityError::Syntax(format!("line {line}: {message}"))
        })?;
        facility.funded.sort_by(|a, b| a.invoice.cmp(&b.invoice));
        let declared = facility.declared.as_ref();
        for (key, amount) in [
            ("line", facility.line),
            ("outstanding", Some(facility.outstanding)),
            ("other_reserves", Some(facility.other_reserves)),
            ("declared.opening", declared.and_then(|d| d.opening)),
            ("declared.sales", declared.and_then(|d| d.sales)),
            ("declared.collections", declared.and_then(|d| d.collections)),
            ("declared.credits", declared.and_then(|d| d.credits)),
            ("declared.write_offs", declared.and_then(|d| d.write_offs)),
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
    /// Whether the invoice of this number and debtor (id and name) has been bought already.
    pub fn has_funded(&self, number: &str, debtor: (&str, &str)) -> bool {
        self.funded_as(number, debtor).next().is_some()
    }

    /// What has been bought already by the file, but is none of these invoices (number; id and name
    /// of the debtor).
    pub fn funded_beside<'a>(
        &self,
        invoices: impl Iterator<Item = (&'a str, (&'a str, &'a str))>,
    ) -> Vec<&FundedInvoice> {
        let mut seen = vec![false; self.funded.len()];
        for (number, debtor) in invoices {
            self.funded_as(number, debtor).for_each(|at| seen[at] = true);
        }
        self.funded.iter().zip(seen).filter(|(_, seen)| !seen).map(|(funded, _)| funded).collect()
    }

    /// The places in `funded` of an invoice.
    fn funded_as<'a>(
        &'a self,
        number: &'a str,
        (id, name): (&'a str, &'a str),
    ) -> impl Iterator<Item = usize> + 'a {
        let first = self.funded.partition_point(|funded| funded.invoice.as_str() < number);
        let same = (first..).zip(&self.funded[first..]).take_while(move |f| f.1.invoice == number);
        let of = move |debtor: &str| debtor == id || debtor == name;
        same.filter(move |(_, funded)| funded.debtor.as_deref().is_none_or(of)).map(|(at, _)| at)
    }

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
    pub fn compare(
        &self,
        rolled: &RollForward,
        gross: Money,
        eligible: Money,
    ) -> Result<Vec<Comparison>, MoneyError> {
        let Some(declared) = &self.declared else { return Ok(Vec::new()) };
        let ineligible = gross.checked_sub(eligible)?;
        let figures = [
            ("opening", declared.opening, rolled.opening),
            ("sales", declared.sales, rolled.sales),
            ("collections", declared.collections, rolled.collections),
            ("credits", declared.credits, rolled.credits),
            ("write_offs", declared.write_offs, rolled.write_offs),
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
