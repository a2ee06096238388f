//! An index as bytes, and back: so that a service need not divide a province into cells each time it starts.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `GKINDEX` and a zero |
//! | 4 | the version of this layout |
//! | 32 | SHA-256 of the rest |
//! | the rest | faces, then cells: lengths before lists, little-endian |
//!
//! The checksum finds damage; that no reference leads astray is checked as well, so that no bytes, whoever made
//! them, make a lookup panic. An index of another version is refused and must be built anew: it is a cache, not a
//! record. Never here: files.

use geo::Coord;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Exact, GridIndex};
use crate::kernel::geometry::cells::Cells;
use crate::kernel::geometry::faces::{FaceId, Faces};

const MAGIC: &[u8; 8] = b"GKINDEX\0";
const VERSION: u32 = 1;
const DIGEST: usize = 32;

/// Why bytes are not an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// They do not begin as an index does.
    #[error("not a grid index")]
    NotAnIndex,
    /// Another version of this program made them.
    #[error("grid index of layout {0}, not {VERSION}: build it anew")]
    Version(u32),
    /// They are damaged or cut short.
    #[error("the grid index is damaged")]
    Damaged,
    /// The checksum is right but the parts do not fit together.
    #[error("the grid index is inconsistent")]
    Inconsistent,
}

impl GridIndex {
    /// The index as bytes: 16 for each vertex and [`GridIndex::cell_bytes`] make up most of them.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        let mut out = Vec::from(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend([0; DIGEST]);
        let body = out.len();
        self.exact.faces.write(&mut out);
        let cells = &self.cells;
        for number in [cells.origin.x, cells.origin.y, cells.per_degree.x, cells.per_degree.y] {
            out.extend(number.to_le_bytes());
        }
        out.extend(cells.columns.to_le_bytes());
        out.extend(cells.rows.to_le_bytes());
        for list in [&cells.top, &cells.blocks, &cells.words] {
            write_list(&mut out, list);
        }
        let digest = Sha256::digest(&out[body..]);
        out[body - DIGEST..body].copy_from_slice(&digest);
        out
    }

    /// The index that [`GridIndex::save`] made these bytes of. O(bytes), and O(f log f) for f faces.
    ///
    /// # Errors
    /// [`OpenError`] if the bytes are not an index of this version, or not whole.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len()).map_err(|_| OpenError::NotAnIndex)? != MAGIC {
            return Err(OpenError::NotAnIndex);
        }
        let version = reader.u32()?;
        if version != VERSION {
            return Err(OpenError::Version(version));
        }
        let digest = reader.take(DIGEST)?;
        if Sha256::digest(reader.0)[..] != *digest {
            return Err(OpenError::Damaged);
        }
        let faces = Faces::read(&mut reader)?;
        let origin = Coord { x: reader.f64()?, y: reader.f64()? };
        let per_degree = Coord { x: reader.f64()?, y: reader.f64()? };
        let (columns, rows) = (reader.u32()?, reader.u32()?);
        let (top, blocks, words) = (reader.list()?, reader.list()?, reader.list()?);
        let cells = Cells { origin, per_degree, columns, rows, top, blocks, words };
        if !reader.0.is_empty() || !cells.is_consistent(faces.len()) {
            return Err(OpenError::Inconsistent);
        }
        Ok(Self::from_parts(Exact::new(faces), cells))
    }
}

