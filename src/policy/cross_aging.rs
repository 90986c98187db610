use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Rate;
use words::Fact;

/// How a share is held against its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    /// Strictly above.
    #[serde(rename = ">")]
    Above,
    /// At or above.
    #[serde(rename = ">=")]
    AtLeast,
}

/// The debtor balance in which the past-due share is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrossAgeBase {
    /// All open invoices of the debtor.
    Gross,
    /// The same less its unapplied credits.
    Net,
}

/// When a debtor's past-due share makes all of it ineligible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossAging {
    /// The share.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub threshold_percent: Rate,
    /// Reached or exceeded.
    pub comparator: Comparator,
    /// Of which balance.
    pub base: CrossAgeBase,
}

impl Comparator {
    /// Which variant of a sentence says it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Above => "above",
            Self::AtLeast => "at_least",
        })
    }
}

impl CrossAgeBase {
    /// Which variant of a sentence says it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Gross => "gross",
            Self::Net => "net",
        })
    }
}

/// Whether what is past due of a balance meets the threshold; exact, without division. Amounts in
/// minor units.
pub fn is_cross_aged(past_due: i128, balance: i128, rule: CrossAging) -> bool {
    if past_due <= 0 {
        return false;
    }
    let decimal = |minor| Decimal::try_from_i128_with_scale(minor, 0).ok();
    let threshold =
        decimal(balance).and_then(|base| base.checked_mul(rule.threshold_percent.fraction()));
    let (Some(threshold), Some(past_due)) = (threshold, decimal(past_due)) else {
        // Balances beyond decimal arithmetic: whole units are exact enough to compare doubles.
        return past_due as f64 >= balance as f64 * rule.threshold_percent.to_f64();
    };
    match rule.comparator {
        Comparator::Above => past_due > threshold,
        Comparator::AtLeast => past_due >= threshold,
    }
}
