use chrono::NaiveDate;

use basics::Money;

use super::agreed::{Agreed, AgreedInvoice};
use super::claim::{Claim, ClaimFacts};
use super::claimed_debtor::ClaimedDebtor;
use super::{PositionTerms, PurchaseError};

/// An invoice that a client sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldInvoice {
    /// The debtor's id.
    pub debtor_id: String,
    /// The client's number.
    pub invoice_number: String,
    /// Amount bought.
    pub amount: Money,
    /// Cash paid at the purchase, before charges.
    pub advance: Money,
    /// The due date.
    pub due: NaiveDate,
    /// The day of recourse by its invoice date, if that counts.
    pub recourse_by: Option<NaiveDate>,
    /// The facts by which it is told from others.
    pub facts: ClaimFacts,
}

/// The invoices that a client sells in one currency, under one set of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// The terms of all invoices, but for the day of recourse by the invoice date.
    pub terms: PositionTerms,
    /// Charges taken out of the advances, once for all of them.
    pub prepaid: Money,
    /// The invoices, in the order of the offer.
    pub invoices: Vec<SoldInvoice>,
}

/// The frame of a purchase: client and offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The client.
    pub client_id: String,
    /// The offer; `None` if the purchase is recorded without one.
    pub offer_id: Option<String>,
}

impl SoldInvoice {
    /// Returns its own terms of those of all.
    pub(super) fn terms(&self, all: &PositionTerms) -> PositionTerms {
        PositionTerms { recourse_by: self.recourse_by.or(all.recourse_by), ..all.clone() }
    }

    /// Returns the claim to it.
    fn claim(&self, client: &str) -> Claim {
        let facts = self.facts.clone();
        Claim {
            client_id: client.to_owned(),
            debtor: ClaimedDebtor {
                id: self.debtor_id.clone(),
                name: facts.debtor_name,
                tax_number: facts.tax_number,
                known: facts.known,
                same_as: None,
            },
            number: self.invoice_number.clone(),
            face: facts.face.unwrap_or(self.amount),
            amount: self.amount,
            issued_on: facts.issued_on,
            due_on: self.due,
        }
    }

    /// Checks that no more is advanced than is bought.
    ///
    /// # Errors
    /// [`PurchaseError::Advance`] if the advance exceeds the amount.
    pub fn check(&self) -> Result<(), PurchaseError> {
        let (advance, amount) = (self.advance, self.amount);
        // A larger advance would make the reserve negative and every formula of settlement
        // meaningless.
        if advance.minor() <= amount.minor() {
            return Ok(());
        }
        Err(PurchaseError::Advance { advance, amount })
    }
}

impl Lot {
    /// Returns the invoices as agreed, each with its claim, and the charges on the first.
    ///
    /// # Errors
    /// Any error of `new_id`, which gives each invoice the id of the position that it becomes.
    pub fn agreed<E>(
        self,
        deal: &Deal,
        mut new_id: impl FnMut() -> Result<String, E>,
    ) -> Result<Vec<Agreed>, E> {
        let Self { terms, prepaid, invoices } = self;
        // On one invoice, not spread over all: so the charges of a statement add up without
        // rounding.
        let charged = |at| if at == 0 { prepaid } else { Money::zero(prepaid.currency()) };
        let agreed = |(at, sold): (usize, SoldInvoice)| {
            let (terms, claim) = (sold.terms(&terms), sold.claim(&deal.client_id));
            let invoice = AgreedInvoice {
                id: new_id()?,
                client_id: deal.client_id.clone(),
                offer_id: deal.offer_id.clone(),
                debtor_id: sold.debtor_id,
                invoice_number: sold.invoice_number,
                amount: sold.amount,
                advance: sold.advance,
                prepaid: charged(at),
                due_on: sold.due,
                issued_on: claim.issued_on,
                terms,
            };
            Ok(Agreed { invoice, claim })
        };
        invoices.into_iter().enumerate().map(agreed).collect()
    }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, terms, usd};
    use super::*;

    fn sold(number: &str, advance: i64) -> SoldInvoice {
        SoldInvoice {
            debtor_id: "D1".into(),
            invoice_number: number.into(),
            amount: usd(1000),
            advance: usd(advance),
            due: day("2026-02-01"),
            recourse_by: None,
            facts: ClaimFacts::default(),
        }
    }

    #[test]
    fn no_more_is_advanced_than_is_bought() {
        assert_eq!(sold("1", 1000).check(), Ok(()));
        let (advance, amount) = (usd(1001), usd(1000));
        let refused = sold("1", 1001).check();
        assert_eq!(refused, Err(PurchaseError::Advance { advance, amount }));
    }

    #[test]
    fn charges_of_the_purchase_stand_on_its_first_invoice_alone() {
        let (one, two) = (sold("1", 800), sold("2", 700));
        let terms = terms(Recourse::Full);
        let bought = Lot { terms: terms.clone(), prepaid: usd(25), invoices: vec![one, two] };
        let deal = Deal { client_id: "acme".into(), offer_id: Some("o".into()) };
        let mut ids = ["p", "q"].into_iter();
        let all = bought.agreed(&deal, || ids.next().map(str::to_owned).ok_or(())).expect("ids");
        let told = |at: usize| {
            let own = &all[at].invoice;
            (own.id.as_str(), own.invoice_number.as_str(), own.advance, own.prepaid)
        };
        assert_eq!(told(0), ("p", "1", usd(800), usd(25)));
        assert_eq!(told(1), ("q", "2", usd(700), usd(0)));
        let own = &all[1].invoice;
        assert_eq!((own.offer_id.as_deref(), &own.terms), (Some("o"), &terms));
    }

    #[test]
    fn the_claim_has_what_is_said_of_the_invoice() {
        let facts = ClaimFacts {
            debtor_name: "North Mill".into(),
            face: Some(usd(5000)),
            issued_on: Some(day("2026-01-01")),
            ..ClaimFacts::default()
        };
        let said = SoldInvoice { facts, ..sold("1", 800) };
        let invoices = vec![said, sold("2", 700)];
        let bought = Lot { terms: terms(Recourse::Full), prepaid: usd(0), invoices };
        let deal = Deal { client_id: "a".into(), offer_id: None };
        let all = bought.agreed(&deal, || Ok::<_, ()>("p".to_owned())).expect("ids");
        let (said, bare) = (&all[0].claim, &all[1].claim);
        assert_eq!((said.debtor.id.as_str(), said.debtor.name.as_str()), ("D1", "North Mill"));
        assert_eq!((said.face, said.amount), (usd(5000), usd(1000)));
        assert_eq!((bare.face, bare.issued_on), (usd(1000), None), "what is bought of it");
        assert_eq!(all[1].invoice.invoice_number, bare.number);
    }

    #[test]
    fn without_an_id_nothing_is_recorded() {
        let invoices = vec![sold("1", 800)];
        let bought = Lot { terms: terms(Recourse::Full), prepaid: usd(0), invoices };
        let deal = Deal { client_id: "a".into(), offer_id: None };
        assert_eq!(bought.agreed(&deal, || Err::<String, _>("none")), Err("none"));
    }
}
