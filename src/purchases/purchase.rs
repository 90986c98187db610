//! A purchase in three steps: the client accepts, what the policy asks for is confirmed, and a
//! second person funds. Only then are there positions, and money in the statement.

use std::fmt;

use chrono::NaiveDate;

use basics::{Currency, Money, MoneyError};

use super::agreed::AgreedInvoice;
use super::holder::is_one_person;
use super::payee::Payee;
use super::{OpenPosition, PurchaseError};

/// Invoices that a client sells in one currency under one set of terms, from their acceptance on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The id.
    pub id: String,
    /// The client.
    pub client_id: String,
    /// The offer; `None` if the purchase was recorded without one.
    pub offer_id: Option<String>,
    /// The holder of the key that accepted the offer or recorded the purchase.
    pub accepted_by: String,
    /// The time of acceptance, RFC 3339 in UTC.
    pub accepted_at: String,
    /// The sums of its invoices.
    pub totals: Totals,
    /// The stage that it has reached.
    pub stage: Stage,
    /// A number that rises with every step.
    pub version: i64,
}

/// A purchase with its invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedPurchase {
    /// The purchase.
    pub purchase: Purchase,
    /// The invoices in the order of the offer, each under the id of the position that it becomes.
    pub invoices: Vec<AgreedInvoice>,
}

/// The sums of a purchase's invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Number of invoices.
    pub invoices: i64,
    /// Amounts bought.
    pub amount: Money,
    /// Advances, before charges.
    pub advance: Money,
    /// Charges taken out of the advances.
    pub prepaid: Money,
}

/// The stage of a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Agreed: the invoices are claimed and their advances count against the line, but no money
    /// has moved.
    Accepted,
    /// Paid out: its invoices are positions.
    Funded(Funding),
    /// Given up before it was funded: its invoices may be sold again.
    Withdrawn(Withdrawal),
    /// Paid out, and undone on a day: none of its positions stands.
    Reversed(Funding, NaiveDate),
}

/// The payout of a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funding {
    /// The day of the payout: the day of purchase of every position.
    pub on: NaiveDate,
    /// The cash paid out: advances less charges.
    pub amount: Money,
    /// The name of the account to which it went.
    pub payee: String,
    /// The version of that account.
    pub payee_version: i64,
    /// The reference of the transfer.
    pub reference: String,
    /// The holder of the key that funded it.
    pub by: String,
}

/// The withdrawal of a purchase that was not funded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The time, RFC 3339 in UTC.
    pub at: String,
    /// The reason.
    pub reason: String,
    /// The holder of the key that withdrew it.
    pub by: String,
}

/// A payout as a person asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Payout<'a> {
    /// The day.
    pub on: NaiveDate,
    /// The first day to which payouts may still be dated.
    pub earliest: NaiveDate,
    /// Today in UTC, as all days are.
    pub today: NaiveDate,
    /// The account.
    pub payee: &'a Payee,
    /// The reference of the transfer.
    pub reference: &'a str,
    /// The holder of the key.
    pub by: &'a str,
}

impl Totals {
    /// Returns the sums of invoices, all in one currency.
    ///
    /// # Errors
    /// If a sum overflows or the currencies differ.
    pub fn of<'a>(
        invoices: impl IntoIterator<Item = &'a AgreedInvoice>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let zero = Money::zero(currency);
        let mut all = Self { invoices: 0, amount: zero, advance: zero, prepaid: zero };
        for own in invoices {
            all.invoices += 1;
            all.amount = all.amount.checked_add(own.amount)?;
            all.advance = all.advance.checked_add(own.advance)?;
            all.prepaid = all.prepaid.checked_add(own.prepaid)?;
        }
        Ok(all)
    }

    /// Checks that something is left of the advances.
    ///
    /// # Errors
    /// [`PurchaseError::Charges`] if the charges take more.
    pub fn check(&self) -> Result<(), PurchaseError> {
        let (charges, advances) = (self.prepaid, self.advance);
        if charges.minor() <= advances.minor() {
            return Ok(());
        }
        Err(PurchaseError::Charges { charges, advances })
    }

    /// Returns the cash that the client gets: advances less charges.
    ///
    /// # Errors
    /// If it overflows.
    pub fn payout(&self) -> Result<Money, MoneyError> {
        self.advance.checked_sub(self.prepaid)
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { invoices, amount, advance, prepaid } = self;
        let currency = amount.currency();
        write!(f, "{amount} {currency} in {invoices} invoices, advance {advance}, ")?;
        write!(f, "charges {prepaid}")
    }
}

impl Stage {
    /// The word for it in files.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Funded(_) => "funded",
            Self::Withdrawn(_) => "withdrawn",
            Self::Reversed(..) => "reversed",
        }
    }
}

impl Purchase {
    /// Returns true while something of it stands or may still be paid out.
    pub fn stands(&self) -> bool {
        matches!(self.stage, Stage::Accepted | Stage::Funded(_))
    }

