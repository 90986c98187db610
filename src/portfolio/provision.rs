//! The provision for expected credit loss by ageing bucket: the simplified approach to trade
//! receivables.

use rust_decimal::Decimal;

use basics::OutOfRange;

/// Returns the provision of each bucket, unrounded: balance x loss rate x `adjustment` for expected
/// differences from the past (1: none). Source: IFRS 9, B5.5.35 (provision matrix).
///
/// # Errors
/// [`OutOfRange`] unless there is one rate for each balance and every adjusted rate is from 0 to 1.
pub fn provision_matrix(
    balances: &[Decimal],
    loss_rates: &[Decimal],
    adjustment: Decimal,
) -> Result<Vec<Decimal>, OutOfRange> {
    if balances.is_empty() || balances.len() != loss_rates.len() {
        let found = format!("{} rates for {} balances", loss_rates.len(), balances.len());
        return Err(OutOfRange::new("loss rates", found, "one for each balance"));
    }
    let provision = |(balance, rate): (&Decimal, &Decimal)| {
        let adjusted = rate.checked_mul(adjustment).unwrap_or(Decimal::MAX);
        if !(Decimal::ZERO..=Decimal::ONE).contains(&adjusted) {
            let percent = (adjusted * Decimal::ONE_HUNDRED).normalize();
            let expected = "a percent from 0 to 100, adjusted";
            return Err(OutOfRange::new("loss rate", percent, expected));
        }
        let expected = "an amount within decimal arithmetic";
        balance.checked_mul(adjusted).ok_or_else(|| OutOfRange::new("balance", balance, expected))
    };
    balances.iter().zip(loss_rates).map(provision).collect()
}

/// Returns the loss rate of each bucket from a history of sales, unrounded: what was never paid
/// over what reached the bucket unpaid.
///
/// `paid` holds the amounts paid in each bucket, the first of them on time. There is one rate more
/// than that, for what is past all buckets. Source: worked example of the simplified approach,
/// ifrscommunity.com.
///
/// # Errors
/// [`OutOfRange`] if more was paid than sold, an amount is negative or the sales are not above 0.
pub fn loss_rates_from_history(
    sales: Decimal,
    paid: &[Decimal],
) -> Result<Vec<Decimal>, OutOfRange> {
    let mut reaching = vec![sales];
    let mut left = sales;
    for &amount in paid {
        // An overflow ends below 0 and is refused there; a negative 0, which decimals have, is not.
        left = left.checked_sub(amount).unwrap_or(Decimal::MIN);
        if amount.is_sign_negative() || left.is_sign_negative() && !left.is_zero() {
            let expected = format!("amounts of 0 or more that add up to at most sales, {sales}");
            return Err(OutOfRange::new("paid", amount, expected));
        }
        reaching.push(left);
    }
    if sales <= Decimal::ZERO {
        return Err(OutOfRange::new("sales", sales, "an amount above 0"));
    }
    // If nothing reached a bucket, nothing could be lost in it.
    let rate = |reached: Decimal| left.checked_div(reached).unwrap_or(Decimal::ZERO);
    Ok(reaching.into_iter().map(rate).collect())
}
