//! Names of columns that hold minor units.

/// The name of a column without its ending, if the ending says that its amounts are whole minor
/// units: `face_minor`, `Amount minor units`, `amountMinor`.
pub fn without_minor(name: &str) -> Option<&str> {
    const BETWEEN: [char; 4] = ['_', ' ', '-', '.'];
    let without = |name: &'_ str, unit: &str| -> Option<usize> {
        let at = name.len().checked_sub(unit.len())?;
        let behind = name.get(at..)?;
        // In `amountMinor` the capital parts the words.
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
