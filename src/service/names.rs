//! Rules for the ids and names of clients, debtors and invoices.

use super::ServiceError;

/// Longest id or name, in characters.
const LONGEST: usize = 200;

/// Checks a name that people read: one line with a letter or digit in it.
pub(super) fn named(field: &str, value: &str) -> Result<(), ServiceError> {
    if value.chars().any(char::is_alphanumeric) {
        return plain(field, value);
    }
    Err(ServiceError::field(field, "Must contain a letter or digit."))
}

/// Checks a short text on one line, which may be empty.
pub(super) fn plain(field: &str, value: &str) -> Result<(), ServiceError> {
    if value.chars().count() <= LONGEST && !value.contains(char::is_control) {
        return Ok(());
    }
    let detail = "Expected at most 200 characters and no control characters.";
    Err(ServiceError::field(field, detail))
}

/// Checks an id that can be used in a path without escaping.
pub(super) fn identifier(field: &str, value: &str) -> Result<(), ServiceError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c);
    // `.` and `..` alone would be dropped from a URL.
    let starts_well = value.starts_with(|first: char| first.is_ascii_alphanumeric());
    if starts_well && value.len() <= LONGEST && value.chars().all(is_plain) {
        return Ok(());
    }
    let detail = "Expected 1 to 200 letters, digits or . _ ~ -, starting with a letter or digit.";
    Err(ServiceError::field(field, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_paths_and_names_are_read_by_people() {
        for good in ["a", "A-1_x.y~z", &"9".repeat(200)] {
            assert_eq!(identifier("id", good), Ok(()), "{good}");
        }
        for wrong in ["", "-a", "a/b", "a b", "é", &"9".repeat(201)] {
            assert!(identifier("id", wrong).is_err(), "{wrong}");
        }
        assert_eq!(named("name", "Søn & Fils, 7"), Ok(()));
        for wrong in ["", "--", "a\nb", &"x".repeat(201)] {
            assert!(named("name", wrong).is_err(), "{wrong}");
        }
        assert_eq!((plain("sector", ""), plain("sector", "--")), (Ok(()), Ok(())));
    }
}
