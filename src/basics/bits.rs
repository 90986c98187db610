/// Returns bits that bytes decide (FNV-1a: Fowler, Noll and Vo), from `start` on: 0 for the hash as
/// published, or a seed. The high bits of short texts that differ at their end are alike; see
/// [`split_mix`].
#[inline]
pub fn fnv1a(start: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(start ^ 0xCBF2_9CE4_8422_2325, |bits, byte| {
        (bits ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Returns the bytes of texts, each with a zero behind it, which keeps ("ab", "c") and ("a", "bc")
/// apart.
#[inline]
pub fn ended<'a>(texts: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = u8> {
    texts.into_iter().flat_map(|text| text.bytes().chain(std::iter::once(0)))
}

/// Mixes bits, so that every one of them depends on all (the finaliser of `SplitMix64`: Steele, Lea
/// and Flood 2014).
#[inline]
pub fn split_mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test values of the hash's authors, and the first numbers of the generator with seed 0.
    #[test]
    fn the_bits_are_the_published_ones() {
        assert_eq!(fnv1a(0, *b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(fnv1a(0, *b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(fnv1a(0, *b"foobar"), 0x8594_4171_F739_67E8);
        let golden = 0x9E37_79B9_7F4A_7C15_u64;
        assert_eq!(split_mix(golden), 0xE220_A839_7B1D_CDAF);
        assert_eq!(split_mix(golden.wrapping_mul(2)), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn texts_are_told_apart_by_their_ends() {
        assert_ne!(fnv1a(0, ended(["ab", "c"])), fnv1a(0, ended(["a", "bc"])));
    }
}
