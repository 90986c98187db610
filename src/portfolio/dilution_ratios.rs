use basics::{OutOfRange, not_negative, positive};

/// Longest credit lag, in days, that makes receivables ineligible.
const MOST_LAG_DAYS: f64 = 90.0;

/// Returns the dilution ratio of each month: dilutions of the month over the sales `lag` months
/// earlier. Months are (sales, dilutions), oldest first; the first `lag` months have no ratio.
/// Source: receivables purchase agreements, which use a lag of one or two months.
///
/// # Errors
/// [`OutOfRange`] if a month has no sales, or no month has a ratio.
pub fn dilution_ratios(months: &[(f64, f64)], lag: usize) -> Result<Vec<f64>, OutOfRange> {
    if months.len() <= lag {
        let found = format!("{} given", months.len());
        return Err(OutOfRange::new("months", found, format!("more than the lag of {lag}")));
    }
    let ratio = |(&(sales, _), &(_, diluted)): (&(f64, f64), &(f64, f64))| {
        Ok(not_negative("dilutions", diluted)? / positive("sales", sales)?)
    };
    months.iter().zip(&months[lag..]).map(ratio).collect()
}

/// Returns the dilution already in the receivables: credits earned by debtors and not issued yet,
/// over the receivables.
///
/// # Errors
/// [`OutOfRange`] if the receivables are not above 0, or the credits are negative.
pub fn effective_dilution(unissued_credits: f64, receivables: f64) -> Result<f64, OutOfRange> {
    let unissued = not_negative("unissued_credits", unissued_credits)?;
    Ok(unissued / positive("receivables", receivables)?)
}

/// Returns the receivables that will be taken by credits not issued yet: credits per day x days
/// until they are issued, at most 90.
///
/// # Errors
/// [`OutOfRange`] if a number is negative.
pub fn credit_lag_ineligible(credits_per_day: f64, lag_days: f64) -> Result<f64, OutOfRange> {
    let lag = not_negative("credit_lag_days", lag_days)?.min(MOST_LAG_DAYS);
    Ok(not_negative("credits_per_day", credits_per_day)? * lag)
}
