use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Amount;
use words::Fact;

/// What a limit is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitBasis {
    /// The open balance that is bought.
    #[default]
    Balance,
    /// What is advanced on it at the policy's largest rate.
    Funded,
}

/// The order in which invoices use up a limit. Ties: due date, issue date, number, balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitOrder {
    /// The one due first.
    #[default]
    DueFirst,
    /// The oldest by issue date.
    OldestFirst,
    /// By invoice number, as on a schedule of assignment.
    Number,
    /// The smallest balance first.
    SmallestFirst,
    /// The largest balance first.
    LargestFirst,
}

/// The limits of a policy, in major units of whatever currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitTerms {
    /// Balance or funds in use.
    #[serde(default)]
    pub basis: LimitBasis,
    /// The order of use.
    #[serde(default)]
    pub order: LimitOrder,
    /// The most of one debtor from one client, unless the debtor file says another.
    #[schemars(extend("minimum" = 0))]
    pub pair: Option<Amount>,
    /// The most of one group of debtors.
    #[schemars(extend("minimum" = 0))]
    pub group: Option<Amount>,
}

impl LimitBasis {
    /// Which variant of a sentence says it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Balance => "balance",
            Self::Funded => "funded",
        })
    }
}

impl LimitOrder {
    /// Which variant of a sentence says it.
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
