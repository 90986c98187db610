use super::super::field::bare;

/// Words that may surround the numbers in the name of a bucket.
const AROUND: [&str; 25] = [
    "days", "day", "d", "month", "months", "past", "due", "overdue", "over", "older", "and", "or",
    "more", "than", "plus", "to", "up", "above", "below", "under", "tage", "jours", "dias",
    "dagen", "giorni",
];

/// Whole names of buckets without a number.
const WHOLE: [&str; 12] = [
    "current",
    "notdue",
    "notyetdue",
    "older",
    "coming due",
    "overdue",
    "nichtfällig",
    "nonéchu",
    "nietvervallen",
    "novencido",
    "aldía",
    "nonscaduto",
];

/// True if a header has the columns of an ageing report.
pub fn has_buckets(header: &[String]) -> bool {
    header.iter().filter(|cell| is_bucket(cell)).count() > 1
}

/// True if a text is the name of an ageing bucket: `Current`, `1 - 30 days past due`, `< 1 Month`,
/// `91 and over`.
pub fn is_bucket(text: &str) -> bool {
    if WHOLE.contains(&bare(text).as_str()) {
        return true;
    }
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (mut numbers, mut others) = (0, 0);
    for word in words {
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        match &word[digits..] {
            "" if digits <= 3 => numbers += 1,
            rest if AROUND.contains(&rest) && digits <= 3 => numbers += usize::from(digits > 0),
            _ => others += 1,
        }
    }
    (1..=2).contains(&numbers) && others == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_told_from_other_texts() {
        for bucket in [
            "Current",
            "CURRENT",
            "0-30",
            "1 - 30 days past due",
            "91 and over",
            "91 or more days past due",
            "> 90",
            "< 1 Month",
            "1 Month",
            "31-60 Days",
            "90+",
            "121-Above",
            "Older",
            "61 to 90",
            "Not due",
        ] {
            assert!(is_bucket(bucket), "{bucket}");
        }
        for other in
            ["30 Rock Ltd", "Acme", "Invoice 12", "2026-05-18", "1,284.50", "A-1", "", "1001"]
        {
            assert!(!is_bucket(other), "{other}");
        }
    }
}
