use std::cell::Cell;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{Amount, Currency, Money};

thread_local! {
    /// The currency of the part of a document that this thread is reading.
    ///
    /// A thread-local, because serde passes no context down to a nested value.
    static CURRENCY: Cell<Option<Currency>> = const { Cell::new(None) };
}

/// Restores the previous currency when dropped, even if reading panics.
struct Before(Option<Currency>);

impl Drop for Before {
    fn drop(&mut self) {
        CURRENCY.set(self.0);
    }
}

impl Money {
    /// Runs `read` on a part of a document whose amounts are in `currency`.
    ///
    /// Such amounts are bare numbers; the document names their currency once, beside them.
    pub fn reading_in<T>(currency: Currency, read: impl FnOnce() -> T) -> T {
        // Named, as `_` would be dropped at once.
        let _before = Before(CURRENCY.replace(Some(currency)));
        read()
    }
}

/// Reads an amount in the currency of the surrounding [`Money::reading_in`].
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = Amount::deserialize(deserializer)?;
        let currency = CURRENCY.get();
        let currency = currency.ok_or_else(|| D::Error::custom("an amount without a currency"))?;
        Self::from_major(amount.0, currency).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Money, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_amount_is_read_in_the_currency_of_its_part_and_in_no_other() {
        let yen: Currency = "JPY".parse().expect("a currency");
        let (dollars, within) = Money::reading_in(Currency::USD, || {
            let within = Money::reading_in(yen, || (read("\"1250\""), read("\"12.50\"")));
            (read("\"12.50\""), within)
        });
        assert_eq!(dollars, Ok(Money::from_minor(1250, Currency::USD)), "after another part");
        assert_eq!(within.0, Ok(Money::from_minor(1250, yen)));
        assert!(within.1.expect_err("no cents").contains("more decimals than JPY"));
        assert!(read("\"1.00\"").expect_err("none").contains("without a currency"));
    }
}
