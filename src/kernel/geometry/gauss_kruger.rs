//! The CGCS2000 3-degree Gauss-Krüger projections (EPSG:4534 to 4554): where metric work happens.
//!
//! Krüger's series in the third flattening n, to order n⁶, as in C. F. F. Karney, "Transverse Mercator with an
//! accuracy of a few nanometers", Journal of Geodesy 85 (2011), equations 7–9, 19–21, 35 and 36. Within a
//! zone the truncation error is nanometres.
//!
//! Axis order: EPSG:4534 to 4554 put the northing first (as Chinese survey sheets do: X points north). Here,
//! as in `PostGIS` and every GIS file, the pair is (east, north); only a caller that reads coordinates in the
//! order of the EPSG definition must swap them.

use thiserror::Error;

use super::coordinate::Wgs84;

/// CGCS2000 ellipsoid (GB 22021-2008): semi-major axis in metres.
const A: f64 = 6_378_137.0;
/// CGCS2000 ellipsoid: flattening.
const F: f64 = 1.0 / 298.257_222_101;
/// Third flattening.
const N: f64 = F / (2.0 - F);
const FALSE_EASTING_M: f64 = 500_000.0;

const N2: f64 = N * N;
const N3: f64 = N2 * N;
const N4: f64 = N3 * N;
const N5: f64 = N4 * N;
const N6: f64 = N5 * N;

/// Radius of the circle with the meridian's circumference (Karney 2011, equation 14).
const RECTIFYING_RADIUS_M: f64 = A / (1.0 + N) * (1.0 + N2 / 4.0 + N4 / 64.0 + N6 / 256.0);

/// Karney 2011, equation 35.
const ALPHA: [f64; 6] = [
    N / 2.0 - N2 * 2.0 / 3.0 + N3 * 5.0 / 16.0 + N4 * 41.0 / 180.0 - N5 * 127.0 / 288.0
        + N6 * 7_891.0 / 37_800.0,
    N2 * 13.0 / 48.0 - N3 * 3.0 / 5.0 + N4 * 557.0 / 1_440.0 + N5 * 281.0 / 630.0
        - N6 * 1_983_433.0 / 1_935_360.0,
    N3 * 61.0 / 240.0 - N4 * 103.0 / 140.0 + N5 * 15_061.0 / 26_880.0 + N6 * 167_603.0 / 181_440.0,
    N4 * 49_561.0 / 161_280.0 - N5 * 179.0 / 168.0 + N6 * 6_601_661.0 / 7_257_600.0,
    N5 * 34_729.0 / 80_640.0 - N6 * 3_418_889.0 / 1_995_840.0,
    N6 * 212_378_941.0 / 319_334_400.0,
];

/// Karney 2011, equation 36.
const BETA: [f64; 6] = [
    N / 2.0 - N2 * 2.0 / 3.0 + N3 * 37.0 / 96.0 - N4 / 360.0 - N5 * 81.0 / 512.0 + N6 * 96_199.0 / 604_800.0,
    N2 / 48.0 + N3 / 15.0 - N4 * 437.0 / 1_440.0 + N5 * 46.0 / 105.0 - N6 * 1_118_711.0 / 3_870_720.0,
    N3 * 17.0 / 480.0 - N4 * 37.0 / 840.0 - N5 * 209.0 / 4_480.0 + N6 * 5_569.0 / 90_720.0,
    N4 * 4_397.0 / 161_280.0 - N5 * 11.0 / 504.0 - N6 * 830_251.0 / 7_257_600.0,
    N5 * 4_583.0 / 161_280.0 - N6 * 108_847.0 / 3_991_680.0,
    N6 * 20_648_693.0 / 638_668_800.0,
];

/// Why a number or a pair of numbers does not name a place in a projection.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum ProjectionError {
    /// The central meridian is not a finite longitude.
    #[error("{0} is no central meridian")]
    CentralMeridian(f64),
    /// Not one of the CGCS2000 3-degree zones without a zone prefix.
    #[error("EPSG:{0} is not a CGCS2000 3-degree Gauss-Krüger zone (4534 to 4554)")]
    UnknownEpsg(u32),
    /// The pair is not finite, or lies further from the central meridian or the equator than the Earth reaches.
    #[error("east {east_m} m, north {north_m} m is not on the projected Earth")]
    OffTheMap {
        /// Easting with the false 500 km, metres.
        east_m: f64,
        /// Northing, metres.
        north_m: f64,
    },
}

/// A transverse Mercator projection of CGCS2000 with scale 1 on its central meridian and a false easting of
/// 500 km.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussKruger {
    central_meridian: f64,
}

/// A place in metres east and north, together with the projection that gives the numbers their meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projected {
    east_m: f64,
    north_m: f64,
    projection: GaussKruger,
}

