use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use basics::handwritten::{Conflict, Faults, Reading, Tree};
use basics::{Amount, Currency, Money, MoneyError, OutOfRange, hex};

use super::owing::Owing;
use super::roll_forward::RollForward;

/// The facility agreed with a client and its use, which no ledger holds: a TOML file.
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
    /// Invoices that have already been bought.
    #[serde(default)]
    pub funded: Vec<FundedInvoice>,
    /// The most that is bought of one debtor or group of debtors.
    pub limits: Option<DebtorLimits>,
    /// Units of the facility's currency for one unit of another, by which amounts in that one use
    /// the line and the limits.
    #[serde(default)]
    pub rates: BTreeMap<Currency, Amount>,
    /// The day of the rates.
    pub rates_on: Option<NaiveDate>,
    /// The day of the previous certificate, from which receivables are rolled forward.
    pub previous_certificate: Option<NaiveDate>,
    /// The client's own certificate.
    pub declared: Option<Declared>,
    /// SHA-256 of the file; not part of it.
    #[serde(skip)]
    pub sha256: String,
}

/// An invoice that has already been bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundedInvoice {
    /// Its number.
    pub invoice: String,
    /// Id or name of its debtor, of a part of it such as a job, or both as `Cool Cars:Job 7`;
    /// without it, an invoice of this number of any debtor.
    pub debtor: Option<String>,
    /// True if it is settled: it is not bought again, and a ledger may have dropped it.
    #[serde(default)]
    pub settled: bool,
}

/// The most that is bought and not yet paid of one debtor, or of a group of debtors.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DebtorLimits {
    /// Of one debtor.
    #[schemars(extend("minimum" = 0))]
    pub debtor: Option<Amount>,
    /// Of the debtors of one group.
    #[schemars(extend("minimum" = 0))]
    pub group: Option<Amount>,
    /// True if what other clients sold of the debtor counts as well.
    pub across_clients: bool,
}

/// The figures that the client declares.
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
    /// Receivables that the client counts as ineligible.
    #[schemars(extend("minimum" = 0))]
    pub ineligible: Option<Amount>,
    /// Receivables that the client counts as eligible.
    #[schemars(extend("minimum" = 0))]
    pub eligible: Option<Amount>,
}

/// Everything that is wrong with a facility file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct FacilityError(#[from] pub Faults);

/// A figure of the client beside ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The name of the figure.
    pub figure: Cow<'static, str>,
    /// The amount that the client declares.
    pub declared: Money,
    /// The amount that the ledger gives.
    pub computed: Money,
    /// Declared less computed.
    pub difference: Money,
}

impl FromStr for Facility {
    type Err = FacilityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reading = Reading::<Self>::of(Tree::toml(text)?).hold(Self::unheld);
        let reading = reading.hold(Self::unusable_rates);
        let mut facility = reading.finish()?;
        for funded in &mut facility.funded {
            funded.invoice = funded.invoice.trim().to_owned();
            funded.debtor.take_if(|debtor| debtor.trim().is_empty());
        }
        facility.funded.sort_by(|a, b| a.invoice.cmp(&b.invoice));
        facility.sha256 = hex(&Sha256::digest(text));
        Ok(facility)
    }
}

