//! Recoveries: what a debtor pays after the factor has borne its failure is the factor's, up to its
//! loss.

use chrono::NaiveDate;

use basics::Money;

use super::{PurchaseError, SettledPosition};

impl SettledPosition {
    /// Returns the factor's loss that is not yet recovered.
    pub fn to_recover(&self) -> Money {
        let (lost, recovered) = (self.settlement.factor_loss, self.recovered);
        Money::from_minor(lost.minor().saturating_sub(recovered.minor()), lost.currency())
    }

    /// Books a payment against the loss.
    ///
    /// # Errors
    /// [`PurchaseError::BeforePurchase`] if `on` precedes the purchase, [`PurchaseError::TooMuch`]
    /// if `part` is more than the loss not yet recovered.
    pub fn recover(self, part: Money, on: NaiveDate) -> Result<Self, PurchaseError> {
        // The settlement sets no bound: cash from before it may be reported after it.
        self.invoice.check_paid_on(on)?;
        let most = self.to_recover();
        if part.minor() > most.minor() {
            return Err(PurchaseError::TooMuch { amount: part, most });
        }
        let recovered = self.recovered.checked_add(part)?;
        let last = self.last_paid_on.map_or(on, |before| before.max(on));
        Ok(Self { recovered, last_paid_on: Some(last), ..self })
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{day, open, usd};
    use super::*;

    /// Nothing was collected: the factor bears the advance of 800 and the fee of 100.
    fn lost() -> SettledPosition {
        let position = open("p", Recourse::NonRecourse);
        position.settle(day("2026-04-02"), Some(LossCause::Credit)).expect("settled")
    }

    #[test]
    fn a_part_of_the_loss_then_the_rest() {
        assert_eq!(lost().to_recover(), usd(90_000));
        let part = lost().recover(usd(70_000), day("2026-05-02")).expect("recovered");
        assert_eq!((part.to_recover(), part.recovered), (usd(20_000), usd(70_000)));
        let whole = part.recover(usd(20_000), day("2026-05-03")).expect("recovered");
        assert_eq!(whole.to_recover(), usd(0));
    }

    #[test]
    fn more_than_the_loss_is_refused() {
        let (amount, most) = (usd(90_001), usd(90_000));
        let refused = lost().recover(amount, day("2026-05-02"));
        assert_eq!(refused, Err(PurchaseError::TooMuch { amount, most }));
    }

    #[test]
    fn what_the_client_bears_is_nothing_to_recover() {
        let position = open("p", Recourse::Full);
        let returned = position.settle(day("2026-04-02"), Some(LossCause::Credit));
        assert_eq!(returned.expect("settled").to_recover(), usd(0));
    }

    #[test]
    fn the_last_payment_is_the_latest_whenever_it_was_recorded() {
        let later = lost().recover(usd(10), day("2026-06-01")).expect("recovered");
        let both = later.recover(usd(10), day("2026-05-01")).expect("recovered");
        assert_eq!(both.last_paid_on, Some(day("2026-06-01")));
        let (on, purchased_on) = (day("2025-12-31"), day("2026-01-01"));
        let refused = both.recover(usd(10), on);
        assert_eq!(refused, Err(PurchaseError::BeforePurchase { on, purchased_on }));
    }
}
