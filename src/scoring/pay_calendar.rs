use crate::basics::{CollectionCurve, Day};

use super::calendar::{MONTH_PLACES, month_place};

/// Payments that have to be seen in a place of the month before its lift counts half.
const HALF: f64 = 5.0;

/// How much more often than the curves say a client's debtors pay in each place of a month: on its
/// last working day, on weekends. Observed over expected payments, drawn to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct PayCalendar {
    expected: [f64; MONTH_PLACES],
    observed: [f64; MONTH_PLACES],
}

impl Default for PayCalendar {
    fn default() -> Self {
        Self { expected: [0.0; MONTH_PLACES], observed: [0.0; MONTH_PLACES] }
    }
}

/// P(collected on the day | not before), for a day of a curve from 1.
fn hazard(curve: &CollectionCurve, day: usize) -> f64 {
    let left = 1.0 - curve.by(day - 1);
    if left > 0.0 { (curve.by(day) - curve.by(day - 1)) / left } else { 0.0 }
}

impl PayCalendar {
    /// Takes in an invoice that was open at the end of `origin`: its curve then, and the day on
    /// which it was paid; what happened after `last` is not looked at.
    pub fn see(&mut self, curve: &CollectionCurve, origin: Day, paid: Option<Day>, last: Day) {
        let until = paid.unwrap_or(last).min(last);
        for day in origin + 1..=until {
            let Ok(ahead) = usize::try_from(day - origin) else { return };
            self.expected[month_place(day)] += hazard(curve, ahead);
        }
        if let Some(paid) = paid.filter(|&paid| paid > origin && paid <= last) {
            self.observed[month_place(paid)] += 1.0;
        }
    }

    fn lifts(&self) -> [f64; MONTH_PLACES] {
        std::array::from_fn(|at| (self.observed[at] + HALF) / (self.expected[at] + HALF))
    }

    /// The curve by the calendar: P(collected by the end of week w) from 0 to `WEEKS` - 1, counted
    /// from the end of `origin`. Each day's hazard h becomes 1 - (1 - h)^lift.
    pub fn weekly<const WEEKS: usize>(&self, curve: &CollectionCurve, origin: Day) -> [f32; WEEKS] {
        let lifts = self.lifts();
        let mut left = 1.0 - curve.by(0);
        let mut weeks = [curve.by(0) as f32; WEEKS];
        let mut ahead = 0;
        for week in weeks.iter_mut().skip(1) {
            for _ in 0..7 {
                ahead += 1;
                // A few months ahead.
                let day = origin + ahead as Day;
                left *= (1.0 - hazard(curve, ahead)).powf(lifts[month_place(day)]);
            }
            *week = (1.0 - left) as f32;
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basics::day_number;

    #[test]
    fn what_is_paid_at_month_ends_is_expected_there() {
        let day = |text: &str| day_number(text.parse().expect("a date"));
        // Even chances over 60 days.
        let even = CollectionCurve::nearest((0..=60).map(|d| f64::from(d) / 61.0));
        let mut calendar = PayCalendar::default();
        assert!((calendar.weekly::<9>(&even, day("2026-05-31"))[4] - 28.0 / 61.0).abs() < 1e-6);
        for _ in 0..2_000 {
            calendar.see(&even, day("2026-04-30"), Some(day("2026-05-29")), day("2026-05-31"));
        }
        let weeks = calendar.weekly::<9>(&even, day("2026-05-31"));
        // 2026-06-30 lies in the fifth week.
        assert!(weeks[4] < 0.1, "{weeks:?}");
        assert!(weeks[5] > 0.3 && weeks.is_sorted(), "{weeks:?}");
    }
}
