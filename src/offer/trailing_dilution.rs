use rust_decimal::Decimal;

use basics::{Day, Rate};

/// Days of sales over which dilution is measured.
const TRAILING_DAYS: Day = 365;

/// Returns the dilution rate: non-cash reductions over gross sales of the trailing 12 months,
/// rounded up to a basis point; zero without sales.
///
/// `sales` are (issue date, face) of invoices, `credits` are (date, amount) of credits, whether
/// they name an invoice or not; amounts in minor units of one currency. Write-offs are credit loss,
/// not dilution. Source: trade definition, non-cash credits / gross sales; Basel CRE34 counts the
/// same reductions.
pub fn dilution_rate(
    as_of: Day,
    sales: impl IntoIterator<Item = (Day, i64)>,
    credits: impl IntoIterator<Item = (Day, i64)>,
) -> Rate {
    let trailing = |day: Day| day > as_of - TRAILING_DAYS && day <= as_of;
    let sales = sales.into_iter().filter(|&(day, _)| trailing(day));
    let credits = credits.into_iter().filter(|&(day, _)| trailing(day));
    // In whole numbers: a quotient of doubles a hair above a basis point would be rounded up to
    // the next.
    let gross: i128 = sales.map(|(_, face)| i128::from(face)).sum();
    let credits: i128 = credits.map(|(_, amount)| i128::from(amount)).sum();
    if gross == 0 {
        return Rate::default();
    }
    // Rounded up to a basis point. More credits than sales is 100 %: nothing is left to buy.
    let bps = ((credits * 10_000 + gross - 1) / gross).min(10_000);
    Rate::from_bps(Decimal::from_i128_with_scale(bps, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_over_sales_of_a_year_rounded_up() {
        let sales = [(100, 10_000), (465, 20_000), (400, 9_999)];
        // The invoice of day 100 is older than a year: 650 / (20,000 + 9,999) = 2.1667 %.
        let rate = dilution_rate(465, sales, [(464, 650), (50, 7_000)]);
        assert_eq!(rate, Rate::from_bps(217.into()));
        assert_eq!(dilution_rate(465, [], []), Rate::default());
    }
}
