use basics::{OutOfRange, not_negative, positive};

/// The concentration of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentrated {
    /// Share of each balance, in the order given.
    pub shares: Vec<f64>,
    /// Herfindahl-Hirschman index: sum of the squared shares.
    pub hhi: f64,
    /// 1 / HHI: the number of equal balances with the same concentration.
    pub effective_number: f64,
}

/// Returns shares, Herfindahl-Hirschman index and effective number of balances. Add up the balances
/// of one debtor group first.
///
/// # Errors
/// [`OutOfRange`] if a balance is negative, or none is above 0.
pub fn concentrated(balances: &[f64]) -> Result<Concentrated, OutOfRange> {
    balances.iter().try_for_each(|&balance| not_negative("a balance", balance).map(|_| ()))?;
    let total = positive("the sum of the balances", balances.iter().sum())?;
    let shares: Vec<f64> = balances.iter().map(|balance| balance / total).collect();
    let hhi = shares.iter().map(|share| share * share).sum();
    Ok(Concentrated { shares, hhi, effective_number: 1.0 / hhi })
}
