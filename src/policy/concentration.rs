use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Rate;
use words::Fact;

/// What a debtor's share is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// What all other rules leave, before the cap takes anything.
    EligibleBeforeCap,
    /// Every open invoice.
    GrossLedger,
    /// What the cap itself leaves.
    Fixpoint,
}

/// The cap on one debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concentration {
    /// The largest share.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub limit_percent: Rate,
    /// Of what.
    pub denominator: Denominator,
    /// Whose share.
    #[serde(default)]
    pub by: ConcentrationBy,
}

/// Whose share is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcentrationBy {
    /// Each debtor's.
    #[default]
    Debtor,
    /// Each debtor group's; a debtor without a group stands for itself.
    Group,
}

impl Denominator {
    /// Which variant of a sentence says it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::EligibleBeforeCap => "eligible_before_cap",
            Self::GrossLedger => "gross_ledger",
            Self::Fixpoint => "fixpoint",
        })
    }
}

impl ConcentrationBy {
    /// Which variant of a sentence says it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Debtor => "debtor",
            Self::Group => "group",
        })
    }
}

/// The most of one debtor that is funded: limit x denominator, rounded down to the minor unit. All
/// amounts in minor units of one currency; `debtors` is what all other rules leave of each.
///
/// One pass over a denominator that is named: `eligible_before_cap` is what all other rules leave
/// before the cap takes anything, `gross_ledger` is every open invoice. `fixpoint` is the largest
/// cap that is the limit's share of what it leaves itself: repeating the pass would shrink every
/// debtor to it.
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
    // A denominator beyond decimal arithmetic caps nothing that an i64 could hold.
    let floor = |cap: Decimal| cap.round_dp_with_strategy(0, RoundingStrategy::ToZero).to_i64();
    cap.and_then(floor).unwrap_or(i64::MAX)
}

/// The largest c with c = limit x sum of min(balance, c). With the k largest debtors cut to it,
/// c = limit x rest / (1 - k limit), and the largest of the rest is not above it.
fn fixpoint(limit: Decimal, debtors: &[i128]) -> Option<Decimal> {
    let mut sorted = debtors.to_vec();
    sorted.sort_unstable_by_key(|&balance| std::cmp::Reverse(balance));
    let mut rest: i128 = sorted.iter().sum();
    for (cut, &largest) in sorted.iter().enumerate() {
        let left = Decimal::ONE.checked_sub(limit.checked_mul(Decimal::from(cut))?)?;
        let largest_left = Decimal::try_from_i128_with_scale(largest, 0).ok()?;
        if left <= Decimal::ZERO {
            // The debtors cut fill the limits among themselves at any cap: the next balance is one.
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

/// Lets amounts use up `limit` in the order given and returns what of each is beyond it.
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
