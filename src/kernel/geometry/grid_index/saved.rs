//! An index as bytes, and back: so that a service need not divide a province into cells each time it starts.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `GKINDEX` and a zero |
//! | 4 | the version of this layout, in the byte order of the machine that wrote it |
//! | 4 | zero |
//! | 8 | XXH3 of the rest, by blocks |
//! | 8 × 8 | how many bytes each section has: see [`Sections`] |
//! | 40 | the grid: origin, size, columns, rows |
//! | the rest | the sections, each from a multiple of 64 bytes on |
//!
//! Sections are used where they lie, so that opening a file mapped into memory copies nothing. The checksum finds
//! damage. It does not find malice: bytes made to mislead, under a checksum that fits, give wrong answers, but never make
//! a lookup panic or run on, for every reference is looked at when it is followed. To look at all of them here took ten
//! times as long as the checksum. An index of another version or byte order is refused and must be built anew: it is a
//! cache, not a record.
//!
//! Never here: files.

use bytes::Bytes;
use geo::Coord;
use rayon::prelude::*;
use thiserror::Error;
use twox_hash::XxHash3_64;
use zerocopy::IntoBytes;

use super::GridIndex;
use crate::kernel::geometry::borders::Borders;
use crate::kernel::geometry::cells::Cells;
use crate::kernel::geometry::section::{Plain, Section};

const MAGIC: &[u8; 8] = b"GKINDEX\0";
const VERSION: u32 = 2;
/// Where the checksum is, and where what it covers begins.
const CHECKSUM: usize = 16;
const COVERED: usize = 24;
const SECTIONS: usize = 9;
/// Where the grid's numbers begin, and where they end.
const GRID: usize = COVERED + 8 * SECTIONS;
const HEADER: usize = GRID + 32;
/// Sections begin at multiples of a cache line.
const LINE: usize = 64;
/// The checksum is taken of blocks in parallel.
const BLOCK: usize = 1 << 22;

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
    /// What the caller kept with the index: see [`Self::save`].
    #[must_use]
    pub fn notes(&self) -> &[u8] {
        &self.notes
    }

    /// The index as bytes, about [`GridIndex::bytes`] of them, with whatever notes the caller wants kept.
    #[must_use]
    pub fn save(&self, notes: &[u8]) -> Vec<u8> {
        let (borders, cells) = (&self.borders, &self.cells);
        let sections: [&[u8]; SECTIONS] = [
            self.ids.as_bytes(),
            borders.vertices.as_bytes(),
            borders.run_starts.as_bytes(),
            borders.runs.as_bytes(),
            cells.top.as_bytes(),
            cells.blocks.as_bytes(),
            cells.simple.as_bytes(),
            cells.words.as_bytes(),
            notes,
        ];
        let total: usize = sections.iter().map(|section| section.len().next_multiple_of(LINE)).sum();
        let mut out = Vec::with_capacity(HEADER.next_multiple_of(LINE) + total);
        out.extend(MAGIC);
        out.extend(VERSION.to_ne_bytes());
        out.extend([0; COVERED - MAGIC.len() - 4]);
        for section in sections {
            out.extend((section.len() as u64).to_ne_bytes());
        }
        out.extend([cells.origin.x, cells.origin.y, cells.size].map(f64::to_ne_bytes).as_flattened());
        out.extend([cells.columns, cells.rows].map(u32::to_ne_bytes).as_flattened());
        for section in sections {
            out.resize(out.len().next_multiple_of(LINE), 0);
            out.extend(section);
        }
        let checksum = checksum(&out[COVERED..]).to_ne_bytes();
        out[CHECKSUM..COVERED].copy_from_slice(&checksum);
        out
    }

    /// The index that [`GridIndex::save`] made these bytes of. They are used where they are, unless they are not
    /// aligned to 8 bytes. O(bytes) for the checksum, on all threads.
    ///
    /// # Errors
    /// [`OpenError`] if the bytes are not an index of this version, or not whole.
    pub fn open(bytes: impl Into<Bytes>) -> Result<Self, OpenError> {
        let bytes: Bytes = bytes.into();
        if !bytes.starts_with(MAGIC) {
            return Err(OpenError::NotAnIndex);
        }
        let version = u32::from_ne_bytes(array(&bytes, MAGIC.len())?);
        if version != VERSION {
            return Err(OpenError::Version(version));
        }
        let expected = u64::from_ne_bytes(array(&bytes, CHECKSUM)?);
        if checksum(bytes.get(COVERED..).ok_or(OpenError::Damaged)?) != expected {
            return Err(OpenError::Damaged);
        }
        let mut sections = Sections { bytes: &bytes, number: 0, at: HEADER };
        let float = |at: usize| array(&bytes, GRID + at).map(f64::from_ne_bytes);
        let count = |at: usize| array(&bytes, GRID + at).map(u32::from_ne_bytes);
        let ids = sections.next()?;
        let borders =
            Borders { vertices: sections.next()?, run_starts: sections.next()?, runs: sections.next()? };
        let cells = Cells {
            origin: Coord { x: float(0)?, y: float(8)? },
            size: float(16)?,
            columns: count(24)?,
            rows: count(28)?,
            top: sections.next()?,
            blocks: sections.next()?,
            simple: sections.next()?,
            words: sections.next()?,
        };
        let notes = sections.next_bytes()?;
        let faces = ids.len();
        let consistent = sections.at == bytes.len()
            && borders.len() == faces
            && borders.is_consistent()
            && cells.is_consistent();
        if !consistent {
            return Err(OpenError::Inconsistent);
        }
        Ok(Self { ids, borders, cells, notes, ..Self::default() })
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], OpenError> {
    let found = bytes.get(at..at + N).and_then(|slice| slice.try_into().ok());
    found.ok_or(OpenError::Damaged)
}

/// The sections of an index, one after another.
struct Sections<'a> {
    bytes: &'a Bytes,
    number: usize,
    at: usize,
}

impl Sections<'_> {
    fn next_bytes(&mut self) -> Result<Bytes, OpenError> {
        let length = u64::from_ne_bytes(array(self.bytes, COVERED + 8 * self.number)?);
        let length = usize::try_from(length).map_err(|_| OpenError::Inconsistent)?;
        let start = self.at.next_multiple_of(LINE);
        let end = start.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or(OpenError::Inconsistent)?;
        (self.number, self.at) = (self.number + 1, end);
        Ok(self.bytes.slice(start..end))
    }

    fn next<T: Plain>(&mut self) -> Result<Section<T>, OpenError> {
        Section::of_bytes(self.next_bytes()?).ok_or(OpenError::Inconsistent)
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let blocks: Vec<u64> = bytes.par_chunks(BLOCK).map(XxHash3_64::oneshot).collect();
    XxHash3_64::oneshot(blocks.as_bytes())
}

#[cfg(test)]
mod tests;
