use basics::{Money, Rate};
use pricing::{FeeByDay, FeePlan};

/// Advance rate and fee plan of a part.
#[derive(Debug)]
pub(super) struct Terms {
    pub advance_rate: Rate,
    pub plan: FeePlan,
    pub fee_by_day: FeeByDay,
    /// Charges taken out of the advance.
    pub prepaid: Money,
}
