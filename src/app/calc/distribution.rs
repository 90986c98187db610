use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, OutOfRange, Rate, not_negative, share};
use portfolio::{Copula, Estimate, LossModel, Name};

use super::{CalcError, Formula, float, percent};

/// The loss distribution of a book with few names, by simulation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LossDistributionInput {
    /// The exposures.
    names: Vec<Exposed>,
    /// Correlation of the latent values, for names without one of their own [default: 15].
    #[serde(default = "fifteen")]
    correlation_percent: Rate,
    /// Degrees of freedom of a Student-t copula [default: a Gaussian copula].
    degrees_of_freedom: Option<u32>,
    /// Number of scenarios [default: 100000].
    #[serde(default = "hundred_thousand")]
    scenarios: usize,
    /// Seed; the same seed gives the same result [default: 1].
    #[serde(default = "one")]
    seed: u64,
}

/// An exposure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exposed {
    /// Exposure at default.
    exposure: Amount,
    /// Probability of default over the horizon.
    pd_percent: Rate,
    /// Loss given default [default: 100].
    #[serde(default = "whole")]
    lgd_percent: Rate,
    /// Correlation of its latent value [default: that of the book].
    correlation_percent: Option<Rate>,
}

fn fifteen() -> Rate {
    Rate::from_percent(15.into())
}

fn whole() -> Rate {
    Rate::from_percent(100.into())
}

fn hundred_thousand() -> usize {
    100_000
}

fn one() -> u64 {
    1
}

/// An estimate with its sampling error.
#[derive(Debug, Serialize, JsonSchema)]
struct Estimated {
    /// Estimate, in the unit of the exposures.
    value: f64,
    /// One standard error of sampling.
    standard_error: f64,
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Self {
        Self { value: estimate.value, standard_error: estimate.error }
    }
}

/// The tail beyond a confidence level.
#[derive(Debug, Serialize, JsonSchema)]
struct Tail {
    /// Confidence level.
    confidence_percent: f64,
    /// Loss that is not exceeded at this confidence.
    value_at_risk: Estimated,
    /// Mean of the losses at or beyond the value at risk.
    expected_shortfall: Estimated,
}

/// The loss distribution.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LossDistributionOutput {
    /// Mean loss.
    expected_loss: Estimated,
    /// Sum of exposure x PD x LGD, exact.
    expected_loss_exact: f64,
    /// Standard deviation of the loss.
    standard_deviation: f64,
    /// Tails at 95, 99 and 99.9 %.
    tails: Vec<Tail>,
    /// Contribution of each name to the expected shortfall at 99 %, in the order given.
    contributions: Vec<f64>,
}

impl Formula for LossDistributionInput {
    const NAME: &'static str = "loss_distribution";
    const SUMMARY: &'static str = "loss of a book with few names: EL, VaR and ES by simulation";
    const SOURCE: &'static str =
        "one-factor copula, Li 2000, Vasicek 2002; Euler allocation, Tasche 2000";
    const EXAMPLE: &'static str = r#"{"scenarios": 20000, "names": [
  {"exposure": "50000.00", "pd_percent": 2, "lgd_percent": 60},
  {"exposure": "20000.00", "pd_percent": 5, "lgd_percent": 60}]}"#;
    type Output = LossDistributionOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<LossDistributionOutput, CalcError> {
        let mut names = Vec::with_capacity(self.names.len());
        let mut exact = 0.0;
        for name in &self.names {
            let exposure = not_negative("exposure", float(name.exposure))?;
            let pd = share("pd_percent", name.pd_percent.to_f64())?;
            let loss = exposure * share("lgd_percent", name.lgd_percent.to_f64())?;
            let correlation = name.correlation_percent.unwrap_or(self.correlation_percent);
            let correlation = share("correlation_percent", correlation.to_f64())?;
            // The conditional default probability divides by the root of 1 - correlation.
            if correlation > 0.999 {
                let expected = "at most 99.9";
                return Err(
                    OutOfRange::new("correlation_percent", percent(correlation), expected).into()
                );
            }
            // One client for all: without recourse it does not matter whose the names are.
            names.push(Name { pd, loss, correlation, client: 0, others: Vec::new() });
            exact += pd * loss;
        }
        let copula = self
            .degrees_of_freedom
            .map_or(Copula::Gaussian, |degrees| Copula::StudentT { degrees });
        notes.push(
            "counts defaults of debtors only: no recourse to a client and no dilution".to_owned(),
        );
        let model = LossModel::without_recourse(names, copula);
        let found = model.simulate(self.scenarios, self.seed)?;
        let tail = |tail: &portfolio::TailMeasure| Tail {
            confidence_percent: percent(tail.confidence),
            value_at_risk: tail.value_at_risk.into(),
            expected_shortfall: tail.expected_shortfall.into(),
        };
        Ok(LossDistributionOutput {
            expected_loss: found.expected.into(),
            expected_loss_exact: exact,
            standard_deviation: found.deviation,
            tails: found.tails.iter().map(tail).collect(),
            contributions: found.by_name,
        })
    }
}
