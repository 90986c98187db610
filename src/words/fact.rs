use chrono::NaiveDate;
use fluent_bundle::{FluentArgs, FluentValue};
use rust_decimal::Decimal;

use basics::{Currency, Money, Rate};

/// A fact that a sentence holds, by its kind: how it is written is up to the language.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// An amount, shown without its currency: that is a fact of its own.
    Money(Money),
    /// The currency of the amounts of a sentence.
    Currency(Currency),
    /// A number as somebody wrote it, such as an amount of a policy, in major units of whatever
    /// currency.
    Written(Decimal),
    /// How many, or days.
    Count(i64),
    /// A rate of a policy, in percent, as it was written.
    Rate(Rate),
    /// A share from 0 to 1 that was computed; shown in percent with one decimal.
    Share(f64),
    /// A day, ISO 8601.
    Day(NaiveDate),
    /// A name that somebody gave: a debtor, a group, a country.
    Name(String),
    /// Which of several variants the sentence takes; never shown itself.
    Variant(&'static str),
}

impl Fact {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Money(money) => money.grouped().into(),
            Self::Currency(currency) => currency.code().to_owned().into(),
            Self::Written(number) => number.to_string().into(),
            Self::Count(count) => FluentValue::from(*count),
            Self::Rate(rate) => rate.to_string().into(),
            Self::Share(share) => format!("{:.1} %", 100.0 * share).into(),
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

/// The facts of a sentence, each under the name by which the catalogue calls it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(Vec<(&'static str, Fact)>);

impl Facts {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One more.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.0.push((name, fact.into()));
        self
    }

    /// One more where there is one.
    #[must_use]
    pub fn and(self, name: &'static str, fact: Option<impl Into<Fact>>) -> Self {
        match fact {
            Some(fact) => self.with(name, fact),
            None => self,
        }
    }

    /// The fact of this name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, fact)| fact)
    }

    pub(super) fn arguments(&self) -> FluentArgs<'_> {
        self.0.iter().map(|(name, fact)| (*name, fact.value())).collect()
    }
}
