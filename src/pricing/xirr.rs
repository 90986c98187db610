use chrono::NaiveDate;

use super::PricingError;
use super::solve::bisect;

/// Lowest rate searched, in decimal form: all but a millionth is lost in a year.
const LOWEST: f64 = -0.999_999;

/// Highest rate searched, in decimal form: a million times the amount is gained in a year.
const HIGHEST: f64 = 1e6;

/// Returns the effective annual rate r of dated flows: sum of CF_i / (1 + r)^(days_i / 365) = 0,
/// with days counted from the first date.
///
/// With x = ln(1 + r) the sum is one of exponentials. It has at most as many roots as its flows
/// change sign in order of their dates (Descartes' rule for sums of exponentials), and at most one
/// between two roots of its derivative, a sum with one term less: so every root is found.
///
/// # Errors
/// [`PricingError::NoRoot`] if no rate in the range solves the equation,
/// [`PricingError::SeveralRoots`] if several do: none of them is then the rate.
pub fn xirr(flows: &[(NaiveDate, f64)]) -> Result<f64, PricingError> {
    let first = flows.iter().map(|&(date, _)| date).min().unwrap_or_default();
    let mut by_date: Vec<(f64, f64)> = Vec::new();
    let mut sorted = flows.to_vec();
    sorted.sort_by_key(|&(date, _)| date);
    for (date, flow) in sorted {
        let years = (date - first).num_days() as f64 / 365.0;
        match by_date.last_mut() {
            // Flows are in order of their dates: one that is not later falls on the same day.
            Some((last, sum)) if *last >= years => *sum += flow,
            _ => by_date.push((years, flow)),
        }
    }
    let scale: f64 = by_date.iter().map(|(_, flow)| flow.abs()).sum();
    let terms: Vec<(f64, f64)> =
        by_date.into_iter().map(|(years, flow)| (years, flow / scale)).collect();
    let rates: Vec<f64> = roots(&terms).into_iter().map(|x| x.exp() - 1.0).collect();
    match rates[..] {
        [] => Err(PricingError::NoRoot { what: "XIRR", low: LOWEST, high: HIGHEST }),
        [rate] => Ok(rate),
        _ => {
            let shown: Vec<String> = rates.iter().map(|rate| format!("{rate:.6}")).collect();
            Err(PricingError::SeveralRoots { what: "XIRR", roots: shown.join(", ") })
        }
    }
}

/// Returns all roots of sum of c e^(-x t) in the range searched, in rising order.
fn roots(terms: &[(f64, f64)]) -> Vec<f64> {
    // A flow of 0 has no sign, and Descartes' rule passes over it.
    let signs = || terms.iter().map(|(_, c)| *c).filter(|c| *c != 0.0);
    let changes = signs().zip(signs().skip(1)).filter(|(a, b)| a.signum() != b.signum()).count();
    if changes == 0 {
        return Vec::new();
    }
    // Dividing by the first exponential keeps the roots and takes one term off the derivative.
    let origin = terms[0].0;
    // Only the sign counts, so the largest exponential may be scaled to 1 and nothing overflows.
    let value = |x: f64| {
        let exponents = || terms.iter().map(|(t, c)| (-x * (t - origin), c));
        let largest = exponents().map(|(exponent, _)| exponent).fold(f64::NEG_INFINITY, f64::max);
        exponents().map(|(exponent, c)| c * (exponent - largest).exp()).sum::<f64>()
    };
    let mut ends = vec![LOWEST.ln_1p()];
    if changes > 1 {
        let slope: Vec<(f64, f64)> =
            terms[1..].iter().map(|&(t, c)| (t - origin, -c * (t - origin))).collect();
        ends.extend(roots(&slope));
    }
    ends.push(HIGHEST.ln_1p());
    let mut found: Vec<f64> = Vec::new();
    for pair in ends.windows(2) {
        // Two extremes of one sign have no root between them. An extreme that is itself a root is
        // found from both sides, and counted once.
        if let Ok(root) = bisect("XIRR", pair[0], pair[1], value)
            && found.last().is_none_or(|last| root - last > 1e-12)
        {
            found.push(root);
        }
    }
    found
}
