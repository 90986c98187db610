use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Amount;

use super::{CalcError, Formula, float, percent};

/// Days sales outstanding.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dso {
    /// Receivables at the end of the period.
    receivables: Amount,
    /// Credit sales of the period.
    sales: Amount,
    /// Days of the period [default: 365].
    #[serde(default = "year")]
    days: u32,
}

fn year() -> u32 {
    365
}

/// A number of days.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Days {
    /// Days, unrounded.
    days: f64,
}

impl Formula for Dso {
    const NAME: &'static str = "dso";
    const SUMMARY: &'static str = "days sales outstanding, simple";
    const SOURCE: &'static str = "receivables / credit sales x days";
    const EXAMPLE: &'static str = r#"{"receivables": "150000", "sales": "1800000", "days": 365}"#;
    type Output = Days;

    fn compute(self, _: &mut Vec<String>) -> Result<Days, CalcError> {
        let days = f64::from(self.days);
        Ok(Days { days: portfolio::dso(float(self.receivables), float(self.sales), days)? })
    }
}

/// Days sales outstanding by the count-back method.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountbackDso {
    /// Receivables at the end of the last month.
    receivables: Amount,
    /// Monthly sales, newest month first.
    months: Vec<Month>,
}

/// Sales of a month.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Month {
    /// Credit sales.
    sales: Amount,
    /// Days of the month [default: 30].
    #[serde(default = "thirty")]
    days: u32,
}

fn thirty() -> u32 {
    30
}

impl Formula for CountbackDso {
    const NAME: &'static str = "countback_dso";
    const SUMMARY: &'static str = "days sales outstanding by counting back over monthly sales";
    const SOURCE: &'static str =
        "add the days of whole months, newest first, and the fraction of the last";
    const EXAMPLE: &'static str = r#"{"receivables": "212000", "months": [
  {"sales": "100000", "days": 30}, {"sales": "80000", "days": 30}, {"sales": "70000", "days": 30}
]}"#;
    type Output = Days;

    fn compute(self, _: &mut Vec<String>) -> Result<Days, CalcError> {
        let months: Vec<(f64, f64)> =
            self.months.iter().map(|month| (float(month.sales), f64::from(month.days))).collect();
        Ok(Days { days: portfolio::countback_dso(float(self.receivables), &months)? })
    }
}

/// Best possible days sales outstanding.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BestPossibleDso {
    /// Receivables that are not past due.
    current_receivables: Amount,
    /// Credit sales of the period.
    sales: Amount,
    /// Days of the period [default: 365].
    #[serde(default = "year")]
    days: u32,
}

impl Formula for BestPossibleDso {
    const NAME: &'static str = "best_possible_dso";
    const SUMMARY: &'static str = "days sales outstanding if every debtor paid when due";
    const SOURCE: &'static str = "receivables not past due / credit sales x days";
    const EXAMPLE: &'static str =
        r#"{"current_receivables": "3590", "sales": "10890", "days": 90}"#;
    type Output = Days;

    fn compute(self, _: &mut Vec<String>) -> Result<Days, CalcError> {
        let (current, sales) = (float(self.current_receivables), float(self.sales));
        Ok(Days { days: portfolio::best_possible_dso(current, sales, f64::from(self.days))? })
    }
}

/// Average days delinquent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AverageDaysDelinquent {
    /// Receivables at the end of the period.
    receivables: Amount,
    /// Receivables that are not past due.
    current_receivables: Amount,
    /// Credit sales of the period.
    sales: Amount,
    /// Days of the period [default: 365].
    #[serde(default = "year")]
    days: u32,
}

impl Formula for AverageDaysDelinquent {
    const NAME: &'static str = "average_days_delinquent";
    const SUMMARY: &'static str = "DSO less the best possible DSO";
    const SOURCE: &'static str = "ADD = DSO - BPDSO";
    const EXAMPLE: &'static str =
        r#"{"receivables": "6340", "current_receivables": "3590", "sales": "10890", "days": 90}"#;
    type Output = Days;

    fn compute(self, _: &mut Vec<String>) -> Result<Days, CalcError> {
        let days = portfolio::average_days_delinquent(
            float(self.receivables),
            float(self.current_receivables),
            float(self.sales),
            f64::from(self.days),
        )?;
        Ok(Days { days })
    }
}

/// Collection effectiveness index.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cei {
    /// Receivables at the start of the first period.
    opening_receivables: Amount,
    /// Credit sales of all periods.
    sales: Amount,
    /// Equal periods, such as months, over which the sales are spread [default: 1].
    #[serde(default = "one")]
    periods: u32,
    /// All receivables at the end of the last period.
    closing_receivables: Amount,
    /// Receivables at the end that are not past due.
    closing_current: Amount,
}

