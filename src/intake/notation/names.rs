//! Names of months and days of the week in six languages.

/// The longest name, in letters without accents.
const LONGEST: usize = 12;

/// Days of the week and articles, by language; a word of an earlier language is not repeated.
const PRELUDES: [&str; 6] = [
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri \
        sat sun the",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so \
        den dem der",
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim le",
    "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom el",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica gio il",
];

/// The number of a month by its name or short form in English, German, French, Spanish, Dutch or
/// Italian. Case and accents do not matter.
pub fn month(word: &str) -> Option<u32> {
    let mut letters = [0; LONGEST];
    Some(match fold(word, &mut letters)? {
        "jan" | "january" | "januar" | "janner" | "jaenner" | "janvier" | "janv" | "enero"
        | "ene" | "januari" | "gennaio" | "gen" => 1,
        "feb" | "february" | "februar" | "febr" | "feber" | "fevrier" | "fevr" | "fev"
        | "febrero" | "februari" | "febbraio" => 2,
        "mar" | "march" | "marz" | "maerz" | "mrz" | "mars" | "marzo" | "maart" | "mrt" => 3,
        "apr" | "april" | "avril" | "avr" | "abril" | "abr" | "aprile" => 4,
        "may" | "mai" | "mayo" | "mei" | "maggio" | "mag" => 5,
        "jun" | "june" | "juni" | "juin" | "junio" | "giugno" | "giu" => 6,
        "jul" | "july" | "juli" | "juillet" | "juil" | "julio" | "luglio" | "lug" => 7,
        "aug" | "august" | "aout" | "agosto" | "ago" | "augustus" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "setiembre" | "settembre"
        | "set" => 9,
        "oct" | "october" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre" | "ott" => 10,
        "nov" | "november" | "novembre" | "noviembre" => 11,
        "dec" | "december" | "dezember" | "dez" | "decembre" | "diciembre" | "dicembre" | "dic" => {
            12
        }
        _ => return None,
    })
}

/// True if a word before a date adds no meaning: a day of the week, or an article.
pub fn is_prelude(word: &str) -> bool {
    let mut letters = [0; LONGEST];
    let name = fold(word, &mut letters);
    name.is_some_and(|name| PRELUDES.iter().any(|list| list.split(' ').any(|word| word == name)))
}

/// A word in lower-case letters without accents; `None` if it is too long for a name or has other
/// letters. It is written into `letters`, so that no cell costs an allocation.
fn fold<'a>(word: &str, letters: &'a mut [u8; LONGEST]) -> Option<&'a str> {
    let mut len = 0;
    for c in word.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        let letter = match c {
            'a'..='z' => c as u8,
            'A'..='Z' => c.to_ascii_lowercase() as u8,
            'á' | 'à' | 'â' | 'ä' | 'Á' | 'À' | 'Â' | 'Ä' => b'a',
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => b'e',
            'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => b'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'Ó' | 'Ò' | 'Ô' | 'Ö' => b'o',
            'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => b'u',
            _ => return None,
        };
        *letters.get_mut(len)? = letter;
        len += 1;
    }
    std::str::from_utf8(&letters[..len]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_six_languages_whatever_their_case_and_accents() {
        for (words, number) in [
            ("January JAN Januar Jänner janvier janv enero gennaio januari", 1),
            ("février FÉVR fe\u{301}v febrero febbraio Feb", 2),
            ("March März Mrz maart mrt mars marzo", 3),
            ("avril abril aprile", 4),
            ("May Mai mayo mei maggio", 5),
            ("juin junio giugno Juni", 6),
            ("juillet julio luglio Juli", 7),
            ("août agosto augustus Aug", 8),
            ("Sept septiembre setiembre settembre", 9),
            ("Oktober octobre octubre ottobre", 10),
            ("noviembre NOV", 11),
            ("décembre Dezember diciembre dicembre dic", 12),
        ] {
            for word in words.split(' ') {
                assert_eq!(month(word), Some(number), "{word}");
            }
        }
        for word in ["", "m", "Market", "septemberseptember", "ma\u{301}", "мая", "janx"] {
            assert_eq!(month(word), None, "{word}");
        }
    }

    #[test]
    fn days_of_the_week_are_preludes_and_other_words_are_not() {
        for word in ["Thursday", "Do", "miércoles", "vrijdag", "lundi", "Domenica", "le"] {
            assert!(is_prelude(word), "{word}");
        }
        for word in ["", "holiday", "per", "Marz", "total"] {
            assert!(!is_prelude(word), "{word}");
        }
    }
}
