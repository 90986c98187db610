//! The unit of a column of amounts, major or minor: only its name can tell.

use sheet::Numbers;

use super::error::IntakeError;
use super::field::{Columns, Field};
use super::note::{Note, reading};

/// A note if a column of whole numbers was read as major units although its name states no unit.
///
/// # Errors
/// If a column can only hold integers while another of the same file has decimals, so that one of
/// the two may well be in minor units ([`IntakeError::UnknownUnit`]).
pub fn judged(
    file: &str,
    columns: &Columns,
    numbers: impl Fn(usize) -> Numbers,
) -> Result<Option<Note>, IntakeError> {
    let mut of_money: Vec<(usize, Numbers)> = Field::all()
        .filter(|&field| field.is_amount() && !columns.is_minor(field))
        .filter_map(|field| columns.position(field))
        .map(|at| (at, numbers(at)))
        .collect();
    // In the order of the file, so that the message names its first columns.
    of_money.sort_unstable_by_key(|&(at, _)| at);
    let decimals = of_money.iter().find(|(_, numbers)| *numbers == Numbers::Decimals);
    let integers = of_money.iter().find(|(_, numbers)| *numbers == Numbers::Integers);
    let name = |at: usize| columns.header()[at].as_str();
    match (integers, decimals) {
        (Some(&(integers, _)), Some(&(decimals, _))) => Err(IntakeError::UnknownUnit {
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
        [one] => (format!("column '{one}'"), "holds"),
        several => (format!("columns '{}'", several.join("', '")), "hold"),
    };
    let first = columns.first().copied().unwrap_or_default();
    Note::new(
        reading::MAJOR_UNITS,
        format!(
            "{file}: {named} {holds} whole numbers without a unit, read as major units (1200 is \
             1,200.00); add _minor to the name of a column in minor units, as in {first}_minor"
        ),
    )
}
