use basics::{OutOfRange, not_negative, positive};

/// How concentrated a book is.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentrated {
    /// Share of each balance, in the order given.
    pub shares: Vec<f64>,
    /// Herfindahl-Hirschman index: sum of the squared shares.
    pub hhi: f64,
    /// 1 / HHI: the number of equal balances that are as concentrated.
    pub effective_number: f64,
}

/// Shares, Herfindahl-Hirschman index and effective number of balances; those of one debtor group
/// are one balance.
///
/// # Errors
/// [`OutOfRange`] for a negative balance, or none above 0.
pub fn concentrated(balances: &[f64]) -> Result<Concentrated, OutOfRange> {
    balances.iter().try_for_each(|&balance| not_negative("a balance", balance).map(|_| ()))?;
    let total = positive("the sum of the balances", balances.iter().sum())?;
    let shares: Vec<f64> = balances.iter().map(|balance| balance / total).collect();
    let hhi = shares.iter().map(|share| share * share).sum();
    Ok(Concentrated { shares, hhi, effective_number: 1.0 / hhi })
}
