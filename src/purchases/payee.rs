use super::PurchaseError;
use super::holder::is_one_person;

/// The account of a client to which payouts go. A changed account is what a fraudster asks for, so
/// each version waits until a second person has called the client back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// The name by which payouts refer to it.
    pub alias: String,
    /// The account's number, such as an IBAN.
    pub account: String,
    /// A number that rises with every change.
    pub version: i64,
    /// The holder of the key with which this version was written.
    pub written_by: String,
    /// The holder of the key with which the call back was recorded.
    pub called_by: Option<String>,
}

impl Payee {
    /// Checks that a person may record the call back.
    ///
    /// # Errors
    /// [`PurchaseError::SamePerson`] if that person wrote the account.
    pub fn check_call(&self, by: &str) -> Result<(), PurchaseError> {
        if is_one_person(&self.written_by, by) {
            return Err(PurchaseError::SamePerson { did: "wrote this account" });
        }
        Ok(())
    }

    /// Returns true if a number is its own, however it is spaced.
    pub fn is_account(&self, number: &str) -> bool {
        let plain = |text: &str| {
            let own = text.chars().filter(|own| own.is_alphanumeric());
            own.flat_map(char::to_uppercase).collect::<String>()
        };
        plain(number) == plain(&self.account)
    }

    /// Checks that payouts may go to it.
    ///
    /// # Errors
    /// [`PurchaseError::NotCalled`] if nobody has recorded a call back about this version.
    pub fn check_paid(&self) -> Result<(), PurchaseError> {
        match self.called_by {
            Some(_) => Ok(()),
            None => Err(PurchaseError::NotCalled { payee: self.alias.clone() }),
        }
    }

    /// The account's number with all but its last four characters hidden.
    pub fn masked(&self) -> String {
        let plain: Vec<char> = self.account.chars().filter(|own| !own.is_whitespace()).collect();
        // Of a short number not even the end is shown.
        let shown = if plain.len() > 8 { plain.len() - 4 } else { plain.len() };
        format!("…{}", plain[shown..].iter().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::payee;
    use super::*;

    #[test]
    fn the_person_who_wrote_an_account_does_not_call_back() {
        let did = "wrote this account";
        assert_eq!(payee().check_call("u. low "), Err(PurchaseError::SamePerson { did }));
        assert_eq!(payee().check_call("F. Payne"), Ok(()));
    }

    #[test]
    fn an_account_is_one_however_it_is_spaced() {
        assert!(payee().is_account("de02120300000020-4711"));
        assert!(!payee().is_account("DE02 1203 0000 0020 4712"));
    }

    #[test]
    fn nothing_is_paid_before_the_call() {
        let waits = Payee { called_by: None, ..payee() };
        let not_called = PurchaseError::NotCalled { payee: "main".into() };
        assert_eq!((waits.check_paid(), payee().check_paid()), (Err(not_called), Ok(())));
    }

    #[test]
    fn the_end_of_an_account_is_shown() {
        assert_eq!(payee().masked(), "…4711");
        assert_eq!(Payee { account: "1234 5678".into(), ..payee() }.masked(), "…");
    }
}
