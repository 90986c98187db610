/// Outcomes of a year of invoices as seen at the as-of date: those that fell due in the year that
/// ended the policy's days of default before that date. Net of credits, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Faces net of credits.
    pub sold: i128,
    /// Amount paid while in each bucket of days past due.
    pub paid: Vec<i128>,
}
