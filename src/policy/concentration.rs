use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Rate;
use words::Fact;

/// The denominator of a debtor's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// The balance that all other rules leave, before the cap takes anything.
    EligibleBeforeCap,
    /// Every open invoice that no rule excludes, less what credits offset of it, before limits.
    GrossLedger,
    /// The balance that the cap itself leaves.
    Fixpoint,
}

/// The cap on one debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concentration {
    /// The largest share.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub limit_percent: Rate,
    /// The denominator of the share.
    pub denominator: Denominator,
    /// The party whose share is capped.
    #[serde(default)]
    pub by: ConcentrationBy,
}

/// The party whose share is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcentrationBy {
    /// Each debtor.
    #[default]
    Debtor,
    /// Each debtor group; a debtor without a group counts by itself.
    Group,
}

impl Denominator {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::EligibleBeforeCap => "eligible_before_cap",
            Self::GrossLedger => "gross_ledger",
            Self::Fixpoint => "fixpoint",
        })
    }
}

impl ConcentrationBy {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Debtor => "debtor",
            Self::Group => "group",
        })
    }
}

/// Returns the most of one debtor that is bought: limit x denominator, rounded down to the minor
/// unit. All amounts are in minor units of one currency; `debtors` is the balance that all other
/// rules leave of each.
///
/// The denominator is taken once: for `eligible_before_cap` it is what all other rules leave before
/// the cap takes anything, for `gross_ledger` what no rule excludes and no credit offsets
/// (`gross`). `fixpoint` is the largest cap that is the limit's share of what the cap itself
/// leaves, which repeating the pass would converge to.
pub fn cap(rule: Concentration, gross: i128, debtors: &[i128]) -> i64 {
    let share = |base: i128| {
        let base = Decimal::try_from_i128_with_scale(base, 0).ok()?;
        base.checked_mul(rule.limit_percent.fraction())
    };
    let cap = match rule.denominator {
        Denominator::EligibleBeforeCap => share(debtors.iter().sum()),
        Denominator::GrossLedger => share(gross),
        Denominator::Fixpoint => fixpoint(rule.limit_percent.fraction(), debtors),
    };
    // A denominator beyond decimal arithmetic has a cap above any amount that an i64 can hold.
    let floor = |cap: Decimal| cap.round_dp_with_strategy(0, RoundingStrategy::ToZero).to_i64();
    cap.and_then(floor).unwrap_or(i64::MAX)
}

/// Returns the largest c with c = limit x sum of min(balance, c). With the k largest debtors cut to
/// it, c = limit x rest / (1 - k limit), and the largest of the rest is not above it.
fn fixpoint(limit: Decimal, debtors: &[i128]) -> Option<Decimal> {
    let mut sorted = debtors.to_vec();
    sorted.sort_unstable_by_key(|&balance| std::cmp::Reverse(balance));
    let mut rest: i128 = sorted.iter().sum();
    for (cut, &largest) in sorted.iter().enumerate() {
        let left = Decimal::ONE.checked_sub(limit.checked_mul(Decimal::from(cut))?)?;
        let largest_left = Decimal::try_from_i128_with_scale(largest, 0).ok()?;
        if left <= Decimal::ZERO {
            // The debtors cut so far make up the whole at any cap, so the largest of the others,
            // which nothing cuts yet, is a solution.
            return Some(largest_left);
        }
        let rest_left = Decimal::try_from_i128_with_scale(rest, 0).ok()?;
        let cap = limit.checked_mul(rest_left)?.checked_div(left)?;
        if cap >= largest_left {
            return Some(cap);
        }
        rest -= largest;
    }
    Some(Decimal::ZERO)
}

/// Lets amounts use up `limit` in the order given and returns the excess of each.
pub fn beyond_limit(limit: i64, amounts: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut left = limit;
    let take = |amount: i64| {
        let funded = amount.min(left).max(0);
        left -= funded;
        amount - funded
    };
    amounts.into_iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capped(percent: i64, denominator: Denominator, debtors: &[i128]) -> i64 {
        let limit_percent = Rate::from_percent(Decimal::from(percent));
        let by = ConcentrationBy::Debtor;
        cap(Concentration { limit_percent, denominator, by }, 1_055_000, debtors)
    }

    #[test]
    fn the_fixpoint_is_a_share_of_what_it_leaves() {
        let four = [400_000, 300_000, 135_000, 60_000];
        assert_eq!(capped(25, Denominator::Fixpoint, &four), 60_000);
        assert_eq!(capped(25, Denominator::GrossLedger, &four), 263_750);
        assert_eq!(capped(25, Denominator::EligibleBeforeCap, &four), 223_750);
        for (percent, debtors) in [(20, vec![100, 80, 70, 60, 50, 40, 30]), (40, vec![90, 5, 5])] {
            let debtors: Vec<i128> = debtors.into_iter().map(|d| d * 1_000).collect();
            let cap = i128::from(capped(percent, Denominator::Fixpoint, &debtors));
            let left: i128 = debtors.iter().map(|&balance| balance.min(cap)).sum();
            assert!((left * i128::from(percent) / 100 - cap).abs() <= 1, "{cap} of {left}");
        }
        assert_eq!(capped(10, Denominator::Fixpoint, &[500, 500]), 0, "two debtors of 10 % each");
    }
}
