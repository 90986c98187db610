use offer::{Offer, OfferLine, OfferPart};
use policy::Policy;
use words::Facts;

use super::figures::name;
use super::rows::{bought, not_bought, split};
use super::say::say_with;
use app::Evaluation;

/// The lines of a table, and the number that it may show.
pub(super) struct Lines<'a> {
    /// All lines, the largest first.
    pub all: Vec<&'a OfferLine>,
    /// The number shown.
    pub shown: usize,
}

impl<'a> Lines<'a> {
    /// The lines that are shown.
    pub fn shown(&self) -> &[&'a OfferLine] {
        &self.all[..self.shown.min(self.all.len())]
    }
}

/// A part in full detail, with the pieces of the offer that its sections need.
pub(super) struct PartView<'a> {
    /// The part.
    pub part: &'a OfferPart,
    /// The offer.
    pub offer: &'a Offer,
    /// The policy's terms; absent when its text is not a policy. The page then goes without the
    /// sentences about terms.
    pub policy: Option<&'a Policy>,
    /// Start of the ids of its sections, unique on the page.
    pub id: String,
    /// Lines bought.
    pub bought: Lines<'a>,
    /// Lines excluded, or bought in part.
    pub not_bought: Lines<'a>,
}

impl PartView<'_> {
    /// Returns true if anything is bought.
    pub fn buys(&self) -> bool {
        self.part.totals.amount_bought.minor() > 0
    }

    /// The heading: client and currency.
    pub fn heading(&self) -> String {
        let currency = self.part.currency;
        match self.part.client.as_str() {
            "" => say_with("page.offer_in", &Facts::new().with("currency", currency)),
            client => format!("{}, {currency}", name(client)),
        }
    }
}

/// The views of the parts shown in detail; they share the page's budget of rows.
pub(super) fn views<'a>(
    evaluation: &'a Evaluation,
    parts: &[&'a OfferPart],
    policy: Option<&'a Policy>,
) -> Vec<PartView<'a>> {
    let sorted: Vec<_> = parts.iter().map(|part| (bought(part), not_bought(part))).collect();
    let rows_bought = split(&sorted.iter().map(|(bought, _)| bought.len()).collect::<Vec<_>>());
    let rows_not = split(&sorted.iter().map(|(_, not)| not.len()).collect::<Vec<_>>());
    let shown = rows_bought.into_iter().zip(rows_not);
    let each = parts.iter().zip(sorted).zip(shown).enumerate();
    each.map(|(index, ((part, (bought, not_bought)), (rows_bought, rows_not)))| PartView {
        part,
        offer: &evaluation.offer,
        policy,
        id: part_id(index),
        bought: Lines { all: bought, shown: rows_bought },
        not_bought: Lines { all: not_bought, shown: rows_not },
    })
    .collect()
}

/// The id of the article about the part with this rank.
pub(super) fn part_id(rank: usize) -> String {
    // By rank: a client's name comes from outside and need not do as an id.
    format!("offer-{}", rank + 1)
}
