use basics::{Day, Money};

/// An invoice that the client's ledgers show as closed by the as-of date, as the screens compare
/// with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastBill<'a> {
    /// Index of its debtor among the pool's; for a debtor that owes nothing in the pool, a number
    /// of its own from the pool's count of debtors on.
    pub debtor: usize,
    /// Name of its debtor.
    pub debtor_name: &'a str,
    /// The client's own number.
    pub number: &'a str,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// False if one of its dates was assumed.
    pub is_dated: bool,
    /// The day on which goods or services were delivered; `None` in most ledgers.
    pub delivered: Option<Day>,
    /// Original amount.
    pub face: Money,
    /// The day on which the debtor's cash closed it; `None` if a credit or a write-off did.
    pub paid_on: Option<Day>,
}

impl PastBill<'_> {
    /// Returns true if the debtor paid it in cash.
    pub(super) fn is_paid_in_cash(&self) -> bool {
        self.paid_on.is_some()
    }
}
