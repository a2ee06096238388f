//! GCJ-02 (国测局坐标, "Mars coordinates"): the offset that maps published in China must carry.
//!
//! The forward formula is the one in public use since 2010 (it appears in `eviltransform` and many others, and
//! agrees with them to the last digit); the state has not published it. The published one-step inverses miss
//! by metres, so the inverse here is iterated until the forward formula gives the input back.
//!
//! Outside [`super::mainland`] both directions are the identity. At the outline the offset of some hundred
//! metres therefore ends in a step: within that distance outside of it, a GCJ-02 coordinate can come from two
//! places, and the inverse chooses the one inside.

use std::f64::consts::PI;

use super::coordinate::{Gcj02, Wgs84};
use super::mainland;

/// Krasovsky 1940, the ellipsoid the formula was written for: semi-major axis in metres.
const A: f64 = 6_378_245.0;
/// Krasovsky 1940: first eccentricity squared, as the public code spells it.
const EE: f64 = 0.006_693_421_622_965_943;

fn waves(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

/// Northward offset in metres before scaling; `x`, `y` are degrees from 105°E 35°N.
fn north(x: f64, y: f64) -> f64 {
    let slope = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let hills = (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    let swell = (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    slope + waves(x) + hills + swell
}

/// Eastward offset in metres before scaling; `x`, `y` are degrees from 105°E 35°N.
fn east(x: f64, y: f64) -> f64 {
    let slope = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let hills = (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    let swell = (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    slope + waves(x) + hills + swell
}

/// The offset formula, applied everywhere.
fn forward(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let phi = lat.to_radians();
    let magic = 1.0 - EE * phi.sin() * phi.sin();
    let meridian_m = A * (1.0 - EE) / (magic * magic.sqrt());
    let parallel_m = A / magic.sqrt() * phi.cos();
    (lon + (east(x, y) / parallel_m).to_degrees(), lat + (north(x, y) / meridian_m).to_degrees())
}

/// Solves `forward(p) = (lon, lat)` by fixed-point iteration: p ← p + target − forward(p).
///
/// The offsets turn by less than a hundredth over their own length, so each step gains at least two digits;
/// the cap is never reached in practice and only bounds the loop.
pub(super) fn invert(forward: impl Fn(f64, f64) -> (f64, f64), lon: f64, lat: f64) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..32 {
        let (fx, fy) = forward(x, y);
        let (dx, dy) = (lon - fx, lat - fy);
        x += dx;
        y += dy;
        // 1e-13 degrees is ten nanometres, and above the rounding of a longitude.
        if dx.abs() < 1e-13 && dy.abs() < 1e-13 {
            break;
        }
    }
    (x, y)
}

impl Wgs84 {
    /// Converts to GCJ-02: offset on the mainland, unchanged elsewhere.
    #[must_use]
    pub fn to_gcj02(self) -> Gcj02 {
        let (lon, lat) =
            if mainland::contains(self) { forward(self.lon(), self.lat()) } else { (self.lon(), self.lat()) };
        Gcj02::from_trusted(lon, lat)
    }
}

impl Gcj02 {
    /// Converts to WGS84; [`Wgs84::to_gcj02`] takes the result back to within a micrometre.
    #[must_use]
    pub fn to_wgs84(self) -> Wgs84 {
        if !mainland::may_contain(self.lon(), self.lat()) {
            return Wgs84::from_trusted(self.lon(), self.lat());
        }
        let (lon, lat) = invert(forward, self.lon(), self.lat());
        let origin = Wgs84::from_trusted(lon, lat);
        if mainland::contains(origin) { origin } else { Wgs84::from_trusted(self.lon(), self.lat()) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One published pair; what the pair does not have stays zero.
    pub(in crate::kernel::geometry) struct Pair {
        pub(in crate::kernel::geometry) wgs: [f64; 2],
        pub(in crate::kernel::geometry) gcj: [f64; 2],
        pub(in crate::kernel::geometry) bd: [f64; 2],
    }

    pub(in crate::kernel::geometry) fn vectors(list: &str) -> Vec<Pair> {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../../../fixtures/reference/gcj02_vectors.json")).unwrap();
        let at = |v: &serde_json::Value, i: usize| v[i].as_f64().unwrap_or_default();
        let pairs = all[list].as_array().unwrap();
        assert!(!pairs.is_empty());
        pairs
            .iter()
            .map(|p| Pair {
                wgs: [at(&p["wgs"], 0), at(&p["wgs"], 1)],
                gcj: [at(&p["gcj"], 0), at(&p["gcj"], 1)],
                bd: [at(&p["bd"], 0), at(&p["bd"], 1)],
            })
            .collect()
    }

    pub(in crate::kernel::geometry) fn metres_apart(a: [f64; 2], b: [f64; 2]) -> f64 {
        let east = (a[0] - b[0]) * a[1].to_radians().cos();
        111_320.0 * east.hypot(a[1] - b[1])
    }

    #[test]
    fn agrees_with_published_pairs() {
        for pair in vectors("wgs84_to_gcj02") {
            let got = Wgs84::new(pair.wgs[0], pair.wgs[1]).unwrap().to_gcj02();
            assert!(metres_apart([got.lon(), got.lat()], pair.gcj) < 1e-6, "{got}");
            let back = Gcj02::new(pair.gcj[0], pair.gcj[1]).unwrap().to_wgs84();
            assert!(metres_apart([back.lon(), back.lat()], pair.wgs) < 1e-6, "{back}");
        }
    }

    #[test]
    fn is_the_identity_abroad() {
        for (lon, lat) in [(2.35, 48.85), (106.92, 47.92), (114.17, 22.30), (121.56, 25.04)] {
            let p = Wgs84::new(lon, lat).unwrap();
            let there = p.to_gcj02();
            assert_eq!((there.lon(), there.lat()), (lon, lat));
            let back = there.to_wgs84();
            assert_eq!((back.lon(), back.lat()), (lon, lat));
        }
    }

    proptest! {
        #[test]
        fn round_trip_is_below_a_millimetre(lon in 73.0..136.0, lat in 17.0..54.0) {
            let p = Wgs84::new(lon, lat).unwrap();
            prop_assume!(mainland::contains(p));
            let back = p.to_gcj02().to_wgs84();
            prop_assert!(metres_apart([back.lon(), back.lat()], [lon, lat]) < 1e-3);
        }

        #[test]
        fn the_offset_is_hundreds_of_metres_on_the_mainland(lon in 73.0..136.0, lat in 17.0..54.0) {
            let p = Wgs84::new(lon, lat).unwrap();
            prop_assume!(mainland::contains(p));
            let there = p.to_gcj02();
            let offset_m = metres_apart([there.lon(), there.lat()], [lon, lat]);
            prop_assert!((20.0..1_500.0).contains(&offset_m), "{offset_m}");
        }
    }
}
