use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate};
use offer::{BorrowingBase, BorrowingTerms, borrowing_base};
use policy::{
    Comparator, Concentration, ConcentrationBy, CrossAgeBase, CrossAging, Denominator,
    beyond_limit, concentration_cap, is_cross_aged,
};

use super::limits::{at_least, before_cap, gross, quarter, ten};
use super::{CalcError, Formula, five, money, usd};

/// A borrowing base computed from the debtors' balances.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BorrowingBaseInput {
    /// The debtors and their balances.
    debtors: Vec<Debtor>,
    /// Past-due share at which a debtor is cross-aged, and so ineligible [default: 10].
    #[serde(default = "ten")]
    cross_aging_percent: Rate,
    /// Comparison with that share: reached (>=) or exceeded (>) [default: >=].
    #[serde(default = "at_least")]
    cross_aging_comparator: Comparator,
    /// Balance that the share is taken of: gross, or net of credits [default: gross].
    #[serde(default = "gross")]
    cross_aging_base: CrossAgeBase,
    /// Largest share of one debtor [default: 25].
    #[serde(default = "quarter")]
    concentration_percent: Rate,
    /// Amount that it is a share of [default: eligible_before_cap].
    #[serde(default = "before_cap")]
    concentration_denominator: Denominator,
    /// Advance rate.
    advance_percent: Rate,
    /// Dilution of the receivables [default: none].
    #[serde(default)]
    dilution_percent: Rate,
    /// Dilution that needs no reserve [default: 5].
    #[serde(default = "five")]
    dilution_threshold_percent: Rate,
    /// Other reserves [default: none].
    #[serde(default)]
    other_reserves: Amount,
    /// Credit line, the most that is lent [default: no line].
    line: Option<Amount>,
    /// Funds in use [default: none].
    #[serde(default)]
    outstanding: Amount,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// A debtor and its balances.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Debtor {
    /// Name of the debtor.
    name: String,
    /// Open invoices within the past-due limit [default: none].
    #[serde(default)]
    current: Amount,
    /// Open invoices beyond the past-due limit [default: none].
    #[serde(default)]
    past_due: Amount,
    /// Unapplied credits [default: none].
    #[serde(default)]
    credits: Amount,
    /// Contra: the amount that the client owes the debtor [default: none].
    #[serde(default)]
    contra: Amount,
    /// Part of `current` that is ineligible for other reasons, such as foreign or disputed invoices
    /// [default: none].
    #[serde(default)]
    other_ineligible: Amount,
}

/// The certificate.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BorrowingBaseOutput {
    /// Gross receivables: all open invoices.
    gross: Money,
    /// Amount that each rule excludes, in the order in which the rules run.
    ineligible: Vec<Ineligible>,
    /// Sum of the ineligible amounts.
    total_ineligible: Money,
    /// Eligible balance of each debtor.
    debtors: Vec<DebtorLeft>,
    /// From the eligible receivables to the amount available to draw.
    #[serde(flatten)]
    base: BorrowingBase,
}

/// The amount that a rule excludes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Ineligible {
    /// The rule.
    rule: &'static str,
    /// The amount.
    amount: Money,
}

/// The eligible balance of a debtor.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DebtorLeft {
    /// Name of the debtor.
    name: String,
    /// Eligible balance after the concentration cap.
    eligible: Money,
    /// Balance above the concentration cap.
    concentration_excess: Money,
}

/// A debtor's balance while the rules run, in minor units.
struct Standing {
    left: i64,
    takes: [i64; 5],
}

/// The rules in the order in which they run; concentration follows.
const RULES: [&str; 6] =
    ["past_due", "other_ineligible", "cross_aged", "credits", "contra", "concentration"];

impl BorrowingBaseInput {
    fn minor(&self, key: &str, amount: Amount) -> Result<i64, CalcError> {
        let minor = money(amount, self.currency)?.minor();
        if minor < 0 {
            return Err(OutOfRange::new(key, amount, "an amount of 0 or more").into());
        }
        Ok(minor)
    }

    /// Runs the rules that look at one debtor, each on what the previous rules left.
    fn stand(&self, debtor: &Debtor) -> Result<Standing, CalcError> {
        let (current, past_due) =
            (self.minor("current", debtor.current)?, self.minor("past_due", debtor.past_due)?);
        let credits = self.minor("credits", debtor.credits)?;
        let contra = self.minor("contra", debtor.contra)?;
        let other = self.minor("other_ineligible", debtor.other_ineligible)?;
        if other > current {
            let expected = format!("at most current, {}", debtor.current);
            return Err(
                OutOfRange::new("other_ineligible", debtor.other_ineligible, expected).into()
            );
        }
        // In 128 bits, because the sum of two amounts may exceed 64.
        let total = i128::from(current) + i128::from(past_due);
        let balance = match self.cross_aging_base {
            CrossAgeBase::Gross => total,
            CrossAgeBase::Net => total - i128::from(credits),
        };
        let rule = CrossAging {
            threshold_percent: self.cross_aging_percent,
            comparator: self.cross_aging_comparator,
            base: self.cross_aging_base,
        };
        let mut left = current - other;
        let mut take = |amount: i64| {
            let taken = amount.min(left);
            left -= taken;
            taken
        };
        let aged = is_cross_aged(past_due.into(), balance, rule);
        let cross_aged = take(if aged { i64::MAX } else { 0 });
        // Evaluated in this order: contra takes what credits have left.
        let takes = [past_due, other, cross_aged, take(credits), take(contra)];
        Ok(Standing { left, takes })
    }

