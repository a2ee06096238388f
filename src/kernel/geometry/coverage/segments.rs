//! Segments in an R-tree, and how two of them meet, decided exactly.

use geo::Coord;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::kernel::geometry::half_open::{on_segment, orientation};

/// A segment's envelope with whatever tells which segment it is.
pub(super) type Entry<T> = GeomWithData<Rectangle<[f64; 2]>, T>;

/// The envelope entry of the segment from `a` to `b`.
pub(super) fn entry<T>(a: Coord<f64>, b: Coord<f64>, data: T) -> Entry<T> {
    Entry::new(Rectangle::from_corners([a.x, a.y], [b.x, b.y]), data)
}

/// The entries whose envelopes meet the box around `a` and `b`, grown by `(dx, dy)` degrees.
pub(super) fn around<T>(
    tree: &RTree<Entry<T>>,
    a: Coord<f64>,
    b: Coord<f64>,
    (dx, dy): (f64, f64),
) -> impl Iterator<Item = &T> {
    let low = [a.x.min(b.x) - dx, a.y.min(b.y) - dy];
    let high = [a.x.max(b.x) + dx, a.y.max(b.y) + dy];
    tree.locate_in_envelope_intersecting(AABB::from_corners(low, high)).map(|e| &e.data)
}

/// How two segments meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meeting {
    /// Not at all.
    Apart,
    /// In one point, which is an end of at least one of them.
    Touch(Coord<f64>),
    /// In one inner point of both; the coordinates are rounded.
    Cross(Coord<f64>),
    /// Along a line; the point is an end of it.
    Along(Coord<f64>),
}

/// How the segments `a`–`b` and `c`–`d` meet. The kind is exact, by the signs of four orientations.
pub(super) fn meeting(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>, d: Coord<f64>) -> Meeting {
    let (abc, abd) = (orientation(a, b, c), orientation(a, b, d));
    let (cda, cdb) = (orientation(c, d, a), orientation(c, d, b));
    if abc * abd < 0.0 && cda * cdb < 0.0 {
        let along = cda / (cda - cdb);
        return Meeting::Cross(Coord { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) });
    }
    let mut shared = Vec::with_capacity(4);
    for (end, from, to) in [(a, c, d), (b, c, d), (c, a, b), (d, a, b)] {
        if on_segment(from, to, end) && !shared.contains(&end) {
            shared.push(end);
        }
    }
    match shared[..] {
        [] => Meeting::Apart,
        [point] => Meeting::Touch(point),
        [point, ..] => Meeting::Along(point),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn tells_the_four_cases_apart() {
        let (a, b) = (at(0.0, 0.0), at(4.0, 4.0));
        assert_eq!(meeting(a, b, at(0.0, 4.0), at(4.0, 0.0)), Meeting::Cross(at(2.0, 2.0)));
        assert_eq!(meeting(a, b, at(2.0, 2.0), at(4.0, 0.0)), Meeting::Touch(at(2.0, 2.0)));
        assert_eq!(meeting(a, b, at(4.0, 4.0), at(9.0, 0.0)), Meeting::Touch(at(4.0, 4.0)));
        assert!(matches!(meeting(a, b, at(3.0, 3.0), at(9.0, 9.0)), Meeting::Along(_)));
        assert_eq!(meeting(a, b, at(5.0, 5.0), at(9.0, 9.0)), Meeting::Apart);
        assert_eq!(meeting(a, b, at(0.0, 1.0), at(3.0, 4.0)), Meeting::Apart);
    }
}
