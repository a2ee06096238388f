//! Overlaps among a great many faces, most of which fit.
//!
//! [`check`](super::check) overlays every pair of neighbours, which a village can afford and a province cannot. Here a
//! pair is overlaid only if its borders say that it may overlap: they cross, touch other than in a common vertex, run
//! the same way along a common edge, or one enters the other between two common vertices.
//!
//! Never here: gaps, or anything about one face alone.

use std::collections::HashSet;

use geo::{BooleanOps, BoundingRect, Coord, LineString, MultiPolygon, Rect};
use rayon::prelude::*;
use rstar::{AABB, RTree};

use super::check::{Flaw, flaws, sorted};
use super::segments::{Entry, Meeting, entry, meeting};
use super::snap::{Key, TOLERANCE_M, key};
use super::sweep::near_pairs;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::half_open::{self, Side};

type Segment = (Coord<f64>, Coord<f64>);

/// Where faces overlap by more than a millimetre, largest first. Shells must run anticlockwise and holes clockwise.
///
/// O(n log n) in the number of vertices where few faces meet at a place and borders are about as long as they are
/// wide. Pairs are looked at in parallel; the result does not depend on the number of threads.
#[must_use]
pub fn overlaps(faces: &[(FaceId, MultiPolygon<f64>)]) -> Vec<Flaw> {
    let boxes: Vec<Rect<f64>> = faces.iter().filter_map(|(_, face)| face.bounding_rect()).collect();
    if boxes.len() < faces.len() {
        // An empty face overlaps nothing.
        let kept: Vec<_> = faces.iter().filter(|(_, face)| face.bounding_rect().is_some()).cloned().collect();
        return overlaps(&kept);
    }
    let entries: Vec<Entry<usize>> =
        boxes.iter().enumerate().map(|(i, bounds)| entry(bounds.min(), bounds.max(), i)).collect();
    let tree = RTree::bulk_load(entries);
    let found = (0..faces.len()).into_par_iter().flat_map_iter(|i| {
        let (low, high) = (boxes[i].min(), boxes[i].max());
        let around = tree
            .locate_in_envelope_intersecting(AABB::from_corners([low.x, low.y], [high.x, high.y]))
            .map(|entry| entry.data);
        let (boxes, one) = (&boxes, &faces[i]);
        around.filter(move |&j| j < i).flat_map(move |j| {
            let other = &faces[j];
            if !may_overlap(&other.1, &one.1, common(boxes[i], boxes[j])) {
                return Vec::new();
            }
            let mut pair = vec![one.0, other.0];
            pair.sort_unstable();
            flaws(other.1.intersection(&one.1), TOLERANCE_M, |_| pair.clone())
        })
    });
    sorted(found.collect())
}

/// What two boxes that meet have in common.
fn common(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let low = Coord { x: a.min().x.max(b.min().x), y: a.min().y.max(b.min().y) };
    let high = Coord { x: a.max().x.min(b.max().x), y: a.max().y.min(b.max().y) };
    Rect::new(low, high)
}

/// Whether a segment's box meets the area.
fn reaches((a, b): Segment, area: Rect<f64>) -> bool {
    a.x.min(b.x) <= area.max().x
        && a.x.max(b.x) >= area.min().x
        && a.y.min(b.y) <= area.max().y
        && a.y.max(b.y) >= area.min().y
}

fn segments(face: &MultiPolygon<f64>) -> impl Iterator<Item = Segment> + '_ {
    let rings = face.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.flat_map(LineString::lines).map(|line| (line.start, line.end))
}

/// False only if the insides of two faces are apart; the area is what their boxes have in common.
fn may_overlap(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>, area: Rect<f64>) -> bool {
    let within = |face| segments(face).filter(move |&segment| reaches(segment, area)).collect::<Vec<_>>();
    let (of_a, of_b) = (within(a), within(b));
    let name = |(from, to): Segment| (key(from), key(to));
    let directed: HashSet<(Key, Key)> = of_b.iter().map(|&segment| name(segment)).collect();
    if of_a.iter().any(|&segment| directed.contains(&name(segment))) {
        // Both have their inside on the left of it.
        return true;
    }
    let is_shared = |(from, to): &Segment| directed.contains(&(key(*to), key(*from)));
    let own_a: Vec<Segment> = of_a.iter().copied().filter(|segment| !is_shared(segment)).collect();
    let reversed: HashSet<(Key, Key)> = of_a.iter().map(|&(from, to)| (key(to), key(from))).collect();
    let own_b: Vec<Segment> =
        of_b.iter().copied().filter(|&segment| !reversed.contains(&name(segment))).collect();
    if bad_meeting(&own_a, &own_b) {
        return true;
    }
    // By now each stretch of border between common vertices lies wholly inside or outside of the other face.
    enters(&own_a, &of_b, b) || enters(&own_b, &of_a, a)
}

