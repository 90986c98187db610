use basics::{CollectionCurve, Day};

use super::calendar::{RUN_PLACES, run_place};

/// Smallest and largest number of expected payments in a place of the month at which its lift
/// counts half.
const HALF: (f64, f64) = (0.5, 1_000.0);

/// Days before and after over which the rates of a curve are smoothed: a curve estimated from few
/// payments knows only the days late that it has seen, and the calendar has to find something
/// everywhere. Of 0 to 10 days, 5 gave the smallest errors of weekly cash on generated clients.
const AROUND: usize = 5;

/// The rate of a day on which everything left is collected.
const MOST_RATE: f64 = 20.0;

/// The lift of each place of a month: how much more often than the curves say a client's debtors
/// pay on its last working day, in its middle, on weekends.
///
/// ```text
/// lift = (observed payments + k) / (expected payments + k)
/// k    = 1 / variance of the lifts, between 0.5 and 1,000
/// rate = -ln(1 - hazard), averaged over eleven days, x lift
/// ```
///
/// The less the places differ, the closer the lifts are to 1: they are assumed to be gamma
/// distributed with mean 1, and the counts to be Poisson (empirical Bayes by moments, as in Clayton
/// and Kaldor 1987).
#[derive(Debug, Clone, PartialEq)]
pub struct PayCalendar {
    expected: [f64; RUN_PLACES],
    observed: [f64; RUN_PLACES],
}

impl Default for PayCalendar {
    fn default() -> Self {
        Self { expected: [0.0; RUN_PLACES], observed: [0.0; RUN_PLACES] }
    }
}

/// Returns the rates of collection of a curve on the days from 1 to `last`: -ln(1 - hazard),
/// averaged over the days around.
fn rates(curve: &CollectionCurve, last: usize) -> Vec<f64> {
    let rate = |day: usize| {
        let (before, by) = (1.0 - curve.by(day - 1), 1.0 - curve.by(day));
        if by > 0.0 { (before / by).ln() } else { MOST_RATE }
    };
    let daily: Vec<f64> = (1..=last).map(rate).collect();
    let even = |day: usize| {
        let around = &daily[day.saturating_sub(AROUND)..last.min(day + AROUND + 1)];
        around.iter().sum::<f64>() / around.len() as f64
    };
    (0..last).map(even).collect()
}

impl PayCalendar {
    /// Adds an invoice that was open at the end of `origin`, with its curve then and the day on
    /// which it was paid. Whatever happened after `last` is ignored.
    pub fn see(&mut self, curve: &CollectionCurve, origin: Day, paid: Option<Day>, last: Day) {
        let until = paid.unwrap_or(last).min(last);
        let days = usize::try_from(until - origin).unwrap_or(0);
        // Rates go past the last day, so that it too is averaged over days on both sides.
        for (day, rate) in (origin + 1..=until).zip(rates(curve, days + AROUND)) {
            // Expected payments accrue while the invoice is open, like the exposure of a Poisson
            // count.
            self.expected[run_place(day)] += 1.0 - (-rate).exp();
        }
        if let Some(paid) = paid.filter(|&paid| paid > origin && paid <= last) {
            self.observed[run_place(paid)] += 1.0;
        }
    }

    fn lifts(&self) -> [f64; RUN_PLACES] {
        let half = self.half();
        std::array::from_fn(|at| (self.observed[at] + half) / (self.expected[at] + half))
    }

    /// Returns one over the variance of the lifts: the squares of the expected counts over the
    /// squared deviations beyond those of chance.
    fn half(&self) -> f64 {
        let places = self.observed.iter().zip(&self.expected);
        let (beyond, squares) = places.fold((0.0, 0.0), |(beyond, squares), (seen, expected)| {
            (beyond + (seen - expected).powi(2) - expected, squares + expected * expected)
        });
        if beyond > 0.0 { (squares / beyond).clamp(HALF.0, HALF.1) } else { HALF.1 }
    }

    /// Moves the curve to the calendar: returns P(collected by the end of week w) for weeks 0 to
    /// `WEEKS` - 1, counted from the end of `origin`. Each day's rate of collection is multiplied
    /// by its lift.
    pub fn weekly<const WEEKS: usize>(&self, curve: &CollectionCurve, origin: Day) -> [f32; WEEKS] {
        let lifts = self.lifts();
        let mut left = 1.0 - curve.by(0);
        let mut weeks = [curve.by(0) as f32; WEEKS];
        let rates = rates(curve, 7 * WEEKS);
        let mut days = (origin + 1..).zip(&rates);
        for week in weeks.iter_mut().skip(1) {
            for (day, rate) in days.by_ref().take(7) {
                left *= (-rate * lifts[run_place(day)]).exp();
            }
            *week = (1.0 - left) as f32;
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basics::day_number;

    #[test]
    fn what_is_paid_at_month_ends_is_expected_there() {
        let day = |text: &str| day_number(text.parse().expect("a date"));
        // Even chances over 60 days.
        let even = CollectionCurve::nearest((0..=60).map(|d| f64::from(d) / 61.0));
        let mut calendar = PayCalendar::default();
        // Without anything seen it is the curve, but for the evening out.
        assert!((calendar.weekly::<9>(&even, day("2026-05-31"))[4] - 28.0 / 61.0).abs() < 3e-3);
        for _ in 0..2_000 {
            calendar.see(&even, day("2026-04-30"), Some(day("2026-05-29")), day("2026-05-31"));
        }
        let weeks = calendar.weekly::<9>(&even, day("2026-05-31"));
        // 2026-06-30 lies in the fifth week.
        assert!(weeks[4] < 0.1, "{weeks:?}");
        assert!(weeks[5] > 0.3 && weeks.is_sorted(), "{weeks:?}");
    }
}
