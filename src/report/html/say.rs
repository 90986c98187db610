//! The sentences of a page: the catalogue has the words, a page the figures and their markup.

use maud::{Markup, Render, html};

use basics::Currency;
use words::{Fact, Facts};

pub(super) use words::{say, say_with};

/// The words of this name with the currency that their amounts are in: "Open balance, USD".
pub(super) fn say_in(name: &str, currency: Currency) -> String {
    format!("{}, {currency}", say(name))
}

/// A sentence of the catalogue with facts that keep their markup.
pub(super) fn sentence(name: &'static str) -> Sentence {
    Sentence { name, facts: Facts::new(), shown: Vec::new() }
}

/// See [`sentence`].
pub(super) struct Sentence {
    name: &'static str,
    facts: Facts,
    shown: Vec<Markup>,
}

/// Characters of the private use area hold the place of what is shown until the catalogue has made
/// the sentence. Texts from outside are never in it by then, so that none can be taken for a place.
const FIRST_PLACE: u32 = 0xE000;

impl Sentence {
    /// A fact as the page shows it; a text is escaped.
    #[must_use]
    pub fn with(mut self, name: &'static str, shown: impl Render) -> Self {
        let place = char::from_u32(FIRST_PLACE + self.shown.len() as u32).unwrap_or_default();
        self.facts = self.facts.with(name, Fact::Name(place.to_string()));
        self.shown.push(html! { (shown) });
        self
    }

    /// A number, by which the sentence can choose between singular and plural.
    #[must_use]
    pub fn count(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        let number = number.try_into().unwrap_or(i64::MAX);
        self.facts = self.facts.with(name, Fact::Count(number));
        self
    }

    /// The variant of the sentence to take; never shown itself.
    #[must_use]
    pub fn variant(mut self, name: &'static str, variant: &'static str) -> Self {
        self.facts = self.facts.with(name, Fact::Variant(variant));
        self
    }

    fn at(&self, place: char) -> Option<&Markup> {
        let index = u32::from(place).checked_sub(FIRST_PLACE)?;
        self.shown.get(index as usize)
    }
}

impl Render for Sentence {
    fn render(&self) -> Markup {
        let said = say_with(self.name, &self.facts);
        let is_place = |character: char| self.at(character).is_some();
        html! {
            @for piece in said.split_inclusive(is_place) {
                @let place = piece.chars().next_back().and_then(|last| self.at(last));
                (piece.trim_end_matches(is_place))
                @if let Some(shown) = place { (shown) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_keep_their_markup_and_texts_are_escaped() {
        let link = html! { a href="#x" { "the list" } };
        let said = sentence("page_owner.not_bought_stays").variant("already_bought", "no");
        let said = said.with("link", link).render().0;
        assert_eq!(
            said,
            "These invoices stay yours. They are listed under <a href=\"#x\">the list</a>."
        );
        let hostile = sentence("page_header.policy_version")
            .with("name", "\u{e001}<b>")
            .with("version", "1")
            .render();
        assert_eq!(hostile.0, "\u{e001}&lt;b&gt;, version 1");
    }

    #[test]
    fn numbers_are_grouped_and_choose_the_words() {
        let of = |parts| {
            sentence("page_overview.sums").count("parts", parts).with("currency", "USD").render().0
        };
        assert_eq!(of(1), "1 part in USD");
        assert_eq!(of(1_200), "1,200 parts in USD");
    }
}
