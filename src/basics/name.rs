//! Names in the forms in which they are compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Legal forms, without punctuation.
const LEGAL_FORMS: [&str; 50] = [
    "ltd",
    "limited",
    "llc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "plc",
    "llp",
    "lp",
    "pty",
    "pte",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "ev",
    "se",
    "sa",
    "sas",
    "sarl",
    "sasu",
    "eurl",
    "srl",
    "spa",
    "sl",
    "slu",
    "bv",
    "nv",
    "vof",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "aps",
    "kft",
    "zrt",
    "sro",
    "spzoo",
    "zoo",
    "sp",
    "doo",
    "lda",
    "ltda",
    "pvt",
];

/// A folded name without accents and legal form; `None` if nothing else is left.
pub fn without_legal_form(name: &str) -> Option<String> {
    // Points go before words are split, so that `S.A.` is `sa`.
    let plain = name.nfd().filter(|c| *c != '.' && !is_combining_mark(*c));
    let dotless: String = plain.collect();
    let words: Vec<String> = dotless
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_form = |word: &&String| LEGAL_FORMS.contains(&word.as_str());
    // From the end only: `Co-op Foods` begins with a word that elsewhere is a form.
    let forms = words.iter().rev().take_while(is_form).count();
    let stem = words[..words.len() - forms].concat();
    (!stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legal_form_is_left_out_at_the_end_only() {
        assert_eq!(without_legal_form("North Mill Ltd."), Some("northmill".to_owned()));
        assert_eq!(without_legal_form("North Mill S.A."), Some("northmill".to_owned()));
        assert_eq!(without_legal_form("North Mill Co., Ltd"), Some("northmill".to_owned()));
        assert_eq!(without_legal_form("Co-op Foods"), Some("coopfoods".to_owned()));
        assert_eq!(without_legal_form("Café Öst AB"), Some("cafeost".to_owned()));
        assert_eq!(without_legal_form("Ltd"), None);
    }
}
