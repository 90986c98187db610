use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate, Rounding};
use portfolio::{loss_rates_from_history, provision_matrix};

use super::{CalcError, Formula, usd};

/// A provision matrix from given loss rates.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvisionMatrix {
    /// Ageing buckets.
    buckets: Vec<Bucket>,
    /// Forward-looking factor on every loss rate [default: 1].
    #[serde(default = "one")]
    adjustment: Amount,
    /// True to round each bucket before adding up; otherwise only the sum is rounded [default:
    /// false].
    #[serde(default)]
    round_each: bool,
    /// True to round to whole units of the currency instead of its minor units [default: false].
    #[serde(default)]
    whole_units: bool,
    /// Rounding [default: half up].
    #[serde(default)]
    rounding: Rounding,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

fn one() -> Amount {
    Amount(Decimal::ONE)
}

/// An ageing bucket.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bucket {
    /// Name of the bucket [default: none].
    #[serde(default)]
    name: String,
    /// Gross receivables in the bucket.
    balance: Amount,
    /// Loss rate.
    loss_percent: Rate,
}

/// The provision.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProvisionOutput {
    /// The provision of each bucket.
    buckets: Vec<BucketOutput>,
    /// The total provision.
    provision: Money,
    /// The total provision before rounding.
    unrounded: String,
    /// Total receivables.
    balance: String,
}

/// The provision of a bucket.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BucketOutput {
    /// Name of the bucket.
    name: String,
    /// Loss rate used, percent.
    loss_percent: f64,
    /// Provision of the bucket, rounded for display.
    provision: Money,
}

/// The rounding of a provision.
struct Rounds {
    each: bool,
    whole_units: bool,
    how: Rounding,
    currency: Currency,
}

impl Rounds {
    fn round(&self, value: Decimal) -> Result<Money, CalcError> {
        // To whole units first: money alone rounds to the minor unit.
        let whole = if self.whole_units { self.how.round(value, 0) } else { value };
        Ok(Money::round(whole, self.currency, self.how)?)
    }

    fn output(
        &self,
        names: Vec<String>,
        balances: &[Decimal],
        rates: &[Decimal],
        adjustment: Decimal,
    ) -> Result<ProvisionOutput, CalcError> {
        let provisions = provision_matrix(balances, rates, adjustment)?;
        let mut buckets = Vec::new();
        let mut total = Decimal::ZERO;
        for ((name, provision), rate) in names.into_iter().zip(&provisions).zip(rates) {
            let shown = self.round(*provision)?;
            // Saturated on purpose: a sum out of range is refused below, when it becomes money.
            total = total.saturating_add(if self.each { shown.to_decimal() } else { *provision });
            let loss_percent = super::float(Amount(rate.saturating_mul(adjustment))) * 100.0;
            buckets.push(BucketOutput { name, loss_percent, provision: shown });
        }
        let balance = balances.iter().fold(Decimal::ZERO, |sum, b| sum.saturating_add(*b));
        Ok(ProvisionOutput {
            buckets,
            provision: self.round(total)?,
            unrounded: total.normalize().to_string(),
            balance: balance.to_string(),
        })
    }
}

impl Formula for ProvisionMatrix {
    const NAME: &'static str = "provision_matrix";
    const SUMMARY: &'static str = "expected credit loss by ageing bucket from given loss rates";
    const SOURCE: &'static str = "IFRS 9 B5.5.35; ASC 326: balance x loss rate x adjustment";
    const EXAMPLE: &'static str = r#"{"buckets": [
  {"name": "current", "balance": "15000", "loss_percent": 0.3}, {"name": "1-30", "balance": "7500", "loss_percent": 1.6},
  {"name": "31-60", "balance": "4000", "loss_percent": 3.6}, {"name": "61-90", "balance": "2500", "loss_percent": 6.6},
  {"name": "over 90", "balance": "1000", "loss_percent": 10.6}
]}"#;
    type Output = ProvisionOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<ProvisionOutput, CalcError> {
        let rounds = Rounds {
            each: self.round_each,
            whole_units: self.whole_units,
            how: self.rounding,
            currency: self.currency,
        };
        let balances: Vec<Decimal> = self.buckets.iter().map(|b| b.balance.0).collect();
        let rates: Vec<Decimal> = self.buckets.iter().map(|b| b.loss_percent.fraction()).collect();
        let names = self.buckets.into_iter().map(|bucket| bucket.name).collect();
        rounds.output(names, &balances, &rates, self.adjustment.0)
    }
}

/// A provision matrix whose loss rates come from a history of sales and payments.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvisionFromHistory {
    /// Credit sales over the period of the history.
    sales: Amount,
    /// Payments on those sales: on time, then by bucket of lateness.
    paid: Vec<Amount>,
    /// Receivables today: one for each bucket of payments, and one for receivables past all of
    /// them.
    balances: Vec<Amount>,
    /// Forward-looking factor on every loss rate [default: 1].
    #[serde(default = "one")]
    adjustment: Amount,
    /// True to round each bucket before adding up; otherwise only the sum is rounded [default:
    /// false].
    #[serde(default)]
    round_each: bool,
    /// True to round to whole units of the currency instead of its minor units [default: false].
    #[serde(default)]
    whole_units: bool,
    /// Rounding [default: half up].
    #[serde(default)]
    rounding: Rounding,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

impl Formula for ProvisionFromHistory {
    const NAME: &'static str = "provision_from_history";
    const SUMMARY: &'static str = "expected credit loss by ageing bucket, with loss rates from a history of sales and payments";
    const SOURCE: &'static str =
        "simplified approach: sales never paid / sales that reached the bucket, rates unrounded";
    const EXAMPLE: &'static str = r#"{
  "sales": "100000", "paid": ["50000", "27000", "15000", "6000"],
  "balances": ["300000", "140000", "60000", "23000", "5000"]
}"#;
    type Output = ProvisionOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<ProvisionOutput, CalcError> {
        let paid: Vec<Decimal> = self.paid.iter().map(|amount| amount.0).collect();
        let rates = loss_rates_from_history(self.sales.0, &paid)?;
        if rates.len() != self.balances.len() {
            let expected =
                format!("{} balances: one for each entry of `paid`, and one more", rates.len());
            let found = format!("{} balances", self.balances.len());
            return Err(OutOfRange::new("balances", found, expected).into());
        }
        if rates.iter().all(Decimal::is_zero) {
            notes.push("everything was paid, so the history shows no losses".to_owned());
        }
        let rounds = Rounds {
            each: self.round_each,
            whole_units: self.whole_units,
            how: self.rounding,
            currency: self.currency,
        };
        let balances: Vec<Decimal> = self.balances.iter().map(|amount| amount.0).collect();
        let names = (0..rates.len()).map(|bucket| match bucket {
            0 => "on time".to_owned(),
            _ if bucket == paid.len() => "past all buckets".to_owned(),
            _ => format!("late bucket {bucket}"),
        });
        rounds.output(names.collect(), &balances, &rates, self.adjustment.0)
    }
}
