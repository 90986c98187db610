//! The natural logarithm by table, to 1e-11: the simulation takes hundreds of millions of them.

use std::sync::LazyLock;

const PIECES: usize = 256;

/// Of each piece of [1, 2): 1 / middle and ln(middle).
static TABLE: LazyLock<Vec<[f64; 2]>> = LazyLock::new(|| {
    let middle = |piece: usize| 1.0 + (piece as f64 + 0.5) / PIECES as f64;
    (0..PIECES).map(|piece| [1.0 / middle(piece), middle(piece).ln()]).collect()
});

/// The table, taken out once for many calls.
#[derive(Clone, Copy)]
pub(super) struct Logarithm(&'static [[f64; 2]]);

impl Logarithm {
    pub fn get() -> Self {
        Self(&TABLE)
    }

    /// ln(x) of a normal number above 0.
    #[inline]
    pub fn of(self, x: f64) -> f64 {
        let bits = x.to_bits();
        // Of a number above 0 the sign is 0: 11 bits of exponent, 8 of the piece.
        let exponent = (bits >> 52) as i32 - 1023;
        let piece = (bits >> 44) as usize % PIECES;
        let mantissa = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000);
        let [inverse, middle] = self.0[piece];
        let at = mantissa * inverse - 1.0;
        let series = at * (1.0 - at * (0.5 - at * (1.0 / 3.0 - 0.25 * at)));
        f64::from(exponent) * std::f64::consts::LN_2 + middle + series
    }

    /// ln(1 - p) of a probability p below 1.
    #[inline]
    pub fn of_rest(self, p: f64) -> f64 {
        if p < 1e-3 {
            return -p * (1.0 + p * (0.5 + p * (1.0 / 3.0 + 0.25 * p)));
        }
        self.of(1.0 - p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_logarithm() {
        let table = Logarithm::get();
        let mut x = 1e-300;
        while x < 1e300 {
            assert!((table.of(x) - x.ln()).abs() < 1e-11 * (1.0 + x.ln().abs()), "{x}");
            x *= 1.003_7;
        }
        for step in 1..10_000 {
            let p = f64::from(step) / 10_007.0;
            assert!((table.of_rest(p) - (-p).ln_1p()).abs() < 1e-11 * (1.0 + p), "{p}");
            let small = p * 1e-6;
            assert!((table.of_rest(small) / (-small).ln_1p() - 1.0).abs() < 1e-12, "{small}");
        }
    }
}
