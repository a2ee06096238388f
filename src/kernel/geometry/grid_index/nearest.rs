//! How far it is: to the nearest face, or to the border of one's own.
//!
//! Never here: who owns a place.

use std::cmp::Ordering;

use geo::Coord;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::GridIndex;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::borders::Borders;
use crate::kernel::geometry::coordinate::Wgs84;
use crate::kernel::geometry::measure::{self, LocalPlane};

/// The boxes around faces, which are known by their index.
#[derive(Debug, Clone)]
pub(super) struct Envelopes(RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>);

impl Envelopes {
    fn new(borders: &Borders) -> Self {
        // Coordinates have been checked when the index was built; a file may hold any numbers.
        let is_place = |&[lon, lat]: &[f64; 2]| lon.abs() <= 180.0 && lat.abs() <= 90.0;
        let envelope = |face: usize| {
            let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
            for c in borders.edges(face).flat_map(|(a, b)| [a, b]) {
                low = [low[0].min(c.x), low[1].min(c.y)];
                high = [high[0].max(c.x), high[1].max(c.y)];
            }
            let is_sound = [low, high].iter().all(is_place);
            is_sound.then(|| GeomWithData::new(Rectangle::from_corners(low, high), face as u32))
        };
        Self(RTree::bulk_load((0..borders.len()).filter_map(envelope).collect()))
    }
}

impl GridIndex {
    /// The face nearest to the place and its distance in metres: the owner at 0 m where there is one.
    ///
    /// The nearest edge is found on the flat patch around the place ([`LocalPlane`]), so of two faces whose
    /// distances differ by less than that patch's error either may be named; the distance is geodesic. None only
    /// for an index without faces. Ties go to the lowest number.
    #[must_use]
    pub fn nearest(&self, place: Wgs84) -> Option<(FaceId, f64)> {
        let p = Coord::from(place);
        if let Some(face) = self.locate_face(p) {
            return Some((FaceId(self.ids[face]), 0.0));
        }
        let envelopes = &self.envelopes.get_or_init(|| Envelopes::new(&self.borders)).0;
        let plane = LocalPlane::at_latitude(p.y);
        // Some face bounds the search; the true nearest is among those whose envelopes reach that close.
        let first = envelopes.nearest_neighbor([p.x, p.y])?.data as usize;
        let reach_m = plane.distance_m(p, self.nearest_on_border(first, p, plane));
        let (east_m, north_m) = plane.metres_per_degree();
        let (dx, dy) = (reach_m / east_m.max(f64::MIN_POSITIVE), reach_m / north_m);
        let reach = AABB::from_corners([p.x - dx, p.y - dy], [p.x + dx, p.y + dy]);
        let nearer = |a: &(f64, usize, Coord<f64>), b: &(f64, usize, Coord<f64>)| -> Ordering {
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        };
        let (_, face, at) = envelopes
            .locate_in_envelope_intersecting(reach)
            .map(|e| e.data as usize)
            .chain([first])
            .map(|face| {
                let at = self.nearest_on_border(face, p, plane);
                (plane.distance_m(p, at), face, at)
            })
            .min_by(nearer)?;
        Some((FaceId(self.ids[face]), measure::distance_m(place, Wgs84::new(at.x, at.y).ok()?)))
    }

    /// How far the place is from the border of the face that owns it, in metres: seams with neighbours, the outer
    /// rim and holes alike. None if no face owns it. O(e) in the face's edges.
    #[must_use]
    pub fn distance_to_boundary_m(&self, place: Wgs84) -> Option<f64> {
        let p = Coord::from(place);
        let face = self.locate_face(p)?;
        let at = self.nearest_on_border(face, p, LocalPlane::at_latitude(p.y));
        Some(measure::distance_m(place, Wgs84::new(at.x, at.y).ok()?))
    }

    fn nearest_on_border(&self, face: usize, p: Coord<f64>, plane: LocalPlane) -> Coord<f64> {
        let mut best = (f64::INFINITY, p);
        for (a, b) in self.borders.edges(face) {
            let at = plane.nearest_on_segment(p, a, b);
            let d = plane.distance_m(p, at);
            if d < best.0 {
                best = (d, at);
            }
        }
        best.1
    }
}
