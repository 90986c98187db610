use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, OutOfRange, Rate, share};
use portfolio::{
    DynamicReserveInput, credit_lag_ineligible, dilution_ratios, dynamic_reserve,
    effective_dilution,
};

use super::{CalcError, Formula, five, float, percent};

/// Dilution of receivables: from credits issued, and from credits still to be issued.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dilution {
    /// Non-cash credits of the trailing 12 months.
    credits: Option<Amount>,
    /// Gross sales of the same 12 months.
    sales: Option<Amount>,
    /// Dilution that needs no reserve [default: 5].
    #[serde(default = "five")]
    threshold_percent: Rate,
    /// Receivables from which credits are still to be issued.
    receivables: Option<Amount>,
    /// Credits that debtors have earned but that are not issued yet.
    unissued_credits: Option<Amount>,
    /// Days until a credit is issued, for the ineligible amount.
    credit_lag_days: Option<u32>,
    /// Credits per day [default: credits / 365].
    credits_per_day: Option<Amount>,
}

/// Dilution rates and the amounts they take.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DilutionOutput {
    /// Credits / sales, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    dilution_percent: Option<f64>,
    /// Points above the threshold: the dilution reserve, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserve_percent: Option<f64>,
    /// Unissued credits / receivables, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_dilution_percent: Option<f64>,
    /// Credits per day x lag, at most 90 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_lag_ineligible: Option<f64>,
}

impl Formula for Dilution {
    const NAME: &'static str = "dilution";
    const SUMMARY: &'static str =
        "dilution rate, dilution reserve, and the ineligible amount for a credit lag";
    const SOURCE: &'static str = "non-cash credits / gross sales, trailing 12 months; reserve above 5 %; \
         credit lag: credits per day x days, at most 90";
    const EXAMPLE: &'static str = r#"{"credits": "96000", "sales": "1200000"}"#;
    type Output = DilutionOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<DilutionOutput, CalcError> {
        let rate = match (self.credits, self.sales) {
            (Some(credits), Some(sales)) => {
                // Credits and sales are of the same 12 months, so there is no lag between them.
                Some(dilution_ratios(&[(float(sales), float(credits))], 0)?[0])
            }
            (None, None) => None,
            (credits, _) => {
                let key = if credits.is_none() { "credits" } else { "sales" };
                return Err(OutOfRange::new(key, "missing", "both credits and sales").into());
            }
        };
        if rate.is_some_and(|rate| rate > 1.0) {
            notes.push("credits exceed sales: there is nothing left to buy".to_owned());
        }
        let effective = match (self.unissued_credits, self.receivables) {
            (Some(credits), Some(receivables)) => {
                Some(effective_dilution(float(credits), float(receivables))?)
            }
            (None, _) => None,
            (Some(_), None) => {
                let expected = "the receivables to which the unissued credits belong";
                return Err(OutOfRange::new("receivables", "missing", expected).into());
            }
        };
        let per_day =
            self.credits_per_day.or(self.credits.filter(|_| self.credit_lag_days.is_some()));
        let per_day = per_day.map(|amount| {
            if self.credits_per_day.is_some() { float(amount) } else { float(amount) / 365.0 }
        });
        let lag = match (self.credit_lag_days, per_day) {
            (Some(days), Some(per_day)) => Some(credit_lag_ineligible(per_day, f64::from(days))?),
            (None, _) => None,
            (Some(_), None) => {
                let expected = "credits_per_day, or the credits of 12 months in credits";
                return Err(OutOfRange::new("credits_per_day", "missing", expected).into());
            }
        };
        if rate.is_none() && effective.is_none() && lag.is_none() {
            let expected = "credits and sales, or unissued_credits and receivables";
            return Err(OutOfRange::new("credits", "missing", expected).into());
        }
        let threshold = share("threshold_percent", self.threshold_percent.to_f64())?;
        Ok(DilutionOutput {
            dilution_percent: rate.map(percent),
            reserve_percent: rate.map(|rate| percent((rate - threshold).max(0.0))),
            effective_dilution_percent: effective.map(percent),
            credit_lag_ineligible: lag,
        })
    }
}

/// Dynamic reserves of a trade-receivables facility.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DynamicReserveCalc {
    /// SF: stress factor [default: 2.25].
    #[serde(default = "two_and_a_quarter")]
    stress_factor: f64,
    /// ED: mean dilution ratio of 12 months. Give this and the spike, or give the months.
    expected_dilution_percent: Option<Rate>,
    /// DS: highest dilution ratio of 12 months.
    dilution_spike_percent: Option<Rate>,
    /// Months of history, oldest first; their last 12 ratios give ED and DS.
    months: Option<Vec<DilutionMonth>>,
    /// Months between a sale and its dilution: 1 or 2 in most agreements [default: 1].
    #[serde(default = "one")]
    lag_months: usize,
    /// DHR: sales over the dilution horizon / net pool balance.
    dilution_horizon_ratio: f64,
    /// Highest 3-month-average default ratio of 12 months.
    default_ratio_percent: Rate,
    /// Sales over the loss horizon / net pool balance.
    loss_horizon_ratio: f64,
    /// Base rate of the funding, per year.
    base_rate_percent: Rate,
    /// Servicing fee, per year [default: 1].
    #[serde(default = "one_percent")]
    servicing_percent: Rate,
    /// Days sales outstanding.
    dso: f64,
    /// Factor on the yield and servicing reserves [default: 1.5].
    #[serde(default = "one_and_a_half")]
    carrying_factor: f64,
    /// Days in a year [default: 360].
    #[serde(default = "year_days")]
    year_days: f64,
    /// Share of the largest debtors whose default the reserve must cover.
    concentration_floor_percent: Rate,
}

