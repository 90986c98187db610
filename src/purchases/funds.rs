use basics::{Currency, Money, MoneyError};

use super::OpenPosition;

/// Funds in use in a currency: the advances of positions that are still open, before charges.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if the sum overflows.
pub fn funds_in_use<'a>(
    open: impl IntoIterator<Item = &'a OpenPosition>,
    currency: Currency,
) -> Result<Money, MoneyError> {
    let advances = open.into_iter().map(|position| position.invoice.advance);
    let own = advances.filter(|advance| advance.currency() == currency);
    Money::sum_minor(own.map(Money::minor), currency)
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{eur, open, usd};
    use super::*;

    #[test]
    fn the_sum_of_the_advances_in_each_currency() {
        let mut euros = open("q", Recourse::Full);
        (euros.invoice.amount, euros.invoice.advance) = (eur(500), eur(400));
        let all = [open("p", Recourse::Full), euros, open("r", Recourse::Full)];
        assert_eq!(funds_in_use(&all, Currency::USD), Ok(usd(160_000)));
        assert_eq!(funds_in_use(&all, eur(0).currency()), Ok(eur(400)));
        assert_eq!(funds_in_use([], Currency::USD), Ok(usd(0)));
    }
}
