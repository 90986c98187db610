/// Folds a name to a form without case, punctuation and spaces: equal for spellings of one name.
pub fn folded(name: &str) -> String {
    let folded: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // Otherwise all names of nothing but punctuation would be the same debtor.
    if folded.is_empty() { name.to_owned() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_to_one_name_and_other_names_do_not() {
        for name in ["North Mill Ltd", "NORTH MILL LTD.", "North  Mill, Ltd", "north-mill ltd"] {
            assert_eq!(folded(name), "northmillltd");
        }
        assert_ne!(folded("North Mill Ltd"), folded("North Mill LLC"));
        assert_eq!(folded("Ärzte & Söhne"), "ärztesöhne");
        assert_eq!(folded("***"), "***");
    }
}
