use basics::{Money, MoneyError};

/// The equal lines that one line stands for: a quote assumes many, and prices one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equal {
    /// Number of lines, this one included.
    pub lines: u32,
    /// Number of debtors that owe them, in equal parts; each of them owes the same in all.
    pub debtors: u32,
}

impl Equal {
    /// A line that stands for itself, of a debtor of its own.
    pub const ONE: Self = Self { lines: 1, debtors: 1 };

    /// Returns the minor units of all the lines, if one has so many.
    pub fn all(self, minor: i64) -> i128 {
        i128::from(minor) * i128::from(self.lines)
    }

    /// Returns the amount of all the lines.
    ///
    /// # Errors
    /// If it cannot be held.
    pub fn money(self, one: Money) -> Result<Money, MoneyError> {
        Money::from_total(self.all(one.minor()), one.currency())
    }

    /// Returns the number of lines of each debtor.
    pub fn of_each(self) -> f64 {
        f64::from(self.lines) / f64::from(self.debtors)
    }
}
