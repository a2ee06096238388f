//! Faces as they are given, checked and laid flat: every vertex of every ring in one array.
//!
//! Never here: how faces meet, or which point is where.

use geo::{LineString, MultiPolygon, Polygon};
use thiserror::Error;

use super::coordinate::{CoordinateError, Wgs84};

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
    /// More than 2³¹ vertices.
    #[error("too many vertices for one index")]
    TooLarge,
}

/// References to vertices leave room for a flag.
const MOST_VERTICES: usize = 1 << 31;

/// A place as it is stored: longitude, latitude.
pub(crate) type Vertex = [f64; 2];

/// One closed ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ring {
    /// The index of its face.
    pub(crate) face: u32,
    /// Its vertices in the array, the last a repetition of the first.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Faces in ascending order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct FlatFaces {
    pub(crate) ids: Vec<FaceId>,
    pub(crate) rings: Vec<Ring>,
    pub(crate) vertices: Vec<Vertex>,
}

impl FlatFaces {
    /// Checks and flattens the faces. O(n) in the number of vertices.
    pub(crate) fn new(
        faces: impl IntoIterator<Item = (FaceId, MultiPolygon<f64>)>,
    ) -> Result<Self, BuildError> {
        let mut input: Vec<_> = faces.into_iter().collect();
        input.sort_by_key(|(id, _)| *id);
        if let Some(pair) = input.windows(2).find(|w| w[0].0 == w[1].0) {
            return Err(BuildError::Duplicate(pair[0].0));
        }
        let count =
            |face: &MultiPolygon<f64>| face.iter().flat_map(rings).map(|ring| ring.0.len()).sum::<usize>();
        let vertices = input.iter().map(|(_, face)| count(face)).sum();
        if vertices > MOST_VERTICES {
            return Err(BuildError::TooLarge);
        }
        let mut flat = Self { vertices: Vec::with_capacity(vertices), ..Self::default() };
        for (id, polygons) in input {
            let before = flat.rings.len();
            for ring in polygons.iter().flat_map(rings) {
                flat.push(id, ring)?;
            }
            if flat.rings.len() == before {
                return Err(BuildError::Empty(id));
            }
            flat.ids.push(id);
        }
        Ok(flat)
    }

    fn push(&mut self, id: FaceId, ring: &LineString<f64>) -> Result<(), BuildError> {
        let start = self.vertices.len();
        for c in &ring.0 {
            Wgs84::new(c.x, c.y).map_err(|source| BuildError::Vertex { face: id, source })?;
            // A zero has one sign here, so that equal places have equal bits.
            let vertex = [c.x + 0.0, c.y + 0.0];
            if self.vertices[start..].last() != Some(&vertex) {
                self.vertices.push(vertex);
            }
        }
        if self.vertices.len() - start < 4 {
            return Err(BuildError::ShortRing(id));
        }
        let (start, end) = (start as u32, self.vertices.len() as u32);
        self.rings.push(Ring { face: self.ids.len() as u32, start, end });
        Ok(())
    }
}

/// The shell and the holes of a polygon.
fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}
