//! The accounts of a client's books, one set for each currency.

use std::collections::BTreeMap;
use std::fmt;

use basics::{Currency, Money, MoneyError};

/// An account. What the factor has, is owed or has lost stands in it above 0, what it owes or has
/// earned below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Amounts that debtors still owe on bought invoices.
    Receivable,
    /// The part of bought invoices that is held back until they are settled.
    Reserve,
    /// The part of bought invoices that repays the advances: the counterpart of funds in use.
    Cover,
    /// Advances outstanding.
    Funds,
    /// Amounts due to the client: advances less charges, and rebates.
    Client,
    /// Amounts that the client owes for invoices charged back.
    Chargeback,
    /// Cash of debtors that belongs to no bought invoice, and so to the client.
    Suspense,
    /// Fees and charges earned.
    Fee,
    /// Losses borne by the factor, less what was recovered.
    Loss,
    /// Cash received from debtors.
    Bank,
}

impl Account {
    /// All accounts, in their order.
    pub const ALL: [Self; 10] = [
        Self::Receivable,
        Self::Reserve,
        Self::Cover,
        Self::Funds,
        Self::Client,
        Self::Chargeback,
        Self::Suspense,
        Self::Fee,
        Self::Loss,
        Self::Bank,
    ];

    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Reserve => "reserve",
            Self::Cover => "cover",
            Self::Funds => "funds",
            Self::Client => "client",
            Self::Chargeback => "chargeback",
            Self::Suspense => "suspense",
            Self::Fee => "fee",
            Self::Loss => "loss",
            Self::Bank => "bank",
        }
    }

    /// Reads the word used in files.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.as_str() == word)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The balances of accounts, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balances(BTreeMap<(Currency, Account), i128>);

impl Balances {
    /// Adds an amount to an account.
    pub fn add(&mut self, account: Account, amount: Money) {
        let own = self.0.entry((amount.currency(), account)).or_default();
        // Half a million years of the largest amounts: an `i128` does not overflow.
        *own = own.saturating_add(amount.minor().into());
    }

    /// Returns the balance of an account.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if it is too large for money.
    pub fn of(&self, account: Account, currency: Currency) -> Result<Money, MoneyError> {
        Money::from_total(self.minor(account, currency), currency)
    }

    /// Returns the balance of an account in minor units.
    pub fn minor(&self, account: Account, currency: Currency) -> i128 {
        self.0.get(&(currency, account)).copied().unwrap_or_default()
    }

    /// Returns the sum over all accounts of each currency, in minor units: 0 in books that balance.
    pub fn sums(&self) -> BTreeMap<Currency, i128> {
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for ((currency, _), minor) in &self.0 {
            let own = sums.entry(*currency).or_default();
            *own = own.saturating_add(*minor);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{eur, usd};
    use super::*;

    #[test]
    fn accounts_are_read_by_the_word_by_which_they_are_written() {
        for account in Account::ALL {
            assert_eq!(Account::of(&account.to_string()), Some(account));
        }
        assert_eq!(Account::of("cash"), None);
    }

    #[test]
    fn balances_are_kept_by_currency() {
        let mut balances = Balances::default();
        balances.add(Account::Bank, usd(5));
        balances.add(Account::Bank, usd(2));
        balances.add(Account::Fee, eur(-3));
        assert_eq!(balances.of(Account::Bank, Currency::USD), Ok(usd(7)));
        assert_eq!(balances.of(Account::Loss, Currency::USD), Ok(usd(0)));
        let sums: Vec<i128> = balances.sums().into_values().collect();
        assert_eq!(sums, [-3, 7]);
    }
}
