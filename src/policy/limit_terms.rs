use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Amount;
use words::Fact;

/// The amount that a limit applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitBasis {
    /// The open balance that is bought.
    #[default]
    Balance,
    /// The advance on it at the policy's largest rate.
    Funded,
}

/// The order in which invoices use up a limit. Ties: due date, issue date, number, balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitOrder {
    /// The earliest due date first.
    #[default]
    DueFirst,
    /// The earliest issue date first.
    OldestFirst,
    /// By invoice number, as on a schedule of assignment.
    Number,
    /// The smallest balance first.
    SmallestFirst,
    /// The largest balance first.
    LargestFirst,
}

/// The limits of a policy, in major units of the currency of the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitTerms {
    /// The amount that the limits apply to.
    #[serde(default)]
    pub basis: LimitBasis,
    /// The order in which invoices use up a limit.
    #[serde(default)]
    pub order: LimitOrder,
    /// The limit on one debtor of one client, unless the debtor file gives another.
    #[schemars(extend("minimum" = 0))]
    pub pair: Option<Amount>,
    /// The limit on one group of debtors.
    #[schemars(extend("minimum" = 0))]
    pub group: Option<Amount>,
}

impl LimitBasis {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Balance => "balance",
            Self::Funded => "funded",
        })
    }
}

impl LimitOrder {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::DueFirst => "due_first",
            Self::OldestFirst => "oldest_first",
            Self::Number => "number",
            Self::SmallestFirst => "smallest_first",
            Self::LargestFirst => "largest_first",
        })
    }
}