/// Sales and dilutions of a month.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DilutionMonth {
    /// Gross sales.
    sales: Amount,
    /// Dilutions.
    dilutions: Amount,
}

fn two_and_a_quarter() -> f64 {
    2.25
}

fn one() -> usize {
    1
}

fn one_percent() -> Rate {
    Rate::from_percent(1.into())
}

fn one_and_a_half() -> f64 {
    1.5
}

fn year_days() -> f64 {
    360.0
}

/// Reserves as percentages of the net pool balance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DynamicReserveOutput {
    /// ED as used.
    expected_dilution_percent: f64,
    /// DS as used.
    dilution_spike_percent: f64,
    /// DHR x (SF x ED + (DS - ED) x DS / ED).
    dilution_reserve_percent: f64,
    /// SF x default ratio x loss horizon ratio.
    loss_reserve_percent: f64,
    /// Concentration floor + ED x DHR.
    floor_percent: f64,
    /// True if the floor exceeds the loss and dilution reserves together.
    floor_binds: bool,
    /// Yield reserve.
    yield_reserve_percent: f64,
    /// Servicing reserve.
    servicing_reserve_percent: f64,
    /// max(loss + dilution, floor) + yield + servicing.
    total_reserve_percent: f64,
    /// 100 less the total.
    effective_advance_percent: f64,
}

impl DynamicReserveCalc {
    /// The expected dilution and the spike.
    fn dilution(&self) -> Result<(f64, f64), CalcError> {
        match (self.expected_dilution_percent, self.dilution_spike_percent, &self.months) {
            (Some(expected), Some(spike), None) => Ok((expected.to_f64(), spike.to_f64())),
            (None, None, Some(months)) => {
                let months: Vec<(f64, f64)> =
                    months.iter().map(|m| (float(m.sales), float(m.dilutions))).collect();
                let ratios = dilution_ratios(&months, self.lag_months)?;
                let last = &ratios[ratios.len().saturating_sub(12)..];
                let mean = last.iter().sum::<f64>() / last.len() as f64;
                Ok((mean, last.iter().copied().fold(0.0, f64::max)))
            }
            _ => Err(CalcError::Choice {
                what: "dilution",
                ways: "expected_dilution_percent and dilution_spike_percent, or months",
            }),
        }
    }
}

impl Formula for DynamicReserveCalc {
    const NAME: &'static str = "dynamic_reserve";
    const SUMMARY: &'static str =
        "dilution, loss, yield and servicing reserves of a trade-receivables facility";
    const SOURCE: &'static str = "definitions of receivables purchase agreements: \
         max(loss + dilution, floor) + yield + servicing";
    const EXAMPLE: &'static str = r#"{
  "stress_factor": 2.25, "expected_dilution_percent": 3, "dilution_spike_percent": 5,
  "dilution_horizon_ratio": 1.2, "default_ratio_percent": 1.8, "loss_horizon_ratio": 1.5,
  "base_rate_percent": 8, "dso": 45, "servicing_percent": 1, "concentration_floor_percent": 15
}"#;
    type Output = DynamicReserveOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<DynamicReserveOutput, CalcError> {
        let (expected_dilution, dilution_spike) = self.dilution()?;
        let found = dynamic_reserve(&DynamicReserveInput {
            stress_factor: self.stress_factor,
            expected_dilution,
            dilution_spike,
            dilution_horizon_ratio: self.dilution_horizon_ratio,
            default_ratio: self.default_ratio_percent.to_f64(),
            loss_horizon_ratio: self.loss_horizon_ratio,
            base_rate: self.base_rate_percent.to_f64(),
            servicing_rate: self.servicing_percent.to_f64(),
            dso: self.dso,
            carrying_factor: self.carrying_factor,
            year_days: self.year_days,
            concentration_floor: self.concentration_floor_percent.to_f64(),
        })?;
        if found.total > 1.0 {
            notes.push("the reserves exceed the pool: nothing can be advanced".to_owned());
        }
        Ok(DynamicReserveOutput {
            expected_dilution_percent: percent(expected_dilution),
            dilution_spike_percent: percent(dilution_spike),
            dilution_reserve_percent: percent(found.dilution),
            loss_reserve_percent: percent(found.loss),
            floor_percent: percent(found.floor),
            floor_binds: found.floor_binds,
            yield_reserve_percent: percent(found.yield_reserve),
            servicing_reserve_percent: percent(found.servicing),
            total_reserve_percent: percent(found.total),
            effective_advance_percent: percent(1.0 - found.total),
        })
    }
}
