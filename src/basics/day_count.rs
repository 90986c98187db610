use serde::{Deserialize, Serialize};

/// How days become a fraction of a year.
///
/// A benchmark charge of 10.25 % on 42,500 for 45 days is 544.53 under ACT/360 and 537.07 under
/// ACT/365, so every rate that accrues by the day names its count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayCount {
    /// Actual days over 360 (ISDA 2006, section 4.16(e)).
    #[serde(rename = "ACT/360")]
    Actual360,
    /// Actual days over 365, fixed (ISDA 2006, section 4.16(d)).
    #[serde(rename = "ACT/365F")]
    Actual365Fixed,
}

impl DayCount {
    /// Days in the denominator: 360 or 365.
    pub fn basis_days(self) -> u32 {
        match self {
            Self::Actual360 => 360,
            Self::Actual365Fixed => 365,
        }
    }
}
