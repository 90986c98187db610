use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Recourse: who bears an invoice that is not collected within the recourse period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recourse {
    /// The client buys it back: it repays the advance plus the fee accrued to that day.
    #[default]
    Full,
    /// The factor bears the debtor's insolvency; disputes and dilution come back to the client.
    NonRecourse,
    /// As without recourse, but only for debtors that were credit-approved within their limit. An
    /// offer is priced as if every debtor were approved; a position is settled by its own
    /// `credit_approved`.
    Modified,
}
