//! Signs, codes and abbreviations of currencies beside a number.

use super::split_word;

/// A sign, code or abbreviation of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker<'a> {
    /// The marker as written, such as `USD`, `€`, `R$` or `Rs.`.
    pub text: &'a str,
    /// True if it is a code of three letters, which says more than a sign.
    pub is_code: bool,
}

/// The codes of ISO 4217 in use, and those of the euro's forerunners that old files still hold.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS ATS AUD AWG AZN BAM BBD BDT BEF BGN BHD BIF BMD \
    BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DEM DJF DKK \
    DOP DZD EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL GHS GIP GMD GNF GRD GTQ GYD HKD HNL HRK \
    HTG HUF IDR IEP ILS INR IQD IRR ISK ITL JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK \
    LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NLG \
    NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PTE PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS \
    VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Words other than codes, in any case; a point after one belongs to it. Only three codes are
/// accepted in lower case, because `all 5` and `top 5` are not amounts.
const WORDS: [&str; 21] = [
    "rs", "kr", "zł", "ZŁ", "zl", "r", "rm", "rp", "fr", "sfr", "kč", "KČ", "ft", "lei", "tl",
    "bs", "лв", "руб", "eur", "usd", "gbp",
];

/// True if a character is the sign of a currency.
pub fn is_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '¤' | '¥' | '฿' | '\u{20a0}'..='\u{20cf}' | '﷼' | '＄' | '￡' | '￥')
}

/// The marker at the start of a text, and the rest of the text.
pub fn marker(text: &str) -> Option<(Marker<'_>, &str)> {
    let cut = |end: usize, is_code| {
        let (text, rest) = text.split_at_checked(end)?;
        Some((Marker { text, is_code }, rest))
    };
    if let Some(sign) = text.chars().next().filter(|&c| is_sign(c)) {
        return cut(sign.len_utf8(), false);
    }
    let (word, rest) = split_word(text);
    // `R$`, `US$`: letters that mean a currency only together with the sign.
    let is_ascii_word = (1..=3).contains(&word.len()) && word.is_ascii();
    if is_ascii_word && rest.starts_with('$') {
        return cut(word.len() + 1, false);
    }
    if is_code(word) {
        return cut(word.len(), true);
    }
    let is_known = WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    is_known.then(|| cut(word.len() + usize::from(rest.starts_with('.')), false)).flatten()
}

fn is_code(word: &str) -> bool {
    word.len() == 3
        && word.is_ascii()
        // Each code and the space after it: the line breaks in `CODES` are escaped.
        && CODES.as_bytes().chunks(4).any(|code| code[..3] == *word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_has_three_letters_and_a_space_each_in_order() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert!(codes.iter().all(|code| code.len() == 3), "{codes:?}");
        assert!(codes.is_sorted(), "{codes:?}");
        assert!(is_code("AED") && is_code("ZWG"));
        assert!(
            !is_code("ED ")
                && !is_code("ABC")
                && !is_code("EU")
                && !is_code("EURO")
                && !is_code("all")
        );
    }

    #[test]
    fn a_marker_ends_where_the_number_or_the_next_word_begins() {
        for (text, marker_text, rest) in [
            ("$5", "$", "5"),
            ("US$5", "US$", "5"),
            ("USD5", "USD", "5"),
            ("Eur 5", "Eur", " 5"),
            ("Rs.500", "Rs.", "500"),
            ("kr 5", "kr", " 5"),
            ("zł", "zł", ""),
            ("\u{20b9}5", "\u{20b9}", "5"),
        ] {
            let (found, behind) = marker(text).expect(text);
            assert_eq!((found.text, behind), (marker_text, rest), "{text}");
        }
        for none in ["", "5", "CR5", "Total", "Top", "abc", "é$"] {
            assert_eq!(marker(none), None, "{none}");
        }
    }
}
