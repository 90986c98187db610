//! The keys of a policy, each once, with its range.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use basics::{Amount, Currency, DayCount, Rate};
use pricing::{Charges, DisclosureSettings, FeeComponent, FeePlan, Jurisdiction, Recourse};

use super::concentration::Concentration;
use super::confirm::ConfirmTerms;
use super::criteria::Criteria;
use super::cross_aging::CrossAging;
use super::limit_terms::LimitTerms;
use super::risk_terms::RiskTerms;
use super::rules::Rule;
use super::verification::VerificationRules;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms {
    pub name: String,
    pub version: String,
    pub offer: OfferTerms,
    pub ledger: LedgerTerms,
    pub eligibility: EligibilityTerms,
    pub advance: AdvanceTerms,
    #[schemars(length(min = 1, max = 2))]
    pub fee: Vec<FeeComponent>,
    #[serde(default)]
    pub charges: Charges,
    pub price: Option<PriceSection>,
    pub disclosure: Option<DisclosureSection>,
    pub confirm: Option<ConfirmTerms>,
    pub verification: Option<VerificationRules>,
    #[serde(default)]
    pub risk: RiskTerms,
    pub recourse: RecourseTerms,
    pub funding: FundingTerms,
    pub prior: PriorTerms,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferTerms {
    #[schemars(range(min = 1, max = 365))]
    pub valid_days: u32,
    /// An override that buys more than this of one invoice needs a second person's approval.
    #[schemars(extend("minimum" = 0))]
    pub override_limit: Option<Amount>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LedgerTerms {
    #[schemars(range(min = 0, max = 365))]
    pub assumed_terms_days: u16,
    pub assumed_currency: Currency,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EligibilityTerms {
    #[schemars(schema_with = "invoice_rules")]
    pub invoice_rules: Vec<Rule>,
    #[schemars(schema_with = "debtor_rules")]
    pub debtor_rules: Vec<Rule>,
    #[schemars(range(min = 0, max = 3650))]
    pub past_due_days: u32,
    #[schemars(range(min = 0, max = 3650))]
    pub stays_past_due_days: Option<u32>,
    #[schemars(range(min = 0, max = 3650))]
    pub invoice_age_days: Option<u32>,
    #[schemars(range(min = 0, max = 3650))]
    pub stays_invoice_age_days: Option<u32>,
    #[schemars(range(min = 1, max = 365))]
    pub maximum_days_to_due: u32,
    #[schemars(extend("minimum" = 0))]
    pub minimum_open: Amount,
    pub home_country: Option<String>,
    pub cross_aging: CrossAging,
    #[serde(default)]
    pub limits: LimitTerms,
    pub concentration: Concentration,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceTerms {
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub rate_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub dilution_threshold_percent: Rate,
    pub reserve: Option<ReserveTerms>,
}

/// The test of a sufficient reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReserveTerms {
    // The assumed gamma variable exceeds its mean with 43 %: only below that is more spread more
    // risk, as the search for the advance supposes.
    #[schemars(extend("minimum" = 0, "maximum" = 40))]
    pub tolerance_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub correlation_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub lowest_rate_percent: Rate,
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub step_percent: Rate,
    pub shortfall: Option<ShortfallTerms>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShortfallTerms {
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub limit_percent: Rate,
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    pub confidence_percent: Rate,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceSection {
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub hurdle_percent: Rate,
    #[schemars(extend("minimum" = 0))]
    pub operating_cost: Amount,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub lowest_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub highest_percent: Rate,
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub step_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub menu_lowest_advance_percent: Rate,
    pub capital: CapitalSection,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DisclosureSection {
    pub jurisdictions: Vec<Jurisdiction>,
    pub settings: DisclosureSettings,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CapitalSection {
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    pub confidence_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 90))]
    pub correlation_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub cost_percent: Rate,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecourseTerms {
    pub kind: Recourse,
    #[schemars(range(min = 0, max = 365))]
    pub days_after_due: u32,
    #[schemars(range(min = 1, max = 730))]
    pub days_after_invoice: Option<u32>,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub loss_given_default_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub credit_share_percent: Rate,
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub client_default_percent: Rate,
    // `pricing` integrates the joint distribution to 1e-9 up to a correlation of 0.9.
    #[schemars(extend("minimum" = 0, "maximum" = 90))]
    pub client_correlation_percent: Rate,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FundingTerms {
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub cost_percent: Rate,
    // A yearly cost is turned into one of 365 days, for which the year needs a fixed basis.
    #[schemars(extend("enum" = ["ACT/360", "ACT/365F"]))]
    pub day_count: DayCount,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PriorTerms {
    pub collected_by_days_since_due: Vec<(i32, f64)>,
}

fn invoice_rules(_: &mut SchemaGenerator) -> Schema {
    rules(Rule::is_invoice_rule)
}

fn debtor_rules(_: &mut SchemaGenerator) -> Schema {
    rules(Rule::is_debtor_rule)
}

/// Returns the schema of a list of rules of one level.
fn rules(belongs: fn(Rule) -> bool) -> Schema {
    let codes: Vec<_> =
        Rule::ALL.into_iter().filter(|&rule| belongs(rule)).map(Rule::code).collect();
    json_schema!({ "type": "array", "items": { "type": "string", "enum": codes } })
}

impl Terms {
    pub fn criteria(&self) -> Criteria {
        let (terms, advance) = (&self.eligibility, &self.advance);
        let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        let reserve = advance.reserve.as_ref();
        let stays_age = terms.stays_invoice_age_days.or(terms.invoice_age_days);
        Criteria {
            past_due_days: days(terms.past_due_days),
            stays_past_due_days: days(terms.stays_past_due_days.unwrap_or(terms.past_due_days)),
            invoice_age_days: terms.invoice_age_days.map_or(i32::MAX, days),
            stays_invoice_age_days: stays_age.map_or(i32::MAX, days),
            assumed_terms_days: self.ledger.assumed_terms_days,
            maximum_days_to_due: days(terms.maximum_days_to_due),
            minimum_open: terms.minimum_open.0,
            home_country: terms.home_country.clone(),
            cross_aging: terms.cross_aging,
            limits: terms.limits,
            concentration: terms.concentration,
            advance_cap: advance.rate_percent,
            lowest_advance: reserve.map_or(advance.rate_percent, |r| r.lowest_rate_percent),
        }
    }

    pub fn fee_plan(&self) -> FeePlan {
        FeePlan::new(self.fee.clone()).with_charges(self.charges.clone())
    }
}
