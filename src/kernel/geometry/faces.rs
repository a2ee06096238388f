//! Faces held flat: every vertex of every ring in one array, with the exact containment tests over them.
//!
//! Never here: tolerances. Containment is decided by the rule of [`super::half_open`] and nothing else.

use geo::{Coord, LineString, MultiPolygon, Polygon, Rect};
use thiserror::Error;

use super::coordinate::{CoordinateError, Wgs84};
use super::half_open::{self, Side};

/// The number a caller knows a face by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u32);

/// Why faces cannot be indexed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A vertex is not a coordinate.
    #[error("face {}: {source}", face.0)]
    Vertex {
        /// The face it belongs to.
        face: FaceId,
        /// What is wrong with it.
        source: CoordinateError,
    },
    /// A ring has fewer than three different corners.
    #[error("face {}: a ring has fewer than three corners", .0.0)]
    ShortRing(FaceId),
    /// A face has no polygons.
    #[error("face {} is empty", .0.0)]
    Empty(FaceId),
    /// Two faces have the same number.
    #[error("face {} is given twice", .0.0)]
    Duplicate(FaceId),
    /// More than 2³² vertices.
    #[error("too many vertices for one index")]
    TooLarge,
}

/// Rings longer than this get [`Slabs`]; shorter ones are quicker to walk than to look up.
const SLAB_THRESHOLD: usize = 128;

/// A ring's edges bucketed by latitude, so that a long ring is not walked whole for one point.
#[derive(Debug, Clone)]
struct Slabs {
    south: f64,
    per_degree: f64,
    /// `edges[starts[i]..starts[i + 1]]` are the edges that reach into slab i.
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Slabs {
    fn new(ring: &[Coord<f64>]) -> Self {
        let (south, north) =
            ring.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), c| (lo.min(c.y), hi.max(c.y)));
        let count = ring.len() / 2;
        let per_degree = if north > south { count as f64 / (north - south) } else { 0.0 };
        let mut slabs = Self { south, per_degree, starts: vec![0; count + 2], edges: Vec::new() };
        let range = |e: usize| {
            let (a, b) = (ring[e].y, ring[e + 1].y);
            slabs.slab(a.min(b))..=slabs.slab(a.max(b))
        };
        let ranges: Vec<_> = (0..ring.len() - 1).map(range).collect();
        for range in &ranges {
            for s in range.clone() {
                slabs.starts[s + 1] += 1;
            }
        }
        for s in 1..slabs.starts.len() {
            slabs.starts[s] += slabs.starts[s - 1];
        }
        let mut next = slabs.starts.clone();
        slabs.edges = vec![0; next[count + 1] as usize];
        for (e, range) in ranges.into_iter().enumerate() {
            for s in range {
                slabs.edges[next[s] as usize] = e as u32;
                next[s] += 1;
            }
        }
        slabs
    }

    /// The slab of a latitude. Monotonic, so an edge is in the slab of every latitude it reaches.
    fn slab(&self, lat: f64) -> usize {
        (((lat - self.south) * self.per_degree).max(0.0) as usize).min(self.starts.len() - 2)
    }

    fn at(&self, lat: f64) -> &[u32] {
        let s = self.slab(lat);
        &self.edges[self.starts[s] as usize..self.starts[s + 1] as usize]
    }
}

/// One closed ring: a range of the vertex array, its first vertex repeated at its end.
#[derive(Debug, Clone)]
struct Ring {
    start: u32,
    end: u32,
    slabs: Option<Slabs>,
}

/// Faces in ascending order of their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faces {
    ids: Vec<FaceId>,
    envelopes: Vec<Rect<f64>>,
    /// `rings[ring_starts[i]..ring_starts[i + 1]]` are the rings of face i, shells and holes alike.
    ring_starts: Vec<u32>,
    rings: Vec<Ring>,
    vertices: Vec<Coord<f64>>,
}

