use chrono::NaiveDate;

use basics::Money;

use super::claim::Claim;
use super::invoice::BoughtInvoice;
use super::{OpenPosition, PositionTerms, PurchaseError};

/// An invoice that both sides have agreed on: it becomes a position when its purchase is funded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedInvoice {
    /// The id of the position that it becomes.
    pub id: String,
    /// The client that sells it.
    pub client_id: String,
    /// The offer by which it is sold; `None` if the purchase was recorded without one.
    pub offer_id: Option<String>,
    /// The debtor.
    pub debtor_id: String,
    /// The invoice number.
    pub invoice_number: String,
    /// The amount to be bought.
    pub amount: Money,
    /// Cash to be paid for it, before charges.
    pub advance: Money,
    /// Charges taken out of the advances of the whole purchase; on its first invoice, 0 on the
    /// others.
    pub prepaid: Money,
    /// The due date.
    pub due_on: NaiveDate,
    /// The issue date, if somebody says it.
    pub issued_on: Option<NaiveDate>,
    /// The terms of the purchase.
    pub terms: PositionTerms,
}

/// An agreed invoice with the claim that keeps it from being sold again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The invoice.
    pub invoice: AgreedInvoice,
    /// The claim.
    pub claim: Claim,
}

impl Agreed {
    /// Returns true if invoice and claim are of one debtor, number, amount and due date, as they
    /// were when both were made.
    pub fn is_one(&self) -> bool {
        let Self { invoice, claim } = self;
        (&invoice.client_id, &invoice.debtor_id, &invoice.invoice_number)
            == (&claim.client_id, &claim.debtor.id, &claim.number)
            && (invoice.amount, invoice.due_on) == (claim.amount, claim.due_on)
    }
}

impl AgreedInvoice {
    /// Returns its position as of the day of funding, which is day 0 of the fee.
    ///
    /// # Errors
    /// [`PurchaseError::RecoursePassed`] if the day of recourse precedes that day,
    /// [`PurchaseError::BeforeIssue`] if the invoice was issued later.
    pub fn funded(self, on: NaiveDate) -> Result<OpenPosition, PurchaseError> {
        if let Some(last) = self.terms.day_of_recourse(self.due_on).filter(|last| *last < on) {
            let invoice_number = self.invoice_number;
            return Err(PurchaseError::RecoursePassed { invoice_number, last });
        }
        if let Some(issued_on) = self.issued_on.filter(|issued| on < *issued) {
            let invoice_number = self.invoice_number;
            return Err(PurchaseError::BeforeIssue { invoice_number, issued_on });
        }
        Ok(OpenPosition::new(self.bought(on)))
    }

    /// Returns it as bought on a day.
    pub(super) fn bought(self, on: NaiveDate) -> BoughtInvoice {
        BoughtInvoice {
            id: self.id,
            client_id: self.client_id,
            offer_id: self.offer_id,
            debtor_id: self.debtor_id,
            invoice_number: self.invoice_number,
            amount: self.amount,
            advance: self.advance,
            prepaid: self.prepaid,
            purchased_on: on,
            due_on: self.due_on,
            terms: self.terms,
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{agreed, day, usd};
    use super::*;

    #[test]
    fn the_fee_runs_from_the_day_of_funding() {
        let open = agreed("p", "1").funded(day("2026-01-05")).expect("before recourse");
        let own = &open.invoice;
        assert_eq!((own.id.as_str(), own.purchased_on, own.version), ("p", day("2026-01-05"), 1));
        assert_eq!((own.amount, own.advance), (usd(100_000), usd(80_000)));
        assert_eq!((open.collected, open.last_paid_on), (usd(0), None));
    }

    #[test]
    fn nothing_is_funded_before_it_was_issued() {
        let issued_on = day("2026-01-05");
        let of = || AgreedInvoice { issued_on: Some(issued_on), ..agreed("p", "1") };
        assert!(of().funded(issued_on).is_ok(), "the day itself");
        let early = PurchaseError::BeforeIssue { invoice_number: "1".into(), issued_on };
        assert_eq!(of().funded(day("2026-01-04")), Err(early));
    }

    #[test]
    fn nothing_is_funded_after_its_day_of_recourse() {
        let last = day("2026-04-02");
        assert!(agreed("p", "1").funded(last).is_ok(), "the day itself");
        let passed = PurchaseError::RecoursePassed { invoice_number: "1".into(), last };
        assert_eq!(agreed("p", "1").funded(day("2026-04-03")), Err(passed));
    }
}
