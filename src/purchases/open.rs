use chrono::NaiveDate;

use basics::Money;
use pricing::LossCause;

use super::invoice::BoughtInvoice;
use super::settled::SettledPosition;
use super::{PurchaseError, Settlement};

/// A bought invoice with something still to be collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPosition {
    /// The invoice.
    pub invoice: BoughtInvoice,
    /// Cash received from the debtor so far; less than the amount bought.
    pub collected: Money,
    /// The day of the last payment.
    pub last_paid_on: Option<NaiveDate>,
    /// The day of the last reversal of a payment or settlement; nothing is booked before it.
    pub reopened_on: Option<NaiveDate>,
}

/// The state of a position after a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collected {
    /// Something is still to be collected.
    Partly(OpenPosition),
    /// It is collected in full and thereby settled.
    Fully(SettledPosition),
}

impl OpenPosition {
    /// Creates the position of an invoice that was just bought.
    pub fn new(invoice: BoughtInvoice) -> Self {
        let collected = Money::zero(invoice.amount.currency());
        Self { invoice, collected, last_paid_on: None, reopened_on: None }
    }

    /// Returns what is still to be collected.
    pub fn outstanding(&self) -> Money {
        let (amount, collected) = (self.invoice.amount, self.collected);
        // `collect` takes no more than this, so it never falls below 0.
        Money::from_minor(amount.minor().saturating_sub(collected.minor()), amount.currency())
    }

    /// Books a payment. A position that is collected in full is settled on the day of its last
    /// payment, in whatever order the payments are recorded.
    ///
    /// # Errors
    /// [`PurchaseError::BeforePurchase`] if `on` precedes the purchase, [`PurchaseError::TooMuch`]
    /// if `part` is more than is outstanding, [`PurchaseError::Pricing`] if the fee overflows or
    /// lies beyond its table.
    pub fn collect(self, part: Money, on: NaiveDate) -> Result<Collected, PurchaseError> {
        self.invoice.check_paid_on(on)?;
        let most = self.outstanding();
        if part.minor() > most.minor() {
            return Err(PurchaseError::TooMuch { amount: part, most });
        }
        let collected = self.collected.checked_add(part)?;
        // The latest day, not the last recorded: payments may be entered late and out of order.
        let last = self.last_paid_on.map_or(on, |before| before.max(on));
        let paid = Self { collected, last_paid_on: Some(last), ..self };
        // A payment in full ends the position at once: no cause is needed, nothing is missing.
        if part.minor() < most.minor() {
            return Ok(Collected::Partly(paid));
        }
        paid.settled(last, None).map(Collected::Fully)
    }

    /// Ends the position before it is collected in full: by recourse, or after a short payment.
    ///
    /// # Errors
    /// [`PurchaseError::BeforeLastPayment`] if `on` precedes the last payment or the purchase;
    /// [`PurchaseError::Pricing`] if there is a shortfall and no cause.
    pub fn settle(
        self,
        on: NaiveDate,
        cause: Option<LossCause>,
    ) -> Result<SettledPosition, PurchaseError> {
        let earliest = self.last_paid_on.unwrap_or(self.invoice.purchased_on);
        // Fee and shortfall rest on what was collected by the day of settlement.
        if on < earliest {
            return Err(PurchaseError::BeforeLastPayment { on, earliest });
        }
        self.settled(on, cause)
    }

    fn settled(
        self,
        on: NaiveDate,
        cause: Option<LossCause>,
    ) -> Result<SettledPosition, PurchaseError> {
        let settlement = Settlement::of(&self.invoice, self.collected, on, cause)?;
        let booked_on = booked_on(on, self.reopened_on);
        let settlement = Settlement { booked_on, ..settlement };
        let recovered = Money::zero(self.invoice.amount.currency());
        let Self { invoice, last_paid_on, reopened_on, .. } = self;
        Ok(SettledPosition { invoice, settlement, recovered, last_paid_on, reopened_on })
    }
}

/// Returns the day of the books for something that happened on a day to a position of which a step
/// was undone: fees count to the day itself, but earlier periods stay as they are.
pub(super) fn booked_on(day: NaiveDate, reopened_on: Option<NaiveDate>) -> NaiveDate {
    reopened_on.map_or(day, |reopened_on| reopened_on.max(day))
}

