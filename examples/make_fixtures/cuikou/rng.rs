//! The generator's only source of chance: `SplitMix64` (Steele, Lea, Flood 2014), seeded by name.
//!
//! Each subject draws from a stream of its own, so that a new lane does not rename a household. Never here:
//! the system's randomness, or any operation whose result differs between machines (no `sin`, `exp`, `ln`).

/// A stream of pseudo-random numbers.
pub(crate) struct Rng(u64);

/// One step of `SplitMix64`'s output function; also used on its own as a hash of small integers.
pub(crate) fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in [0, 1) that depends only on the two integers and the channel.
pub(crate) fn hashed_unit(a: i64, b: i64, channel: u64) -> f64 {
    let key = (a as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (b as u64).rotate_left(32) ^ (channel << 56);
    (mix(mix(key).wrapping_add(channel)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Rng {
    /// The stream of that name.
    pub(crate) fn named(name: &str) -> Self {
        // FNV-1a, so that the seed is the name and nothing else.
        Self(
            name.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)),
        )
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in [from, to).
    pub(crate) fn range(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// Uniform among the integers from..=to.
    pub(crate) fn int(&mut self, from: i64, to: i64) -> i64 {
        from + (self.next_u64() % (to - from + 1) as u64) as i64
    }

    /// A bell-shaped number with mean 0 and standard deviation 1, never beyond ±3.5 (Irwin-Hall of 4).
    pub(crate) fn bell(&mut self) -> f64 {
        (self.unit() + self.unit() + self.unit() + self.unit() - 2.0) * 1.732
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.int(0, items.len() as i64 - 1) as usize]
    }

    /// One of the items, each as likely as its weight.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(T, f64)]) -> T {
        let mut left = self.unit() * items.iter().map(|(_, weight)| weight).sum::<f64>();
        for &(item, weight) in items {
            left -= weight;
            if left < 0.0 {
                return item;
            }
        }
        items[items.len() - 1].0
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.int(0, i as i64) as usize);
        }
    }
}
