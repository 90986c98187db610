use thiserror::Error;

use super::hazard::{ALL, Age, AgeTable};

/// A policy's expectation of invoices of which nothing is known: the share collected by age, in
/// days since due.
///
/// Given as points (age, cumulative share) of one invoice from its issue on, joined by straight
/// lines. Before the first point nothing is collected, after the last one nothing more.
#[derive(Debug, Clone, PartialEq)]
pub struct PriorCurve {
    points: Vec<(i32, f64)>,
    hazard: AgeTable,
}

/// The reason why points are not a prior curve.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PriorCurveError {
    /// Fewer than two points.
    #[error("the prior curve needs at least two points, found {0}")]
    TooFew(usize),
    /// Ages that do not rise, or shares that fall or lie outside their range.
    #[error(
        "point ({age}, {share}) of the prior curve: ages must rise; shares must be at least 0 \
         and below 1 and must not fall"
    )]
    NotACurve {
        /// Days since due.
        age: i32,
        /// Cumulative share collected.
        share: f64,
    },
}

impl PriorCurve {
    /// Creates a curve through `points`.
    ///
    /// # Errors
    /// [`PriorCurveError`] if there are fewer than two points, ages do not rise, or shares fall or
    /// are not at least 0 and below 1. It names the first point at fault.
    pub fn new(points: Vec<(i32, f64)>) -> Result<Self, PriorCurveError> {
        if points.len() < 2 {
            return Err(PriorCurveError::TooFew(points.len()));
        }
        let mut before: Option<(i32, f64)> = None;
        for &(age, share) in &points {
            let follows = before.is_none_or(|(a, s)| age > a && share >= s);
            // Below 1, since the hazard divides by what is left.
            if !follows || !(0.0..1.0).contains(&share) {
                return Err(PriorCurveError::NotACurve { age, share });
            }
            before = Some((age, share));
        }
        // The daily hazard of this curve: (F(t) - F(t-1)) / (1 - F(t-1)).
        let hazard = AgeTable::from_fn(ALL, |age: Age| {
            let before = share_by(&points, age - 1);
            (share_by(&points, age) - before) / (1.0 - before)
        });
        Ok(Self { points, hazard })
    }

    /// Returns the share collected by the end of `age` days since due.
    pub fn share_by(&self, age: i32) -> f64 {
        share_by(&self.points, age)
    }

    /// The daily hazard of this curve: (F(t) - F(t-1)) / (1 - F(t-1)).
    pub(super) fn hazard(&self) -> &AgeTable {
        &self.hazard
    }
}

fn share_by(points: &[(i32, f64)], age: i32) -> f64 {
    let after = points.partition_point(|&(at, _)| at <= age);
    match (points[..after].last(), points.get(after)) {
        (None, _) => 0.0,
        (Some(&(_, share)), None) => share,
        (Some(&(a, low)), Some(&(b, high))) => {
            low + (high - low) * f64::from(age - a) / f64::from(b - a)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hazard_draws_the_curve_again() {
        let prior = PriorCurve::new(vec![(-30, 0.0), (0, 0.4), (30, 0.8), (90, 0.95)]).expect("ok");
        let hazard = prior.hazard();
        let mut open = 1.0;
        for age in -60..=120 {
            open *= 1.0 - hazard.at(age);
            assert!((1.0 - open - prior.share_by(age)).abs() < 1e-12, "age {age}");
        }
    }

    #[test]
    fn refuses_what_falls_or_reaches_certainty() {
        assert!(PriorCurve::new(vec![(0, 0.5)]).is_err());
        for bad in [vec![(0, 0.5), (10, 0.4)], vec![(0, 0.5), (0, 0.6)], vec![(0, 0.5), (9, 1.0)]] {
            assert!(matches!(PriorCurve::new(bad), Err(PriorCurveError::NotACurve { .. })));
        }
    }
}