impl Faces {
    /// Checks and flattens the faces. O(n log n) in the number of vertices.
    pub(crate) fn build(
        faces: impl IntoIterator<Item = (FaceId, MultiPolygon<f64>)>,
    ) -> Result<Self, BuildError> {
        let mut input: Vec<_> = faces.into_iter().collect();
        input.sort_by_key(|(id, _)| *id);
        if let Some(pair) = input.windows(2).find(|w| w[0].0 == w[1].0) {
            return Err(BuildError::Duplicate(pair[0].0));
        }
        let mut out = Self { ring_starts: vec![0], ..Self::default() };
        for (id, polygons) in input {
            out.push(id, &polygons)?;
        }
        Ok(out)
    }

    fn push(&mut self, id: FaceId, polygons: &MultiPolygon<f64>) -> Result<(), BuildError> {
        let first_vertex = self.vertices.len();
        for ring in polygons.iter().flat_map(rings) {
            self.push_ring(id, ring)?;
        }
        if self.vertices.len() == first_vertex {
            return Err(BuildError::Empty(id));
        }
        self.ids.push(id);
        self.envelopes.push(envelope(&self.vertices[first_vertex..]));
        self.ring_starts.push(self.rings.len() as u32);
        Ok(())
    }

    fn push_ring(&mut self, id: FaceId, ring: &LineString<f64>) -> Result<(), BuildError> {
        for c in &ring.0 {
            Wgs84::new(c.x, c.y).map_err(|source| BuildError::Vertex { face: id, source })?;
        }
        let start = self.vertices.len();
        for &c in &ring.0 {
            if self.vertices.len() == start || self.vertices[self.vertices.len() - 1] != c {
                self.vertices.push(c);
            }
        }
        if self.vertices.len() - start < 4 {
            return Err(BuildError::ShortRing(id));
        }
        let end = u32::try_from(self.vertices.len()).map_err(|_| BuildError::TooLarge)?;
        let long = self.vertices.len() - start > SLAB_THRESHOLD;
        let slabs = long.then(|| Slabs::new(&self.vertices[start..]));
        self.rings.push(Ring { start: start as u32, end, slabs });
        Ok(())
    }

    /// The numbers, the first ring of each face, the end of each ring, and the vertices.
    pub(crate) fn parts(&self) -> ([Vec<u32>; 3], &[Coord<f64>]) {
        let ids = self.ids.iter().map(|id| id.0).collect();
        let ring_ends = self.rings.iter().map(|r| r.end).collect();
        ([ids, self.ring_starts.clone(), ring_ends], &self.vertices)
    }

    /// Puts together what [`Self::parts`] took apart; none if the parts do not fit.
    pub(crate) fn from_parts(
        ids: Vec<FaceId>,
        ring_starts: Vec<u32>,
        ring_ends: &[u32],
        vertices: Vec<Coord<f64>>,
    ) -> Option<Self> {
        let fits = ring_starts.len() == ids.len() + 1
            && ring_starts.first() == Some(&0)
            && ring_starts.last().map(|&n| n as usize) == Some(ring_ends.len())
            && ring_starts.is_sorted_by(|a, b| a < b)
            && ids.is_sorted_by(|a, b| a < b)
            && ring_ends.last().map_or(0, |&n| n as usize) == vertices.len()
            && vertices.iter().all(|c| Wgs84::new(c.x, c.y).is_ok());
        if !fits {
            return None;
        }
        let mut faces = Self { ids, ring_starts, vertices, ..Self::default() };
        let mut start = 0;
        for &end in ring_ends {
            let ring = faces.vertices.get(start as usize..end as usize).filter(|ring| ring.len() > 3)?;
            let slabs = (ring.len() > SLAB_THRESHOLD).then(|| Slabs::new(ring));
            faces.rings.push(Ring { start, end, slabs });
            start = end;
        }
        for face in 0..faces.len() {
            let (first, last) = (faces.ring_starts[face] as usize, faces.ring_starts[face + 1] as usize);
            let vertices = faces.rings[first].start as usize..faces.rings[last - 1].end as usize;
            faces.envelopes.push(envelope(&faces.vertices[vertices]));
        }
        Some(faces)
    }

