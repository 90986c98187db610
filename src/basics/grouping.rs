use std::fmt::Display;

/// Adds thousands separators to a plain decimal number: "-1234567.80" becomes "-1,234,567.80".
pub fn grouped(number: &str) -> String {
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let whole = unsigned.find('.').unwrap_or(unsigned.len());
    let mut text = sign.to_owned();
    for (index, character) in unsigned.chars().enumerate() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(character);
    }
    text
}

/// Formats a count with its noun: "1 client", "1,498 clients".
pub fn counted<N: Copy + PartialEq + From<u8> + Display>(
    number: N,
    one: &str,
    many: &str,
) -> String {
    let word = if number == N::from(1) { one } else { many };
    format!("{} {word}", grouped(&number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (plain, shown) in [
            ("0.05", "0.05"),
            ("-1234567.80", "-1,234,567.80"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-100", "-100"),
            ("", ""),
            ("92233720368547758.079", "92,233,720,368,547,758.079"),
        ] {
            assert_eq!(grouped(plain), shown);
        }
    }

    #[test]
    fn one_is_counted_in_the_singular() {
        for (number, shown) in [(0, "0 clients"), (1, "1 client"), (1498, "1,498 clients")] {
            assert_eq!(counted(number, "client", "clients"), shown);
        }
    }
}
