//! Persons, told by the names of the holders of their keys.

/// True if two holders are one person: names are compared without case and blanks.
pub fn is_one_person(one: &str, other: &str) -> bool {
    let folded = |name: &str| {
        let letters = name.chars().filter(|own| !own.is_whitespace());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    folded(one) == folded(other)
}
