use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentError, FluentResource, FluentValue};
use thiserror::Error;
use unic_langid::{LanguageIdentifier, langid};

use basics::grouped;

use super::fact::Facts;

/// The sentences of one language.
pub struct Catalogue(FluentBundle<FluentResource>);

/// The reason why a catalogue cannot say something.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsayable {
    /// The catalogue has no sentence of this name.
    #[error("the catalogue has no sentence {0}")]
    Unknown(String),
    /// The sentence needs a fact that was not given, or cannot be formatted.
    #[error("{sentence}: {fault}")]
    Incomplete {
        /// The name of the sentence.
        sentence: String,
        /// The fault, such as the fact that is missing.
        fault: String,
    },
}

const ENGLISH: LanguageIdentifier = langid!("en");

/// The English files.
const ENGLISH_FILES: &[&str] = &[
    include_str!("en/backtest_page.ftl"),
    include_str!("en/changes.ftl"),
    include_str!("en/charts.ftl"),
    include_str!("en/holds.ftl"),
    include_str!("en/letters.ftl"),
    include_str!("en/memo.ftl"),
    include_str!("en/notices.ftl"),
    include_str!("en/offer.ftl"),
    include_str!("en/offer_page.ftl"),
    include_str!("en/policy.ftl"),
    include_str!("en/portfolio.ftl"),
    include_str!("en/quote.ftl"),
    include_str!("en/rules.ftl"),
];

static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::of(ENGLISH, ENGLISH_FILES.iter().copied()));

impl Catalogue {
    /// The English catalogue.
    pub fn english() -> &'static Self {
        &CATALOGUE
    }

    fn of<'t>(language: LanguageIdentifier, texts: impl IntoIterator<Item = &'t str>) -> Self {
        // The concurrent kind, because all threads read the one static catalogue.
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Plain text for documents and terminals: no marks of direction around what is put in.
        bundle.set_use_isolating(false);
        // Fluent itself writes 12000; money, which is formatted before, has 12,000.00 beside it.
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string())),
            _ => None,
        }));
        for text in texts {
            // What does not parse is left out: a sentence that is missing must not stop an offer,
            // and the tests read every file.
            let resource = FluentResource::try_new(text.to_owned());
            bundle.add_resource_overriding(resource.unwrap_or_else(|(read, _)| read));
        }
        Self(bundle)
    }

    /// Returns the sentence of this name, `message` or `message.attribute`, with these facts. Where
    /// the catalogue has none, the name itself is returned; [`Self::try_say`] tells them apart.
    pub fn say(&self, name: &str, facts: &Facts) -> String {
        let mut faults = Vec::new();
        // Faults are dropped: a sentence with a gap is better than no offer.
        self.format(name, facts, &mut faults).unwrap_or_else(|| name.to_owned())
    }

    /// Returns the sentence of this name with these facts, like [`Self::say`].
    ///
    /// # Errors
    /// If the catalogue has no sentence of this name, or if the sentence needs a fact that is not
    /// among `facts`.
    pub fn try_say(&self, name: &str, facts: &Facts) -> Result<String, Unsayable> {
        let mut faults = Vec::new();
        let said = self.format(name, facts, &mut faults);
        let said = said.ok_or_else(|| Unsayable::Unknown(name.to_owned()))?;
        match faults.first() {
            None => Ok(said),
            Some(fault) => {
                let fault = fault.to_string();
                Err(Unsayable::Incomplete { sentence: name.to_owned(), fault })
            }
        }
    }

    fn format(&self, name: &str, facts: &Facts, faults: &mut Vec<FluentError>) -> Option<String> {
        let (message, attribute) = match name.split_once('.') {
            Some((message, attribute)) => (self.0.get_message(message)?, Some(attribute)),
            None => (self.0.get_message(name)?, None),
        };
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        Some(self.0.format_pattern(pattern, Some(&facts.arguments()), faults).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use basics::{Currency, Money, Rate};

    fn of(text: &str) -> Catalogue {
        Catalogue::of(ENGLISH, [text])
    }

    #[test]
    fn every_kind_of_fact_is_written_as_people_read_it() {
        let words = of(
            "all = { $a } { $currency } | { $b } | { $c } | { $d } | { $e } | { $g } | { $f }\n",
        );
        let facts = Facts::new()
            .with("a", Money::from_minor(123_456_789, Currency::USD))
            .with("currency", Currency::USD)
            .with("b", "250000.5".parse::<rust_decimal::Decimal>().expect("a number"))
            .with("c", 1200)
            .with("d", Rate::from_percent("12.5".parse().expect("a number")))
            .with("e", Fact::Share(0.256))
            .with("g", Fact::Bound(0.093_449))
            .with("f", "Harbour Café");
        assert_eq!(
            words.try_say("all", &facts).as_deref(),
            Ok("1,234,567.89 USD | 250,000.5 | 1,200 | 12.5 % | 25.6 % | 9.34 % | Harbour Café")
        );
    }

    #[test]
    fn variants_and_numbers_choose_the_sentence() {
        let words = of("by = { $days ->\n    [one] one day\n   *[other] { $days } days\n } of \
                        { $who ->\n    [group] a group\n   *[debtor] a customer\n }\n");
        let said = |days: i32, who| {
            let facts = Facts::new().with("days", days).with("who", Fact::Variant(who));
            words.try_say("by", &facts).expect("said")
        };
        assert_eq!(said(1, "group"), "one day of a group");
        assert_eq!(said(3, "debtor"), "3 days of a customer");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let words = of("known =\n    .one = It is { $missing }.\n");
        let none = Facts::new();
        let unknown = |name: &str| Err(Unsayable::Unknown(name.to_owned()));
        for name in ["unknown", "unknown.one", "known.two", "known"] {
            assert_eq!(words.try_say(name, &none), unknown(name));
            assert_eq!(words.say(name, &none), name);
        }
        let fault = words.try_say("known.one", &none).expect_err("a fact is missing").to_string();
        assert!(fault.contains("known.one") && fault.contains("missing"), "{fault}");
    }

    #[test]
    fn the_english_files_parse_without_a_fault() {
        for text in ENGLISH_FILES {
            let faults =
                FluentResource::try_new((*text).to_owned()).err().map(|(_, faults)| faults);
            assert_eq!(faults, None);
        }
    }
}
