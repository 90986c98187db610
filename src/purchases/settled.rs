use chrono::NaiveDate;

use basics::Money;

use super::Settlement;
use super::invoice::BoughtInvoice;

/// A bought invoice that was collected in full, charged back or lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledPosition {
    /// The invoice.
    pub invoice: BoughtInvoice,
    /// The settlement.
    pub settlement: Settlement,
    /// Amount of the factor's loss that the debtor paid after the settlement.
    pub recovered: Money,
    /// The day of the last payment, recoveries included.
    pub last_paid_on: Option<NaiveDate>,
    /// The day of the last reversal on it; nothing is booked before it.
    pub reopened_on: Option<NaiveDate>,
}

impl SettledPosition {
    /// Returns the cash received from the debtor, including recoveries.
    pub fn collected(&self) -> Money {
        let before = self.settlement.collected;
        let all = before.minor().saturating_add(self.recovered.minor());
        Money::from_minor(all, before.currency())
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{day, open, usd};

    #[test]
    fn collected_is_what_came_before_its_end_and_after() {
        let lost =
            open("p", Recourse::NonRecourse).settle(day("2026-04-02"), Some(LossCause::Credit));
        let lost = lost.expect("settled");
        assert_eq!(lost.collected(), usd(0));
        let later = lost.recover(usd(70_000), day("2026-05-02")).expect("recovered");
        assert_eq!(later.collected(), usd(70_000));
        assert_eq!(later.settlement.collected, usd(0), "the settlement stands as it was");
    }
}
