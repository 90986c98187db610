/// Outcomes of invoices that fell due between a year and the days of default before the as-of date,
/// seen at that date, net of credits; in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Faces net of credits.
    pub sold: i128,
    /// Amount paid while in each bucket of days past due.
    pub paid: Vec<i128>,
}
