use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Rate;
use words::Fact;

/// The comparison of a share with its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    /// Strictly above.
    #[serde(rename = ">")]
    Above,
    /// At or above.
    #[serde(rename = ">=")]
    AtLeast,
}

/// The debtor balance of which the past-due share is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrossAgeBase {
    /// The debtor's open invoices that are past due or may be bought.
    Gross,
    /// The same less its unapplied credits.
    Net,
}

/// The rule by which a debtor's past-due share makes its whole balance ineligible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossAging {
    /// The threshold of the past-due share.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub threshold_percent: Rate,
    /// The comparison of the share with it.
    pub comparator: Comparator,
    /// The balance of which the share is taken.
    pub base: CrossAgeBase,
}

impl Comparator {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Above => "above",
            Self::AtLeast => "at_least",
        })
    }
}

impl CrossAgeBase {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Gross => "gross",
            Self::Net => "net",
        })
    }
}

/// Returns true if the past-due part of a balance meets the threshold. Exact, without division.
/// Amounts in minor units.
pub fn is_cross_aged(past_due: i128, balance: i128, rule: CrossAging) -> bool {
    // Otherwise `>=` at a threshold of 0 % would catch debtors with nothing past due.
    if past_due <= 0 {
        return false;
    }
    let decimal = |minor| Decimal::try_from_i128_with_scale(minor, 0).ok();
    let threshold =
        decimal(balance).and_then(|base| base.checked_mul(rule.threshold_percent.fraction()));
    let (Some(threshold), Some(past_due)) = (threshold, decimal(past_due)) else {
        // Balances of more than 28 digits: doubles are exact enough to compare them.
        return past_due as f64 >= balance as f64 * rule.threshold_percent.to_f64();
    };
    match rule.comparator {
        Comparator::Above => past_due > threshold,
        Comparator::AtLeast => past_due >= threshold,
    }
}