impl GaussKruger {
    /// The 3-degree zone whose central meridian is nearest to the place; halfway, the one further from
    /// Greenwich.
    #[must_use]
    pub fn for_place(place: Wgs84) -> Self {
        Self { central_meridian: (place.lon() / 3.0).round() * 3.0 }
    }

    /// A projection on any central meridian, in degrees: a county may use one of its own.
    ///
    /// # Errors
    /// [`ProjectionError::CentralMeridian`] if it is not a longitude.
    pub fn on_meridian(degrees: f64) -> Result<Self, ProjectionError> {
        if degrees.is_finite() && degrees.abs() <= 180.0 {
            Ok(Self { central_meridian: degrees })
        } else {
            Err(ProjectionError::CentralMeridian(degrees))
        }
    }

    /// The zone with this EPSG code: 4534 (75°E) to 4554 (135°E); Jinxiang's 117°E is 4548.
    ///
    /// # Errors
    /// [`ProjectionError::UnknownEpsg`] for any other code.
    pub fn from_epsg(code: u32) -> Result<Self, ProjectionError> {
        match code {
            4534..=4554 => Ok(Self { central_meridian: f64::from(75 + 3 * (code - 4534)) }),
            _ => Err(ProjectionError::UnknownEpsg(code)),
        }
    }

    /// The EPSG code, where this projection has one.
    #[must_use]
    pub fn epsg(self) -> Option<u32> {
        (4534..=4554).find(|&code| Self::from_epsg(code) == Ok(self))
    }

    /// The central meridian, degrees east.
    #[must_use]
    pub const fn central_meridian(self) -> f64 {
        self.central_meridian
    }

    /// Projects a place. Within a nanometre in the zone and a millimetre up to 35° from the central meridian
    /// (Karney 2011, table 2); beyond that the numbers grow without meaning.
    #[must_use]
    pub fn project(self, place: Wgs84) -> Projected {
        let lambda = (place.lon() - self.central_meridian).to_radians();
        let tau = conformal_tangent(place.lat().to_radians().tan());
        let (sin, cos) = lambda.sin_cos();
        let xi = tau.atan2(cos);
        let eta = (sin / tau.hypot(cos)).asinh();
        let (dxi, deta) = series(&ALPHA, xi, eta);
        Projected {
            east_m: FALSE_EASTING_M + RECTIFYING_RADIUS_M * (eta + deta),
            north_m: RECTIFYING_RADIUS_M * (xi + dxi),
            projection: self,
        }
    }
}

impl Projected {
    /// Parses a pair in metres, east (with the false 500 km) first. Mind the axis order of EPSG definitions:
    /// see the [module](self).
    ///
    /// # Errors
    /// [`ProjectionError::OffTheMap`] if a number is not finite, the easting is more than 3,000 km from the
    /// central meridian, or the northing more than a quarter meridian from the equator.
    pub fn new(east_m: f64, north_m: f64, projection: GaussKruger) -> Result<Self, ProjectionError> {
        let quarter_meridian_m = RECTIFYING_RADIUS_M * std::f64::consts::FRAC_PI_2;
        if (east_m - FALSE_EASTING_M).abs() <= 3_000_000.0 && north_m.abs() <= quarter_meridian_m {
            Ok(Self { east_m, north_m, projection })
        } else {
            Err(ProjectionError::OffTheMap { east_m, north_m })
        }
    }

    /// Metres east of the false origin 500 km west of the central meridian.
    #[must_use]
    pub const fn east_m(self) -> f64 {
        self.east_m
    }

    /// Metres north of the equator.
    #[must_use]
    pub const fn north_m(self) -> f64 {
        self.north_m
    }

    /// The projection these metres are measured in.
    #[must_use]
    pub const fn projection(self) -> GaussKruger {
        self.projection
    }

    /// Back to longitude and latitude.
    #[must_use]
    pub fn to_wgs84(self) -> Wgs84 {
        let xi = self.north_m / RECTIFYING_RADIUS_M;
        let eta = (self.east_m - FALSE_EASTING_M) / RECTIFYING_RADIUS_M;
        let (dxi, deta) = series(&BETA, xi, eta);
        let (xi, eta) = (xi - dxi, eta - deta);
        let lambda = eta.sinh().atan2(xi.cos());
        let tau = geographic_tangent(xi.sin() / eta.sinh().hypot(xi.cos()));
        let lon = self.projection.central_meridian + lambda.to_degrees();
        // Near the date line the sum can leave the range by one turn.
        let lon = if lon.abs() > 180.0 { lon - 360.0_f64.copysign(lon) } else { lon };
        Wgs84::from_trusted(lon, tau.atan().to_degrees())
    }
}

