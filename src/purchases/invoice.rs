use chrono::NaiveDate;

use basics::Money;

use super::PositionTerms;

/// A bought invoice: what holds from the day of its purchase on, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtInvoice {
    /// Id of its position.
    pub id: String,
    /// Whose receivable it was.
    pub client_id: String,
    /// The offer by which it was bought; none where it was recorded without one.
    pub offer_id: Option<String>,
    /// Who owes it.
    pub debtor_id: String,
    /// Its number.
    pub invoice_number: String,
    /// Amount bought.
    pub amount: Money,
    /// Paid at the purchase, before charges.
    pub advance: Money,
    /// Charges of the whole purchase that were taken out of the advance; on its first invoice.
    pub prepaid: Money,
    /// Day 0.
    pub purchased_on: NaiveDate,
    /// When it is due.
    pub due_on: NaiveDate,
    /// Its terms.
    pub terms: PositionTerms,
    /// Rises with every change that is stored.
    pub version: i64,
}
