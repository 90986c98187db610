use super::PricingError;

/// Largest number of steps of a search; halving alone needs 60 for a double.
const MOST_STEPS: usize = 200;

/// Finds a root between `low` and `high`, where the function must have different signs or be zero,
/// to within 1e-13 of the bracket's width: by the secant where it is safe (Illinois), by halving
/// elsewhere.
///
/// # Errors
/// [`PricingError::NoRoot`] if the function has the same sign at both ends, or is not a number.
pub(super) fn bracketed(
    what: &'static str,
    low: f64,
    high: f64,
    value: impl Fn(f64) -> f64,
) -> Result<f64, PricingError> {
    let (mut a, mut b) = (low, high);
    let (mut at_a, mut at_b) = (value(a), value(b));
    if at_a == 0.0 {
        return Ok(a);
    }
    // Written so that NaN counts as no change of sign.
    let brackets = at_a * at_b <= 0.0;
    if !brackets {
        return Err(PricingError::NoRoot { what, low, high });
    }
    let smallest = 1e-13 * (high - low);
    for step in 0..MOST_STEPS {
        if at_b == 0.0 || (b - a).abs() <= smallest {
            break;
        }
        let secant = b - at_b * (b - a) / (at_b - at_a);
        let inside = secant > a.min(b) && secant < a.max(b);
        if inside && (secant - b).abs() <= smallest {
            return Ok(secant);
        }
        // Every fourth step halves: the secant alone may creep along one end of a bent function.
        let next = if inside && step % 4 != 3 { secant } else { 0.5 * (a + b) };
        let at_next = value(next);
        if at_next * at_b < 0.0 {
            (a, at_a) = (b, at_b);
        } else {
            // The same end is kept again: its weight is halved so that the other end moves.
            at_a *= 0.5;
        }
        (b, at_b) = (next, at_next);
    }
    Ok(b)
}

/// Finds the root of a function that falls ever more slowly from a value of 0 or more at `low`:
/// steps along the tangent never pass it. `value` returns the function and its slope.
///
/// # Errors
/// [`PricingError::NoRoot`] if the function is already below 0 at `low`, or never reaches 0.
pub(super) fn convex(
    what: &'static str,
    low: f64,
    value: impl Fn(f64) -> (f64, f64),
) -> Result<f64, PricingError> {
    let no_root = PricingError::NoRoot { what, low, high: f64::INFINITY };
    let mut at = low;
    for step in 0..MOST_STEPS {
        let (height, slope) = value(at);
        let next = at - height / slope;
        // Only at `low` does a height below 0 mean that there is no root: later it is rounding.
        if (step == 0 && height < 0.0) || !next.is_finite() {
            break;
        }
        // The last bit may go either way.
        if next <= at || (next - at) <= f64::EPSILON * next {
            // Tangents come from below, so the larger of the two is the nearer.
            return Ok(at.max(next));
        }
        at = next;
    }
    Err(no_root)
}

/// Finds a root between `low` and `high`, where the function must have different signs or be zero,
/// by halving to the last bit: for brackets of which the root is a tiny part.
///
/// # Errors
/// [`PricingError::NoRoot`] if the function has the same sign at both ends, or is not a number.
pub(super) fn bisect(
    what: &'static str,
    low: f64,
    high: f64,
    value: impl Fn(f64) -> f64,
) -> Result<f64, PricingError> {
    let (mut a, mut b) = (low, high);
    let at_low = value(a);
    if at_low == 0.0 {
        return Ok(a);
    }
    // Written so that NaN counts as no change of sign.
    let brackets = at_low * value(b) <= 0.0;
    if !brackets {
        return Err(PricingError::NoRoot { what, low, high });
    }
    // 200 halvings exhaust the precision of a double from any bracket.
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        // No double is left between the ends.
        if middle <= a || middle >= b {
            break;
        }
        if at_low * value(middle) > 0.0 { a = middle } else { b = middle }
    }
    Ok(0.5 * (a + b))
}
