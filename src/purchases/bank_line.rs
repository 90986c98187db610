//! Bank references: a line of a bank account is booked once, however often it is sent, and however
//! its reference and account are written: case, blanks, characters that look like others and those
//! that are not seen tell nothing.
//!
//! A reference belongs to one line of its account; where nobody names the account, to one line of
//! the client. What one line pays on several invoices comes together: within one list the same
//! reference may stand on several payments, unless all else of them is equal as well. Payments
//! without a reference are not compared.

use basics::capitals;

use super::payment::Payment;
use super::{Collection, PurchaseError};

/// A line of a bank account in the form in which lines are compared: account and reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankLine(String, String);

impl BankLine {
    /// Returns the line with this account and reference; `None` without a reference.
    pub fn of(account: &str, reference: &str) -> Option<Self> {
        let plain = |text: &str| capitals(text).split_whitespace().collect::<String>();
        let reference = plain(reference);
        (!reference.is_empty()).then(|| Self(plain(account), reference))
    }

    /// Returns true if somebody names the account.
    pub fn has_account(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Payment {
    /// Returns the line of the bank account that it came with, if it has a reference.
    pub fn line(&self) -> Option<BankLine> {
        BankLine::of(&self.account, &self.reference)
    }

    /// Checks the payment against the first one on record with its reference, if there is one.
    ///
    /// # Errors
    /// [`PurchaseError::Repeats`] if there is one, and the payment does not say that it is another.
    pub fn check_first(&self, first: Option<&str>) -> Result<(), PurchaseError> {
        match first {
            Some(first) if self.duplicate_of.as_deref() != Some(first) => {
                let (reference, first) = (self.reference.clone(), first.to_owned());
                Err(PurchaseError::Repeats { reference, first })
            }
            _ => Ok(()),
        }
    }

    /// Returns the first payment of those that stand with its account and reference.
    pub fn first_of<'a>(
        &self,
        standing: impl IntoIterator<Item = &'a Collection>,
    ) -> Option<&'a str> {
        let line = self.line()?;
        let same = |own: &&Collection| {
            BankLine::of(&own.part.account, &own.part.reference).as_ref() == Some(&line)
        };
        standing.into_iter().find(same).map(|own| own.payment.as_str())
    }
}

/// Checks that no line of a bank account stands twice in a list of payments; an error is paired
/// with the index of the second.
///
/// # Errors
/// [`PurchaseError::RepeatsInList`] for the first payment that repeats another.
pub fn lines_once(payments: &[Payment]) -> Result<(), (usize, PurchaseError)> {
    let mut seen = std::collections::HashMap::new();
    for (at, own) in payments.iter().enumerate() {
        let Some(line) = own.line() else { continue };
        let line = (line, &own.invoice_number, &own.debtor_id);
        let line = (line, own.amount.0, own.currency, own.received_on);
        if let Some(first) = seen.insert(line, at) {
            return Err((at, PurchaseError::RepeatsInList { first }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::samples::{collection, payment};
    use super::*;
    use crate::AppliedTo;

    fn line(reference: &str, amount: &str) -> Payment {
        Payment { reference: reference.to_owned(), ..payment("1", amount, "2026-01-10") }
    }

    #[test]
    fn a_line_is_booked_once_unless_it_is_said_to_be_another() {
        let mut first = collection("c", AppliedTo::Client, 1000);
        first.part.reference = "R-1".to_owned();
        let first = [first];
        let checked = |own: &Payment| own.check_first(own.first_of(&first));
        let (reference, known) = ("R-1".to_owned(), "c".to_owned());
        let refused = Err(PurchaseError::Repeats { reference, first: known });
        assert_eq!(checked(&line("R-1", "10")), refused);
        assert_eq!(checked(&line("R-1", "11")), refused, "of another amount as well");
        assert_eq!(checked(&line("R-2", "10")), Ok(()));
        let spelt = Err(PurchaseError::Repeats { reference: " r - 1".into(), first: "c".into() });
        assert_eq!(checked(&line(" r - 1", "10")), spelt);
        for unseen in ["R\u{200B}-1", "\u{FF32}-\u{FF11}", "r-\u{661}"] {
            assert!(checked(&line(unseen, "10")).is_err(), "{unseen}");
        }
        assert_eq!(checked(&line("", "10")), Ok(()), "no reference");
        let other_account = Payment { account: "ING".to_owned(), ..line("R-1", "10") };
        assert_eq!(checked(&other_account), Ok(()));
        let another = |of: &str| Payment { duplicate_of: Some(of.into()), ..line("R-1", "10") };
        assert_eq!(checked(&another("c")), Ok(()));
        assert_eq!(checked(&another("d")), refused, "not the first one");
    }

    #[test]
    fn within_a_list_a_line_may_pay_several_invoices_but_not_one_twice_alike() {
        let (one, more) = (line("R-1", "10"), line("R-1", "11"));
        let other = Payment { invoice_number: "2".to_owned(), ..one.clone() };
        assert_eq!(lines_once(&[one.clone(), more, other]), Ok(()));
        let repeated = (2, PurchaseError::RepeatsInList { first: 0 });
        assert_eq!(lines_once(&[one.clone(), line("2", "1"), line("r-1 ", "10")]), Err(repeated));
        let repeated = (2, PurchaseError::RepeatsInList { first: 0 });
        assert_eq!(lines_once(&[one.clone(), line("", "1"), one]), Err(repeated));
        assert_eq!(lines_once(&[line("", "1"), line("", "1")]), Ok(()));
    }
}
