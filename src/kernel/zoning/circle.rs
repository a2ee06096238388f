//! Circles through points.
//!
//! Never here: what they are for.

use geo::Coord;

/// From the first corner of a triangle to the centre of the circle through all three; none if they are on a line.
pub(super) fn to_circumcentre([first, second, third]: [Coord<f64>; 3]) -> Option<Coord<f64>> {
    let (to_second, to_third) = (second - first, third - first);
    let squares = (to_second.x.powi(2) + to_second.y.powi(2), to_third.x.powi(2) + to_third.y.powi(2));
    let twice = 2.0 * (to_second.x * to_third.y - to_second.y * to_third.x);
    (twice != 0.0).then(|| Coord {
        x: (to_third.y * squares.0 - to_second.y * squares.1) / twice,
        y: (to_second.x * squares.1 - to_third.x * squares.0) / twice,
    })
}

/// The radius of the smallest circle around points (Welzl 1991, in its incremental form). O(n) for points in random
/// order; for the few of a convex hull any order will do.
pub(super) fn enclosing_radius(points: &[Coord<f64>]) -> f64 {
    let outside =
        |circle: Circle, p: Coord<f64>| distance(circle.centre, p) > circle.radius * (1.0 + 1e-12) + 1e-12;
    let mut circle = Circle { centre: points.first().copied().unwrap_or_default(), radius: 0.0 };
    for (i, &p) in points.iter().enumerate().filter(|_| points.len() > 1) {
        if !outside(circle, p) {
            continue;
        }
        circle = Circle { centre: p, radius: 0.0 };
        for (j, &q) in points[..i].iter().enumerate() {
            if !outside(circle, q) {
                continue;
            }
            circle = Circle::across(p, q);
            for &last in &points[..j] {
                if outside(circle, last) {
                    circle = Circle::through([p, q, last]);
                }
            }
        }
    }
    circle.radius
}

#[derive(Debug, Clone, Copy)]
struct Circle {
    centre: Coord<f64>,
    radius: f64,
}

impl Circle {
    fn across(a: Coord<f64>, b: Coord<f64>) -> Self {
        let centre = Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
        Self { centre, radius: distance(a, b) / 2.0 }
    }

    fn through([a, b, c]: [Coord<f64>; 3]) -> Self {
        if let Some(way) = to_circumcentre([a, b, c]) {
            return Self { centre: a + way, radius: way.x.hypot(way.y) };
        }
        // On a line: the two that are furthest apart.
        let pairs = [Self::across(a, b), Self::across(b, c), Self::across(a, c)];
        pairs.into_iter().max_by(|x, y| x.radius.total_cmp(&y.radius)).unwrap_or(pairs[0])
    }
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn the_smallest_circle_of_an_obtuse_triangle_stands_on_its_longest_side() {
        assert!((enclosing_radius(&[c(0.0, 0.0), c(10.0, 0.0), c(4.0, 1.0)]) - 5.0).abs() < 1e-9);
        assert!((enclosing_radius(&[c(0.0, 0.0), c(5.0, 0.0), c(10.0, 0.0)]) - 5.0).abs() < 1e-9);
        assert!(enclosing_radius(&[c(3.0, 4.0)]).abs() < 1e-12);
    }

    #[test]
    fn the_circumcentre_is_as_far_from_each_corner() {
        let corners = [c(1.0, 1.0), c(5.0, 2.0), c(3.0, 6.0)];
        let way = to_circumcentre(corners).unwrap();
        let radii = corners.map(|corner| distance(corner, corners[0] + way));
        assert!(radii.iter().all(|r| (r - radii[0]).abs() < 1e-12), "{radii:?}");
        assert_eq!(to_circumcentre([c(0.0, 0.0), c(1.0, 1.0), c(2.0, 2.0)]), None);
    }
}
