use std::borrow::Cow;
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use basics::handwritten::{Conflict, Faults, Reading, Tree};
use basics::{Amount, Currency, Money, MoneyError, OutOfRange};

use super::roll_forward::RollForward;

/// What is agreed with a client and drawn, from outside the ledger: a TOML file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Currency of every amount.
    pub currency: Currency,
    /// The most that is lent.
    #[schemars(extend("minimum" = 0))]
    pub line: Option<Amount>,
    /// Funds in use.
    #[serde(default)]
    #[schemars(extend("minimum" = 0))]
    pub outstanding: Amount,
    /// Reserves set by hand.
    #[serde(default)]
    #[schemars(extend("minimum" = 0))]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundedInvoice {
    /// Its number.
    pub invoice: String,
    /// Id or name of its debtor; any debtor's without it.
    pub debtor: Option<String>,
}

/// What the client declares of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Receivables at the previous certificate.
    #[schemars(extend("minimum" = 0))]
    pub opening: Option<Amount>,
    /// Invoices issued since.
    #[schemars(extend("minimum" = 0))]
    pub sales: Option<Amount>,
    /// Paid since.
    #[schemars(extend("minimum" = 0))]
    pub collections: Option<Amount>,
    /// Credited since.
    #[schemars(extend("minimum" = 0))]
    pub credits: Option<Amount>,
    /// Written off since.
    #[schemars(extend("minimum" = 0))]
    pub write_offs: Option<Amount>,
    /// All receivables.
    #[schemars(extend("minimum" = 0))]
    pub gross: Option<Amount>,
    /// What it takes to be ineligible.
    #[schemars(extend("minimum" = 0))]
    pub ineligible: Option<Amount>,
    /// What it takes to be eligible.
    #[schemars(extend("minimum" = 0))]
    pub eligible: Option<Amount>,
}

/// Why a facility file is none: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct FacilityError(#[from] pub Faults);

/// A figure of the client beside ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// What it is.
    pub figure: Cow<'static, str>,
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
        let reading = Reading::<Self>::of(Tree::toml(text)?).hold(Self::unheld);
        let mut facility = reading.finish()?;
        facility.funded.sort_by(|a, b| a.invoice.cmp(&b.invoice));
        Ok(facility)
    }
}

impl Facility {
    /// Amounts that the currency cannot hold.
    fn unheld(&self) -> Vec<Conflict> {
        let declared = self.declared.as_ref();
        let amounts = [
            ("line", self.line),
            ("outstanding", Some(self.outstanding)),
            ("other_reserves", Some(self.other_reserves)),
            ("declared.opening", declared.and_then(|d| d.opening)),
            ("declared.sales", declared.and_then(|d| d.sales)),
            ("declared.collections", declared.and_then(|d| d.collections)),
            ("declared.credits", declared.and_then(|d| d.credits)),
            ("declared.write_offs", declared.and_then(|d| d.write_offs)),
            ("declared.gross", declared.and_then(|d| d.gross)),
            ("declared.ineligible", declared.and_then(|d| d.ineligible)),
            ("declared.eligible", declared.and_then(|d| d.eligible)),
        ];
        let unheld = |(key, amount): (&str, Option<Amount>)| {
            let amount = amount?;
            let currency = self.currency;
            Money::from_major(amount.0, currency).err()?;
            let digits = currency.digits();
            let expected = format!("an amount in {currency}, with at most {digits} decimals");
            Some(Conflict::new(OutOfRange::new(key, amount, expected), &["currency"]))
        };
        amounts.into_iter().filter_map(unheld).collect()
    }

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
                Ok(Comparison { figure: figure.into(), declared, computed, difference })
            })
            .collect()
    }
}
