//! The number of a book's names that default in a year (CreditRisk+, Credit Suisse First Boston
//! 1997).

use statrs::distribution::{Discrete, NegativeBinomial, Poisson};

use basics::{OutOfRange, positive};

/// Returns P(n defaults) for n = 0..=`most`, if names default independently with small
/// probabilities that add up to `expected`.
///
/// # Errors
/// [`OutOfRange`] if an argument is not above 0.
pub fn poisson_count(expected: f64, most: u64) -> Result<Vec<f64>, OutOfRange> {
    let wrong = |_| OutOfRange::new("expected defaults", expected, "a number above 0");
    let count = Poisson::new(positive("expected defaults", expected)?).map_err(wrong)?;
    Ok((0..=most).map(|n| count.pmf(n)).collect())
}

/// Returns P(n defaults) for n = 0..=`most`, if all names depend on one gamma-distributed sector of
/// mean 1 and this variance: a negative binomial number.
///
/// # Errors
/// [`OutOfRange`] if an argument is not above 0.
pub fn gamma_sector_count(expected: f64, variance: f64, most: u64) -> Result<Vec<f64>, OutOfRange> {
    let expected = positive("expected defaults", expected)?;
    let shape = 1.0 / positive("sector_variance", variance)?;
    let wrong = |_| OutOfRange::new("sector_variance", variance, "a number above 0");
    let count = NegativeBinomial::new(shape, shape / (shape + expected)).map_err(wrong)?;
    Ok((0..=most).map(|n| count.pmf(n)).collect())
}
