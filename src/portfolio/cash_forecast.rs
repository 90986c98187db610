use chrono::NaiveDate;
use rayon::prelude::*;

use basics::Currency;

use super::ageing::currencies;
use super::book::{ClientBook, WEEKS, WeekSeen};
use super::simulation::Draws;
use super::turnover_report::together;

/// Number of scenarios for the bands, unless there are very many invoices.
const MOST_SCENARIOS: usize = 2_000;

/// Smallest number of scenarios, however many invoices there are.
const LEAST_SCENARIOS: usize = 200;

/// Largest number of invoices x scenarios: it bounds the time taken.
const MOST_DRAWS: usize = 200_000_000;

/// Weeks of a month.
const MONTH: usize = 4;

/// The common swing of collections, beyond that of independent invoices.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pace {
    /// Number of month ends behind the estimate.
    pub origins: usize,
    /// Standard deviation of actual over expected collections in four weeks, beyond that of
    /// independent invoices: the systematic month effect.
    pub month: f64,
    /// The same for single weeks.
    pub week: f64,
    /// Actual over expected collections of all these months together.
    pub bias: f64,
}

/// Collections of a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CashWeek {
    /// The week, 1 to [`WEEKS`]; 0 for all of them together.
    pub week: usize,
    /// Expected, in major units.
    pub expected: f64,
    /// Exceeded in nine cases out of ten.
    pub low: f64,
    /// Exceeded in half of the cases.
    pub middle: f64,
    /// Exceeded in one case out of ten.
    pub high: f64,
}

/// Collections of one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct CashForecast {
    /// The currency.
    pub currency: Currency,
    /// The common swing.
    pub pace: Pace,
    /// The weeks.
    pub weeks: Vec<CashWeek>,
    /// All of them together.
    pub total: CashWeek,
    /// Expected and actual collections of the weeks after earlier month ends, in minor units, as
    /// far as these weeks are over.
    pub past: Vec<(NaiveDate, Vec<WeekSeen>)>,
}

/// Returns the expected collections of open invoices, week by week, with bands from a joint
/// simulation: every invoice is paid by its curve, and all payments of a week swing together by as
/// much as they did at the month ends of the last year.
pub fn cash_forecast(books: &[ClientBook], seed: u64) -> Vec<CashForecast> {
    let of = |currency| {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let months = together(&own);
        let past: Vec<_> = months.into_iter().map(|month| (month.date, month.weeks)).collect();
        forecast(&own, currency, past, seed)
    };
    currencies(books).into_iter().map(of).collect()
}

/// Estimates the common swing of collections at earlier origins: the squared difference between
/// actual and expected collections, beyond the variance of independent invoices, relative to the
/// expectation.
pub fn pace(origins: &[&[WeekSeen]]) -> Pace {
    let (mut weeks, mut months) = (Swing::default(), Swing::default());
    let mut count = 0;
    for &seen in origins {
        seen.iter().for_each(|&week| weeks.add(week));
        if let Some(month) = seen.get(..MONTH) {
            let mut sum = WeekSeen::default();
            month.iter().for_each(|&week| sum.merge(week));
            months.add(sum);
            count += 1;
        }
    }
    Pace { origins: count, month: months.deviation(), week: weeks.deviation(), bias: months.bias() }
}

#[derive(Default)]
struct Swing {
    /// Squares beyond the variance of independent invoices, over the expectation, so that small
    /// weeks count as well.
    beyond: f64,
    expected: f64,
    collected: f64,
}

impl Swing {
    fn add(&mut self, seen: WeekSeen) {
        if seen.expected > 0.0 {
            let beyond = (seen.collected - seen.expected).powi(2) - seen.variance;
            self.beyond += beyond / seen.expected;
        }
        self.expected += seen.expected;
        self.collected += seen.collected;
    }

    fn deviation(&self) -> f64 {
        // Below 0 where collections varied less than by chance alone: then nothing swings together.
        if self.expected > 0.0 { (self.beyond / self.expected).max(0.0).sqrt() } else { 0.0 }
    }

    fn bias(&self) -> f64 {
        if self.expected > 0.0 { self.collected / self.expected } else { 1.0 }
    }
}

/// Open balance and collection curve by week.
type Paid<'a> = (f64, &'a [f32; WEEKS + 1]);

fn forecast(
    books: &[&ClientBook],
    currency: Currency,
    past: Vec<(NaiveDate, Vec<WeekSeen>)>,
    seed: u64,
) -> CashForecast {
    let pace = pace(&past.iter().map(|(_, weeks)| weeks.as_slice()).collect::<Vec<_>>());
    let unit = currency.minor_units();
    let invoices: Vec<Paid<'_>> = books
        .iter()
        .flat_map(|book| book.invoices.iter().map(|i| (i.open as f64 / unit, &i.weeks)))
        .collect();
    let mut expected = [0.0; WEEKS];
    for (open, weeks) in &invoices {
        for (sum, pair) in expected.iter_mut().zip(weeks.windows(2)) {
            *sum += open * f64::from(pair[1] - pair[0]);
        }
    }
    let scenarios = (MOST_DRAWS / invoices.len().max(1)).clamp(LEAST_SCENARIOS, MOST_SCENARIOS);
    let all = (0..scenarios).into_par_iter();
    let drawn: Vec<[f64; WEEKS]> =
        all.map(|scenario| drawn(&invoices, pace, seed, scenario)).collect();
    let band = |week: usize, expected: f64, of: &dyn Fn(&[f64; WEEKS]) -> f64| {
        let mut values: Vec<f64> = drawn.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        // Within the scenarios.
        let at = |share: f64| values[(share * (scenarios - 1) as f64).round() as usize];
        CashWeek { week, expected, low: at(0.1), middle: at(0.5), high: at(0.9) }
    };
    let weeks = expected.iter().enumerate();
    let weeks = weeks.map(|(at, &expected)| band(at + 1, expected, &|totals| totals[at]));
    let weeks = weeks.collect();
    let total = band(0, expected.iter().sum(), &|totals| totals.iter().sum());
    CashForecast { currency, pace, weeks, total, past }
}

/// Returns the weekly totals of a scenario.
fn drawn(invoices: &[Paid<'_>], pace: Pace, seed: u64, scenario: usize) -> [f64; WEEKS] {
    // Streams of its own: the loss distribution draws its scenarios from the same seed.
    let mut draws = Draws::of(seed ^ 0xCA54, scenario as u64);
    let mut totals = [0.0; WEEKS];
    for (open, weeks) in invoices {
        // In the precision of the curve that it is compared with.
        let place = draws.uniform() as f32;
        let week = weeks.partition_point(|&by| by < place);
        // Week 0 is already collected; beyond the last week nothing is forecast.
        if let Some(total) = week.checked_sub(1).and_then(|week| totals.get_mut(week)) {
            *total += open;
        }
    }
    // A month's swing is common to its weeks; the rest of a week's swing is its own.
    let own = (pace.week * pace.week - pace.month * pace.month).max(0.0).sqrt();
    // Half the variance, so that the mean of the lognormal swing stays 1.
    let drift = f64::midpoint(pace.month * pace.month, own * own);
    let mut common = 0.0;
    for (week, total) in totals.iter_mut().enumerate() {
        if week % MONTH == 0 {
            common = pace.month * draws.normal();
        }
        *total *= (common + own * draws.normal() - drift).exp();
    }
    totals
}
