use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate};
use policy::{
    Comparator, Concentration, ConcentrationBy, CrossAgeBase, CrossAging, Denominator,
    beyond_limit, concentration_cap, is_cross_aged,
};
use portfolio::concentrated;

use super::{CalcError, Formula, float, money, percent, usd};

/// Concentration of balances.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Hhi {
    /// Balances or shares of debtors; add up the debtors of a group to one balance.
    balances: Vec<Amount>,
}

/// Measures of concentration.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HhiOutput {
    /// Herfindahl-Hirschman index, 0 to 1.
    hhi: f64,
    /// 1 / HHI.
    effective_number: f64,
    /// Share of the largest balance, percent.
    largest_percent: f64,
}

impl Formula for Hhi {
    const NAME: &'static str = "hhi";
    const SUMMARY: &'static str = "Herfindahl-Hirschman index and effective number of debtors";
    const SOURCE: &'static str = "HHI = sum of squared shares; effective number = 1 / HHI";
    const EXAMPLE: &'static str = r#"{"balances": ["30", "20", "15", "10", "10", "5", "5", "5"]}"#;
    type Output = HhiOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<HhiOutput, CalcError> {
        let balances: Vec<f64> = self.balances.iter().map(|&balance| float(balance)).collect();
        let found = concentrated(&balances)?;
        Ok(HhiOutput {
            hhi: found.hhi,
            effective_number: found.effective_number,
            largest_percent: percent(found.shares.into_iter().fold(0.0, f64::max)),
        })
    }
}

/// Cross-aging: the past-due share that makes all of a debtor's balance ineligible.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CrossAgingInput {
    /// Open balance of the debtor.
    balance: Amount,
    /// Part of the balance that is beyond the past-due limit.
    past_due: Amount,
    /// Unapplied credits of the debtor [default: none].
    #[serde(default)]
    credits: Amount,
    /// Past-due share at which the debtor is cross-aged [default: 10].
    #[serde(default = "ten")]
    threshold_percent: Rate,
    /// Comparison with the threshold: reached (>=) or exceeded (>) [default: >=].
    #[serde(default = "at_least")]
    comparator: Comparator,
    /// Balance that the share is taken of: gross, or net of credits [default: gross].
    #[serde(default = "gross")]
    base: CrossAgeBase,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

pub(super) fn ten() -> Rate {
    Rate::from_percent(10.into())
}

pub(super) fn at_least() -> Comparator {
    Comparator::AtLeast
}

pub(super) fn gross() -> CrossAgeBase {
    CrossAgeBase::Gross
}

/// The ineligible amounts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CrossAgingOutput {
    /// Past-due share of the balance, percent.
    past_due_percent: f64,
    /// True if the debtor is cross-aged.
    cross_aged: bool,
    /// Ineligible amount: past due, or the whole balance if the debtor is cross-aged.
    ineligible: Money,
    /// Amount that is ineligible by cross-aging alone.
    cross_aged_amount: Money,
}

impl Formula for CrossAgingInput {
    const NAME: &'static str = "cross_aging";
    const SUMMARY: &'static str =
        "whether a debtor's past-due share makes its whole balance ineligible";
    const SOURCE: &'static str =
        "trade practice, the 10 % rule: past due / balance against a threshold";
    const EXAMPLE: &'static str =
        r#"{"balance": "100000", "past_due": "10000", "threshold_percent": 10, "comparator": ">"}"#;
    type Output = CrossAgingOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<CrossAgingOutput, CalcError> {
        let [balance, past_due, credits] =
            [self.balance, self.past_due, self.credits].map(|amount| money(amount, self.currency));
        let (balance, past_due, credits) = (balance?, past_due?, credits?);
        basics::share("threshold_percent", self.threshold_percent.to_f64())?;
        basics::not_negative("credits", credits.to_f64())?;
        if !(0..=balance.minor()).contains(&past_due.minor()) {
            let expected = format!("from 0 to the balance, {balance}");
            return Err(OutOfRange::new("past_due", past_due, expected).into());
        }
        let base = match self.base {
            CrossAgeBase::Gross => balance,
            CrossAgeBase::Net => balance.checked_sub(credits)?,
        };
        let rule = CrossAging {
            threshold_percent: self.threshold_percent,
            comparator: self.comparator,
            base: self.base,
        };
        let cross_aged = is_cross_aged(past_due.minor().into(), base.minor().into(), rule);
        let ineligible = if cross_aged { balance } else { past_due };
        // If credits leave no balance, all of it counts as past due.
        let share = match (past_due.minor(), base.minor()) {
            (0, _) => 0.0,
            (past_due, base) if base > 0 => past_due as f64 / base as f64,
            _ => 1.0,
        };
        Ok(CrossAgingOutput {
            past_due_percent: percent(share),
            cross_aged,
            ineligible,
            cross_aged_amount: ineligible.checked_sub(past_due)?,
        })
    }
}

