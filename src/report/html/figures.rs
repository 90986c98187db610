//! Figures and texts as a reader sees them: grouped amounts, percentages with a fixed number of
//! decimals, and outside texts cut short to bound the page's size.

use std::borrow::Cow;

use chrono::NaiveDate;
use maud::{Markup, html};
use rust_decimal::RoundingStrategy;

use basics::{Money, Rate, grouped};
use offer::Percent;

/// The sign for a figure that is not defined.
pub(super) const NONE: &str = "–";

/// An amount without its currency: the heading names it.
pub(super) fn money(amount: Money) -> String {
    amount.grouped()
}

/// An amount to subtract, with its sign; [`NONE`] for zero.
pub(super) fn less(amount: Money) -> String {
    match amount.minor() {
        0 => NONE.to_owned(),
        _ => format!("-{}", money(amount)),
    }
}

/// An amount with its currency, for sentences.
pub(super) fn sum(amount: Money) -> String {
    format!("{} {}", money(amount), amount.currency())
}

/// A count with grouped thousands.
pub(super) fn count(number: impl Copy + ToString) -> String {
    grouped(&number.to_string())
}

/// A percentage with `decimals`.
pub(crate) fn percent(percents: f64, decimals: usize) -> String {
    if !percents.is_finite() {
        return NONE.to_owned();
    }
    let shown = format!("{percents:.decimals$}");
    // A value that rounds to nothing has no sign.
    let unsigned =
        shown.strip_prefix('-').filter(|rest| !rest.contains(|c| ('1'..='9').contains(&c)));
    format!("{} %", grouped(unsigned.unwrap_or(&shown)))
}

/// A fraction of one as a percentage with one decimal.
pub(super) fn share(fraction: f64) -> String {
    percent(100.0 * fraction, 1)
}

/// The share that a fee takes, with the two decimals of the rates beside it.
pub(super) fn fee_share(fee: Money, of: Money) -> String {
    ratio(fee, of).map_or(NONE.to_owned(), |part| percent(100.0 * part, 2))
}

/// A share that may not be defined.
pub(super) fn share_or_none(fraction: Option<f64>) -> String {
    fraction.map_or(NONE.to_owned(), share)
}

/// `part` of `whole` as a fraction; `None` when the whole is nothing.
pub(super) fn ratio(part: Money, whole: Money) -> Option<f64> {
    (whole.minor() != 0).then(|| part.minor() as f64 / whole.minor() as f64)
}

/// A date, kept on one line.
pub(super) fn date(date: NaiveDate) -> Markup {
    html! { time { (date) } }
}

/// A rate with at most two decimals.
pub(super) fn rate(rate: Rate) -> String {
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    let percents = rate.percent().round_dp_with_strategy(2, strategy).normalize();
    format!("{} %", grouped(&percents.to_string()))
}

/// An APR or yield with two decimals.
pub(super) fn apr(percents: Option<Percent>) -> String {
    percents.map_or(NONE.to_owned(), |percents| percent(percents.0, 2))
}

/// The most characters shown of a name, number or file name.
pub(super) const NAME: usize = 60;

/// The most characters shown of a sentence from outside.
pub(super) const SENTENCE: usize = 300;

/// A text of at most `most` characters. A longer one loses its middle, because names differ at both
/// ends. Control characters become blanks.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= most && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let characters = text.chars().map(printable);
    if length <= most {
        return Cow::Owned(characters.collect());
    }
    let tail = most / 3;
    let head = most.saturating_sub(tail + 1);
    let start = characters.clone().take(head).chain(['…']);
    Cow::Owned(start.chain(characters.skip(length - tail)).collect())
}

/// A name of at most [`NAME`] characters.
pub(super) fn name(text: &str) -> Cow<'_, str> {
    shortened(text, NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_have_fixed_decimals_and_no_negative_zero() {
        assert_eq!(percent(48.2179, 2), "48.22 %");
        assert_eq!(percent(-0.04, 1), "0.0 %");
        assert_eq!(percent(-0.05, 2), "-0.05 %");
        assert_eq!(percent(12_345.6, 1), "12,345.6 %");
        assert_eq!(percent(f64::NAN, 1), NONE);
        assert_eq!(rate(Rate::from_percent(rust_decimal::Decimal::new(123_456, 4))), "12.35 %");
    }

    #[test]
    fn long_texts_lose_their_middle() {
        assert_eq!(shortened("INV-1\n2", 60), "INV-1 2");
        let long = format!("{}-2024", "x".repeat(500));
        let shown = shortened(&long, 60);
        assert_eq!(shown.chars().count(), 60);
        assert!(shown.starts_with("xxx") && shown.contains('…') && shown.ends_with("-2024"));
    }
}
