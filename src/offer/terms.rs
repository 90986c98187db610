use basics::{Money, Rate};
use pricing::{FeeByDay, FeePlan};

/// Advance rate and fee plan of a part.
#[derive(Debug)]
pub(super) struct Terms {
    pub advance_rate: Rate,
    pub plan: FeePlan,
    pub fee_by_day: FeeByDay,
    /// Charges taken out of the advance.
    pub prepaid: Money,
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Case, as_of, listed, pool, usd};
    use pricing::FeeBase;

    #[test]
    fn the_fee_by_day_is_that_of_the_plan_up_to_the_longest_recourse() {
        let terms = Case::of(listed(), pool()).terms();
        let base = FeeBase { amount: usd(100_000), advance: usd(80_000), purchase: as_of() };
        // The invoice due last, in 45 days, has its recourse on day 135.
        for day in [0, 1, 30, 31, 40, 41, 135] {
            let exact = terms.plan.fee(base, day).expect("a fee").to_f64();
            let found = terms.fee_by_day.fee(day as usize, 1_000.0, 800.0);
            assert!((found - exact).abs() < 1e-9, "day {day}: {found} and {exact}");
        }
    }
}
