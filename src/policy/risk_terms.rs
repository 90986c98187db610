use schemars::JsonSchema;
use serde::Deserialize;

use basics::Rate;

/// The terms on which the risk of a whole book is measured. A key that a policy leaves out has the
/// default named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RiskTerms {
    /// A debtor is in default if enough of what it owes is more days past due than this, or if most
    /// of an invoice is written off. 90: Basel CRE36.68.
    #[schemars(range(min = 1, max = 365))]
    pub default_days: u32,
    /// The share of what the debtor owes that is enough, counting undisputed invoices that are
    /// mostly unpaid. 25 %: our assumption, as in cross-aging.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub default_share_percent: Rate,
    /// Yearly probability of default of a debtor without history. 2 %: our assumption,
    /// near the mean of trade-credit insurers' insolvency rates for small firms.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    pub prior_default_percent: Rate,
    /// Weight of that prior, in debtor-years of experience. 50: our assumption.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub prior_debtor_years: u32,
    /// Correlation of the debtors' latent values. 15 %: within the 12 to 24 % of the Basel
    /// corporate formula, nearer its end for small firms.
    #[schemars(extend("minimum" = 0, "maximum" = 90))]
    pub correlation_percent: Rate,
    /// Degrees of freedom of the Student-t copula. 4: between the 3 and 10 that fits to equity
    /// returns give.
    #[schemars(range(min = 1, max = 1000))]
    pub degrees_of_freedom: u32,
    /// Correlation of a client's latent value with its debtors'. 30 %: our assumption.
    #[schemars(extend("minimum" = 0, "maximum" = 90))]
    pub client_correlation_percent: Rate,
    /// Scenarios of the simulation. 100,000.
    #[schemars(range(min = 1000, max = 10_000_000))]
    pub scenarios: u32,
    /// Seed of the simulation. 1.
    pub seed: u64,
    /// Stress factor of the dynamic reserve. 200 %: the factor of 2 for rating A in published
    /// criteria.
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub stress_factor_percent: Rate,
    /// Base rate of the dynamic reserve, a year. 5 %.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub base_rate_percent: Rate,
    /// Servicing fee of the dynamic reserve, a year. 1 %.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub servicing_percent: Rate,
    /// Concentration floor of the dynamic reserve. 10 %.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub concentration_floor_percent: Rate,
}

impl Default for RiskTerms {
    fn default() -> Self {
        let percent = |whole: u32| Rate::from_percent(whole.into());
        Self {
            default_days: 90,
            default_share_percent: percent(25),
            prior_default_percent: percent(2),
            prior_debtor_years: 50,
            correlation_percent: percent(15),
            degrees_of_freedom: 4,
            client_correlation_percent: percent(30),
            scenarios: 100_000,
            seed: 1,
            stress_factor_percent: percent(200),
            base_rate_percent: percent(5),
            servicing_percent: percent(1),
            concentration_floor_percent: percent(10),
        }
    }
}
