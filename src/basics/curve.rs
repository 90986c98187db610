use thiserror::Error;

/// P(collected by day d) for d = 0, 1, ... days after the as-of date, for an invoice open on that
/// date.
///
/// Day 0 is the as-of date itself and is always 0: what was collected by its end is no longer open.
/// The curve never decreases and lies in [0, 1]; what it lacks to 1 at the horizon is collected
/// later or never.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionCurve {
    cumulative: Vec<f64>,
}

/// The reason a list of numbers is not a collection curve.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CurveError {
    /// No values: a curve has at least day 0.
    #[error("a collection curve needs at least one day")]
    Empty,
    /// A value that is outside [0, 1], not a number, or below that of the day before.
    #[error("P(collected by day {day}) is {value}, expected between {previous} and 1")]
    NotMonotone {
        /// Days after the as-of date.
        day: usize,
        /// The value found.
        value: f64,
        /// The value of the day before (0 for day 0).
        previous: f64,
    },
}

impl CollectionCurve {
    /// Creates a curve from cumulative probabilities, indexed by days after the as-of date.
    ///
    /// # Errors
    /// If there are no values, or if one of them falls, leaves [0, 1] or is not a number; the error
    /// names the first such day.
    pub fn new(cumulative: Vec<f64>) -> Result<Self, CurveError> {
        let mut previous = 0.0;
        for (day, &value) in cumulative.iter().enumerate() {
            // Negated as a whole, so that NaN fails as well.
            if !(value >= previous && value <= 1.0) {
                return Err(CurveError::NotMonotone { day, value, previous });
            }
            previous = value;
        }
        if cumulative.is_empty() { Err(CurveError::Empty) } else { Ok(Self { cumulative }) }
    }

    /// The valid curve nearest to `values`: a value below the one before is raised to it, one above
    /// 1 is cut to 1, and NaN repeats the one before.
    ///
    /// For estimates whose last digits may dip because of floating-point error.
    pub fn nearest(values: impl Iterator<Item = f64>) -> Self {
        let mut previous = 0.0_f64;
        let lawful = values.map(|value| {
            // False for NaN, which therefore repeats the day before.
            if value > previous {
                previous = value.min(1.0);
            }
            previous
        });
        let cumulative: Vec<f64> = lawful.collect();
        if cumulative.is_empty() { Self::never() } else { Self { cumulative } }
    }

    /// The curve of an invoice that is never collected.
    pub fn never() -> Self {
        Self { cumulative: vec![0.0] }
    }

    /// The last day of the curve.
    pub fn horizon(&self) -> usize {
        // Every constructor makes day 0.
        self.cumulative.len() - 1
    }

    /// P(collected by the end of `day`); beyond the horizon, the last value.
    pub fn by(&self, day: usize) -> f64 {
        self.cumulative[day.min(self.horizon())]
    }

    /// P(collected on day d) for d = 1..=`last`, as (day, probability).
    pub fn daily(&self, last: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let last = last.min(self.horizon());
        (1..=last).map(|day| (day, self.cumulative[day] - self.cumulative[day - 1]))
    }

    /// The mean number of days to collection given collection by `last`; `None` if nothing is
    /// collected by then.
    pub fn mean_day_within(&self, last: usize) -> Option<f64> {
        let collected = self.by(last);
        let mean = || self.daily(last).map(|(day, p)| day as f64 * p).sum::<f64>() / collected;
        (collected > 0.0).then(mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_curve() {
        assert_eq!(CollectionCurve::new(vec![]), Err(CurveError::Empty));
        for bad in [vec![0.0, 0.5, 0.4], vec![-0.1], vec![0.0, 1.1], vec![0.0, f64::NAN]] {
            assert!(CollectionCurve::new(bad).is_err());
        }
    }

    #[test]
    fn the_nearest_curve_keeps_the_law() {
        let curve = CollectionCurve::nearest([0.0, 0.4, 0.3, f64::NAN, 1.2, 0.9].into_iter());
        assert_eq!(
            curve,
            CollectionCurve::new(vec![0.0, 0.4, 0.4, 0.4, 1.0, 1.0]).expect("lawful")
        );
        assert_eq!(CollectionCurve::nearest(std::iter::empty()), CollectionCurve::never());
    }

    #[test]
    fn mean_day_is_conditional_on_collection() {
        let curve = CollectionCurve::new(vec![0.0, 0.2, 0.2, 0.6]).expect("a curve");
        // (1 x 0.2 + 3 x 0.4) / 0.6
        let mean = curve.mean_day_within(10).expect("collected");
        assert!((mean - 1.4 / 0.6).abs() < 1e-12);
        assert!((curve.by(99) - 0.6).abs() < 1e-12);
        assert_eq!(curve.mean_day_within(0), None);
    }
}