impl Facility {
    /// Returns the amounts that the currency cannot hold.
    fn unheld(&self) -> Vec<Conflict> {
        let declared = self.declared.as_ref();
        let limits = self.limits.as_ref();
        let amounts = [
            ("line", self.line),
            ("limits.debtor", limits.and_then(|own| own.debtor)),
            ("limits.group", limits.and_then(|own| own.group)),
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
        // Turned round by `err`: an amount that the currency holds is no conflict.
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

    /// Returns the rates that convert nothing, and a missing day of the rates.
    fn unusable_rates(&self) -> Vec<Conflict> {
        let positive = |(from, rate): (&Currency, &Amount)| {
            let expected = "an amount above 0";
            let fault = || OutOfRange::new(&format!("rates.{from}"), *rate, expected);
            (rate.0 <= Decimal::ZERO).then(|| Conflict::new(fault(), &[]))
        };
        let mut found: Vec<Conflict> = self.rates.iter().filter_map(positive).collect();
        if !self.rates.is_empty() && self.rates_on.is_none() {
            let expected = "the day of the rates, such as 2026-06-30";
            found.push(Conflict::new(OutOfRange::new("rates_on", "missing", expected), &["rates"]));
        }
        found
    }

    /// Returns true if the invoice of this number, whose debtor `owing` tells, has already been
    /// bought, whatever the file calls that debtor.
    pub fn has_funded<'a>(&self, number: &str, owing: impl Fn() -> Owing<'a>) -> bool {
        self.funded_as(number, owing).next().is_some()
    }

    /// Returns the bought invoices of the file that are not among these (number; what tells the
    /// debtor), but for settled ones.
    pub fn funded_beside<'a, F: Fn() -> Owing<'a>>(
        &self,
        invoices: impl Iterator<Item = (&'a str, F)>,
    ) -> Vec<&FundedInvoice> {
        let mut seen = vec![false; self.funded.len()];
        for (number, owing) in invoices {
            self.funded_as(number, owing).for_each(|at| seen[at] = true);
        }
        let beside = self.funded.iter().zip(seen).filter(|(own, seen)| !seen && !own.settled);
        beside.map(|(funded, _)| funded).collect()
    }

    /// Returns the indices in `funded` of an invoice. The debtor is only asked for if the number
    /// is there.
    fn funded_as<'a>(
        &self,
        number: &str,
        owing: impl Fn() -> Owing<'a>,
    ) -> impl Iterator<Item = usize> {
        let number = number.trim();
        // Reading the file has sorted them by number.
        let first = self.funded.partition_point(|funded| funded.invoice.as_str() < number);
        let same = (first..).zip(&self.funded[first..]).take_while(move |f| f.1.invoice == number);
        let is_of = move |debtor: &str| owing().is_called(debtor);
        same.filter(move |(_, funded)| funded.debtor.as_deref().is_none_or(&is_of))
            .map(|(at, _)| at)
    }

    /// Returns an amount of the file in its currency.
    ///
    /// # Errors
    /// If the currency cannot hold the amount; reading the file has ruled that out for its own.
    pub fn money(&self, amount: Amount) -> Result<Money, MoneyError> {
        Money::from_major(amount.0, self.currency)
    }

    /// Returns the figures that the client declares beside those that the ledger gives.
    ///
    /// # Errors
    /// If a difference is too large for money.
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

#[cfg(test)]
mod tests {
    use super::super::samples::{rolled, usd};
    use super::*;

    fn facility(text: &str) -> Facility {
        text.parse().expect("a facility")
    }

    fn refusal(text: &str) -> String {
        text.parse::<Facility>().expect_err("none").to_string()
    }

    #[test]
    fn what_is_not_named_is_nothing_drawn_and_no_line() {
        let bare = facility("currency = \"USD\"\n");
        assert_eq!((bare.line, bare.outstanding, bare.other_reserves), Default::default());
        let ours = (rolled(Currency::USD), usd(1), usd(1));
        assert_eq!(bare.compare(&ours.0, ours.1, ours.2), Ok(vec![]), "nothing is declared");
        assert!(refusal("currency = \"USD\"\nlimit = 5\n").contains("limit"));
        assert!(refusal("currency = \"USD\"\noutstanding = -1\n").contains("outstanding"));
    }

    #[test]
    fn every_amount_that_its_currency_cannot_hold_is_named() {
        let wrong = "currency = \"JPY\"\nline = \"1000.5\"\n[declared]\nsales = \"0.01\"\n";
        let said = refusal(wrong);
        assert!(said.contains("1000.5") && said.contains("declared.sales"), "{said}");
        assert!(said.contains("at most 0 decimals"), "{said}");
        assert_eq!(
            facility(&wrong.replace("JPY", "USD")).line,
            Some(Amount("1000.5".parse().expect("it")))
        );
        // The Kuwaiti dinar has three.
        facility("currency = \"KWD\"\nline = \"1000.125\"\n");
    }

    #[test]
    fn an_invoice_is_funded_by_its_number_and_where_named_its_debtor() {
        let facility = facility(
            "currency = \"USD\"\n[[funded]]\ninvoice = \"9\"\n[[funded]]\ninvoice = \"10\"\n\
             debtor = \"D1\"\n[[funded]]\ninvoice = \"10\"\ndebtor = \"Mills\"\n",
        );
        let owing = |id, name| Owing { id, names: vec![name], job: "" };
        let has = |number, (id, name)| facility.has_funded(number, || owing(id, name));
        assert!(has("9", ("D7", "Anyone")), "any debtor's");
        assert!(has("10", ("D1", "Acre")) && has("10", ("D2", "Mills")), "by id, by name");
        assert!(!has("10", ("D3", "Acre")) && !has("1", ("D1", "Mills")));
        // What no invoice of the ledger is, remains.
        let beside = facility.funded_beside([("10", || owing("D1", "Acre"))].into_iter());
        let left: Vec<_> =
            beside.iter().map(|f| (f.invoice.as_str(), f.debtor.as_deref())).collect();
        assert_eq!(left, [("10", Some("Mills")), ("9", None)]);
    }

    #[test]
    fn a_settled_invoice_is_not_missed() {
        let text = "currency = \"USD\"\n[[funded]]\ninvoice = \"9\"\nsettled = true\n";
        let facility = facility(text);
        assert!(facility.has_funded("9", Owing::default), "it is not bought again");
        let none = std::iter::empty::<(&str, fn() -> Owing<'static>)>();
        assert!(facility.funded_beside(none).is_empty());
    }

    #[test]
    fn rates_are_dated_and_above_nothing() {
        let dated = "currency = \"USD\"\nrates_on = 2026-06-30\n[rates]\nEUR = \"1.0837\"\n";
        let rates = facility(dated).rates;
        assert_eq!(rates.values().map(ToString::to_string).collect::<Vec<_>>(), ["1.0837"]);
        let undated = dated.replace("rates_on = 2026-06-30\n", "");
        assert!(refusal(&undated).contains("rates_on"), "{}", refusal(&undated));
        let nothing = refusal(&dated.replace("1.0837", "0"));
        assert!(nothing.contains("rates.EUR"), "{nothing}");
        let unknown = refusal(&dated.replace("EUR", "EURO"));
        assert!(unknown.contains("EURO"), "{unknown}");
    }

    #[test]
    fn a_declared_figure_stands_beside_ours_with_the_difference() {
        let facility = facility(
            "currency = \"USD\"\n[declared]\nsales = \"990.00\"\nineligible = \"40\"\n\
             eligible = 160\n",
        );
        let compared = facility.compare(&rolled(Currency::USD), usd(20_000), usd(15_000));
        let rows = compared.expect("figures").into_iter();
        let rows: Vec<_> = rows.map(|c| (c.figure, c.declared, c.computed, c.difference)).collect();
        // Sales are 1,000.00; 200.00 gross less 150.00 eligible leave 50.00.
        assert_eq!(
            rows,
            [
                ("sales".into(), usd(99_000), usd(100_000), usd(-1_000)),
                ("ineligible".into(), usd(4_000), usd(5_000), usd(-1_000)),
                ("eligible".into(), usd(16_000), usd(15_000), usd(1_000)),
            ]
        );
    }
}
