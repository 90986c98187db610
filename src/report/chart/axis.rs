use basics::{Currency, grouped};
use words::{Fact, Facts, say_with};

/// The unit of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Major units of a currency; large ones in thousands, millions or billions.
    Amount(Currency),
    /// Percent of a whole, from 0 to 100.
    Share,
    /// Percent without an upper end.
    Percent,
    /// Percent a year.
    PercentPerYear,
    /// Days.
    Days,
}

/// The quantity that a scale measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its name, "Open balance".
    pub name: String,
    /// Its unit.
    pub unit: Unit,
}

impl Measure {
    /// A measure of this name and unit.
    pub fn new(name: impl Into<String>, unit: Unit) -> Self {
        Self { name: name.into(), unit }
    }
}

/// A scale that includes zero.
pub(super) struct Axis<'a> {
    measure: &'a Measure,
    least: f64,
    largest: f64,
    step: f64,
    /// The value of 1 on a label, and its name in the axis title.
    scale: (f64, &'static str),
}

impl<'a> Axis<'a> {
    /// The scale that ends at the outermost values, so that the longest bar fills the chart.
    pub fn exact(measure: &'a Measure, values: impl Iterator<Item = f64>) -> Self {
        let (mut least, mut largest) = (0.0_f64, 0.0_f64);
        for value in values.filter(|value| value.is_finite()) {
            (least, largest) = (least.min(value), largest.max(value));
        }
        // Even a chart of nothing needs a scale, whose length is divided by.
        if largest - least <= 0.0 {
            largest = 1.0;
        }
        // About four steps: a phone has no room for more labels.
        let step = round_step((largest - least) / 4.0);
        Self { measure, least, largest, step, scale: scale(measure.unit, largest.max(-least)) }
    }

    /// The scale that ends at round values; a share runs to 100 whatever the values.
    pub fn rounded(measure: &'a Measure, values: impl Iterator<Item = f64>) -> Self {
        if measure.unit == Unit::Share {
            return Self { measure, least: 0.0, largest: 100.0, step: 20.0, scale: (1.0, "units") };
        }
        let exact = Self::exact(measure, values);
        let step = exact.step;
        Self {
            least: (exact.least / step).floor() * step,
            largest: (exact.largest / step).ceil() * step,
            ..exact
        }
    }

    /// The measure with its unit: "Open balance, thousand USD".
    pub fn title(&self) -> String {
        let (_, scale) = self.scale;
        let facts = Facts::new().with("measure", self.measure.name.as_str());
        match self.measure.unit {
            Unit::Amount(currency) => {
                let facts = facts.with("scale", Fact::Variant(scale)).with("currency", currency);
                say_with("chart.amount", &facts)
            }
            Unit::Share | Unit::Percent => say_with("chart.percent", &facts),
            Unit::PercentPerYear => say_with("chart.percent_a_year", &facts),
            Unit::Days => say_with("chart.days", &facts),
        }
    }

    /// Round values and their labels, upwards.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        // A step that is off by a rounding error still reaches the ends.
        let first = (self.least / self.step - 1e-9).ceil() as i32;
        let last = (self.largest / self.step + 1e-9).floor() as i32;
        let values = (first..=last).map(|tick| f64::from(tick) * self.step);
        values.map(|value| (value, self.label(value, self.step))).collect()
    }

    /// A value in the unit of the axis, as exact as its `step` asks for.
    fn label(&self, value: f64, step: f64) -> String {
        let (scale, _) = self.scale;
        let is_whole = |decimals: &i32| (step / scale * 10_f64.powi(*decimals)).fract() < 1e-9;
        let decimals = (0..2).find(is_whole).unwrap_or(2) as usize;
        grouped(&format!("{:.decimals$}", value / scale))
    }

    /// A value in the unit of the axis, for a sentence.
    pub fn said(&self, value: f64) -> String {
        let (scale, _) = self.scale;
        // Adding 0 turns -0 into 0: a sentence has no sign on nothing.
        grouped(&format!("{:.1}", value / scale + 0.0))
    }

    /// The place of a value between the ends, from 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        let share = (value - self.least) / (self.largest - self.least);
        // What is not finite has no part in the scale and so no place on it.
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The unit that keeps the labels of amounts short.
fn scale(unit: Unit, largest: f64) -> (f64, &'static str) {
    match (unit, largest) {
        // From two of a unit on, below which its labels would be fractions.
        (Unit::Amount(_), l) if l >= 2e9 => (1e9, "billions"),
        (Unit::Amount(_), l) if l >= 2e6 => (1e6, "millions"),
        (Unit::Amount(_), l) if l >= 2e3 => (1e3, "thousands"),
        _ => (1.0, "units"),
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= least);
    factors.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Measure {
        Measure::new("Open balance", Unit::Amount(Currency::USD))
    }

    fn labels(axis: &Axis<'_>) -> Vec<String> {
        axis.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        let open = open();
        let of = |largest: f64| labels(&Axis::exact(&open, [largest].into_iter()));
        assert_eq!(of(1_234.0), ["0", "500", "1,000"]);
        assert_eq!(of(87_000.0), ["0", "25", "50", "75"]);
        assert_eq!(of(2_400_000.0), ["0", "1", "2"]);
        assert_eq!(of(3.0), ["0", "1", "2", "3"]);
        assert_eq!(of(0.0), of(1.0));
        assert_eq!(of(f64::NAN), of(1.0));
    }

    #[test]
    fn negative_values_have_ticks_of_their_own() {
        let days = Measure::new("Time", Unit::Days);
        let axis = Axis::rounded(&days, [-12.0, 47.0].into_iter());
        assert_eq!(labels(&axis), ["-20", "0", "20", "40", "60"]);
        assert!((axis.share(0.0) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn a_share_runs_from_0_to_100_whatever_the_values() {
        let share = Measure::new("Share collected", Unit::Share);
        let axis = Axis::rounded(&share, [3.0].into_iter());
        assert_eq!(labels(&axis), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(axis.title(), "Share collected, %");
    }

    #[test]
    fn the_unit_is_named() {
        let open = open();
        let title = |largest: f64| Axis::exact(&open, [largest].into_iter()).title();
        assert_eq!(title(5e6), "Open balance, million USD");
        assert_eq!(title(500.0), "Open balance, USD");
    }
}
