//! Whether the amounts of a column are major or minor units: its name says so, or nothing does.

use super::LedgerError;
use super::field::{Columns, Field};
use super::note::{Note, reading};

/// The name of a column without the unit behind it, when that says that its amounts are whole minor
/// units: `face_minor`, `Amount minor units`, `amountMinor`.
pub(super) fn without_minor(name: &str) -> Option<&str> {
    const BETWEEN: [char; 4] = ['_', ' ', '-', '.'];
    let without = |name: &'_ str, unit: &str| -> Option<usize> {
        let at = name.len().checked_sub(unit.len())?;
        let behind = name.get(at..)?;
        let apart = name.get(..at)?.ends_with(BETWEEN) || behind.starts_with(char::is_uppercase);
        (apart && behind.eq_ignore_ascii_case(unit)).then_some(at)
    };
    let mut name = name.trim();
    if let Some(at) = without(name, "units") {
        name = name[..at].trim_end_matches(BETWEEN);
    }
    let rest = name[..without(name, "minor")?].trim_end_matches(BETWEEN);
    (!rest.is_empty()).then_some(rest)
}

/// What the format of a file says of the numbers in a column of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Nothing: text, no money, or all zero or empty.
    Unsaid,
    /// All of them are whole, and the column can hold no others.
    Integers,
    /// All of them are whole, but the column could hold others.
    Whole,
    /// Some have decimals.
    Decimals,
}

/// Whether a number has decimals that are not zero.
pub(super) fn has_decimals(number: &str) -> bool {
    let decimals = number.split_once('.').map_or("", |(_, decimals)| decimals);
    decimals.bytes().any(|byte| byte != b'0')
}

/// Says that a column of whole numbers was taken as major units although nothing names their unit;
/// nothing where all columns name theirs.
///
/// # Errors
/// [`LedgerError::UnknownUnit`] when a column can only hold integers while another of the same file
/// has decimals, so that one of the two may well count in minor units.
pub(super) fn judged(
    file: &str,
    columns: &Columns,
    numbers: impl Fn(usize) -> Numbers,
) -> Result<Option<Note>, LedgerError> {
    let mut of_money: Vec<(usize, Numbers)> = Field::all()
        .filter(|&field| field.is_amount() && !columns.is_minor(field))
        .filter_map(|field| columns.position(field))
        .map(|at| (at, numbers(at)))
        .collect();
    of_money.sort_unstable_by_key(|&(at, _)| at);
    let decimals = of_money.iter().find(|(_, numbers)| *numbers == Numbers::Decimals);
    let integers = of_money.iter().find(|(_, numbers)| *numbers == Numbers::Integers);
    let name = |at: usize| columns.header()[at].as_str();
    match (integers, decimals) {
        (Some(&(integers, _)), Some(&(decimals, _))) => Err(LedgerError::UnknownUnit {
            file: file.to_owned(),
            column: name(integers).to_owned(),
            other: name(decimals).to_owned(),
        }),
        (None, Some(_)) => Ok(None),
        (_, None) => {
            let whole = |numbers| matches!(numbers, Numbers::Integers | Numbers::Whole);
            let whole: Vec<&str> = of_money
                .iter()
                .filter(|&&(_, numbers)| whole(numbers))
                .map(|&(at, _)| name(at))
                .collect();
            Ok((!whole.is_empty()).then(|| note(file, &whole)))
        }
    }
}

fn note(file: &str, columns: &[&str]) -> Note {
    let (named, holds) = match columns {
        [one] => (format!("the column '{one}'"), "holds"),
        several => (format!("the columns '{}'", several.join("', '")), "hold"),
    };
    let first = columns.first().copied().unwrap_or_default();
    Note::new(
        reading::MAJOR_UNITS,
        format!(
            "{file}: {named} {holds} whole numbers and no unit, taken as major units: 1200 is \
             1,200.00; a column in minor units is to be called {first}_minor"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_in_its_unit_or_has_none() {
        for (name, without) in [
            ("face_minor", Some("face")),
            ("Open Balance Minor", Some("Open Balance")),
            ("amount_minor_units", Some("amount")),
            ("amountMinor", Some("amount")),
            ("money.minor", Some("money")),
            ("minor", None),
            ("_minor", None),
            ("amount", None),
            ("amountminor", None),
            ("units", None),
            ("é", None),
        ] {
            assert_eq!(without_minor(name), without, "{name}");
        }
    }
}