/// Whether borders meet other than in a common vertex.
fn bad_meeting(of_a: &[Segment], of_b: &[Segment]) -> bool {
    let both: Vec<Segment> = of_a.iter().chain(of_b).copied().collect();
    let mut bad = false;
    near_pairs(&both, |i, j| {
        if bad || (i < of_a.len()) == (j < of_a.len()) {
            return;
        }
        let ((a, b), (c, d)) = (both[i], both[j]);
        bad = match meeting(a, b, c, d) {
            Meeting::Apart => false,
            Meeting::Touch(at) => !((at == a || at == b) && (at == c || at == d)),
            Meeting::Cross(_) | Meeting::Along(_) => true,
        };
    });
    bad
}

/// Whether a stretch of one face's border lies inside the other face, `near` being the other's vertices around.
fn enters(own: &[Segment], near: &[Segment], other: &MultiPolygon<f64>) -> bool {
    let vertices: HashSet<Key> = near.iter().map(|&(from, _)| key(from)).collect();
    let mut before: Option<Segment> = None;
    own.iter().any(|&segment| {
        let goes_on = before.is_some_and(|(_, end)| end == segment.0) && !vertices.contains(&key(segment.0));
        before = Some(segment);
        !goes_on && is_inside(middle(segment), other)
    })
}

fn middle((a, b): Segment) -> Coord<f64> {
    Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) }
}

fn is_inside(p: Coord<f64>, face: &MultiPolygon<f64>) -> bool {
    segments(face).filter(|&(a, b)| half_open::side(a, b, p) == Side::Crossed).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;
    use crate::kernel::geometry::{jagged, reference};

    fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)].into()
    }

    fn found(faces: Vec<MultiPolygon<f64>>) -> Vec<(Vec<u32>, f64)> {
        let faces: Vec<_> = (0..).map(FaceId).zip(faces).collect();
        let ids = |flaw: &Flaw| flaw.faces.iter().map(|id| id.0).collect();
        overlaps(&faces).iter().map(|flaw| (ids(flaw), flaw.area_m2)).collect()
    }

    #[test]
    fn partitions_have_none() {
        for faces in [reference::village_faces(), reference::street_faces(), jagged::coverage(7, 5, 4, 11)] {
            let faces: Vec<_> = faces
                .into_iter()
                .map(|(id, face)| (id, geo::Orient::orient(&face, geo::orient::Direction::Default)))
                .collect();
            assert_eq!(overlaps(&faces), []);
        }
    }

    #[test]
    fn every_kind_of_overlap_is_found() {
        let base = rectangle(0.0, 0.0, 4.0, 4.0);
        for other in [
            rectangle(3.0, 1.0, 6.0, 3.0),
            rectangle(1.0, 1.0, 2.0, 2.0),
            rectangle(-1.0, -1.0, 9.0, 9.0),
            base.clone(),
            rectangle(0.0, 0.0, 2.0, 4.0),
            rectangle(2.0, 0.0, 6.0, 4.0),
            // Only common vertices, no common edge: a diamond through the corners.
            polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0), (x: -4.0, y: 4.0)].into(),
        ] {
            let flaws = found(vec![base.clone(), other.clone()]);
            assert_eq!(flaws.iter().map(|(ids, _)| ids.clone()).collect::<Vec<_>>(), [[0, 1]], "{other:?}");
        }
    }

    #[test]
    fn neighbours_in_any_manner_do_not_overlap() {
        let ring = geo::Polygon::new(
            rectangle(0.0, 0.0, 4.0, 4.0).0[0].exterior().clone(),
            vec![LineString(rectangle(1.0, 1.0, 3.0, 3.0).0[0].exterior().0.iter().rev().copied().collect())],
        );
        let faces = vec![
            ring.into(),
            rectangle(1.0, 1.0, 3.0, 3.0),
            rectangle(4.0, -1.0, 5.0, 2.0),
            rectangle(4.0, 2.0, 5.0, 9.0),
            rectangle(-1.0, 4.0, 4.0, 5.0),
            rectangle(-2.0, -2.0, 0.0, 0.0),
        ];
        assert_eq!(found(faces), []);
    }
}
