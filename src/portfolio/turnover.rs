//! Receivables turnover: how fast receivables become cash.

use basics::{OutOfRange, not_negative, positive};

/// Returns simple days sales outstanding: receivables / credit sales x days of those sales.
///
/// # Errors
/// [`OutOfRange`] if the receivables are negative, or sales or days are not above 0.
pub fn dso(receivables: f64, sales: f64, days: f64) -> Result<f64, OutOfRange> {
    Ok(not_negative("receivables", receivables)? / positive("sales", sales)?
        * positive("days", days)?)
}

/// Returns the best possible DSO: that of the receivables not past due.
///
/// # Errors
/// As [`dso`].
pub fn best_possible_dso(current: f64, sales: f64, days: f64) -> Result<f64, OutOfRange> {
    dso(not_negative("current_receivables", current)?, sales, days)
}

/// Returns the average days delinquent: DSO less the best possible DSO.
///
/// # Errors
/// As [`dso`], and if `current` exceeds the receivables.
pub fn average_days_delinquent(
    receivables: f64,
    current: f64,
    sales: f64,
    days: f64,
) -> Result<f64, OutOfRange> {
    if current > receivables {
        let expected = format!("at most the receivables, {receivables}");
        return Err(OutOfRange::new("current_receivables", current, expected));
    }
    Ok(dso(receivables, sales, days)? - best_possible_dso(current, sales, days)?)
}

/// Returns DSO by counting back: whole months of sales are taken off the receivables, newest first,
/// and their days added; the month in which the receivables run out counts in part. `months` are
/// (sales, days of the month), newest first.
///
/// # Errors
/// [`OutOfRange`] if a number is negative, or the months given do not cover the receivables.
pub fn countback_dso(receivables: f64, months: &[(f64, f64)]) -> Result<f64, OutOfRange> {
    let mut left = not_negative("receivables", receivables)?;
    let mut counted = 0.0;
    for &(sales, days) in months {
        let (sales, days) = (not_negative("sales", sales)?, positive("days", days)?);
        // A month without sales adds its days and takes nothing off.
        if sales > left {
            return Ok(counted + days * left / sales);
        }
        left -= sales;
        counted += days;
    }
    if left > 0.0 {
        let covered: f64 = months.iter().map(|(sales, _)| sales).sum();
        let expected =
            format!("at most the sales of the months given, {covered}; add earlier ones");
        return Err(OutOfRange::new("receivables", receivables, expected));
    }
    Ok(counted)
}

/// Returns the collection effectiveness index in decimal form, the part of what could have been
/// collected that was: (B + S - E) / (B + S - C), with B the opening receivables, S the sales of
/// one of `periods` equal periods, E the closing receivables and C those not past due.
///
/// # Errors
/// [`OutOfRange`] if a number is negative or nothing could have been collected.
pub fn collection_effectiveness(
    opening: f64,
    sales: f64,
    periods: f64,
    closing: f64,
    closing_current: f64,
) -> Result<f64, OutOfRange> {
    let sales = not_negative("sales", sales)? / positive("periods", periods)?;
    let available = not_negative("opening_receivables", opening)? + sales;
    if closing_current > closing {
        let expected = format!("at most closing_receivables, {closing}");
        return Err(OutOfRange::new("closing_current", closing_current, expected));
    }
    let collectable = available - not_negative("closing_current", closing_current)?;
    let collectable = positive("opening_receivables + sales - closing_current", collectable)?;
    Ok((available - not_negative("closing_receivables", closing)?) / collectable)
}

/// Returns receivables turnover: credit sales over the mean of opening and closing receivables.
///
/// # Errors
/// [`OutOfRange`] if a number is negative, or both receivables are zero.
pub fn receivables_turnover(sales: f64, opening: f64, closing: f64) -> Result<f64, OutOfRange> {
    let opening = not_negative("opening_receivables", opening)?;
    let mean = f64::midpoint(opening, not_negative("closing_receivables", closing)?);
    Ok(not_negative("sales", sales)? / positive("average receivables", mean)?)
}
