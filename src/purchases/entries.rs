//! The entries of every kind of movement. Positive amounts are debits, negative ones credits:
//!
//! ```text
//! purchase      receivable  amount            reserve   -(amount - advance)
//!               funds       advance           cover     -advance
//!                                             client    -(advance - charges)
//!                                             fee       -charges
//! collection    bank        part              receivable -part
//! recovery      bank        part              loss      -part
//! unapplied     bank        part              suspense  -part
//! settlement    reserve     amount - advance  receivable -shortfall
//!               cover       advance           funds     -advance
//!               chargeback  chargeback        fee       -fee
//!               loss        factor's loss     client    -(rebate + chargeback)
//! ```
//!
//! Each sums to 0: a settlement because rebate = collected - advance - fee + factor's loss and
//! shortfall = amount - collected. Source: double entry as factors keep it; a client's account
//! shows the rebate net of what is charged back, here the two stand apart.

use chrono::NaiveDate;

use basics::{Money, MoneyError};

use super::accounts::Account;
use super::invoice::BoughtInvoice;
use super::movement::{EntryKind, Movement};
use super::payment::{AppliedTo, Collection};
use super::settlement::Settlement;

impl Movement {
    /// Returns the movement of a purchase.
    ///
    /// # Errors
    /// [`MoneyError`] if an amount overflows.
    pub fn purchase(own: &BoughtInvoice) -> Result<Self, MoneyError> {
        let paid = own.advance.checked_sub(own.prepaid)?;
        let entries = [
            (Account::Receivable, own.amount),
            (Account::Reserve, own.advance.checked_sub(own.amount)?),
            (Account::Cover, negative(own.advance)?),
            (Account::Funds, own.advance),
            (Account::Client, negative(paid)?),
            (Account::Fee, negative(own.prepaid)?),
        ];
        let (kind, on) = (EntryKind::Purchase, own.purchased_on);
        Ok(Self::of(own, (kind, on, &own.id), &entries))
    }

    /// Returns the movement of a part of a payment on a client's invoices.
    ///
    /// # Errors
    /// [`MoneyError`] if an amount overflows.
    pub fn collection(
        client: &str,
        Collection { id, part, .. }: &Collection,
    ) -> Result<Self, MoneyError> {
        let (kind, account) = match part.applied_to {
            AppliedTo::Position(_) => (EntryKind::Collection, Account::Receivable),
            AppliedTo::Loss(_) => (EntryKind::Recovery, Account::Loss),
            AppliedTo::Client => (EntryKind::Unapplied, Account::Suspense),
        };
        Ok(Self {
            kind,
            is_reversal: false,
            subject: id.clone(),
            client_id: client.to_owned(),
            position_id: part.applied_to.position_id().map(str::to_owned),
            debtor_id: part.debtor_id.clone(),
            invoice_number: part.invoice_number.clone(),
            on: part.booked_on,
            currency: part.amount.currency(),
            entries: kept(&[(account, negative(part.amount)?), (Account::Bank, part.amount)]),
        })
    }

    /// Returns the movement of a settlement.
    ///
    /// # Errors
    /// [`MoneyError`] if an amount overflows.
    pub fn settlement(own: &BoughtInvoice, settled: &Settlement) -> Result<Self, MoneyError> {
        let released = settled.rebate.checked_add(settled.chargeback)?;
        let entries = [
            (Account::Receivable, negative(settled.shortfall)?),
            (Account::Reserve, own.amount.checked_sub(own.advance)?),
            (Account::Cover, own.advance),
            (Account::Funds, negative(own.advance)?),
            (Account::Client, negative(released)?),
            (Account::Chargeback, settled.chargeback),
            (Account::Fee, negative(settled.fee)?),
            (Account::Loss, settled.factor_loss),
        ];
        let (kind, on) = (EntryKind::Settlement, settled.booked_on);
        Ok(Self::of(own, (kind, on, &settled.id), &entries))
    }

    fn of(
        own: &BoughtInvoice,
        (kind, on, subject): (EntryKind, NaiveDate, &str),
        entries: &[(Account, Money)],
    ) -> Self {
        Self {
            kind,
            is_reversal: false,
            subject: subject.to_owned(),
            client_id: own.client_id.clone(),
            position_id: Some(own.id.clone()),
            debtor_id: own.debtor_id.clone(),
            invoice_number: own.invoice_number.clone(),
            on,
            currency: own.amount.currency(),
            entries: kept(entries),
        }
    }
}

fn kept(entries: &[(Account, Money)]) -> Vec<(Account, Money)> {
    entries.iter().copied().filter(|(_, amount)| amount.minor() != 0).collect()
}

fn negative(amount: Money) -> Result<Money, MoneyError> {
    Money::zero(amount.currency()).checked_sub(amount)
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{collection, day, invoice, open, usd};
    use super::*;

    fn told(own: &Movement) -> Vec<(&'static str, i64)> {
        assert_eq!(own.sum(), 0, "{own:?}");
        assert!(own.entries.is_sorted_by_key(|(account, _)| *account), "{own:?}");
        own.entries.iter().map(|(account, amount)| (account.as_str(), amount.minor())).collect()
    }

    #[test]
    fn a_purchase_puts_the_advance_to_the_client_and_the_rest_into_the_reserve() {
        let own = BoughtInvoice { prepaid: usd(2_500), ..invoice("p", Recourse::Full) };
        let expected = [
            ("receivable", 100_000),
            ("reserve", -20_000),
            ("cover", -80_000),
            ("funds", 80_000),
            ("client", -77_500),
            ("fee", -2_500),
        ];
        assert_eq!(told(&Movement::purchase(&own).expect("sums")), expected);
    }

    #[test]
    fn cash_goes_to_the_invoice_the_loss_or_the_client() {
        let of = |applied_to| {
            told(&Movement::collection("acme", &collection("c", applied_to, 70)).expect("sums"))
        };
        let id = || "p".to_owned();
        assert_eq!(of(AppliedTo::Position(id())), [("receivable", -70), ("bank", 70)]);
        assert_eq!(of(AppliedTo::Loss(id())), [("loss", -70), ("bank", 70)]);
        assert_eq!(of(AppliedTo::Client), [("suspense", -70), ("bank", 70)]);
    }

    /// Nothing was collected of 1,000 at 80 %, for a fee of 100.
    #[test]
    fn a_settlement_leaves_a_chargeback_or_a_loss() {
        let of = |recourse| {
            let settled = open("p", recourse).settle(day("2026-04-02"), Some(LossCause::Credit));
            let settled = settled.expect("settled");
            told(&Movement::settlement(&settled.invoice, &settled.settlement).expect("sums"))
        };
        let released =
            [("receivable", -100_000), ("reserve", 20_000), ("cover", 80_000), ("funds", -80_000)];
        let (returned, lost) = (of(Recourse::Full), of(Recourse::NonRecourse));
        assert_eq!(returned[..4], released);
        assert_eq!(returned[4..], [("client", -10_000), ("chargeback", 100_000), ("fee", -10_000)]);
        assert_eq!(lost[..4], released);
        assert_eq!(lost[4..], [("fee", -10_000), ("loss", 90_000)]);
    }
}
