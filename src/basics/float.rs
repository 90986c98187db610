use rust_decimal::Decimal;

/// The double nearest to a decimal.
///
/// It is the mantissa divided by a power of ten. Both are exact up to 2^53 and 10^22, so the
/// division is the only rounding; beyond that the result may be off by a unit or two in the last
/// place.
pub fn float(decimal: Decimal) -> f64 {
    let mantissa = decimal.mantissa();
    // Nearly every number of the trade fits 64 bits, which the machine converts by itself.
    let whole = i64::try_from(mantissa).map_or(mantissa as f64, |narrow| narrow as f64);
    whole / TENS[decimal.scale() as usize]
}

/// 10^0 to 10^28, one for each scale of a decimal.
const TENS: [f64; 29] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A text is read to the nearest double by the standard library.
    #[test]
    fn it_is_the_double_that_its_text_is_read_as() {
        for text in ["0", "0.03", "-1.65", "12500.50", "9007199254740991", "0.0000000000000000001"]
        {
            let decimal: Decimal = text.parse().expect("a decimal");
            assert_eq!(float(decimal).to_bits(), text.parse::<f64>().expect("a double").to_bits());
        }
        let widest = float(Decimal::MAX);
        assert!((widest / 79_228_162_514_264_337_593_543_950_335.0 - 1.0).abs() < 1e-15);
    }
}
