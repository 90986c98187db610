use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, OutOfRange, Rate, not_negative, probability, share};
use portfolio::{
    GranularityInput, IrbInput, expected_loss, gamma_sector_count, granularity,
    horizon_default_probability, irb_capital, poisson_count, vasicek_quantile,
};
use pricing::conditional_default;

use super::{CalcError, Formula, float, percent};

/// Regulatory capital of a corporate exposure or of purchased receivables.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IrbCapitalCalc {
    /// One-year probability of default; for dilution risk, its one-year expected loss.
    pd_percent: Rate,
    /// Loss given default; 100 for dilution risk.
    lgd_percent: Rate,
    /// Effective maturity, 1 to 5 years [default: 2.5].
    #[serde(default = "two_and_a_half")]
    maturity_years: f64,
    /// Floor of the PD [default: 0.05, CRE32].
    #[serde(default = "pd_floor")]
    pd_floor_percent: Rate,
    /// Exposure, from which risk-weighted assets are computed [default: none].
    exposure: Option<Amount>,
}

fn two_and_a_half() -> f64 {
    2.5
}

fn pd_floor() -> Rate {
    Rate::from_bps(5.into())
}

/// The capital requirement.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct IrbCapitalOutput {
    /// Asset correlation R.
    correlation: f64,
    /// Maturity adjustment b.
    maturity_adjustment: f64,
    /// PD in the worst year of a thousand, percent.
    conditional_pd_percent: f64,
    /// Capital requirement K, percent of exposure.
    capital_percent: f64,
    /// 12.5 K, percent.
    risk_weight_percent: f64,
    /// Risk-weighted assets, if an exposure is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_weighted_assets: Option<f64>,
}

impl Formula for IrbCapitalCalc {
    const NAME: &'static str = "irb_capital";
    const SUMMARY: &'static str =
        "capital requirement by the internal-ratings formula for corporates";
    const SOURCE: &'static str = "Basel II paragraph 272, CRE31; purchased receivables CRE34";
    const EXAMPLE: &'static str = r#"{"pd_percent": 1, "lgd_percent": 45, "maturity_years": 2.5}"#;
    type Output = IrbCapitalOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<IrbCapitalOutput, CalcError> {
        if self.pd_percent < self.pd_floor_percent {
            notes.push(format!(
                "the PD is below the floor of {}, which is used",
                self.pd_floor_percent
            ));
        }
        let exposure = self.exposure.map(|e| not_negative("exposure", float(e))).transpose()?;
        let found = irb_capital(&IrbInput {
            pd: self.pd_percent.to_f64(),
            pd_floor: self.pd_floor_percent.to_f64(),
            lgd: self.lgd_percent.to_f64(),
            maturity: self.maturity_years,
        })?;
        Ok(IrbCapitalOutput {
            correlation: found.correlation,
            maturity_adjustment: found.maturity_adjustment,
            conditional_pd_percent: percent(found.conditional_pd),
            capital_percent: percent(found.capital),
            risk_weight_percent: percent(found.risk_weight),
            risk_weighted_assets: exposure.map(|exposure| exposure * found.risk_weight),
        })
    }
}

/// A quantile of the default rate of an infinitely granular pool.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Vasicek {
    /// Probability of default.
    pd_percent: Rate,
    /// Asset correlation.
    correlation_percent: Rate,
    /// Confidence [default: 99.9].
    #[serde(default = "three_nines")]
    quantile_percent: Rate,
}

fn three_nines() -> Rate {
    Rate::from_bps(9_990.into())
}

/// The quantile.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VasicekOutput {
    /// Percentage of the pool that defaults.
    quantile_default_percent: f64,
}

impl Formula for Vasicek {
    const NAME: &'static str = "vasicek";
    const SUMMARY: &'static str = "quantile of the default rate of an infinitely granular pool";
    const SOURCE: &'static str = "Vasicek 2002: N((G(PD) + sqrt(rho) G(q)) / sqrt(1 - rho))";
    const EXAMPLE: &'static str = r#"{"pd_percent": 1, "correlation_percent": 20}"#;
    type Output = VasicekOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<VasicekOutput, CalcError> {
        notes.push(
            "assumes an infinitely granular pool: a book with few names loses more".to_owned(),
        );
        let quantile = vasicek_quantile(
            self.pd_percent.to_f64(),
            self.correlation_percent.to_f64(),
            self.quantile_percent.to_f64(),
        )?;
        Ok(VasicekOutput { quantile_default_percent: percent(quantile) })
    }
}

/// The granularity adjustment: the capital that a book with few names needs in addition.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GranularityCalc {
    /// The exposures.
    names: Vec<Name>,
    /// Confidence [default: 99.9].
    #[serde(default = "three_nines")]
    quantile_percent: Rate,
    /// Precision of the systematic gamma factor [default: 0.25].
    #[serde(default = "quarter")]
    xi: f64,
    /// Floor of the PD [default: 0.05].
    #[serde(default = "pd_floor")]
    pd_floor_percent: Rate,
}

fn quarter() -> f64 {
    0.25
}

/// Exposures of one kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Name {
    /// Exposure of each name.
    exposure: Amount,
    /// Number of such names [default: 1].
    #[serde(default = "one")]
    count: u32,
    /// One-year probability of default.
    pd_percent: Rate,
    /// Loss given default.
    lgd_percent: Rate,
}

fn one() -> u32 {
    1
}

/// The capital and its granularity adjustment.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct GranularityOutput {
    /// Capital of the infinitely granular book without maturity adjustment, percent of exposure.
    capital_percent: f64,
    /// Granularity adjustment, percent of exposure.
    granularity_percent: f64,
    /// Weight of the systematic factor.
    delta: f64,
}

