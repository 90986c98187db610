use basics::{OutOfRange, not_negative};

/// The rates at which balances roll from bucket to bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct RollRates {
    /// For each bucket but the last, the share of its balance found in the next bucket a period
    /// later, averaged over the periods by balance; `None` if the bucket was always empty.
    pub rates: Vec<Option<f64>>,
    /// For each bucket but the last, the product of the rates from there to the last one.
    pub to_last: Vec<Option<f64>>,
}

/// Returns roll rates from balances by period, oldest first, and by bucket, youngest first.
///
/// Rate of bucket b: balances in b + 1 a period later over balances in b, each summed over the
/// periods before dividing.
///
/// # Errors
/// [`OutOfRange`] unless there are at least two periods of the same two or more buckets, and no
/// balance is negative.
pub fn roll_rates(periods: &[Vec<f64>]) -> Result<RollRates, OutOfRange> {
    let buckets = periods.first().map_or(0, Vec::len);
    if periods.len() < 2 || buckets < 2 {
        let found = format!("{} of {buckets} buckets", periods.len());
        return Err(OutOfRange::new("periods", found, "two or more of two or more buckets"));
    }
    for (index, period) in periods.iter().enumerate() {
        if period.len() != buckets {
            let key = format!("periods[{index}]");
            let found = format!("{} buckets", period.len());
            return Err(OutOfRange::new(&key, found, format!("{buckets} as in the first")));
        }
        for &balance in period {
            not_negative("a balance", balance)?;
        }
    }
    let rate = |bucket: usize| {
        let from: f64 = periods[..periods.len() - 1].iter().map(|period| period[bucket]).sum();
        let to: f64 = periods[1..].iter().map(|period| period[bucket + 1]).sum();
        (from > 0.0).then(|| to / from)
    };
    let rates: Vec<Option<f64>> = (0..buckets - 1).map(rate).collect();
    let mut to_last = vec![None; rates.len()];
    let mut product = Some(1.0);
    for (bucket, rate) in rates.iter().enumerate().rev() {
        // A bucket that was always empty breaks the chain for all buckets before it.
        product = product.zip(*rate).map(|(product, rate)| product * rate);
        to_last[bucket] = product;
    }
    Ok(RollRates { rates, to_last })
}