impl Faces {
    fn write(&self, out: &mut Vec<u8>) {
        let (lists, vertices) = self.parts();
        for list in &lists {
            write_list(out, list);
        }
        for c in vertices {
            out.extend(c.x.to_le_bytes());
            out.extend(c.y.to_le_bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, OpenError> {
        let ids = reader.list()?.into_iter().map(FaceId).collect();
        let (ring_starts, ring_ends) = (reader.list()?, reader.list()?);
        let count = ring_ends.last().map_or(0, |&end| end as usize);
        let bytes = reader.take(count.checked_mul(16).ok_or(OpenError::Damaged)?)?;
        let mut numbers = Reader(bytes);
        let mut vertices = Vec::with_capacity(count);
        for _ in 0..count {
            vertices.push(Coord { x: numbers.f64()?, y: numbers.f64()? });
        }
        Self::from_parts(ids, ring_starts, &ring_ends, vertices).ok_or(OpenError::Inconsistent)
    }
}

fn write_list(out: &mut Vec<u8>, list: &[u32]) {
    out.extend((list.len() as u64).to_le_bytes());
    out.reserve(4 * list.len());
    for number in list {
        out.extend(number.to_le_bytes());
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], OpenError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(OpenError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], OpenError> {
        self.take(N)?.try_into().map_err(|_| OpenError::Damaged)
    }

    fn u32(&mut self) -> Result<u32, OpenError> {
        self.array().map(u32::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, OpenError> {
        self.array().map(f64::from_le_bytes)
    }

    fn list(&mut self) -> Result<Vec<u32>, OpenError> {
        let count = usize::try_from(u64::from_le_bytes(self.array()?)).map_err(|_| OpenError::Damaged)?;
        let bytes = self.take(count.checked_mul(4).ok_or(OpenError::Damaged)?)?;
        Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::geometry::{jagged, reference};

    #[test]
    fn an_index_comes_back_as_it_was() {
        for faces in [reference::village_faces(), jagged::coverage(3, 4, 4, 9), Vec::new()] {
            let index = GridIndex::build(faces).unwrap();
            let bytes = index.save();
            let again = GridIndex::open(&bytes).unwrap();
            assert_eq!(again.cells, index.cells);
            assert_eq!(again.save(), bytes);
        }
        let index = GridIndex::build(reference::street_faces()).unwrap();
        let again = GridIndex::open(&index.save()).unwrap();
        for (place, face) in reference::street_points() {
            assert_eq!(again.locate(place), face);
            assert_eq!(again.distance_to_boundary_m(place), index.distance_to_boundary_m(place));
        }
    }

    #[test]
    fn damage_is_found() {
        let bytes = GridIndex::build(jagged::coverage(3, 2, 2, 5)).unwrap().save();
        assert_eq!(GridIndex::open(b"").unwrap_err(), OpenError::NotAnIndex);
        assert_eq!(GridIndex::open(b"PK\x03\x04 something else").unwrap_err(), OpenError::NotAnIndex);
        let mut newer = bytes.clone();
        newer[8] += 1;
        assert_eq!(GridIndex::open(&newer).unwrap_err(), OpenError::Version(VERSION + 1));
        for at in (12..bytes.len()).step_by(97) {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert_eq!(GridIndex::open(&bad).unwrap_err(), OpenError::Damaged, "byte {at}");
            assert!(GridIndex::open(&bytes[..at]).is_err());
        }
    }

    /// Bytes made to mislead, with a good checksum, are refused or answer something: they never panic.
    #[test]
    fn no_bytes_make_a_lookup_panic() {
        let index = GridIndex::build(jagged::coverage(3, 2, 2, 5)).unwrap();
        let places: Vec<_> = jagged::points(9, &jagged::coverage(3, 2, 2, 5), 2, 2)
            .into_iter()
            .map(|c| crate::kernel::geometry::Wgs84::new(c.x, c.y).unwrap())
            .collect();
        let bytes = index.save();
        let mut random = jagged::Random(11);
        let body = MAGIC.len() + 4 + DIGEST;
        for _ in 0..300 {
            let mut bad = bytes.clone();
            let at = body + random.next() as usize % (bytes.len() - body);
            bad[at] = random.next() as u8;
            let digest = Sha256::digest(&bad[body..]);
            bad[body - DIGEST..body].copy_from_slice(&digest);
            if let Ok(index) = GridIndex::open(&bad) {
                let _ = index.locate_all(&places);
            }
        }
    }
}
