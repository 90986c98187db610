//! Axes of charts: round ticks, and a unit that keeps their labels short.

use basics::{Currency, grouped};

/// Width of every chart in its own units. Narrow, so that a phone shows its texts at nearly full
/// size.
pub(super) const WIDTH: f64 = 360.0;

/// A scale of amounts that starts at zero.
pub(super) struct AmountAxis {
    /// The largest amount, above zero.
    pub largest: f64,
    step: f64,
    unit: f64,
    unit_name: &'static str,
}

impl AmountAxis {
    /// A scale up to `largest`; one that is not above zero gives the scale of a single unit.
    pub fn up_to(largest: f64) -> Self {
        let largest = if largest.is_finite() && largest > 0.0 { largest } else { 1.0 };
        let (unit, unit_name) = match largest {
            l if l >= 2e9 => (1e9, "billion "),
            l if l >= 2e6 => (1e6, "million "),
            l if l >= 2e3 => (1e3, "thousand "),
            _ => (1.0, ""),
        };
        Self { largest, step: round_step(largest / 4.0), unit, unit_name }
    }

    /// The unit as an axis title names it: "thousand USD".
    pub fn unit(&self, currency: Currency) -> String {
        format!("{}{currency}", self.unit_name)
    }

    /// Amounts and their labels, from zero.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let step = self.step / self.unit;
        let is_whole = |decimals: &i32| (step * 10_f64.powi(*decimals)).fract() < 1e-9;
        let decimals = (0..2).find(is_whole).unwrap_or(2) as usize;
        let amounts = (0..=4_u8).map(|tick| f64::from(tick) * self.step);
        let within = amounts.filter(|&amount| amount <= self.largest);
        within
            .map(|amount| (amount, grouped(&format!("{:.decimals$}", amount / self.unit))))
            .collect()
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= least);
    factors.unwrap_or(10.0) * power
}

/// A coordinate with the decimals that a screen can show.
pub(super) fn at(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(largest: f64) -> Vec<String> {
        AmountAxis::up_to(largest).ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(labels(1_234.0), ["0", "500", "1,000"]);
        assert_eq!(labels(87_000.0), ["0", "25", "50", "75"]);
        assert_eq!(labels(2_400_000.0), ["0", "1", "2"]);
        assert_eq!(labels(3.0), ["0", "1", "2", "3"]);
        assert_eq!(labels(0.0), labels(1.0));
    }

    #[test]
    fn the_unit_is_named() -> Result<(), basics::UnknownCurrency> {
        let currency = "USD".parse()?;
        assert_eq!(AmountAxis::up_to(5e6).unit(currency), "million USD");
        assert_eq!(AmountAxis::up_to(500.0).unit(currency), "USD");
        Ok(())
    }
}
