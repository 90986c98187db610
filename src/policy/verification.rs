use schemars::JsonSchema;
use serde::Deserialize;

use basics::{Amount, Rate};

/// The section `[verification]` of policies that were written before invoices could be held. It is
/// still read, as [`ConfirmTerms`](super::ConfirmTerms) that hold nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationRules {
    /// Probability that an invoice of the kind that is bought is not valid.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub invalid_percent: Rate,
    /// The factor by which that is likelier for a debtor with almost no payment history.
    #[schemars(range(min = 1, max = 1000))]
    pub new_debtor_factor: u32,
    /// Invoices of this amount or more are always confirmed.
    #[schemars(extend("minimum" = 0))]
    pub always_from: Amount,
    /// The most invoices in the queue.
    #[schemars(range(min = 0, max = 1000))]
    pub most: usize,
}
