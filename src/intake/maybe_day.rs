use std::num::NonZeroI32;

use basics::Day;

/// A day that may be absent, in four bytes: ten million rows may be held at once, and an
/// `Option<Day>` takes eight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaybeDay(Option<NonZeroI32>);

/// Added to each day, so that none of them is zero; ledger dates are days above -400.
const SHIFT: Day = 1_000_000;

impl From<Option<Day>> for MaybeDay {
    fn from(day: Option<Day>) -> Self {
        Self(day.and_then(|day| NonZeroI32::new(day + SHIFT)))
    }
}

impl MaybeDay {
    /// The day, if there is one.
    pub fn day(self) -> Option<Day> {
        self.0.map(|shifted| shifted.get() - SHIFT)
    }

    /// True if there is no day.
    pub fn is_none(self) -> bool {
        self.0.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_survives_in_four_bytes_and_keeps_its_order() {
        let days = [None, Some(-366), Some(0), Some(20_000), Some(84_370)];
        let kept = days.map(MaybeDay::from);
        assert_eq!(kept.map(MaybeDay::day), days);
        assert!(kept.is_sorted());
        assert_eq!(size_of::<MaybeDay>(), 4);
    }
}
