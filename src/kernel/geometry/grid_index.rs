//! From a point to the face that owns it, and from a point to the nearest face.
//!
//! One owner per point, decided exactly:
//!
//! 1. A point inside a face, or on an edge or vertex between faces, belongs to one face by the rule of
//!    [`half_open`](super::half_open): the face immediately to its east, and along an edge the one to the north.
//! 2. A point that no face owns by that rule but that lies exactly on the boundary of some face lies on the
//!    eastern or northern rim of the union. It belongs to the touching face with the lowest number, so that a
//!    village keeps every point of its border when its neighbour is not in the index.
//! 3. Where faces overlap, which a published plan never does, the one with the lowest number owns the point.
//!
//! So each point has at most one owner, and each point of the closed union has exactly one. Answers depend on
//! nothing but the faces: not on their order, nor on the number of threads.
//!
//! Never here: tolerances, grid codes, or the file an index is kept in.

use geo::{Coord, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::coordinate::Wgs84;
use super::faces::Faces;
pub use super::faces::{BuildError, FaceId};
use super::measure::{self, LocalPlane};

type Envelope = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Point to face for a set of faces in WGS84.
///
/// ```
/// use geo::{MultiPolygon, polygon};
/// use gridkeeper::kernel::geometry::{FaceId, GridIndex, Wgs84};
///
/// let west = polygon![(x: 116.30, y: 35.06), (x: 116.31, y: 35.06), (x: 116.31, y: 35.07), (x: 116.30, y: 35.07)];
/// let east = polygon![(x: 116.31, y: 35.06), (x: 116.32, y: 35.06), (x: 116.32, y: 35.07), (x: 116.31, y: 35.07)];
/// let index = GridIndex::build([
///     (FaceId(1), MultiPolygon::from(west)),
///     (FaceId(2), MultiPolygon::from(east)),
/// ])?;
/// assert_eq!(index.locate(Wgs84::new(116.305, 35.065)?), Some(FaceId(1)));
/// assert_eq!(index.locate(Wgs84::new(116.31, 35.065)?), Some(FaceId(2)), "on the seam: the eastern face");
/// assert_eq!(index.locate(Wgs84::new(116.30, 35.08)?), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct GridIndex {
    faces: Faces,
    envelopes: RTree<Envelope>,
}

impl GridIndex {
    /// Indexes faces given in any order. O(n log n) in the number of vertices.
    ///
    /// # Errors
    /// [`BuildError`] if a face is empty, given twice, has a vertex that is not a coordinate or a ring with fewer
    /// than three corners. Rings that cross themselves are not looked for: see the coverage checks.
    pub fn build(faces: impl IntoIterator<Item = (FaceId, MultiPolygon<f64>)>) -> Result<Self, BuildError> {
        let faces = Faces::build(faces)?;
        let envelopes = (0..faces.len())
            .map(|i| {
                let r = faces.envelope(i);
                let rectangle = Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
                Envelope::new(rectangle, i as u32)
            })
            .collect();
        Ok(Self { faces, envelopes: RTree::bulk_load(envelopes) })
    }

    /// The number of faces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Whether there are no faces at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faces.len() == 0
    }

    /// The face that owns the place, if any: see the [module](self) for the rule.
    ///
    /// O(log f + e) for f faces, where e is the number of edges at the place's latitude in the few faces around
    /// it.
    #[must_use]
    pub fn locate(&self, place: Wgs84) -> Option<FaceId> {
        self.locate_face(place.into()).map(|face| self.faces.id(face))
    }

    fn locate_face(&self, p: Coord<f64>) -> Option<usize> {
        let at = AABB::from_point([p.x, p.y]);
        let around = || self.envelopes.locate_in_envelope_intersecting(at).map(|e| e.data as usize);
        let owner = around().filter(|&f| self.faces.owns(f, p)).min();
        owner.or_else(|| around().filter(|&f| self.faces.touches(f, p)).min())
    }

    /// The face nearest to the place and its distance in metres: the owner at 0 m where there is one.
    ///
    /// The nearest edge is found on the flat patch around the place ([`LocalPlane`]), so of two faces whose
    /// distances differ by less than that patch's error either may be named; the distance is geodesic. None only
    /// for an index without faces. Ties go to the lowest number.
    #[must_use]
    pub fn nearest(&self, place: Wgs84) -> Option<(FaceId, f64)> {
        let p = Coord::from(place);
        if let Some(face) = self.locate_face(p) {
            return Some((self.faces.id(face), 0.0));
        }
        let plane = LocalPlane::at_latitude(p.y);
        // Some face bounds the search; the true nearest is among those whose envelopes reach that close.
        let first = self.envelopes.nearest_neighbor([p.x, p.y])?.data as usize;
        let reach_m = plane.distance_m(p, self.nearest_on_boundary(first, p, plane));
        let (east_m, north_m) = plane.metres_per_degree();
        let (dx, dy) = (reach_m / east_m.max(f64::MIN_POSITIVE), reach_m / north_m);
        let reach = AABB::from_corners([p.x - dx, p.y - dy], [p.x + dx, p.y + dy]);
        let (_, face, at) = self
            .envelopes
            .locate_in_envelope_intersecting(reach)
            .map(|e| e.data as usize)
            .chain([first])
            .map(|face| {
                let at = self.nearest_on_boundary(face, p, plane);
                (plane.distance_m(p, at), face, at)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        Some((self.faces.id(face), measure::distance_m(place, Wgs84::from_trusted(at.x, at.y))))
    }

    /// How far the place is from the border of the face that owns it, in metres: seams with neighbours, the outer
    /// rim and holes alike. None if no face owns it. O(e) in the face's edges.
    #[must_use]
    pub fn distance_to_boundary_m(&self, place: Wgs84) -> Option<f64> {
        let p = Coord::from(place);
        let face = self.locate_face(p)?;
        let at = self.nearest_on_boundary(face, p, LocalPlane::at_latitude(p.y));
        Some(measure::distance_m(place, Wgs84::from_trusted(at.x, at.y)))
    }

    fn nearest_on_boundary(&self, face: usize, p: Coord<f64>, plane: LocalPlane) -> Coord<f64> {
        let mut best = (f64::INFINITY, p);
        for (a, b) in self.faces.edges(face) {
            let at = plane.nearest_on_segment(p, a, b);
            let d = plane.distance_m(p, at);
            if d < best.0 {
                best = (d, at);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests;
