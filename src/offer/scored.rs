use basics::CollectionCurve;
use scoring::{CurveWeights, Reason};

/// A receivable's score.
#[derive(Debug, Clone)]
pub struct Scored {
    /// P(collected by day d), d from the as-of date.
    pub curve: CollectionCurve,
    /// Day of recourse after the as-of date.
    pub recourse_day: u32,
    /// On what the curve rests.
    pub weights: CurveWeights,
    /// What moved the score.
    pub reasons: Vec<Reason>,
}

/// Days after the as-of date for which collections are shown.
pub const CURVE_DAYS: [u32; 18] =
    [0, 7, 14, 21, 28, 30, 35, 42, 49, 56, 60, 70, 80, 90, 100, 110, 120, 180];