impl BoughtInvoice {
    /// Checks that a debtor can have paid on a day.
    pub(super) fn check_paid_on(&self, on: NaiveDate) -> Result<(), PurchaseError> {
        let purchased_on = self.purchased_on;
        if on >= purchased_on {
            return Ok(());
        }
        Err(PurchaseError::BeforePurchase { on, purchased_on })
    }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, open, usd};
    use super::*;

    fn partly(position: OpenPosition, minor: i64, on: &str) -> OpenPosition {
        match position.collect(usd(minor), day(on)).expect("booked") {
            Collected::Partly(open) => open,
            Collected::Fully(settled) => panic!("settled: {settled:?}"),
        }
    }

    fn fully(position: OpenPosition, minor: i64, on: &str) -> SettledPosition {
        match position.collect(usd(minor), day(on)).expect("booked") {
            Collected::Partly(open) => panic!("open: {open:?}"),
            Collected::Fully(settled) => settled,
        }
    }

    #[test]
    fn a_part_leaves_it_open_and_the_rest_settles_it() {
        let half = partly(open("p", Recourse::Full), 40_000, "2026-01-10");
        assert_eq!((half.outstanding(), half.last_paid_on), (usd(60_000), Some(day("2026-01-10"))));
        let settled = fully(half, 60_000, "2026-01-20");
        assert_eq!(settled.settlement.on, day("2026-01-20"));
        assert_eq!((settled.collected(), settled.settlement.shortfall), (usd(100_000), usd(0)));
    }

    /// 3 % up to day 30 and 1 % more for every 10 days begun: day 68 costs 3 + 4 = 7 %.
    #[test]
    fn the_fee_runs_to_the_last_payment_in_whatever_order_they_are_recorded() {
        let late = partly(open("p", Recourse::Full), 50_000, "2026-03-10");
        let late = fully(late, 50_000, "2026-01-10");
        let early = partly(open("p", Recourse::Full), 50_000, "2026-01-10");
        let early = fully(early, 50_000, "2026-03-10");
        assert_eq!(late, early);
        assert_eq!((late.settlement.on, late.settlement.fee), (day("2026-03-10"), usd(7_000)));
    }

    #[test]
    fn more_than_is_outstanding_is_refused() {
        let (amount, most) = (usd(100_001), usd(100_000));
        let refused = open("p", Recourse::Full).collect(amount, day("2026-01-10"));
        assert_eq!(refused, Err(PurchaseError::TooMuch { amount, most }));
    }

    #[test]
    fn it_is_paid_and_settled_from_its_purchase_on() {
        let position = || open("p", Recourse::Full);
        let (on, purchased_on) = (day("2025-12-31"), day("2026-01-01"));
        let refused = position().collect(usd(1), on);
        assert_eq!(refused, Err(PurchaseError::BeforePurchase { on, purchased_on }));
        assert!(position().collect(usd(1), purchased_on).is_ok());
        let cause = Some(LossCause::Dilution);
        let early = position().settle(on, cause);
        let earliest = purchased_on;
        assert_eq!(early, Err(PurchaseError::BeforeLastPayment { on, earliest }));
        assert!(position().settle(purchased_on, cause).is_ok());
    }

    #[test]
    fn it_is_not_settled_before_its_last_payment() {
        let paid = partly(open("p", Recourse::Full), 50_000, "2026-03-10");
        let cause = Some(LossCause::Dilution);
        let (on, earliest) = (day("2026-03-09"), day("2026-03-10"));
        let early = paid.clone().settle(on, cause);
        assert_eq!(early, Err(PurchaseError::BeforeLastPayment { on, earliest }));
        assert!(paid.settle(earliest, cause).is_ok());
    }

    #[test]
    fn what_is_missing_needs_a_cause() {
        let refused = open("p", Recourse::Full).settle(day("2026-04-02"), None);
        assert!(matches!(refused, Err(PurchaseError::Pricing(_))), "{refused:?}");
    }
}
