//! Distances in metres and areas in square metres on the WGS84 ellipsoid.
//!
//! Never here: a distance in degrees, or in Web Mercator.

use geo::{Coord, Distance, Geodesic, LineString, MultiPolygon, Point, Polygon};

use super::coordinate::Wgs84;

/// WGS84: semi-major axis in metres.
const A: f64 = 6_378_137.0;
/// WGS84: flattening.
const F: f64 = 1.0 / 298.257_223_563;
/// WGS84: first eccentricity squared.
const E2: f64 = F * (2.0 - F);

/// The geodesic distance between two places in metres, exact to some nanometres (C. F. F. Karney, "Algorithms
/// for geodesics", 2013).
#[must_use]
pub fn distance_m(a: Wgs84, b: Wgs84) -> f64 {
    Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()))
}

/// The area of a polygon without its holes, in square metres, whatever the direction of its rings.
///
/// Edges are straight in longitude and latitude, as everywhere in this service, and areas of faces that share
/// edges add up. The zone between an edge and the equator is integrated on the ellipsoid by Simpson's rule,
/// whose error is below 10⁻⁹ of the area for edges shorter than ten kilometres; rounding adds some 10⁻⁹ m² per
/// metre of boundary.
#[must_use]
pub fn area_m2(polygon: &Polygon<f64>) -> f64 {
    let holes: f64 = polygon.interiors().iter().map(|ring| ring_area_m2(ring).abs()).sum();
    ring_area_m2(polygon.exterior()).abs() - holes
}

/// The summed area of the parts, in square metres: see [`area_m2`].
#[must_use]
pub fn multi_area_m2(polygons: &MultiPolygon<f64>) -> f64 {
    polygons.iter().map(area_m2).sum()
}

/// The signed area of a closed ring in square metres, positive when it runs anticlockwise: see [`area_m2`].
#[must_use]
pub fn ring_area_m2(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    let q0 = zone_m2(origin.y);
    let sum: f64 = ring
        .lines()
        .map(|edge| {
            let middle = f64::midpoint(edge.start.y, edge.end.y);
            let mean =
                ((zone_m2(edge.start.y) - q0) + 4.0 * (zone_m2(middle) - q0) + (zone_m2(edge.end.y) - q0))
                    / 6.0;
            mean * (edge.end.x - edge.start.x).to_radians()
        })
        .sum();
    // Anticlockwise, the eastward run is the southern one: it takes away what the northern run adds.
    -sum
}

/// The area between the equator and a latitude, per radian of longitude (J. P. Snyder, "Map Projections: A
/// Working Manual", 1987, equation 3-12, times a²/2).
fn zone_m2(lat: f64) -> f64 {
    let e = E2.sqrt();
    let s = lat.to_radians().sin();
    A * A * 0.5 * (1.0 - E2) * (s / (1.0 - E2 * s * s) + (e * s).atanh() / e)
}

/// A flat patch around a latitude: degrees times these give metres.
///
/// A distance d between places near the latitude φ comes out with a relative error below d · tan φ / R: 0.02 %
/// at two kilometres in Shandong. Use [`distance_m`] for the figure a person reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalPlane {
    /// Metres per degree of longitude.
    east_m: f64,
    /// Metres per degree of latitude.
    north_m: f64,
}

impl LocalPlane {
    /// The patch around a latitude in degrees, by the ellipsoid's two radii of curvature there.
    #[must_use]
    pub fn at_latitude(lat: f64) -> Self {
        let (sin, cos) = lat.to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let prime_vertical = A / w2.sqrt();
        let meridian = prime_vertical * (1.0 - E2) / w2;
        Self { east_m: (prime_vertical * cos).to_radians(), north_m: meridian.to_radians() }
    }

    /// Metres per degree of longitude and of latitude.
    #[must_use]
    pub const fn metres_per_degree(self) -> (f64, f64) {
        (self.east_m, self.north_m)
    }

    /// Distance in metres between two points in degrees.
    #[must_use]
    pub fn distance_m(self, a: Coord<f64>, b: Coord<f64>) -> f64 {
        ((a.x - b.x) * self.east_m).hypot((a.y - b.y) * self.north_m)
    }

