use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, MoneyError, Rate, Rounding};
use pricing::{PricingError, advance};

/// The terms under which eligible receivables become cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BorrowingTerms {
    /// Share of the eligible receivables that is advanced.
    pub advance_rate: Rate,
    /// Dilution of the receivables.
    pub dilution: Rate,
    /// The dilution up to which no reserve is needed.
    pub dilution_threshold: Rate,
    /// Reserves for rent, disputes and other things, set by hand.
    pub other_reserves: Money,
    /// The most that is lent, if there is a line.
    pub line: Option<Money>,
    /// Funds in use.
    pub outstanding: Money,
}

/// The steps from eligible receivables to what the client may still draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BorrowingBase {
    /// The receivables that all rules leave.
    pub eligible: Money,
    /// Eligible x advance rate, rounded down.
    pub gross_availability: Money,
    /// Eligible x (dilution - threshold, not below 0), half up.
    pub dilution_reserve: Money,
    /// Reserves set by hand.
    pub other_reserves: Money,
    /// Gross availability less reserves, not below 0.
    pub net_availability: Money,
    /// The line, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Money>,
    /// The lesser of net availability and line.
    pub borrowing_base: Money,
    /// Funds in use.
    pub outstanding: Money,
    /// The amount that may still be drawn; negative: an overadvance.
    pub excess: Money,
}

/// Returns the last part of the certificate, by the practice of the trade: net availability, the
/// lesser of it and the line, less the funds in use.
///
/// # Errors
/// If an amount overflows, or if the amounts are in more than one currency.
pub fn borrowing_base(
    eligible: Money,
    terms: &BorrowingTerms,
) -> Result<BorrowingBase, PricingError> {
    let currency = eligible.currency();
    let gross_availability = advance(eligible, terms.advance_rate)?;
    let above = terms.dilution.fraction() - terms.dilution_threshold.fraction();
    let above = above.max(rust_decimal::Decimal::ZERO);
    let reserve = eligible
        .to_decimal()
        .checked_mul(above)
        .ok_or(MoneyError::OutOfRange { value: "the dilution reserve".to_owned(), currency })?;
    let dilution_reserve = Money::round(reserve, currency, Rounding::HalfUp)?;
    let reserves = dilution_reserve.checked_add(terms.other_reserves)?;
    let net = gross_availability.checked_sub(reserves)?;
    let net_availability = if net.minor() < 0 { Money::zero(currency) } else { net };
    let capped = terms.line.filter(|line| line.minor() < net_availability.minor());
    let borrowing_base = capped.unwrap_or(net_availability);
    Ok(BorrowingBase {
        eligible,
        gross_availability,
        dilution_reserve,
        other_reserves: terms.other_reserves,
        net_availability,
        line: terms.line,
        borrowing_base,
        outstanding: terms.outstanding,
        excess: borrowing_base.checked_sub(terms.outstanding)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{currency, percent, read_back, usd};
    use super::*;
    use basics::Currency;

    /// 85 % of 800,000.00 with 8 % dilution over a threshold of 5 %.
    fn terms() -> BorrowingTerms {
        BorrowingTerms {
            advance_rate: percent("85"),
            dilution: percent("8"),
            dilution_threshold: percent("5"),
            other_reserves: usd(600_000),
            line: Some(usd(60_000_000)),
            outstanding: usd(45_000_000),
        }
    }

    fn base(terms: &BorrowingTerms) -> BorrowingBase {
        borrowing_base(usd(80_000_000), terms).expect("a base")
    }

    #[test]
    fn availability_less_reserves_is_held_against_the_line() {
        let with_line = base(&terms());
        // 680,000 less 3 % of 800,000 less 6,000; the line of 600,000 is the lesser.
        assert_eq!(with_line.gross_availability, usd(68_000_000));
        assert_eq!(with_line.dilution_reserve, usd(2_400_000));
        assert_eq!(with_line.net_availability, usd(65_000_000));
        assert_eq!(with_line.borrowing_base, usd(60_000_000));
        assert_eq!(with_line.excess, usd(15_000_000));
        let without = base(&BorrowingTerms { line: None, ..terms() });
        assert_eq!((without.borrowing_base, without.excess), (usd(65_000_000), usd(20_000_000)));
        let larger = base(&BorrowingTerms { line: Some(usd(65_000_001)), ..terms() });
        assert_eq!(larger.borrowing_base, larger.net_availability);
    }

    #[test]
    fn dilution_up_to_the_threshold_needs_no_reserve_and_above_it_half_a_cent_counts() {
        for within in ["0", "4.99", "5"] {
            let base = base(&BorrowingTerms { dilution: percent(within), ..terms() });
            assert_eq!(base.dilution_reserve, usd(0), "{within}");
        }
        // 1 % above the threshold of 0.50 is half a cent.
        let terms = BorrowingTerms { dilution: percent("6"), ..terms() };
        let small = borrowing_base(usd(50), &terms).expect("a base");
        assert_eq!(small.dilution_reserve, usd(1));
    }

    #[test]
    fn what_is_drawn_beyond_the_base_is_an_overadvance() {
        let drawn = base(&BorrowingTerms { outstanding: usd(60_000_001), ..terms() });
        assert_eq!(drawn.excess, usd(-1));
        // Reserves above the availability leave nothing, not less.
        let held = base(&BorrowingTerms { other_reserves: usd(70_000_000), ..terms() });
        assert_eq!((held.net_availability, held.borrowing_base), (usd(0), usd(0)));
        assert_eq!(held.excess, usd(-45_000_000));
    }

    #[test]
    fn amounts_are_of_one_currency_and_read_back() {
        let euros = BorrowingTerms { other_reserves: Money::zero(currency("EUR")), ..terms() };
        assert!(borrowing_base(usd(1), &euros).is_err());
        read_back(&base(&terms()), Currency::USD);
        let without = serde_json::to_string(&base(&BorrowingTerms { line: None, ..terms() }));
        assert!(!without.expect("JSON").contains("\"line\""), "no line is no amount");
    }
}