    /// The day of acceptance, in UTC; `None` if its time is none.
    fn accepted_on(&self) -> Option<NaiveDate> {
        self.accepted_at.get(..10)?.parse().ok()
    }

    /// Checks the day of a payout: not before anybody agreed to it, and not ahead. Unlike the day
    /// of a payment, which a bank in the east may date tomorrow, it is the factor's own.
    fn check_day(
        &self,
        Payout { on, earliest, today, .. }: Payout<'_>,
    ) -> Result<(), PurchaseError> {
        let unknown = PurchaseError::NotAsAccepted { what: "time of acceptance" };
        let accepted_on = self.accepted_on().ok_or(unknown)?;
        if on < accepted_on {
            return Err(PurchaseError::BeforeAcceptance { on, accepted_on });
        }
        if on < earliest {
            return Err(PurchaseError::BackDated { on, earliest });
        }
        if on > today {
            return Err(PurchaseError::Ahead { on, today });
        }
        Ok(())
    }

    /// Checks that the next step is still possible.
    ///
    /// # Errors
    /// [`PurchaseError::Funded`], [`PurchaseError::PayoutReversed`] or [`PurchaseError::Withdrawn`]
    /// if it has been taken.
    pub fn check_accepted(&self) -> Result<(), PurchaseError> {
        match &self.stage {
            Stage::Accepted => Ok(()),
            Stage::Funded(Funding { on, by, .. }) => {
                Err(PurchaseError::Funded { on: *on, by: by.clone() })
            }
            Stage::Reversed(funding, on) => {
                Err(PurchaseError::PayoutReversed { funded_on: funding.on, on: *on })
            }
            Stage::Withdrawn(own) => Err(PurchaseError::Withdrawn { by: own.by.clone() }),
        }
    }