/// The sums of Karney 2011, equations 11 and 15: Σ cⱼ sin 2jξ cosh 2jη and Σ cⱼ cos 2jξ sinh 2jη.
fn series(coefficients: &[f64; 6], xi: f64, eta: f64) -> (f64, f64) {
    let (mut a, mut b) = (0.0, 0.0);
    // Smallest terms first.
    for (j, c) in coefficients.iter().enumerate().rev() {
        let k = 2.0 * (j + 1) as f64;
        a += c * (k * xi).sin() * (k * eta).cosh();
        b += c * (k * xi).cos() * (k * eta).sinh();
    }
    (a, b)
}

fn eccentricity() -> f64 {
    (F * (2.0 - F)).sqrt()
}

/// Tangent of the conformal latitude from that of the geographic one (Karney 2011, equations 7–9).
fn conformal_tangent(tau: f64) -> f64 {
    let e = eccentricity();
    let secant = tau.hypot(1.0);
    let sigma = (e * (e * tau / secant).atanh()).sinh();
    tau * sigma.hypot(1.0) - sigma * secant
}

/// The inverse of [`conformal_tangent`] by Newton's method (Karney 2011, equations 19–21).
fn geographic_tangent(target: f64) -> f64 {
    let e2 = F * (2.0 - F);
    let mut tau = target;
    // Converges to the last digit in three steps at any latitude.
    for _ in 0..5 {
        let now = conformal_tangent(tau);
        let step =
            (target - now) / now.hypot(1.0) * (1.0 + (1.0 - e2) * tau * tau) / ((1.0 - e2) * tau.hypot(1.0));
        tau += step;
        if step.abs() <= f64::EPSILON * tau.abs() {
            break;
        }
    }
    tau
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Longitude, latitude, EPSG code, east, north: by PROJ (`cs2cs -d 9 EPSG:4490 EPSG:45xx`, axes swapped).
    const PROJ: &str = include_str!("../../../fixtures/reference/gauss_kruger_proj.csv");

    #[test]
    fn agrees_with_proj_to_a_micrometre() {
        let mut rows = 0;
        for line in PROJ.lines().filter(|l| !l.starts_with(['#', 'l'])) {
            let v: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let projection = GaussKruger::from_epsg(v[2] as u32).unwrap();
            let place = Wgs84::new(v[0], v[1]).unwrap();
            let got = projection.project(place);
            let off_m = (got.east_m() - v[3]).hypot(got.north_m() - v[4]);
            assert!(off_m < 1e-6, "{line}: {off_m} m off");
            let back = Projected::new(v[3], v[4], projection).unwrap().to_wgs84();
            assert!((back.lon() - v[0]).abs() < 1e-11 && (back.lat() - v[1]).abs() < 1e-11, "{line}: {back}");
            rows += 1;
        }
        assert!(rows > 50);
    }

    #[test]
    fn picks_the_zone_by_longitude() {
        let zone = |lon| GaussKruger::for_place(Wgs84::new(lon, 35.0).unwrap());
        assert_eq!(zone(116.31).epsg(), Some(4548));
        assert!((zone(115.49).central_meridian() - 114.0).abs() < 1e-12);
        assert!((zone(115.5).central_meridian() - 117.0).abs() < 1e-12);
        assert_eq!(zone(2.0).epsg(), None);
    }

    #[test]
    fn knows_its_epsg_codes() {
        for code in 4534..=4554 {
            assert_eq!(GaussKruger::from_epsg(code).unwrap().epsg(), Some(code));
        }
        assert_eq!(GaussKruger::from_epsg(4533), Err(ProjectionError::UnknownEpsg(4533)));
        assert_eq!(GaussKruger::from_epsg(3857), Err(ProjectionError::UnknownEpsg(3857)));
    }

    #[test]
    fn refuses_metres_that_are_not_on_earth() {
        let zone = GaussKruger::from_epsg(4548).unwrap();
        assert!(Projected::new(f64::NAN, 0.0, zone).is_err());
        assert!(Projected::new(500_000.0, 10_100_000.0, zone).is_err());
        // A zone-prefixed easting (EPSG:4527) is not one of ours.
        assert!(Projected::new(39_437_064.3, 3_882_576.5, zone).is_err());
    }

    proptest! {
        #[test]
        fn round_trip_is_below_a_micrometre(lon in 73.0..136.0, lat in -80.0..80.0) {
            let place = Wgs84::new(lon, lat).unwrap();
            let back = GaussKruger::for_place(place).project(place).to_wgs84();
            prop_assert!((back.lon() - lon).abs() < 1e-11 && (back.lat() - lat).abs() < 1e-11);
        }
    }
}
