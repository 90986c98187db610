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

/// The correlation of two standard normal variables, with what the quadrature needs of it: worked
/// out once for many probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Half of asin(rho), the length of the integral.
    half: f64,
    /// The two points at each node: sin t and 2 cos^2 t.
    points: [[(f64, f64); 2]; GAUSS.len()],
}

impl Correlation {
    /// A correlation from -1 to 1; what is beyond counts as the bound.
    pub fn new(rho: f64) -> Self {
        // With asin(rho) as its end the integral has no pole at rho = 1, so that few nodes are
        // enough.
        let half = 0.5 * rho.clamp(-1.0, 1.0).asin();
        let point = |t: f64| (t.sin(), 2.0 * t.cos().powi(2));
        let both = |(node, _)| [point(half * (1.0 - node)), point(half * (1.0 + node))];
        Self { half, points: GAUSS.map(both) }
    }

    /// Returns P(X <= x, Y <= y), within 1e-9 for correlations from -0.9 to 0.9: N(x) N(y) + 1 /
    /// (2 pi) x the integral from 0 to asin(rho) of exp(-(x^2 + y^2 - 2 x y sin t) / (2 cos^2 t))
    /// dt (Drezner and Wesolowsky 1990).
    fn below(&self, x: f64, y: f64) -> f64 {
        let density = |(sin, cos2): (f64, f64)| (-(x * x + y * y - 2.0 * x * y * sin) / cos2).exp();
        let both = |(&(_, weight), &[low, high]): (&(f64, f64), &[(f64, f64); 2])| {
            weight * (density(low) + density(high))
        };
        let integral = self.half * GAUSS.iter().zip(&self.points).map(both).sum::<f64>();
        let normal = Normal::standard();
        (normal.cdf(x) * normal.cdf(y) + integral / (2.0 * PI)).clamp(0.0, 1.0)
    }

    /// Returns the probability of the second of two events given the first, by their normal scores.
    pub fn given(&self, first: f64, second: f64) -> f64 {
        // An event that is certain or impossible tells nothing of the other.
        if first <= 0.0 || first >= 1.0 || second <= 0.0 || second >= 1.0 {
            return second.clamp(0.0, 1.0);
        }
        let normal = Normal::standard();
        let [x, y] = [first, second].map(|p| normal.inverse_cdf(p));
        // Divided by a small probability, the error of the integral may leave the unit interval.
        (self.below(x, y) / first).clamp(0.0, 1.0)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quadrant_is_known() {
        // P(X <= 0, Y <= 0) = 1/4 + asin(rho) / (2 pi) (Sheppard 1899).
        for correlation in [-0.9, -0.5, 0.0, 0.3, 0.5, 0.9] {
            let exact = 0.25 + f64::asin(correlation) / (2.0 * PI);
            assert!((Correlation::new(correlation).below(0.0, 0.0) - exact).abs() < 1e-12);
        }
        // Independent events, and one that is certain.
        let normal = Normal::standard();
        let product = normal.cdf(-1.3) * normal.cdf(0.4);
        assert!((Correlation::new(0.0).below(-1.3, 0.4) - product).abs() < 1e-15);
        assert!((Correlation::new(0.7).below(9.0, 0.4) - normal.cdf(0.4)).abs() < 1e-12);
    }

    #[test]
    fn a_correlated_event_is_likelier_given_the_other() {
        let given = |first, second, rho| Correlation::new(rho).given(first, second);
        assert!((given(0.05, 0.08, 0.0) - 0.08).abs() < 1e-9);
        assert!(given(0.05, 0.08, 0.3) > 0.15 && given(0.01, 0.08, 0.3) > given(0.05, 0.08, 0.3));
        assert!((given(1.0, 0.08, 0.3) - 0.08).abs() < 1e-15);
        // Total probability: given, and given not.
        let (p, c, r) = (0.2, 0.1, 0.4);
        let not = 1.0 - given(1.0 - p, 1.0 - c, r);
        assert!((p * given(p, c, r) + (1.0 - p) * not - c).abs() < 1e-9);
    }
}