    /// Funds it: returns the payout and the positions of its invoices.
    ///
    /// # Errors
    /// Any of [`Purchase::check_accepted`] if the step is not possible,
    /// [`PurchaseError::SamePerson`] if the person who accepted it would fund it too,
    /// [`PurchaseError::NotAsAccepted`] if their sums differ from those that were accepted,
    /// [`PurchaseError::NotCalled`] if the account waits for a call back,
    /// [`PurchaseError::BeforeAcceptance`] or [`PurchaseError::BackDated`] if the day is too early,
    /// [`PurchaseError::Ahead`] if it is after today, [`PurchaseError::BeforeIssue`] if an invoice
    /// was issued later, [`PurchaseError::RecoursePassed`] if the day of recourse of one precedes
    /// it, [`PurchaseError::Money`] if a sum overflows.
    pub fn fund(
        &self,
        invoices: Vec<AgreedInvoice>,
        payout: Payout<'_>,
    ) -> Result<(Funding, Vec<OpenPosition>), PurchaseError> {
        self.check_accepted()?;
        let Payout { on, payee, reference, by, .. } = payout;
        if is_one_person(&self.accepted_by, by) {
            return Err(PurchaseError::SamePerson { did: "accepted or recorded this purchase" });
        }
        payee.check_paid()?;
        self.check_day(payout)?;
        let totals = Totals::of(&invoices, self.totals.amount.currency())?;
        if totals != self.totals {
            return Err(PurchaseError::NotAsAccepted { what: "sum of its invoices" });
        }
        let amount = totals.payout()?;
        let positions: Result<Vec<_>, _> = invoices.into_iter().map(|own| own.funded(on)).collect();
        let funding = Funding {
            on,
            amount,
            payee: payee.alias.clone(),
            payee_version: payee.version,
            reference: reference.to_owned(),
            by: by.to_owned(),
        };
        Ok((funding, positions?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{agreed, day, payee, usd};
    use super::*;

    fn purchase(stage: Stage) -> Purchase {
        let totals = Totals::of(&invoices(), Currency::USD).expect("sums");
        Purchase {
            id: "u".into(),
            client_id: "acme".into(),
            offer_id: None,
            accepted_by: "A. Reed".into(),
            accepted_at: "2026-01-01T09:00:00Z".into(),
            totals,
            stage,
            version: 1,
        }
    }

    fn invoices() -> Vec<AgreedInvoice> {
        let first = AgreedInvoice { prepaid: usd(2_500), ..agreed("p", "1") };
        vec![first, agreed("q", "2")]
    }

    fn payout<'a>(payee: &'a Payee, on: &str, by: &'a str) -> Payout<'a> {
        let (on, earliest, today) = (day(on), day("2025-12-20"), day("2026-04-03"));
        Payout { on, earliest, today, payee, reference: "wire 7", by }
    }

    #[test]
    fn a_second_person_pays_the_advances_less_the_charges() {
        let own = purchase(Stage::Accepted);
        let payee = payee();
        let (funding, open) = own
            .fund(invoices(), payout(&payee, "2026-01-02", "F. Payne"))
            .expect("nothing is in the way");
        assert_eq!((funding.amount, funding.on), (usd(157_500), day("2026-01-02")));
        assert_eq!((funding.payee.as_str(), funding.payee_version), ("main", 3));
        assert!(open.iter().all(|own| own.invoice.purchased_on == funding.on));
        for same in ["A. Reed", "a.reed", " A.  REED "] {
            let did = "accepted or recorded this purchase";
            let refused = own.fund(invoices(), payout(&payee, "2026-01-02", same));
            assert_eq!(refused, Err(PurchaseError::SamePerson { did }), "{same}");
        }
    }

    #[test]
    fn a_payout_waits_for_the_call_and_is_not_dated_back_too_far() {
        let own = purchase(Stage::Accepted);
        let waits = Payee { called_by: None, ..payee() };
        let refused = own.fund(invoices(), payout(&waits, "2026-01-02", "F. Payne"));
        assert_eq!(refused, Err(PurchaseError::NotCalled { payee: "main".into() }));
        let (on, earliest) = (day("2026-01-01"), day("2026-01-02"));
        let payee = payee();
        let asked = Payout { earliest, ..payout(&payee, "2026-01-01", "F. Payne") };
        assert_eq!(own.fund(invoices(), asked), Err(PurchaseError::BackDated { on, earliest }));
        let late = own.fund(invoices(), payout(&payee, "2026-04-03", "F. Payne"));
        assert!(matches!(late, Err(PurchaseError::RecoursePassed { .. })));
    }

    #[test]
    fn a_payout_is_between_the_day_of_acceptance_and_today() {
        let (own, payee) = (purchase(Stage::Accepted), payee());
        let on = |day: &str| own.fund(invoices(), payout(&payee, day, "F. Payne")).map(drop);
        let (early, accepted_on) = (day("2025-12-31"), day("2026-01-01"));
        let before = PurchaseError::BeforeAcceptance { on: early, accepted_on };
        assert_eq!(on("2025-12-31"), Err(before));
        assert_eq!((on("2026-01-01"), on("2026-04-02")), (Ok(()), Ok(())));
        let (late, today) = (day("2026-04-04"), day("2026-04-03"));
        assert_eq!(on("2026-04-04"), Err(PurchaseError::Ahead { on: late, today }));
        let untimed = Purchase { accepted_at: "then".into(), ..own.clone() };
        let what = "time of acceptance";
        let refused = untimed.fund(invoices(), payout(&payee, "2026-01-02", "F. Payne"));
        assert_eq!(refused, Err(PurchaseError::NotAsAccepted { what }));
    }

    #[test]
    fn a_purchase_stands_until_it_is_withdrawn_or_reversed() {
        let payee = payee();
        let asked = payout(&payee, "2026-01-02", "F. Payne");
        let (funding, _) = purchase(Stage::Accepted).fund(invoices(), asked).expect("funded");
        let (at, reason) = ("2026-01-01T10:00:00Z".into(), "No.".into());
        let withdrawn = Stage::Withdrawn(Withdrawal { at, reason, by: "R. Low".into() });
        let reversed = Stage::Reversed(funding.clone(), day("2026-01-05"));
        let (funded_on, all) =
            (funding.on, [Stage::Accepted, Stage::Funded(funding), withdrawn, reversed]);
        let told = all.map(|stage| (stage.as_str(), purchase(stage).stands()));
        let expected =
            [("accepted", true), ("funded", true), ("withdrawn", false), ("reversed", false)];
        assert_eq!(told, expected);
        let again = purchase(Stage::Reversed(funding_of(&payee), day("2026-01-05")));
        let on = day("2026-01-05");
        let expected = PurchaseError::PayoutReversed { funded_on, on };
        assert_eq!(again.fund(invoices(), asked), Err(expected));
    }

    fn funding_of(payee: &Payee) -> Funding {
        let asked = payout(payee, "2026-01-02", "F. Payne");
        purchase(Stage::Accepted).fund(invoices(), asked).expect("funded").0
    }

    #[test]
    fn a_purchase_is_funded_once_and_not_after_it_was_withdrawn() {
        let payee = payee();
        let asked = payout(&payee, "2026-01-02", "F. Payne");
        let (funding, _) = purchase(Stage::Accepted).fund(invoices(), asked).expect("funded");
        let on = funding.on;
        let twice = purchase(Stage::Funded(funding)).fund(invoices(), asked);
        assert_eq!(twice, Err(PurchaseError::Funded { on, by: "F. Payne".into() }));
        let (at, reason) = ("2026-01-01T10:00:00Z".into(), "No.".into());
        let by = "R. Low".to_owned();
        let gone = Stage::Withdrawn(Withdrawal { at, reason, by: by.clone() });
        assert_eq!(purchase(gone).fund(invoices(), asked), Err(PurchaseError::Withdrawn { by }));
    }
}
