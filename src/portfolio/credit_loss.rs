//! Credit loss of a book: the expected loss, a quantile, and the granularity adjustment for few
//! names.

use statrs::distribution::{ContinuousCDF, Gamma};

use basics::{OutOfRange, not_negative, positive, probability, share};
use pricing::conditional_default;

/// Returns the probability of default within `days` from a yearly one: 1 - (1 - PD)^(days / 365).
///
/// # Errors
/// [`OutOfRange`] if an argument is negative or outside the range of a probability.
pub fn horizon_default_probability(yearly: f64, days: f64) -> Result<f64, OutOfRange> {
    let survival = 1.0 - share("pd_percent", yearly)?;
    Ok(1.0 - survival.powf(not_negative("days", days)? / 365.0))
}

/// Returns the expected loss: exposure x PD over the horizon x loss given default.
///
/// # Errors
/// [`OutOfRange`] if an argument is negative or outside the range of a probability.
pub fn expected_loss(exposure: f64, pd: f64, lgd: f64) -> Result<f64, OutOfRange> {
    Ok(not_negative("exposure", exposure)? * share("pd_percent", pd)? * share("lgd_percent", lgd)?)
}

/// Returns the share of an infinitely granular pool that defaults in the year that is worse than
/// `q` of all years: N((G(PD) + sqrt(R) G(q)) / sqrt(1 - R)) (Vasicek 2002).
///
/// # Errors
/// [`OutOfRange`] if an argument is negative or outside the range of a probability.
pub fn vasicek_quantile(pd: f64, correlation: f64, q: f64) -> Result<f64, OutOfRange> {
    let correlation = share("correlation_percent", correlation)?;
    if correlation >= 1.0 {
        return Err(OutOfRange::new("correlation_percent", 100.0, "a percent below 100"));
    }
    let (pd, q) = (probability("pd_percent", pd)?, probability("quantile_percent", q)?);
    Ok(conditional_default(pd, correlation, q))
}

/// An exposure of a book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GranularityInput {
    /// Exposure, in the same unit for all.
    pub exposure: f64,
    /// One-year probability of default.
    pub pd: f64,
    /// Loss given default.
    pub lgd: f64,
    /// Capital per unit of exposure without maturity adjustment: LGD x (conditional PD - PD).
    pub capital: f64,
}

/// The granularity adjustment of a book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Granularity {
    /// Exposure-weighted capital K* of the infinitely granular book.
    pub capital: f64,
    /// Weight of the systematic factor.
    pub delta: f64,
    /// The adjustment, per unit of exposure.
    pub adjustment: f64,
}

/// Returns the simplified granularity adjustment (Gordy and Luetkebohmert 2013): 1 / (2 K*) x sum
/// of s^2 C (delta (K + R) - K), with s the share, R = LGD x PD, C = (LGD^2 + LGD (1 - LGD) / 4) /
/// LGD and delta from a gamma factor of precision `xi` (0.25) at quantile `q`.
///
/// # Errors
/// [`OutOfRange`] if an argument is negative or outside the range of a probability.
pub fn granularity(names: &[GranularityInput], q: f64, xi: f64) -> Result<Granularity, OutOfRange> {
    let q = probability("quantile_percent", q)?;
    let delta = systematic_weight(q, positive("xi", xi)?)?;
    let mut total = 0.0;
    for name in names {
        total += not_negative("exposure", name.exposure)?;
    }
    let total = positive("the sum of the exposures", total)?;
    // Shares need the total first, so the names are walked twice.
    let (mut capital, mut sum) = (0.0, 0.0);
    for name in names {
        let (weight, lgd) = (name.exposure / total, probability_or_one(name.lgd)?);
        let reserve = lgd * share("pd_percent", name.pd)?;
        // The variance of LGD is taken as a quarter of LGD (1 - LGD), as in the source.
        let c = (lgd * lgd + 0.25 * lgd * (1.0 - lgd)) / lgd;
        let k = not_negative("capital_percent", name.capital)?;
        capital += weight * k;
        sum += weight * weight * c * (delta * (k + reserve) - k);
    }
    let capital = positive("the capital of the book", capital)?;
    Ok(Granularity { capital, delta, adjustment: sum / (2.0 * capital) })
}

fn probability_or_one(lgd: f64) -> Result<f64, OutOfRange> {
    if lgd > 0.0 && lgd <= 1.0 {
        return Ok(lgd);
    }
    Err(OutOfRange::new("lgd_percent", 100.0 * lgd, "a percent above 0 and up to 100"))
}

/// Returns delta = (a - 1) (xi + (1 - xi) / a), with a the `q` quantile of a gamma variable of mean
/// 1 and variance 1 / xi.
fn systematic_weight(q: f64, xi: f64) -> Result<f64, OutOfRange> {
    let out_of_range = |_| OutOfRange::new("xi", xi, "a precision above 0");
    let quantile = Gamma::new(xi, xi).map_err(out_of_range)?.inverse_cdf(q);
    Ok((quantile - 1.0) * (xi + (1.0 - xi) / quantile))
}