impl Formula for GranularityCalc {
    const NAME: &'static str = "granularity";
    const SUMMARY: &'static str = "capital that a book with few names needs in addition";
    const SOURCE: &'static str = "Gordy and Luetkebohmert 2013, simplified granularity adjustment";
    const EXAMPLE: &'static str =
        r#"{"names": [{"exposure": "1", "count": 20, "pd_percent": 1, "lgd_percent": 45}]}"#;
    type Output = GranularityOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<GranularityOutput, CalcError> {
        let quantile = probability("quantile_percent", self.quantile_percent.to_f64())?;
        let all: u64 = self.names.iter().map(|name| u64::from(name.count)).sum();
        // Each is an entry of its own below, and a short input must not fill the memory.
        if all > 1_000_000 {
            return Err(OutOfRange::new("names", all, "at most 1,000,000 in all").into());
        }
        let mut names = Vec::new();
        for name in &self.names {
            if !(1..=1_000_000).contains(&name.count) {
                return Err(OutOfRange::new("count", name.count, "1 to 1,000,000").into());
            }
            let (pd, lgd) = (name.pd_percent.to_f64(), name.lgd_percent.to_f64());
            let floor = self.pd_floor_percent.to_f64();
            let found = irb_capital(&IrbInput { pd, pd_floor: floor, lgd, maturity: 1.0 })?;
            // At the quantile asked for, without the maturity adjustment.
            let bad = conditional_default(found.pd, found.correlation, quantile);
            let capital = (lgd * (bad - found.pd)).max(0.0);
            let input =
                GranularityInput { exposure: float(name.exposure), pd: found.pd, lgd, capital };
            names.extend(std::iter::repeat_n(input, name.count as usize));
        }
        let found = granularity(&names, self.quantile_percent.to_f64(), self.xi)?;
        if found.adjustment > found.capital {
            notes.push(
                "the adjustment exceeds the capital, so the asymptotic figure is not usable".into(),
            );
        }
        Ok(GranularityOutput {
            capital_percent: percent(found.capital),
            granularity_percent: percent(found.adjustment),
            delta: found.delta,
        })
    }
}

/// Expected loss of an exposure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedLoss {
    /// Exposure. Give this, or the face and the advance rate.
    exposure: Option<Amount>,
    /// Face of the invoice.
    face: Option<Amount>,
    /// Advance rate on the face.
    advance_percent: Option<Rate>,
    /// Probability of default: per year if `days` is given, otherwise over the horizon.
    pd_percent: Rate,
    /// Days of the exposure [default: the PD is for the whole horizon].
    days: Option<u32>,
    /// Loss given default.
    lgd_percent: Rate,
}

/// The expected loss.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExpectedLossOutput {
    /// The exposure.
    exposure: f64,
    /// Probability of default over the horizon, percent.
    horizon_pd_percent: f64,
    /// Exposure x PD x LGD.
    expected_loss: f64,
}

impl Formula for ExpectedLoss {
    const NAME: &'static str = "expected_loss";
    const SUMMARY: &'static str = "expected loss of an exposure over a horizon";
    const SOURCE: &'static str = "EAD x PD x LGD; PD over days = 1 - (1 - PD)^(days / 365)";
    const EXAMPLE: &'static str = r#"{
  "face": "100000", "advance_percent": 85, "pd_percent": 4, "days": 75, "lgd_percent": 75
}"#;
    type Output = ExpectedLossOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<ExpectedLossOutput, CalcError> {
        let exposure = match (self.exposure, self.face, self.advance_percent) {
            (Some(exposure), None, None) => float(exposure),
            (None, Some(face), Some(rate)) => {
                float(face) * share("advance_percent", rate.to_f64())?
            }
            _ => {
                return Err(CalcError::Choice {
                    what: "exposure",
                    ways: "exposure, or face and advance_percent",
                });
            }
        };
        let yearly = self.pd_percent.to_f64();
        let pd = match self.days {
            Some(days) => horizon_default_probability(yearly, f64::from(days))?,
            None => yearly,
        };
        let expected_loss = expected_loss(exposure, pd, self.lgd_percent.to_f64())?;
        Ok(ExpectedLossOutput { exposure, horizon_pd_percent: percent(pd), expected_loss })
    }
}

/// The distribution of the number of defaults in a book.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DefaultCount {
    /// Number of names.
    names: u32,
    /// Probability of default of each name.
    pd_percent: Rate,
    /// Variance of the single sector on which all names depend [default: names are independent].
    sector_variance: Option<f64>,
    /// Largest number of defaults listed [default: 10].
    #[serde(default = "ten")]
    most: u64,
}

fn ten() -> u64 {
    10
}

/// The distribution.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DefaultCountOutput {
    /// Expected number of defaults.
    expected: f64,
    /// Probability of 0, 1, 2, ... defaults.
    probabilities: Vec<f64>,
}

impl Formula for DefaultCount {
    const NAME: &'static str = "default_count";
    const SUMMARY: &'static str = "probability of 0, 1, 2, ... defaults in a book";
    const SOURCE: &'static str =
        "CreditRisk+ (1997): Poisson, with a gamma sector negative binomial";
    const EXAMPLE: &'static str = r#"{"names": 10, "pd_percent": 1, "sector_variance": 1}"#;
    type Output = DefaultCountOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<DefaultCountOutput, CalcError> {
        let expected = f64::from(self.names) * share("pd_percent", self.pd_percent.to_f64())?;
        if self.most > 10_000 {
            return Err(OutOfRange::new("most", self.most, "at most 10,000").into());
        }
        let probabilities = match self.sector_variance {
            None => poisson_count(expected, self.most)?,
            Some(variance) => gamma_sector_count(expected, variance, self.most)?,
        };
        Ok(DefaultCountOutput { expected, probabilities })
    }
}
