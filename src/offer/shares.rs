use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;
use policy::Rule;

/// One step of the waterfall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct WaterfallStep {
    /// The rule that takes the amount off.
    pub rule: Rule,
    /// Its name for a reader.
    pub title: Cow<'static, str>,
    /// Invoices excluded by it, or cut.
    pub invoices: usize,
    /// What it takes off.
    pub amount: Money,
    /// What is left after it.
    pub remaining: Money,
}

/// A debtor's weight in the pool.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DebtorShare {
    /// Its id.
    pub debtor_id: String,
    /// Its name.
    pub debtor_name: String,
    /// Its open invoices.
    pub invoices: usize,
    /// Their open balance.
    pub gross: Money,
    /// Share of the gross ledger, 0 to 1.
    pub share: f64,
    /// Part more days past due than the policy allows.
    pub past_due_share: f64,
    /// Amount bought.
    pub bought: Money,
    /// Above its limit.
    pub above_limit: Money,
    /// Share of its open balance expected to be credited instead of paid, 0 to 1; absent by the
    /// Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_dilution: Option<f64>,
    /// Standard deviation of that share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dilution_spread: Option<f64>,
    /// Amount-weighted collection curve of its open invoices: (days after the as-of date, share
    /// collected by then).
    pub curve: Vec<(u32, f64)>,
}

/// Amount-weighted collection curve of the open invoices of one age.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Collections {
    /// Their ageing bucket.
    pub bucket: Cow<'static, str>,
    /// Their open balance.
    pub open: Money,
    /// (days after the as-of date, share collected by then).
    pub curve: Vec<(u32, f64)>,
}
