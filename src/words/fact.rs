use chrono::NaiveDate;
use fluent_bundle::{FluentArgs, FluentValue};
use rust_decimal::Decimal;

use basics::{Amount, Currency, Money, Rate, grouped};

/// A fact that a sentence states, by its kind; the language decides how it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// An amount, shown without its currency, which is a fact of its own.
    Money(Money),
    /// The currency of the amounts of a sentence.
    Currency(Currency),
    /// A number with the decimals that somebody wrote, such as an amount in a policy: in major
    /// units, of whatever currency the offer is in.
    Written(Decimal),
    /// A count, of days for example.
    Count(i64),
    /// A rate in a policy, in percent, as it was written.
    Rate(Rate),
    /// A computed share from 0 to 1, shown in percent with one decimal.
    Share(f64),
    /// A fraction that is compared with a limit, shown in percent with up to two decimals: one
    /// decimal would let 5.04 % look like the limit of 5 % that it exceeds.
    Bound(f64),
    /// A day, shown in ISO 8601.
    Day(NaiveDate),
    /// A name: a debtor, a group, a country.
    Name(String),
    /// The choice between the variants of a sentence; never shown itself.
    Variant(&'static str),
}

impl Fact {
    /// The choice between the variants `yes` and `no`.
    pub fn yes(is_so: bool) -> Self {
        Self::Variant(if is_so { "yes" } else { "no" })
    }

    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Money(money) => money.grouped().into(),
            Self::Currency(currency) => currency.code().to_owned().into(),
            Self::Written(number) => grouped(&number.to_string()).into(),
            // The only number for Fluent, which chooses singular or plural by it; the rest is text.
            Self::Count(count) => FluentValue::from(*count),
            Self::Rate(rate) => rate.to_string().into(),
            Self::Share(share) => format!("{:.1} %", 100.0 * share).into(),
            Self::Bound(fraction) => format!("{} %", (1e4 * fraction).round() / 100.0).into(),
            Self::Day(day) => day.to_string().into(),
            Self::Name(name) => name.as_str().into(),
            Self::Variant(variant) => (*variant).into(),
        }
    }
}

impl From<Money> for Fact {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<Currency> for Fact {
    fn from(currency: Currency) -> Self {
        Self::Currency(currency)
    }
}

impl From<Decimal> for Fact {
    fn from(number: Decimal) -> Self {
        Self::Written(number)
    }
}

impl From<i32> for Fact {
    fn from(count: i32) -> Self {
        Self::Count(count.into())
    }
}

impl From<u32> for Fact {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<usize> for Fact {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<Amount> for Fact {
    fn from(amount: Amount) -> Self {
        Self::Written(amount.0)
    }
}

impl From<Rate> for Fact {
    fn from(rate: Rate) -> Self {
        Self::Rate(rate)
    }
}

impl From<NaiveDate> for Fact {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<String> for Fact {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<&str> for Fact {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

/// The facts of a sentence, each under the name that the catalogue uses for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(Vec<(&'static str, Fact)>);

impl Facts {
    /// No facts.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.0.push((name, fact.into()));
        self
    }

    /// Adds a fact if there is one.
    #[must_use]
    pub fn and(self, name: &'static str, fact: Option<impl Into<Fact>>) -> Self {
        match fact {
            Some(fact) => self.with(name, fact),
            None => self,
        }
    }

    /// Returns the fact of this name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, fact)| fact)
    }

    pub(super) fn arguments(&self) -> FluentArgs<'_> {
        self.0.iter().map(|(name, fact)| (*name, fact.value())).collect()
    }
}
