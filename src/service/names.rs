//! What clients, debtors and invoices may be called.

use super::ServiceError;

/// Longest id and name.
const LONGEST: usize = 200;

/// A text that a person reads.
///
/// # Errors
/// [`ServiceError::Field`].
pub(super) fn named(field: &str, value: &str) -> Result<(), ServiceError> {
    if value.chars().any(char::is_alphanumeric) {
        return plain(field, value);
    }
    Err(ServiceError::field(field, "Expected a letter or digit in it."))
}

/// A short text on one line; it may be empty.
pub(super) fn plain(field: &str, value: &str) -> Result<(), ServiceError> {
    if value.chars().count() <= LONGEST && !value.contains(char::is_control) {
        return Ok(());
    }
    let detail = "Expected at most 200 characters, none of them a control character.";
    Err(ServiceError::field(field, detail))
}

/// An id that stands in paths as it is.
pub(super) fn identifier(field: &str, value: &str) -> Result<(), ServiceError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._~-".contains(c);
    let starts_well = value.starts_with(|first: char| first.is_ascii_alphanumeric());
    if starts_well && value.len() <= LONGEST && value.chars().all(is_plain) {
        return Ok(());
    }
    let detail = "Expected 1 to 200 letters, digits or . _ ~ -, a letter or digit first.";
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
