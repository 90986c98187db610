use std::f64::consts::PI;

use statrs::distribution::{ContinuousCDF, Normal};

/// Nodes and weights of Gauss-Legendre quadrature with 20 points, the positive half.
const GAUSS: [(f64, f64); 10] = [
    (0.076_526_521_133_497_34, 0.152_753_387_130_725_85),
    (0.227_785_851_141_645_08, 0.149_172_986_472_603_75),
    (0.373_706_088_715_419_56, 0.142_096_109_318_382_05),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_63),
    (0.636_053_680_726_515_1, 0.118_194_531_961_518_42),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.912_234_428_251_326, 0.062_672_048_334_109_06),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
];

/// Returns P(X <= x, Y <= y) of two standard normal variables with this correlation, within 1e-9
/// for correlations from -0.9 to 0.9: N(x) N(y) + 1 / (2 pi) x the integral from 0 to asin(rho) of
/// exp(-(x^2 + y^2 - 2 x y sin t) / (2 cos^2 t)) dt (Drezner and Wesolowsky 1990).
pub fn bivariate_normal(x: f64, y: f64, correlation: f64) -> f64 {
    let normal = Normal::standard();
    // With asin(rho) as its end the integral has no pole at rho = 1, so that few nodes are enough.
    let half = 0.5 * correlation.clamp(-1.0, 1.0).asin();
    let density = |t: f64| {
        let cos2 = t.cos().powi(2);
        (-(x * x + y * y - 2.0 * x * y * t.sin()) / (2.0 * cos2)).exp()
    };
    let both = |&(node, weight): &(f64, f64)| {
        weight * (density(half * (1.0 - node)) + density(half * (1.0 + node)))
    };
    let integral = half * GAUSS.iter().map(both).sum::<f64>();
    (normal.cdf(x) * normal.cdf(y) + integral / (2.0 * PI)).clamp(0.0, 1.0)
}

/// Returns the default probability given that the common factor is at its `q` quantile: N((G(PD) +
/// sqrt(R) G(q)) / sqrt(1 - R)) (Vasicek 2002).
pub fn conditional_default(pd: f64, correlation: f64, q: f64) -> f64 {
    // What is certain or impossible has no finite quantile.
    if pd <= 0.0 || pd >= 1.0 {
        return pd.clamp(0.0, 1.0);
    }
    let normal = Normal::standard();
    let shifted = normal.inverse_cdf(pd) + correlation.sqrt() * normal.inverse_cdf(q);
    normal.cdf(shifted / (1.0 - correlation).sqrt())
}

/// Returns the probability of the second of two events given the first, for correlated normal
/// scores.
pub fn given(first: f64, second: f64, correlation: f64) -> f64 {
    // An event that is certain or impossible tells nothing of the other.
    if first <= 0.0 || first >= 1.0 || second <= 0.0 || second >= 1.0 {
        return second.clamp(0.0, 1.0);
    }
    let normal = Normal::standard();
    let [x, y] = [first, second].map(|p| normal.inverse_cdf(p));
    // Divided by a small probability, the error of the integral may leave the unit interval.
    (bivariate_normal(x, y, correlation) / first).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quadrant_is_known() {
        // P(X <= 0, Y <= 0) = 1/4 + asin(rho) / (2 pi) (Sheppard 1899).
        for correlation in [-0.9, -0.5, 0.0, 0.3, 0.5, 0.9] {
            let exact = 0.25 + f64::asin(correlation) / (2.0 * PI);
            assert!((bivariate_normal(0.0, 0.0, correlation) - exact).abs() < 1e-12);
        }
        // Independent events, and one that is certain.
        let normal = Normal::standard();
        let product = normal.cdf(-1.3) * normal.cdf(0.4);
        assert!((bivariate_normal(-1.3, 0.4, 0.0) - product).abs() < 1e-15);
        assert!((bivariate_normal(9.0, 0.4, 0.7) - normal.cdf(0.4)).abs() < 1e-12);
    }

    #[test]
    fn a_correlated_event_is_likelier_given_the_other() {
        assert!((given(0.05, 0.08, 0.0) - 0.08).abs() < 1e-9);
        assert!(given(0.05, 0.08, 0.3) > 0.15 && given(0.01, 0.08, 0.3) > given(0.05, 0.08, 0.3));
        assert!((given(1.0, 0.08, 0.3) - 0.08).abs() < 1e-15);
        // Total probability: given, and given not.
        let (p, c, r) = (0.2, 0.1, 0.4);
        let not = 1.0 - given(1.0 - p, 1.0 - c, r);
        assert!((p * given(p, c, r) + (1.0 - p) * not - c).abs() < 1e-9);
    }
}
