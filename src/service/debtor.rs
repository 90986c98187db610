use rust_decimal::Decimal;

use basics::{Amount, DebtorFact, DebtorFacts};

use super::ServiceError;

/// Largest amount, in major units: 10^15.
// The low and the middle word of 10^15: 2,764,472,320 + 232,830 * 2^32.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// Checks the facts of a debtor.
pub(super) fn check(facts: &DebtorFacts) -> Result<(), ServiceError> {
    // The columns give mutable access only, because files are read through them.
    let mut checked = facts.clone();
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Amount(Some(amount)) if !is_plain(*amount) => {
                let detail = "Expected an amount from 0 to 10^15, with at most 9 decimal places.";
                return Err(ServiceError::field(column.name, detail));
            }
            _ => {}
        }
    }
    let is_code = |code: &String| code.len() == 2 && code.chars().all(char::is_alphabetic);
    if facts.country.as_ref().is_some_and(|country| !is_code(country)) {
        let detail = "Expected a two-letter country code, such as US.";
        return Err(ServiceError::field("country", detail));
    }
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Text(Some(word)) if word.contains(char::is_control) => {
                let detail = "Must not contain control characters.";
                return Err(ServiceError::field(column.name, detail));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns true if an amount is within the range of what callers state.
pub(super) fn is_plain(amount: Amount) -> bool {
    (Decimal::ZERO..=LARGEST).contains(&amount.0) && amount.0.scale() <= 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_codes_are_checked() {
        let amount = |text: &str| Some(Amount(text.parse().expect("a decimal")));
        let good = DebtorFacts {
            limit: amount("1000000000000000"),
            payable: amount("0.000000001"),
            country: Some("US".to_owned()),
            ..DebtorFacts::default()
        };
        assert_eq!(check(&good), Ok(()));
        for (field, wrong) in [
            ("limit", DebtorFacts { limit: amount("1000000000000001"), ..DebtorFacts::default() }),
            ("payable", DebtorFacts { payable: amount("-1"), ..DebtorFacts::default() }),
            ("country", DebtorFacts { country: Some("USA".to_owned()), ..DebtorFacts::default() }),
            ("group", DebtorFacts { group: Some("a\nb".to_owned()), ..DebtorFacts::default() }),
        ] {
            let Err(ServiceError::Field { field: named, .. }) = check(&wrong) else {
                panic!("{field} is wrong")
            };
            assert_eq!(named, field);
        }
    }
}
