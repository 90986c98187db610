use rust_decimal::Decimal;

use basics::{Amount, DebtorFact, DebtorFacts};

use super::ServiceError;

/// Largest limit, major units.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// Whether every fact of a debtor is one that can be.
pub(super) fn check(facts: &DebtorFacts) -> Result<(), ServiceError> {
    let mut checked = facts.clone();
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Amount(Some(amount)) if !is_plain(*amount) => {
                let detail = "Expected an amount from 0 to 10^15, with at most 9 decimals.";
                return Err(ServiceError::field(column.name, detail));
            }
            _ => {}
        }
    }
    let is_code = |code: &String| code.len() == 2 && code.chars().all(char::is_alphabetic);
    if facts.country.as_ref().is_some_and(|country| !is_code(country)) {
        return Err(ServiceError::field("country", "Expected two letters, such as US."));
    }
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Text(Some(word)) if word.contains(char::is_control) => {
                return Err(ServiceError::field(column.name, "Expected no control character."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_plain(amount: Amount) -> bool {
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
