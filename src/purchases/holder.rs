//! Persons, told by the names of the holders of their keys.

use basics::capitals;

/// True if two holders are one person. Names are compared without case, accents, punctuation and
/// the order of their words, in the letters that they look like. Initials and titles tell no
/// persons apart from others: nobody can know.
pub fn is_one_person(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let sorted = |own: &[String]| {
        let mut own = own.to_vec();
        own.sort_unstable();
        own
    };
    one.concat() == other.concat() || sorted(&one) == sorted(&other)
}

/// The words of a name; the name itself if it has neither letter nor digit.
fn words(name: &str) -> Vec<String> {
    let plain = capitals(name).replace(['\'', '\u{2019}', '-', '.'], "");
    let words = plain.split(|own: char| !own.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_owned).collect();
    if words.is_empty() { vec![name.to_owned()] } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_one_however_the_name_is_spelled() {
        for other in [
            "uma writer",
            " UMA  WRITER",
            "Writer, Uma",
            "Uma-Writer",
            "Uma\u{200b} Writer",
            "\u{da}ma Wr\u{ed}ter",
            "\u{ff35}ma Writer",
            "Um\u{430} Writer",
            "Umawriter",
        ] {
            assert!(is_one_person("Uma Writer", other), "{other}");
        }
        assert!(is_one_person("Jos\u{e9} M\u{fc}ller", "Jose\u{301} Mu\u{308}ller"));
        assert!(is_one_person("D'Arcy", "D\u{2019}Arcy"));
        for other in ["Uma Wright", "Una Writer", "fk_1a2b3c4d", "", "?"] {
            assert!(!is_one_person("Uma Writer", other), "{other}");
        }
    }
}
