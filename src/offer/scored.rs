use basics::CollectionCurve;
use scoring::{CurveWeights, Reason};

/// A receivable's score.
#[derive(Debug, Clone)]
pub struct Scored {
    /// P(collected by day d), d from the as-of date.
    pub curve: CollectionCurve,
    /// Day of recourse after the as-of date.
    pub recourse_day: u32,
    /// The weights of the debtor, the client and the prior in the curve.
    pub weights: CurveWeights,
    /// The factors that moved the score.
    pub reasons: Vec<Reason>,
}

/// Days after the as-of date for which collections are shown.
pub const CURVE_DAYS: [u32; 18] =
    [0, 7, 14, 21, 28, 30, 35, 42, 49, 56, 60, 70, 80, 90, 100, 110, 120, 180];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_shown_from_today_on_at_each_day_that_a_line_shows() {
        assert!(CURVE_DAYS.is_sorted_by(|a, b| a < b));
        assert_eq!(CURVE_DAYS[0], 0);
        assert!([30, 60, 90].iter().all(|day| CURVE_DAYS.contains(day)));
    }
}
