/// What became of invoices that fell due between a year and the days of default before the as-of
/// date and that day, net of what was credited on them; minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Net faces.
    pub sold: i128,
    /// Paid while in each bucket of days past due.
    pub paid: Vec<i128>,
}
