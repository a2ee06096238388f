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
//! An index goes to bytes and back by [`GridIndex::save`] and [`GridIndex::open`].
//!
//! Never here: tolerances, grid codes, or the file an index is kept in.

use geo::{Coord, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::cells::{Answer, Cells, Source, Spot};
use super::coordinate::Wgs84;
use super::faces::Faces;
pub use super::faces::{BuildError, FaceId};
use super::measure::{self, LocalPlane};

mod saved;

pub use saved::OpenError;

/// Places answered together by [`GridIndex::locate_all`].
const BATCH: usize = 128;

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
    exact: Exact,
    cells: Cells,
    /// What a plain entry stands for: nobody, then the faces in order.
    owners: Vec<Option<FaceId>>,
}

/// The faces with what finds them: every answer can be had from here, and the cells' unsure ones are.
#[derive(Debug, Clone)]
struct Exact {
    faces: Faces,
    envelopes: RTree<Envelope>,
}

impl Exact {
    fn new(faces: Faces) -> Self {
        let envelope = |i: usize| {
            let r = faces.envelope(i);
            let rectangle = Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
            Envelope::new(rectangle, i as u32)
        };
        let envelopes = RTree::bulk_load((0..faces.len()).map(envelope).collect());
        Self { faces, envelopes }
    }

    fn around(&self, p: Coord<f64>) -> impl Iterator<Item = usize> + '_ {
        let at = AABB::from_point([p.x, p.y]);
        self.envelopes.locate_in_envelope_intersecting(at).map(|e| e.data as usize)
    }

    fn locate(&self, p: Coord<f64>) -> Option<usize> {
        let owner = self.around(p).filter(|&f| self.faces.owns(f, p)).min();
        owner.or_else(|| self.around(p).filter(|&f| self.faces.touches(f, p)).min())
    }
}

/// What the cells are built from.
struct CellSource<'a> {
    exact: &'a Exact,
    edges: Vec<(u32, u32)>,
}

impl Source for CellSource<'_> {
    fn edge_count(&self) -> usize {
        self.edges.len()
    }

    fn edge(&self, edge: usize) -> (Coord<f64>, Coord<f64>, u32) {
        let (vertex, face) = self.edges[edge];
        let (a, b) = self.exact.faces.edge_from(vertex);
        (a, b, face)
    }

    fn owners(&self, p: Coord<f64>) -> Vec<u32> {
        self.exact.around(p).filter(|&f| self.exact.faces.owns(f, p)).map(|f| f as u32).collect()
    }
}

impl GridIndex {
    /// Indexes faces given in any order. O(n log n) in the number of vertices.
    ///
    /// # Errors
    /// [`BuildError`] if a face is empty, given twice, has a vertex that is not a coordinate or a ring with fewer
    /// than three corners. Rings that cross themselves are not looked for: see the coverage checks.
    pub fn build(faces: impl IntoIterator<Item = (FaceId, MultiPolygon<f64>)>) -> Result<Self, BuildError> {
        Ok(Self::from_faces(Faces::build(faces)?))
    }

    fn from_faces(faces: Faces) -> Self {
        let exact = Exact::new(faces);
        let cells = match exact.faces.bounds() {
            Some(bounds) => {
                let source = CellSource { exact: &exact, edges: exact.faces.all_edges() };
                Cells::build(&source, bounds.min(), bounds.max())
            }
            None => Cells::default(),
        };
        Self::from_parts(exact, cells)
    }

    fn from_parts(exact: Exact, cells: Cells) -> Self {
        let ids = (0..exact.faces.len()).map(|face| Some(exact.faces.id(face)));
        let owners = std::iter::once(None).chain(ids).collect();
        Self { exact, cells, owners }
    }

