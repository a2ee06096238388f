//! How compact a zone is.
//!
//! Never here: whether that is good.

use geo::{ConvexHull, Coord, CoordsIter, MultiPolygon};

use super::circle::enclosing_radius;
use crate::kernel::geometry::measure::{LocalPlane, multi_area_m2};

/// The figures of one zone's shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compactness {
    /// In square metres.
    pub area_m2: f64,
    /// In metres, holes included.
    pub perimeter_m: f64,
    /// 4π · area / perimeter² (Polsby and Popper 1991): 1 for a circle.
    pub polsby_popper: f64,
    /// Area / area of the smallest circle around (Reock 1961): 1 for a circle.
    pub reock: f64,
}

/// Measures polygons in degrees. 0 throughout if there is no area.
#[must_use]
pub fn compactness(polygons: &MultiPolygon<f64>) -> Compactness {
    let area_m2 = multi_area_m2(polygons);
    let hull = polygons.convex_hull();
    let Some(first) = hull.exterior().0.first().filter(|_| area_m2 > 0.0) else {
        return Compactness { area_m2: 0.0, perimeter_m: 0.0, polsby_popper: 0.0, reock: 0.0 };
    };
    let plane = LocalPlane::at_latitude(first.y);
    let rings = polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let perimeter_m =
        rings.flat_map(geo::LineString::lines).map(|l| plane.distance_m(l.start, l.end)).sum::<f64>();
    let (east_m, north_m) = plane.metres_per_degree();
    let metres = |c: Coord<f64>| Coord { x: (c.x - first.x) * east_m, y: (c.y - first.y) * north_m };
    let radius_m = enclosing_radius(&hull.coords_iter().map(metres).collect::<Vec<_>>());
    Compactness {
        area_m2,
        perimeter_m,
        polsby_popper: 4.0 * std::f64::consts::PI * area_m2 / (perimeter_m * perimeter_m),
        reock: area_m2 / (std::f64::consts::PI * radius_m * radius_m),
    }
}

#[cfg(test)]
mod tests {
    use geo::{LineString, Polygon};

    use super::*;

    fn ring(corners: impl IntoIterator<Item = (f64, f64)>) -> MultiPolygon<f64> {
        let plane = LocalPlane::at_latitude(35.0).metres_per_degree();
        let place = |(x, y)| Coord { x: 116.0 + x / plane.0, y: 35.0 + y / plane.1 };
        MultiPolygon(vec![Polygon::new(LineString(corners.into_iter().map(place).collect()), Vec::new())])
    }

    #[test]
    fn a_square_and_a_circle_have_the_figures_of_the_textbook() {
        let square = compactness(&ring([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]));
        assert!((square.polsby_popper - std::f64::consts::FRAC_PI_4).abs() < 1e-3);
        assert!((square.reock - std::f64::consts::FRAC_2_PI).abs() < 1e-3);
        assert!((square.area_m2 - 10_000.0).abs() < 10.0 && (square.perimeter_m - 400.0).abs() < 0.1);
        let circle =
            (0..720).map(|i| f64::from(i).to_radians() / 2.0).map(|a| (80.0 * a.cos(), 80.0 * a.sin()));
        let circle = compactness(&ring(circle));
        assert!((circle.polsby_popper - 1.0).abs() < 1e-3 && (circle.reock - 1.0).abs() < 1e-3);
    }
}
