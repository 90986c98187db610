use chrono::NaiveDate;

use basics::Money;

use super::PositionTerms;

/// A bought invoice: the facts that stay the same from the day of its purchase to its settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtInvoice {
    /// The id of the position.
    pub id: String,
    /// The client that sold it.
    pub client_id: String,
    /// The offer by which it was bought; `None` if the purchase was recorded without one.
    pub offer_id: Option<String>,
    /// The debtor.
    pub debtor_id: String,
    /// The invoice number.
    pub invoice_number: String,
    /// Amount bought.
    pub amount: Money,
    /// Cash paid at the purchase, before charges.
    pub advance: Money,
    /// Charges taken out of the advances of the whole purchase; recorded on its first invoice, 0 on
    /// the others.
    pub prepaid: Money,
    /// The day of purchase: day 0 of the fee.
    pub purchased_on: NaiveDate,
    /// The due date.
    pub due_on: NaiveDate,
    /// The terms of the purchase.
    pub terms: PositionTerms,
    /// A number that rises with every change that is stored.
    pub version: i64,
}
