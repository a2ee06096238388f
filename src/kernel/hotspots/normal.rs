//! The normal distribution. Never here: tests that use it.

use std::f64::consts::FRAC_1_SQRT_2;

/// The probability that a standard normal number lies above `z`, to the last digits in both tails.
#[must_use]
pub fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_tails() {
        // scipy.stats.norm.sf
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457_05),
            (1.96, 0.024_997_895_148_220_435),
            (-3.0, 0.998_650_101_968_369_9),
            (10.0, 7.619_853_024_160_495e-24),
        ] {
            assert!((upper_tail(z) / tail - 1.0).abs() < 1e-13, "{z}: {}", upper_tail(z));
        }
    }
}