fn one() -> u32 {
    1
}

/// The index.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CeiOutput {
    /// Collections as a percentage of what could have been collected.
    cei_percent: f64,
}

impl Formula for Cei {
    const NAME: &'static str = "cei";
    const SUMMARY: &'static str = "collection effectiveness index";
    const SOURCE: &'static str =
        "(opening + sales / N - closing) / (opening + sales / N - closing current) x 100";
    const EXAMPLE: &'static str = r#"{
  "opening_receivables": "6200", "sales": "10890", "closing_receivables": "6340", "closing_current": "3590"
}"#;
    type Output = CeiOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<CeiOutput, CalcError> {
        let index = portfolio::collection_effectiveness(
            float(self.opening_receivables),
            float(self.sales),
            f64::from(self.periods),
            float(self.closing_receivables),
            float(self.closing_current),
        )?;
        if index < 0.0 {
            notes.push("more is open than could have been collected: check the figures".to_owned());
        }
        Ok(CeiOutput { cei_percent: percent(index) })
    }
}

/// Receivables turnover.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Turnover {
    /// Credit sales of the period.
    sales: Amount,
    /// Receivables at the start of the period.
    opening_receivables: Amount,
    /// Receivables at the end of the period.
    closing_receivables: Amount,
}

/// The turnover.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TurnoverOutput {
    /// Times that receivables turn over in the period.
    turnover: f64,
}

impl Formula for Turnover {
    const NAME: &'static str = "turnover";
    const SUMMARY: &'static str = "number of times that receivables turn over in a period";
    const SOURCE: &'static str = "credit sales / mean of opening and closing receivables";
    const EXAMPLE: &'static str =
        r#"{"sales": "10890", "opening_receivables": "6200", "closing_receivables": "6340"}"#;
    type Output = TurnoverOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<TurnoverOutput, CalcError> {
        let turnover = portfolio::receivables_turnover(
            float(self.sales),
            float(self.opening_receivables),
            float(self.closing_receivables),
        )?;
        Ok(TurnoverOutput { turnover })
    }
}

/// Roll rates between ageing buckets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RollRatesInput {
    /// Names of the ageing buckets, youngest first.
    buckets: Vec<String>,
    /// Balances of the buckets by period, oldest period first.
    periods: Vec<Vec<Amount>>,
}

/// The roll rates.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RollRatesOutput {
    /// The rates from each bucket to the next.
    rates: Vec<RollRate>,
}

/// The rate from one bucket to the next.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RollRate {
    /// Bucket.
    from: String,
    /// The next bucket.
    to: String,
    /// Share of the balance that is in the next bucket one period later, percent; null if the
    /// bucket was always empty.
    rate_percent: Option<f64>,
    /// Product of the rates from this bucket to the last, percent.
    to_last_percent: Option<f64>,
}

impl Formula for RollRatesInput {
    const NAME: &'static str = "roll_rates";
    const SUMMARY: &'static str = "rates at which balances roll from one ageing bucket to the next";
    const SOURCE: &'static str =
        "balance of the next bucket a period later / balance of the bucket; chains are products";
    const EXAMPLE: &'static str = r#"{
  "buckets": ["current", "1-30", "31-60", "61-90"],
  "periods": [["200000", "40000", "12000", "5000"], ["210000", "40000", "12000", "6000"]]
}"#;
    type Output = RollRatesOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<RollRatesOutput, CalcError> {
        let periods: Vec<Vec<f64>> =
            self.periods.iter().map(|p| p.iter().map(|&a| float(a)).collect()).collect();
        let found = portfolio::roll_rates(&periods)?;
        if self.buckets.len() != found.rates.len() + 1 {
            let named = format!("{} names", self.buckets.len());
            let expected =
                format!("{} names, one for each balance of a period", found.rates.len() + 1);
            return Err(basics::OutOfRange::new("buckets", named, expected).into());
        }
        if found.rates.iter().flatten().any(|&rate| rate > 1.0) {
            notes.push(
                "a rate is above 100 %: more rolled in than the bucket held; check the balances"
                    .into(),
            );
        }
        let steps = self.buckets.windows(2).zip(found.rates.iter().zip(&found.to_last));
        let rates = steps.map(|(pair, (rate, to_last))| RollRate {
            from: pair[0].clone(),
            to: pair[1].clone(),
            rate_percent: rate.map(percent),
            to_last_percent: to_last.map(percent),
        });
        Ok(RollRatesOutput { rates: rates.collect() })
    }
}
