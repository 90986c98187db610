use strsim::osa_distance;

/// The word among `known` that a user who typed `word` probably meant.
///
/// It is the one with the fewest letters to add, drop, change or swap; more than a quarter of them
/// is no longer a typing error, and gives `None`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = word.chars().count().div_ceil(4);
    let word = word.to_lowercase();
    let far = known.into_iter().map(|name| (osa_distance(&word, &name.to_lowercase()), name));
    far.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|n| n.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        let known = ["valid_days", "override_limit", "by"];
        for (word, meant) in [
            ("valid_dayz", Some("valid_days")),
            ("valid_dyas", Some("valid_days")),
            ("Valid-Days", Some("valid_days")),
            ("overide_limit", Some("override_limit")),
            ("colour", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }
}
