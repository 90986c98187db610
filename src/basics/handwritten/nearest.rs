/// The word among `known` that somebody who wrote `word` may have meant: the one with the fewest
/// letters to add, drop, change or swap, at most a quarter of them.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = word.chars().count().div_ceil(4);
    let far = known.into_iter().map(|name| (distance(word, name), name));
    far.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|n| n.1)
}

/// Letters to add, drop, change or swap with their neighbour (optimal string alignment), whatever
/// their case.
fn distance(a: &str, b: &str) -> usize {
    let [a, b] = [a, b].map(|word| word.to_lowercase().chars().collect::<Vec<_>>());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