    /// The number of faces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.exact.faces.len()
    }

    /// Whether there are no faces at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exact.faces.len() == 0
    }

    /// The face that owns the place, if any: see the [module](self) for the rule.
    ///
    /// O(1) for nearly all places; O(log f + e) for one closer than about a millionth of a cell to an edge, where f is
    /// the number of faces and e that of the edges at its latitude in the few faces around it.
    #[must_use]
    pub fn locate(&self, place: Wgs84) -> Option<FaceId> {
        self.locate_face(place.into()).map(|face| self.exact.faces.id(face))
    }

    /// [`Self::locate`] for many places at once.
    #[must_use]
    pub fn locate_all(&self, places: &[Wgs84]) -> Vec<Option<FaceId>> {
        let mut owners = vec![None; places.len()];
        self.locate_into(places, &mut owners);
        owners
    }

    /// [`Self::locate`] for many places at once, into the caller's memory; what one list has more than the other is
    /// left alone. Where the index is larger than the processor's caches this is several times quicker than one by
    /// one: what a batch of places needs is fetched together.
    pub fn locate_into(&self, places: &[Wgs84], owners: &mut [Option<FaceId>]) {
        let (mut spots, mut entries) = ([Spot::default(); BATCH], [0_u32; BATCH]);
        let mut pending = [0_usize; BATCH];
        for (places, owners) in places.chunks(BATCH).zip(owners.chunks_mut(BATCH)) {
            for (spot, &place) in spots.iter_mut().zip(places) {
                *spot = self.cells.spot(place.into());
            }
            for (entry, &spot) in entries.iter_mut().zip(&spots[..places.len()]) {
                *entry = self.cells.entry(spot);
            }
            // Without a branch: which cells are plain is as good as random.
            let mut count = 0;
            for (i, (&entry, owner)) in entries.iter().zip(owners.iter_mut()).enumerate() {
                let plain = Cells::plain(entry);
                *owner = self.owners.get(plain.unwrap_or(0)).copied().flatten();
                pending[count] = i;
                count += usize::from(plain.is_none());
            }
            // Reading a word at either end of each leaf has the processor fetch all of them at the same time.
            let pending = &pending[..count];
            std::hint::black_box(pending.iter().fold(0, |sum, &i| sum ^ self.cells.touch(entries[i])));
            for &i in pending {
                let face = self.resolve(self.cells.answer(entries[i], spots[i]), places[i].into());
                owners[i] = face.map(|face| self.exact.faces.id(face));
            }
        }
    }

    fn locate_face(&self, p: Coord<f64>) -> Option<usize> {
        let spot = self.cells.spot(p);
        self.resolve(self.cells.answer(self.cells.entry(spot), spot), p)
    }

    #[inline]
    fn resolve(&self, answer: Answer, p: Coord<f64>) -> Option<usize> {
        match answer {
            Answer::Face(face) => Some(face as usize),
            Answer::Nobody => None,
            Answer::Unsure => self.exact.locate(p),
        }
    }

    /// How many bytes the index takes: its cells and its vertices.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.cells.bytes() + self.exact.faces.bytes()
    }

    /// How many bytes the cells take, beside 16 for each vertex.
    #[must_use]
    pub fn cell_bytes(&self) -> usize {
        self.cells.bytes()
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
            return Some((self.exact.faces.id(face), 0.0));
        }
        let plane = LocalPlane::at_latitude(p.y);
        // Some face bounds the search; the true nearest is among those whose envelopes reach that close.
        let first = self.exact.envelopes.nearest_neighbor([p.x, p.y])?.data as usize;
        let reach_m = plane.distance_m(p, self.nearest_on_boundary(first, p, plane));
        let (east_m, north_m) = plane.metres_per_degree();
        let (dx, dy) = (reach_m / east_m.max(f64::MIN_POSITIVE), reach_m / north_m);
        let reach = AABB::from_corners([p.x - dx, p.y - dy], [p.x + dx, p.y + dy]);
        let (_, face, at) = self
            .exact
            .envelopes
            .locate_in_envelope_intersecting(reach)
            .map(|e| e.data as usize)
            .chain([first])
            .map(|face| {
                let at = self.nearest_on_boundary(face, p, plane);
                (plane.distance_m(p, at), face, at)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        Some((self.exact.faces.id(face), measure::distance_m(place, Wgs84::from_trusted(at.x, at.y))))
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
        for (a, b) in self.exact.faces.edges(face) {
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