    /// How many bytes the vertices take.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&self.vertices[..])
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, face: usize) -> FaceId {
        self.ids[face]
    }

    pub(crate) fn envelope(&self, face: usize) -> Rect<f64> {
        self.envelopes[face]
    }

    /// The box around all faces, if there are any.
    pub(crate) fn bounds(&self) -> Option<Rect<f64>> {
        self.envelopes.iter().copied().reduce(|a, b| {
            let (low, high) = ((a.min(), b.min()), (a.max(), b.max()));
            Rect::new(
                Coord { x: low.0.x.min(low.1.x), y: low.0.y.min(low.1.y) },
                Coord { x: high.0.x.max(high.1.x), y: high.0.y.max(high.1.y) },
            )
        })
    }

    fn face_rings(&self, face: usize) -> &[Ring] {
        &self.rings[self.ring_starts[face] as usize..self.ring_starts[face + 1] as usize]
    }

    fn ring_vertices(&self, ring: &Ring) -> &[Coord<f64>] {
        &self.vertices[ring.start as usize..ring.end as usize]
    }

    /// Every edge as the index of its first vertex and that of its face.
    pub(crate) fn all_edges(&self) -> Vec<(u32, u32)> {
        let ring = |face: usize, ring: &Ring| (ring.start..ring.end - 1).map(move |v| (v, face as u32));
        (0..self.len()).flat_map(|f| self.face_rings(f).iter().flat_map(move |r| ring(f, r))).collect()
    }

    /// The edge that starts at a vertex, given by its index.
    pub(crate) fn edge_from(&self, vertex: u32) -> (Coord<f64>, Coord<f64>) {
        (self.vertices[vertex as usize], self.vertices[vertex as usize + 1])
    }

    /// The edges of a face, as pairs of end points in ring order.
    pub(crate) fn edges(&self, face: usize) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
        self.face_rings(face)
            .iter()
            .flat_map(|ring| self.ring_vertices(ring).windows(2).map(|w| (w[0], w[1])))
    }

    /// The edges of a face that can have a point at this latitude on them or be crossed by its ray.
    fn edges_at(&self, face: usize, lat: f64, mut visit: impl FnMut(Coord<f64>, Coord<f64>)) {
        for ring in self.face_rings(face) {
            let vertices = self.ring_vertices(ring);
            match &ring.slabs {
                Some(slabs) => {
                    for &e in slabs.at(lat) {
                        visit(vertices[e as usize], vertices[e as usize + 1]);
                    }
                }
                None => {
                    for w in vertices.windows(2) {
                        visit(w[0], w[1]);
                    }
                }
            }
        }
    }

    /// Whether the face owns the point, by the rule of [`super::half_open`].
    pub(crate) fn owns(&self, face: usize, p: Coord<f64>) -> bool {
        let mut crossings = 0_u32;
        self.edges_at(face, p.y, |a, b| crossings += u32::from(half_open::side(a, b, p) == Side::Crossed));
        crossings % 2 == 1
    }

    /// Whether the point lies exactly on one of the face's edges.
    pub(crate) fn touches(&self, face: usize, p: Coord<f64>) -> bool {
        let mut on_edge = false;
        self.edges_at(face, p.y, |a, b| on_edge |= half_open::on_segment(a, b, p));
        on_edge
    }
}

/// The box around vertices.
fn envelope(vertices: &[Coord<f64>]) -> Rect<f64> {
    let (mut min, mut max) =
        (Coord { x: f64::INFINITY, y: f64::INFINITY }, Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY });
    for c in vertices {
        min = Coord { x: min.x.min(c.x), y: min.y.min(c.y) };
        max = Coord { x: max.x.max(c.x), y: max.y.max(c.y) };
    }
    Rect::new(min, max)
}

/// The shell and the holes of a polygon.
fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}
