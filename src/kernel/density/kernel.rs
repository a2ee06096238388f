//! The shapes in which an event's weight is spread around it. Never here: bandwidths.

use std::f64::consts::PI;

/// How an event's weight is spread around it, as a function of the distance in bandwidths, u. Each integrates to 1
/// over the plane (Silverman 1986, "Density Estimation for Statistics and Data Analysis", section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// exp(−u²/2)/2π: smooth everywhere, and nowhere quite 0.
    Gaussian,
    /// 2/π·(1 − u²) within u < 1: the most even, with an edge.
    Epanechnikov,
    /// 3/π·(1 − u²)² within u < 1, also called biweight.
    Quartic,
    /// 4/π·(1 − u²)³ within u < 1.
    Triweight,
}

impl Kernel {
    /// The four, in the order of their definition.
    pub const ALL: [Self; 4] = [Self::Gaussian, Self::Epanechnikov, Self::Quartic, Self::Triweight];

    /// The key by which it is asked for.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Triweight => "triweight",
        }
    }

    /// The value for a distance of 0, in bandwidths⁻²: what all other values are a share of.
    #[must_use]
    pub const fn peak(self) -> f64 {
        match self {
            Self::Gaussian => 0.5 / PI,
            Self::Epanechnikov => 2.0 / PI,
            Self::Quartic => 3.0 / PI,
            Self::Triweight => 4.0 / PI,
        }
    }

    /// The share of the peak that is left at a squared distance of `u2` bandwidths.
    #[must_use]
    pub fn share(self, u2: f64) -> f64 {
        let nearness = (1.0 - u2).max(0.0);
        match self {
            Self::Gaussian => (-0.5 * u2).exp(),
            Self::Epanechnikov => nearness,
            Self::Quartic => nearness * nearness,
            Self::Triweight => nearness * nearness * nearness,
        }
    }

    /// How many bandwidths from an event a map shows of it. The Gaussian, which never ends, is cut where less than
    /// 2·10⁻⁸ of its peak is left.
    #[must_use]
    pub const fn reach(self) -> u8 {
        match self {
            Self::Gaussian => 6,
            Self::Epanechnikov | Self::Quartic | Self::Triweight => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_integrates_to_1_over_the_plane() {
        for kernel in Kernel::ALL {
            // In rings: ∫ K(u) 2πu du, by the midpoint rule.
            let step = 1e-4;
            let integral: f64 = (0..120_000)
                .map(|ring| (f64::from(ring) + 0.5) * step)
                .map(|u| kernel.peak() * kernel.share(u * u) * 2.0 * PI * u * step)
                .sum();
            assert!((integral - 1.0).abs() < 1e-7, "{kernel:?}: {integral}");
            assert!((kernel.share(0.0) - 1.0).abs() < 1e-15);
            let reach = f64::from(kernel.reach());
            assert!(kernel.share(reach * reach) < 2e-8);
        }
    }
}
