use chrono::NaiveDate;

use super::PurchaseError;
use super::invoice::BoughtInvoice;

/// A position whose purchase was undone. The invoice may be bought again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversedPosition {
    /// The invoice.
    pub invoice: BoughtInvoice,
    /// The day of the reversal.
    pub on: NaiveDate,
}

impl ReversedPosition {
    /// Returns the refusal of a step on it.
    pub(super) fn refused(self) -> PurchaseError {
        PurchaseError::Reversed { position: self.invoice.id, on: self.on }
    }
}
