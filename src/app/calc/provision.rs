use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate, Rounding};
use portfolio::{loss_rates_from_history, provision_matrix};

use super::{CalcError, Formula, usd};

/// A provision matrix with given loss rates.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvisionMatrix {
    /// Ageing buckets.
    buckets: Vec<Bucket>,
    /// Multiplies every rate for what is expected to differ from the past [default: 1].
    #[serde(default = "one")]
    adjustment: Amount,
    /// Whether each bucket is rounded before they are added up; else the sum alone is [default:
    /// false].
    #[serde(default)]
    round_each: bool,
    /// Round to whole units of the currency instead of its minor units [default: false].
    #[serde(default)]
    whole_units: bool,
    /// How [default: half up].
    #[serde(default)]
    rounding: Rounding,
    /// Currency, which names the digits [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

fn one() -> Amount {
    Amount(Decimal::ONE)
}

/// A bucket.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bucket {
    /// Its name [default: none].
    #[serde(default)]
    name: String,
    /// Gross receivables in it.
    balance: Amount,
    /// Loss rate.
    loss_percent: Rate,
}

/// The provision.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProvisionOutput {
    /// By bucket.
    buckets: Vec<BucketOutput>,
    /// The whole provision.
    provision: Money,
    /// The same before it was rounded.
    unrounded: String,
    /// All receivables.
    balance: String,
}

/// Provision of a bucket.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BucketOutput {
    /// Its name.
    name: String,
    /// Loss rate used, percent.
    loss_percent: f64,
    /// Its provision, rounded to be shown.
    provision: Money,
}

/// How a provision is rounded.
struct Rounds {
    each: bool,
    whole_units: bool,
    how: Rounding,
    currency: Currency,
}

impl Rounds {
    fn round(&self, value: Decimal) -> Result<Money, CalcError> {
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

/// A provision matrix whose loss rates come from a history of sales.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvisionFromHistory {
    /// Credit sales of the history.
    sales: Amount,
    /// What was paid of them: on time, then by bucket of lateness.
    paid: Vec<Amount>,
    /// Receivables today: one for each of those, and one for what is past all of them.
    balances: Vec<Amount>,
    /// Multiplies every rate for what is expected to differ from the past [default: 1].
    #[serde(default = "one")]
    adjustment: Amount,
    /// Whether each bucket is rounded before they are added up [default: false].
    #[serde(default)]
    round_each: bool,
    /// Round to whole units of the currency [default: false].
    #[serde(default)]
    whole_units: bool,
    /// How [default: half up].
    #[serde(default)]
    rounding: Rounding,
    /// Currency, which names the digits [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

impl Formula for ProvisionFromHistory {
    const NAME: &'static str = "provision_from_history";
    const SUMMARY: &'static str =
        "expected credit loss by ageing bucket, loss rates from a history of sales and payments";
    const SOURCE: &'static str =
        "simplified approach: never paid / what reached the bucket, rates unrounded";
    const EXAMPLE: &'static str = r#"{
  "sales": "100000", "paid": ["50000", "27000", "15000", "6000"],
  "balances": ["300000", "140000", "60000", "23000", "5000"]
}"#;
    type Output = ProvisionOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<ProvisionOutput, CalcError> {
        let paid: Vec<Decimal> = self.paid.iter().map(|amount| amount.0).collect();
        let rates = loss_rates_from_history(self.sales.0, &paid)?;
        if rates.len() != self.balances.len() {
            let expected = format!("{}: one for each of paid and one behind", rates.len());
            let found = format!("{} given", self.balances.len());
            return Err(OutOfRange::new("balances", found, expected).into());
        }
        if rates.iter().all(Decimal::is_zero) {
            notes.push("everything was paid: the history says nothing of losses".to_owned());
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