    fn terms(&self) -> Result<BorrowingTerms, CalcError> {
        let amount = |key, amount| {
            self.minor(key, amount).map(|minor| Money::from_minor(minor, self.currency))
        };
        let share = |key, rate: Rate| basics::share(key, rate.to_f64()).map(|_| rate);
        Ok(BorrowingTerms {
            advance_rate: share("advance_percent", self.advance_percent)?,
            dilution: share("dilution_percent", self.dilution_percent)?,
            dilution_threshold: share(
                "dilution_threshold_percent",
                self.dilution_threshold_percent,
            )?,
            other_reserves: amount("other_reserves", self.other_reserves)?,
            line: self.line.map(|line| amount("line", line)).transpose()?,
            outstanding: amount("outstanding", self.outstanding)?,
        })
    }
}

impl Formula for BorrowingBaseInput {
    const NAME: &'static str = "borrowing_base";
    const SUMMARY: &'static str =
        "borrowing base certificate: ineligibles in order, reserves, availability, excess";
    const SOURCE: &'static str = "trade practice: past due, cross-aged, credits, contra, \
         concentration, each on what the previous rule left; dilution reserve above a threshold";
    const EXAMPLE: &'static str = r#"{
  "debtors": [
    {"name": "A", "current": "400000"}, {"name": "B", "current": "300000", "past_due": "20000"},
    {"name": "C", "current": "150000", "contra": "15000"}, {"name": "D", "current": "90000", "past_due": "10000"},
    {"name": "E", "current": "60000"}, {"name": "F", "past_due": "25000"}
  ],
  "advance_percent": 85, "dilution_percent": 8, "outstanding": "350000"
}"#;
    type Output = BorrowingBaseOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<BorrowingBaseOutput, CalcError> {
        let debtors: Vec<Standing> =
            self.debtors.iter().map(|debtor| self.stand(debtor)).collect::<Result<_, _>>()?;
        let sum = |minors: &mut dyn Iterator<Item = i64>| Money::sum_minor(minors, self.currency);
        // From the parts, so that the column adds up: credits and contra take no more than there
        // is.
        let all = debtors.iter().flat_map(|d| d.takes.into_iter().chain([d.left]));
        let gross = sum(&mut all.into_iter())?;
        let before_cap: Vec<i128> = debtors.iter().map(|debtor| debtor.left.into()).collect();
        basics::share("concentration_percent", self.concentration_percent.to_f64())?;
        let rule = Concentration {
            limit_percent: self.concentration_percent,
            denominator: self.concentration_denominator,
            by: ConcentrationBy::Debtor,
        };
        let cap = concentration_cap(rule, gross.minor().into(), &before_cap);
        let excesses: Vec<i64> =
            debtors.iter().flat_map(|debtor| beyond_limit(cap, [debtor.left])).collect();
        let excess = sum(&mut excesses.iter().copied())?;
        let to_money = |minor| Money::from_minor(minor, self.currency);
        let left = self.debtors.iter().zip(debtors.iter().zip(&excesses));
        let left = left.map(|(debtor, (standing, &excess))| DebtorLeft {
            name: debtor.name.clone(),
            eligible: to_money(standing.left - excess),
            concentration_excess: to_money(excess),
        });
        let left = left.collect();
        let mut ineligible = Vec::new();
        for (index, rule) in RULES.into_iter().enumerate() {
            let amount = match index {
                0..5 => sum(&mut debtors.iter().map(|debtor| debtor.takes[index]))?,
                _ => excess,
            };
            ineligible.push(Ineligible { rule, amount });
        }
        let total_ineligible = sum(&mut ineligible.iter().map(|line| line.amount.minor()))?;
        let base = borrowing_base(gross.checked_sub(total_ineligible)?, &self.terms()?)?;
        if base.excess.minor() < 0 {
            notes.push(
                "the client has drawn more than the borrowing base: an overadvance".to_owned(),
            );
        }
        Ok(BorrowingBaseOutput { gross, ineligible, total_ineligible, debtors: left, base })
    }
}