/// The part of each debtor's balance above a concentration cap.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcentrationInput {
    /// Balance of each debtor that passes all other rules.
    balances: Vec<Amount>,
    /// Gross ledger, for the denominator `gross_ledger` [default: the sum of the balances].
    gross_ledger: Option<Amount>,
    /// Largest share of one debtor [default: 25].
    #[serde(default = "quarter")]
    limit_percent: Rate,
    /// Amount that it is a share of [default: eligible_before_cap].
    #[serde(default = "before_cap")]
    denominator: Denominator,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

pub(super) fn quarter() -> Rate {
    Rate::from_percent(25.into())
}

pub(super) fn before_cap() -> Denominator {
    Denominator::EligibleBeforeCap
}

/// The cap and the amounts above it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ConcentrationOutput {
    /// Largest amount of one debtor.
    cap: Money,
    /// Excess of each debtor above the cap.
    excess: Vec<Money>,
    /// Sum of the excesses.
    total_excess: Money,
    /// Eligible amount after the cap.
    eligible: Money,
}

impl Formula for ConcentrationInput {
    const NAME: &'static str = "concentration";
    const SUMMARY: &'static str = "part of each debtor's balance above a concentration cap";
    const SOURCE: &'static str =
        "cap = limit x denominator, one pass: gross ledger, eligible before the cap, or fixpoint";
    const EXAMPLE: &'static str = r#"{
  "balances": ["400000", "300000", "135000", "60000"], "gross_ledger": "1055000",
  "limit_percent": 25, "denominator": "gross_ledger"
}"#;
    type Output = ConcentrationOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<ConcentrationOutput, CalcError> {
        let currency = self.currency;
        let to_money = |&amount: &Amount| {
            let balance = money(amount, currency)?;
            if balance.minor() < 0 {
                return Err(OutOfRange::new("balances", amount, "amounts of 0 or more").into());
            }
            Ok(balance)
        };
        let balances: Vec<Money> =
            self.balances.iter().map(to_money).collect::<Result<_, CalcError>>()?;
        basics::share("limit_percent", self.limit_percent.to_f64())?;
        let minors: Vec<i128> = balances.iter().map(|balance| balance.minor().into()).collect();
        let gross = match self.gross_ledger {
            Some(gross) => {
                basics::not_negative("gross_ledger", float(gross))?;
                money(gross, currency)?.minor().into()
            }
            None => minors.iter().sum(),
        };
        let rule = Concentration {
            limit_percent: self.limit_percent,
            denominator: self.denominator,
            by: ConcentrationBy::Debtor,
        };
        let cap = concentration_cap(rule, gross, &minors);
        let excess: Vec<i64> =
            balances.iter().flat_map(|balance| beyond_limit(cap, [balance.minor()])).collect();
        let total_excess = Money::sum_minor(excess.iter().copied(), currency)?;
        let before = Money::sum_minor(balances.iter().map(|balance| balance.minor()), currency)?;
        Ok(ConcentrationOutput {
            cap: Money::from_minor(cap, currency),
            excess: excess.into_iter().map(|minor| Money::from_minor(minor, currency)).collect(),
            total_excess,
            eligible: before.checked_sub(total_excess)?,
        })
    }
}
