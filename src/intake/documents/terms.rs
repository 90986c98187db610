/// Days until payment in the terms of an export: `Net 30`, `30 days`, `2/10 net 30`, `N030`,
/// `2/10N30`, `30 Tage netto`, `Due on receipt`. `None` if they do not name a plain number of days.
pub fn days(terms: &str) -> Option<u16> {
    let text = terms.to_lowercase();
    if ["receipt", "immediate", "cod", "sofort", "comptant", "contado"]
        .iter()
        .any(|w| text.contains(w))
    {
        return Some(0);
    }
    if text.parse::<f64>().is_ok_and(|days| days.fract() != 0.0) {
        return None;
    }
    // Terms that run to the end of a month or into the next one depend on the issue date.
    if ["eom", "month", "monat", "mois", "mes", "maand", "mese", "%"]
        .iter()
        .any(|w| text.contains(w))
    {
        return None;
    }
    let mut numbers: Vec<(usize, u16)> = Vec::new();
    let mut rest = text.as_str();
    let mut at = 0;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        numbers.push((at + start, rest[start..start + digits].parse().ok()?));
        at += start + digits;
        rest = &text[at..];
    }
    // The discount comes first; the term is the number after `net`, or the last one.
    let behind_net = text.rfind('n').and_then(|net| numbers.iter().find(|(at, _)| *at > net));
    let (_, days) = behind_net.or(numbers.last())?;
    (*days <= 366).then_some(*days)
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn terms_give_their_days_or_nothing() {
        for (terms, expected) in [
            ("Net 30", Some(30)),
            ("30 days", Some(30)),
            ("2/10 net 30", Some(30)),
            ("2/10N30", Some(30)),
            ("N030", Some(30)),
            ("14 Tage netto", Some(14)),
            ("Due on receipt", Some(0)),
            ("1% 10 Net 45", None),
            ("20 EOM", None),
            ("", None),
            ("standard", None),
        ] {
            assert_eq!(days(terms), expected, "{terms}");
        }
    }
}
