//! Currencies as exports name them: by code, sign or word, in cells, headers and titles.

use basics::Currency;

/// Signs and words that mean the same currency everywhere. A bare `$` or `kr` is left out, because
/// several currencies use it.
const NAMES: [(&str, &str); 34] = [
    ("€", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("£", "GBP"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("pound sterling", "GBP"),
    ("sterling", "GBP"),
    ("stg", "GBP"),
    ("₹", "INR"),
    ("rs", "INR"),
    ("rs.", "INR"),
    ("rupee", "INR"),
    ("rupees", "INR"),
    ("indian rupee", "INR"),
    ("zł", "PLN"),
    ("r$", "BRL"),
    ("us$", "USD"),
    ("us dollar", "USD"),
    ("us dollars", "USD"),
    ("u.s. dollar", "USD"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("nz$", "NZD"),
    ("hk$", "HKD"),
    ("s$", "SGD"),
    ("rmb", "CNY"),
    ("swiss franc", "CHF"),
    ("sfr", "CHF"),
    ("sfr.", "CHF"),
    ("kč", "CZK"),
    ("yen", "JPY"),
];

/// The currency that a text names, if it holds nothing else.
pub fn named(text: &str) -> Option<Currency> {
    let text = text.trim();
    // Codes in lower case may be words: all, top, try.
    if let (false, Ok(currency)) = (text.contains(char::is_lowercase), text.parse()) {
        return Some(currency);
    }
    let lower = text.to_lowercase();
    let (_, code) = NAMES.iter().find(|(name, _)| *name == lower)?;
    code.parse().ok()
}

/// True if a sign used by several currencies may mean this one.
pub fn may_be(sign: &str, code: &str) -> bool {
    const DOLLARS: [&str; 14] = [
        "USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "TTD",
        "JMD",
    ];
    sign != "$" || DOLLARS.contains(&code)
}

/// A header cell without its currency, and that currency: `Amount (EUR)`, `Amount in USD`,
/// `Amount €`.
pub fn in_header(cell: &str) -> Option<(&str, Currency)> {
    let cell = cell.trim();
    let inner = cell.trim_end_matches([')', ']']);
    let (rest, last) = inner.rsplit_once([' ', '(', '[', '_'])?;
    // Behind a bracket or `_` a code may be in lower case; behind a space, `all` is a word.
    let apart = !inner[rest.len()..].starts_with(' ');
    let currency = if apart { named(&last.to_uppercase()).or(named(last)) } else { named(last) }?;
    let rest = rest.trim_end_matches([' ', '(', '[', '_', '-', ',']);
    let rest = rest.strip_suffix(" in").unwrap_or(rest);
    (!rest.is_empty()).then_some((rest, currency))
}

/// The currency that a title states for the whole report: `Currency: EUR`, `(amounts in GBP)`, `All
/// figures in US dollars`.
pub fn in_title(title: &str) -> Option<Currency> {
    let lower = title.to_lowercase();
    let announced = ["currency", "währung", "devise", "moneda", "divisa", "valuta", " in "];
    // The last announcement, which stands nearest to the currency.
    let at =
        announced.iter().filter_map(|word| lower.find(word).map(|at| at + word.len())).max()?;
    // Lower case may change the length of a text, so that `at` is no longer a place in the title.
    let rest = title.get(at..)?.trim_start_matches([':', ' ', '-', '=', ',']);
    let whole = rest.trim_end_matches([')', ']', '.', ' ']);
    let word = whole.split([' ', ')', ',', ';']).next().unwrap_or_default();
    named(whole).or_else(|| named(word).filter(|_| word.len() > 1))
}

/// True if a title says that amounts are in thousands or millions, which no column can show.
pub fn scaled(title: &str) -> bool {
    let lower = title.to_lowercase();
    [
        "in thousands",
        "in millions",
        "in 000",
        "('000",
        "(000s",
        "in tausend",
        "en milliers",
        "en miles",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(currency: Option<Currency>) -> Option<String> {
        currency.map(|currency| currency.code().to_owned())
    }

    #[test]
    fn a_currency_is_found_in_headers_and_titles() {
        for (cell, rest, expected) in [
            ("Amount (EUR)", "Amount", "EUR"),
            ("Amount in USD", "Amount", "USD"),
            ("Open Balance €", "Open Balance", "EUR"),
            ("amount_gbp", "amount", "GBP"),
        ] {
            let (found, currency) = in_header(cell).unwrap_or_else(|| panic!("{cell}"));
            assert_eq!((found, currency.code()), (rest, expected), "{cell}");
        }
        for none in ["Paid all", "Amount", "Due on", "Paid in full", "Amount ($)"] {
            assert!(in_header(none).is_none(), "{none}");
        }
        for (title, expected) in [
            ("Currency: EUR", Some("EUR")),
            ("(amounts in GBP)", Some("GBP")),
            ("All figures in US dollars", Some("USD")),
            ("A/R Aging in Detail", None),
            ("Harbour Lane Bakery", None),
        ] {
            assert_eq!(code(in_title(title)).as_deref(), expected, "{title}");
        }
        assert!(scaled("(amounts in thousands of EUR)") && !scaled("One thousand Ltd"));
    }
}
