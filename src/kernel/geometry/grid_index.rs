//! From a point to the face that owns it, and from a point to the nearest face.
//!
//! One owner per point, decided exactly:
//!
//! 1. A point inside a face, or on an edge or vertex between faces, belongs to one face by the rule of
//!    [`half_open`](super::half_open): the face immediately to its east, and along an edge the one to the north.
//! 2. A point that no face owns by that rule but that lies exactly on the boundary of some face lies on the
//!    eastern or northern rim of the union. It belongs to the touching face with the lowest number, so that a
//!    village keeps every point of its border when its neighbour is not in the index. An edge that a face has twice,
//!    once there and once back, is no boundary: the face lies on neither side of it.
//! 3. Where faces overlap, which a published plan never does, the one with the lowest number owns the point.
//!
//! So each point has at most one owner, and each point of the closed union has exactly one. Answers depend on
//! nothing but the faces: not on their order, nor on the number of threads.
//!
//! An index goes to bytes and back by [`GridIndex::save`] and [`GridIndex::open`].
//!
//! Never here: tolerances, grid codes, or the file an index is kept in.

use std::hint::black_box;
use std::sync::OnceLock;

use bytes::Bytes;
use geo::{Coord, MultiPolygon, Rect};

use super::borders::{Borders, coord};
use super::cells::{self, Cells};
use super::coordinate::Wgs84;
pub use super::rings::{BuildError, FaceId};
use super::rings::{FlatFaces, Vertex};
use super::section::Section;

mod nearest;
mod saved;

use nearest::Envelopes;
pub use saved::OpenError;

/// Places answered together by [`GridIndex::locate_all`].
const BATCH: usize = 256;

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
#[derive(Debug, Clone, Default)]
pub struct GridIndex {
    /// The faces' numbers in ascending order.
    ids: Section<u32>,
    borders: Borders,
    cells: Cells,
    /// Whatever the caller wants kept with the index.
    notes: Bytes,
    /// Made when first asked for: most points have an owner.
    envelopes: OnceLock<Envelopes>,
}

impl GridIndex {
    /// Indexes faces given in any order, on all threads. O(n log n) in the number of vertices.
    ///
    /// # Errors
    /// [`BuildError`] if a face is empty, given twice, has a vertex that is not a coordinate or a ring with fewer
    /// than three corners. Rings that cross themselves are not looked for: see the coverage checks.
    pub fn build(faces: impl IntoIterator<Item = (FaceId, MultiPolygon<f64>)>) -> Result<Self, BuildError> {
        let rings = FlatFaces::new(faces)?;
        let Some(bounds) = bounds(&rings.vertices) else { return Ok(Self::default()) };
        let (borders, owners) = Borders::new(&rings);
        let ids: Vec<u32> = rings.ids.iter().map(|id| id.0).collect();
        drop(rings);
        let cells = Cells::build(&borders, &owners, bounds);
        Ok(Self { ids: ids.into(), borders, cells, ..Self::default() })
    }

    /// The number of faces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no faces at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many bytes the index takes, in memory and in a file.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let borders = &self.borders;
        self.cells.bytes()
            + size_of_val(&borders.vertices[..])
            + size_of_val(&borders.runs[..])
            + size_of_val(&borders.run_starts[..])
            + size_of_val(&self.ids[..])
    }

    /// The face that owns the place, if any: see the [module](self) for the rule.
    ///
    /// O(1) for nearly all places: the cells are laid out so that few edges reach each.
    #[must_use]
    pub fn locate(&self, place: Wgs84) -> Option<FaceId> {
        let face = self.locate_face(place.into())?;
        self.ids.get(face).copied().map(FaceId)
    }

    /// The index of the face that owns the point.
    fn locate_face(&self, p: Coord<f64>) -> Option<usize> {
        let view = self.cells.view(&self.borders);
        let owner = view.owner(p, view.entry(p)) as usize;
        owner.checked_sub(1).filter(|&face| face < self.ids.len())
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
        let ids = &self.ids[..];
        let is_counted = ids.first().is_none_or(|&id| id == 0)
            && ids.len() as u64 == ids.last().map_or(0, |&id| u64::from(id) + 1);
        if is_counted {
            // Numbered from 0 in order: no table need be read.
            self.locate_with(places, owners, |face| face.checked_sub(1).map(FaceId));
        } else {
            let named = |face: u32| ids.get((face as usize).wrapping_sub(1)).copied().map(FaceId);
            self.locate_with(places, owners, named);
        }
    }

    #[inline]
    fn locate_with(
        &self,
        places: &[Wgs84],
        owners: &mut [Option<FaceId>],
        id: impl Fn(u32) -> Option<FaceId>,
    ) {
        let view = self.cells.view(&self.borders);
        let (mut entries, mut pending, mut many) = ([0_u32; BATCH], [0_usize; BATCH], [0_u32; BATCH]);
        for (places, owners) in places.chunks(BATCH).zip(owners.chunks_mut(BATCH)) {
            for (entry, &place) in entries.iter_mut().zip(places) {
                *entry = view.entry(place.into());
            }
            // Without a branch: which cells are plain is as good as random.
            let (mut count, mut of_many) = (0, 0);
            for (i, (&entry, owner)) in entries.iter().zip(owners.iter_mut()).enumerate() {
                let plain = cells::plain(entry);
                *owner = id(plain.unwrap_or(0));
                pending[count] = i;
                count += usize::from(plain.is_none());
                many[of_many] = entry;
                of_many += usize::from(cells::is_many(entry));
            }
            // Reading a word of each leaf, and then of each border, has the processor fetch all of them at once.
            let (pending, many) = (&pending[..count], &many[..of_many]);
            black_box(pending.iter().fold(0, |sum, &i| sum ^ view.touch(entries[i])));
            black_box(many.iter().fold(0, |sum, &entry| sum ^ view.touch_words(entry)));
            black_box(pending.iter().fold(0, |sum, &i| sum ^ view.touch_vertices(entries[i])));
            black_box(many.iter().fold(0, |sum, &entry| sum ^ view.touch_many(entry)));
            for &i in pending {
                owners[i] = id(view.owner(places[i].into(), entries[i]));
            }
        }
    }
}

/// The box around vertices, if there are any.
fn bounds(vertices: &[Vertex]) -> Option<Rect<f64>> {
    let first = coord(*vertices.first()?);
    let (mut low, mut high) = (first, first);
    for &[x, y] in vertices {
        low = Coord { x: low.x.min(x), y: low.y.min(y) };
        high = Coord { x: high.x.max(x), y: high.y.max(y) };
    }
    Some(Rect::new(low, high))
}

#[cfg(test)]
mod tests;
