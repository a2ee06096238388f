//! The usual ways of finding the polygon around a point, with the libraries that people use for it, and an oracle.

use geo::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon};
use gridkeeper::kernel::geometry::{FaceId, Wgs84};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type Faces = [(FaceId, MultiPolygon<f64>)];
type Envelope = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// The boxes around faces.
pub(crate) struct Envelopes(RTree<Envelope>);

impl Envelopes {
    pub(crate) fn new(faces: &Faces) -> Self {
        let envelope = |(i, (_, face)): (usize, &(FaceId, MultiPolygon<f64>))| {
            let bounds = face.bounding_rect()?;
            let corners = ([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
            Some(Envelope::new(Rectangle::from_corners(corners.0, corners.1), i))
        };
        Self(RTree::bulk_load(faces.iter().enumerate().filter_map(envelope).collect()))
    }

    fn around(&self, place: Wgs84) -> impl Iterator<Item = usize> + '_ {
        let at = AABB::from_point([place.lon(), place.lat()]);
        self.0.locate_in_envelope_intersecting(at).map(|envelope| envelope.data)
    }
}

/// rstar for the boxes, then geo's `contains` on each candidate.
pub(crate) fn by_contains(envelopes: &Envelopes, faces: &Faces, place: Wgs84) -> Option<FaceId> {
    let point = geo::Point::new(place.lon(), place.lat());
    envelopes.around(place).find(|&i| faces[i].1.contains(&point)).map(|i| faces[i].0)
}

/// geo's polygons with an index of their edges.
pub(crate) struct Indexed(Vec<(FaceId, IntervalTreeMultiPolygon<f64>)>);

impl Indexed {
    pub(crate) fn new(faces: &Faces) -> Self {
        Self(faces.iter().map(|(id, face)| (*id, IntervalTreeMultiPolygon::new(face))).collect())
    }

    /// rstar for the boxes, then `contains` of each candidate's index.
    pub(crate) fn locate(&self, envelopes: &Envelopes, place: Wgs84) -> Option<FaceId> {
        let point = geo::Point::new(place.lon(), place.lat());
        envelopes.around(place).find(|&i| self.0[i].1.contains(&point)).map(|i| self.0[i].0)
    }
}

/// The half-open rule by exact predicates on every edge of every candidate: nothing of the index takes part in it.
pub(crate) fn exactly(envelopes: &Envelopes, faces: &Faces, place: Wgs84) -> Option<FaceId> {
    let p = Coord { x: place.lon(), y: place.lat() };
    let robust = |c: Coord<f64>| robust::Coord { x: c.x, y: c.y };
    let crossed = |a: Coord<f64>, b: Coord<f64>| {
        (a.y <= p.y) != (b.y <= p.y) && {
            let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
            robust::orient2d(robust(low), robust(high), robust(p)) > 0.0
        }
    };
    let owns = |&i: &usize| {
        let rings =
            faces[i].1.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        rings.flat_map(LineString::lines).filter(|line| crossed(line.start, line.end)).count() % 2 == 1
    };
    envelopes.around(place).filter(owns).map(|i| faces[i].0).min()
}