    /// The point of the segment from `a` to `b` nearest to `p`, all in degrees.
    #[must_use]
    pub fn nearest_on_segment(self, p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> Coord<f64> {
        let (dx, dy) = ((b.x - a.x) * self.east_m, (b.y - a.y) * self.north_m);
        let (px, py) = ((p.x - a.x) * self.east_m, (p.y - a.y) * self.north_m);
        let length2 = dx * dx + dy * dy;
        let t = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        if t >= 1.0 { b } else { Coord { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) } }
    }

    /// Distance in metres from `p` to the segment from `a` to `b`.
    #[must_use]
    pub fn distance_to_segment_m(self, p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
        self.distance_m(p, self.nearest_on_segment(p, a, b))
    }
}

#[cfg(test)]
mod tests {
    use geo::{GeodesicArea, polygon};
    use proptest::prelude::*;

    use super::*;

    fn box_at(lon: f64, lat: f64, side: f64) -> Polygon<f64> {
        polygon![
            (x: lon, y: lat),
            (x: lon + side, y: lat),
            (x: lon + side, y: lat + side),
            (x: lon, y: lat + side),
        ]
    }

    #[test]
    fn a_degree_at_the_equator_is_what_the_ellipsoid_says() {
        let at = |lon, lat| Wgs84::new(lon, lat).unwrap();
        let along_equator = distance_m(at(0.0, 0.0), at(1.0, 0.0));
        assert!((along_equator - A.to_radians()).abs() < 1e-6);
        // Quarter meridian of WGS84: 10,001,965.729 m.
        assert!((distance_m(at(0.0, 0.0), at(0.0, 90.0)) - 10_001_965.729).abs() < 1e-3);
    }

    #[test]
    fn the_whole_ellipsoid_has_its_area() {
        // WGS84: 510,065,621.724 km².
        assert!((4.0 * std::f64::consts::PI * zone_m2(90.0) / 1e6 - 510_065_621.724).abs() < 1e-3);
    }

    #[test]
    fn holes_are_taken_away_and_direction_does_not_matter() {
        let outer = box_at(116.0, 35.0, 0.01);
        let hole = box_at(116.002, 35.002, 0.001);
        let mut reversed = hole.exterior().clone();
        reversed.0.reverse();
        let whole = area_m2(&outer) - area_m2(&hole);
        for ring in [hole.exterior().clone(), reversed] {
            let with_hole = Polygon::new(outer.exterior().clone(), vec![ring]);
            assert!((area_m2(&with_hole) - whole).abs() < 1e-3);
        }
    }

    proptest! {
        /// Edges along parallels differ from geodesics by the sagitta, which is small for short edges.
        #[test]
        fn agrees_with_geodesic_area(lon in 75.0..130.0, lat in 18.0..53.0, side in 1e-4..1e-2) {
            let square = box_at(lon, lat, side);
            let ours = area_m2(&square);
            let geodesic = square.geodesic_area_unsigned();
            prop_assert!((ours / geodesic - 1.0).abs() < 2e-6, "{ours} {geodesic}");
        }

        #[test]
        fn the_local_plane_is_true_to_its_stated_error(
            lon in 75.0..130.0, lat in 18.0..53.0, dx in -0.02..0.02, dy in -0.02..0.02,
        ) {
            let (a, b) = (Wgs84::new(lon, lat).unwrap(), Wgs84::new(lon + dx, lat + dy).unwrap());
            let exact = distance_m(a, b);
            let flat = LocalPlane::at_latitude(lat).distance_m(a.into(), b.into());
            let bound = exact * exact * lat.to_radians().tan() / 6.3e6;
            prop_assert!((flat - exact).abs() <= bound + 1e-6, "{flat} {exact}");
        }

        #[test]
        fn areas_of_halves_add_up(lon in 75.0..130.0, lat in 18.0..53.0, side in 1e-4..1e-2) {
            let whole = area_m2(&box_at(lon, lat, side));
            let (a, b, c, d) = (
                Coord { x: lon, y: lat },
                Coord { x: lon + side, y: lat },
                Coord { x: lon + side, y: lat + side },
                Coord { x: lon, y: lat + side },
            );
            let half = |p: &[Coord<f64>]| area_m2(&Polygon::new(p.iter().copied().collect(), vec![]));
            prop_assert!((half(&[a, b, c]) + half(&[a, c, d]) - whole).abs() < 1e-6 * whole);
        }
    }
}
