use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{Concentration, Denominator};

/// The most of one debtor that is funded: limit x denominator, rounded down to the minor unit. All
/// amounts in minor units of one currency.
///
/// One pass over a denominator that is named: `eligible` is what all other rules leave before the
/// cap takes anything, `gross` is every open invoice. Repeating the pass would shrink every debtor
/// to the smallest.
pub fn cap(rule: Concentration, gross: i128, eligible: i128) -> i64 {
    let base = match rule.denominator {
        Denominator::EligibleBeforeCap => eligible,
        Denominator::GrossLedger => gross,
    };
    let product = Decimal::try_from_i128_with_scale(base, 0)
        .ok()
        .and_then(|base| base.checked_mul(rule.limit_percent.fraction()));
    // A denominator beyond decimal arithmetic caps nothing that an i64 could hold.
    let floor = |cap: Decimal| cap.round_dp_with_strategy(0, RoundingStrategy::ToZero).to_i64();
    product.and_then(floor).unwrap_or(i64::MAX)
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
