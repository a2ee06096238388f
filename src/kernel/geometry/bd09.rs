//! BD-09, Baidu's system: GCJ-02 turned and stretched a little around an origin of its own.
//!
//! Baidu has not published the formula; this is the one in public use since 2011. Its usual inverse is the same
//! formula with the signs turned, which is off by up to a metre; here the inverse is iterated until the
//! forward formula gives the input back.

use super::coordinate::{Bd09, Gcj02};

const X_PI: f64 = std::f64::consts::PI * 3000.0 / 180.0;

fn forward(lon: f64, lat: f64) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.000_02 * (lat * X_PI).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * X_PI).cos();
    (radius * angle.cos() + 0.006_5, radius * angle.sin() + 0.006)
}

impl Gcj02 {
    /// Converts to BD-09.
    #[must_use]
    pub fn to_bd09(self) -> Bd09 {
        let (lon, lat) = forward(self.lon(), self.lat());
        Bd09::from_trusted(lon, lat)
    }
}

impl Bd09 {
    /// Converts to GCJ-02; [`Gcj02::to_bd09`] takes the result back to within a micrometre.
    #[must_use]
    pub fn to_gcj02(self) -> Gcj02 {
        let (lon, lat) = super::gcj02::invert(forward, self.lon(), self.lat());
        Gcj02::from_trusted(lon, lat)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::geometry::gcj02::tests::{metres_apart, vectors};

    #[test]
    fn agrees_with_published_pairs() {
        for pair in vectors("gcj02_to_bd09") {
            let got = Gcj02::new(pair.gcj[0], pair.gcj[1]).unwrap().to_bd09();
            assert!(metres_apart([got.lon(), got.lat()], pair.bd) < 1e-6, "{got}");
        }
    }

    /// Published inverses take one step; ours must agree to the error of that step, which is under a metre.
    #[test]
    fn agrees_with_published_inverses_to_their_own_error() {
        for pair in vectors("bd09_to_gcj02") {
            let got = Bd09::new(pair.bd[0], pair.bd[1]).unwrap().to_gcj02();
            assert!(metres_apart([got.lon(), got.lat()], pair.gcj) < 1.0, "{got}");
        }
    }

    proptest! {
        #[test]
        fn round_trip_is_below_a_micrometre(lon in 73.0..136.0, lat in 17.0..54.0) {
            let there = Gcj02::new(lon, lat).unwrap().to_bd09();
            let back = there.to_gcj02();
            prop_assert!(metres_apart([back.lon(), back.lat()], [lon, lat]) < 1e-6);
        }
    }
}
