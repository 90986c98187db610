//! Invented trading names and the countries they belong to.

use super::random::Draws;

/// Country of a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Country {
    /// United States of America.
    Us,
    /// Canada.
    Ca,
    /// United Kingdom.
    Gb,
    /// Germany.
    De,
}

impl Country {
    /// ISO 3166 code of two letters.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Ca => "CA",
            Self::Gb => "GB",
            Self::De => "DE",
        }
    }

    /// The legal forms of companies of the country; frequent ones are listed more than once.
    fn legal_forms(self) -> &'static [&'static str] {
        match self {
            Self::Us => &[
                " Inc.", " Inc.", " Inc.", " LLC", " LLC", " LLC", " Corp.", " Corp.", " Co.",
                " Co.", ", Inc.",
            ],
            Self::Ca => &[" Ltd.", " Ltd.", " Inc.", " Ltée"],
            Self::Gb => &[" Ltd", " Ltd", " Ltd", " PLC", " LLP"],
            Self::De => &[" GmbH", " GmbH", " AG", " GmbH & Co. KG"],
        }
    }
}

const HEADS: [&str; 48] = [
    "Alv", "Arn", "Bex", "Bran", "Brel", "Cald", "Cor", "Crin", "Dal", "Dorv", "Dun", "Eld", "Elm",
    "Fal", "Fen", "Galv", "Gren", "Hadr", "Hol", "Iv", "Jarn", "Kel", "Kest", "Lor", "Lund", "Mar",
    "Mer", "Nor", "Oak", "Orl", "Pell", "Quil", "Rav", "Rod", "Sab", "Sel", "Tarn", "Thal", "Ulm",
    "Vand", "Vel", "Wex", "Yar", "Zell", "Éla", "Müh", "Åst", "Söl",
];

const TAILS: [&str; 32] = [
    "adon", "aker", "ando", "antis", "bourne", "bridge", "bury", "coro", "dale", "den", "enta",
    "eris", "esk", "field", "ford", "gate", "ham", "ico", "ingen", "istra", "land", "lowe", "mark",
    "mere", "mont", "ora", "ridge", "stead", "tor", "vale", "wick", "worth",
];

const TRADES: [&str; 31] = [
    "Automation",
    "Brands",
    "Building Supply",
    "Ceramics",
    "Chemicals",
    "Components",
    "Coatings",
    "Distribution",
    "Electric",
    "Equipment",
    "Fabrication",
    "Foods",
    "Freight",
    "Furnishings",
    "Glass",
    "Hardware",
    "Health",
    "Industries",
    "Logistics",
    "Marine",
    "Materials",
    "Medical",
    "Metals",
    "Packaging",
    "Paper",
    "Plastics",
    "Retail",
    "Systems",
    "Textiles",
    "Tools",
    "Trading",
];

/// Names that differ before their legal form.
const COMBINATIONS: u64 = (HEADS.len() * TAILS.len() * TRADES.len()) as u64;
/// Distance between the combinations of consecutive names; shares no factor with their number,
/// so every combination is used once before any is used again.
const STRIDE: u64 = 30_125;

/// Draws the country of a debtor.
pub(super) fn draw_country(draws: &mut Draws) -> Country {
    let weights = [(Country::Us, 85), (Country::Ca, 7), (Country::Gb, 5), (Country::De, 3)];
    draws.weighted(&weights, Country::Us)
}

/// The name of the debtor with this index, in a ledger whose names start at `first`, with a legal
/// form drawn for the country.
///
/// A number follows the trade once all combinations are used up, so that names stay unique within
/// the ledger.
pub(super) fn name(first: u32, index: u32, country: Country, draws: &mut Draws) -> String {
    let round = u64::from(index) / COMBINATIONS;
    let place = (u64::from(first) + u64::from(index)) % COMBINATIONS;
    let (head, rest) = part(&HEADS, place * STRIDE % COMBINATIONS);
    let (tail, rest) = part(&TAILS, rest);
    let (trade, _) = part(&TRADES, rest);
    let form = draws.pick(country.legal_forms(), "");
    if round == 0 {
        format!("{head}{tail} {trade}{form}")
    } else {
        format!("{head}{tail} {trade} {}{form}", round + 1)
    }
}

/// Splits a number into a choice from the list and what is left for the next list.
fn part(list: &'static [&'static str], number: u64) -> (&'static str, u64) {
    let length = list.len() as u64;
    let chosen = usize::try_from(number % length).ok().and_then(|at| list.get(at));
    (chosen.copied().unwrap_or(""), number / length)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::random::Stream;
    use super::*;

    #[test]
    fn names_are_unique_even_without_their_legal_form() {
        let mut draws = Draws::new(1, Stream::Portfolio);
        let mut seen = HashSet::new();
        for index in 0..u32::try_from(COMBINATIONS).unwrap() + 500 {
            let name = name(u32::MAX - 7, index, Country::Us, &mut draws);
            let bare = Country::Us
                .legal_forms()
                .iter()
                .find_map(|form| name.strip_suffix(form))
                .map(|bare| bare.trim_end_matches(',').to_owned())
                .unwrap();
            assert!(seen.insert(bare), "{name}");
        }
    }
}
