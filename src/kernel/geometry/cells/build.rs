//! Dividing the plane into cells, row by row.
//!
//! Rows are built independently, in parallel, and put together in order, so that the result does not depend on the
//! number of threads. Never here: how a leaf decides.

use std::ops::Range;

use geo::{Coord, Rect};
use rayon::prelude::*;

use super::leaf::{self, Border};
use super::{BLOCK, Cells, DEEPEST, ENTRIES, MANY, NODE, SIMPLE, SMALLEST, Simple, TAG_SHIFT, VALUE, centre};
use crate::kernel::geometry::borders::{Borders, Owners, Sides, coord};
use crate::kernel::geometry::buckets::{Buckets, stretches};
use crate::kernel::geometry::half_open::{self, side};

/// Cells of the top grid for each edge of the input: few edges get many, for there is room in the cache.
const CELLS_PER_EDGE: f64 = 256.0;
/// As many cells as that at most on account of the above: half a megabyte.
const CACHED_CELLS: f64 = 131_072.0;
/// Cells for each edge where there are too many edges for the cache anyway.
const LEAST_CELLS_PER_EDGE: f64 = 4.0;
/// At least this many cells, and at most.
const CELLS: (f64, f64) = (1024.0, 268_435_456.0);
/// Leaves with more edges than this become blocks, if they may.
const LEAF_EDGES: usize = 16;
/// Edges of a border that leave a cell and come back in as few stay part of it: they do no harm.
const BRIDGED: u32 = 3;
/// How far beyond its sides a cell reaches, in cells: more than coordinates are rounded by, in the smallest.
const MARGIN: f64 = 1e-5;

/// Some rows' part of the result, its references counted from its own beginning.
#[derive(Default)]
struct Part {
    top: Vec<u32>,
    blocks: Vec<u32>,
    simple: Vec<Simple>,
    words: Vec<u32>,
}

/// What all rows are built from.
struct Builder<'a> {
    borders: &'a Borders,
    owners: &'a Owners,
    cells: &'a Cells,
}

/// A cell under construction.
#[derive(Clone, Copy)]
struct Place {
    /// Cells of its size west and south of it.
    column: f64,
    row: f64,
    /// In degrees.
    size: f64,
    depth: u32,
}

impl Cells {
    /// Builds the cells over the box around all vertices.
    pub(crate) fn build(borders: &Borders, owners: &Owners, bounds: Rect<f64>) -> Self {
        let mut cells = Self::layout(owners.slots(), bounds);
        let builder = Builder { borders, owners, cells: &cells };
        let by_row = builder.edges_by_row();
        let rows: Vec<usize> = (0..cells.rows as usize).collect();
        let parts: Vec<Part> = rows
            .par_chunks(8)
            .map(|rows| {
                let mut part = Part::default();
                for &row in rows {
                    builder.build_row(row, by_row.of(row).map(|slot| slot as u32), &mut part);
                }
                part
            })
            .collect();
        let total = |length: fn(&Part) -> usize| parts.iter().map(length).sum::<usize>();
        let mut whole = Part {
            top: Vec::with_capacity(total(|part| part.top.len()) + 1),
            blocks: Vec::with_capacity(total(|part| part.blocks.len())),
            simple: Vec::with_capacity(total(|part| part.simple.len())),
            words: Vec::with_capacity(total(|part| part.words.len())),
        };
        for part in parts {
            whole.append(part);
        }
        whole.top.push(0);
        cells.top = whole.top.into();
        cells.blocks = whole.blocks.into();
        cells.simple = whole.simple.into();
        cells.words = whole.words.into();
        cells
    }

    /// Chooses the grid: somewhat larger than the box, and offset from it by fractions that round coordinates do not
    /// share, so that straight borders seldom run along the middle of cells.
    fn layout(edges: usize, bounds: Rect<f64>) -> Self {
        let (width, height) = (bounds.width().max(SMALLEST), bounds.height().max(SMALLEST));
        let edges = edges as f64;
        let wanted = (edges * CELLS_PER_EDGE).min(CACHED_CELLS).max(edges * LEAST_CELLS_PER_EDGE);
        let wanted = wanted.clamp(CELLS.0, CELLS.1);
        let size = (width * height / wanted).sqrt().max(width.max(height) / 30_000.0).max(SMALLEST);
        let size = size * 1.000_618_034;
        let origin = Coord { x: bounds.min().x - 0.382 * size, y: bounds.min().y - 0.414 * size };
        let (columns, rows) = ((width / size).ceil() as u32 + 1, (height / size).ceil() as u32 + 1);
        Self { origin, size, columns, rows, ..Self::default() }
    }
}

impl Part {
    /// Puts a part behind what is there.
    fn append(&mut self, part: Part) {
        let (blocks, simple, words) =
            ((self.blocks.len() / ENTRIES) as u32, self.simple.len() as u32, self.words.len() as u32);
        let moved = |entry: u32| match entry >> TAG_SHIFT {
            SIMPLE => entry + simple,
            MANY => entry + words,
            NODE => entry + blocks,
            _ => entry,
        };
        self.top.extend(part.top.into_iter().map(moved));
        self.blocks.extend(part.blocks.into_iter().map(moved));
        self.simple.extend(part.simple);
        self.words.extend(part.words);
    }
}

impl Builder<'_> {
    /// An edge in units of cells of a size, counted from the grid's origin.
    fn in_cells(&self, slot: u32, size: f64) -> (Coord<f64>, Coord<f64>) {
        let origin = self.cells.origin;
        let per_degree = 1.0 / size;
        let local =
            |p: Coord<f64>| Coord { x: (p.x - origin.x) * per_degree, y: (p.y - origin.y) * per_degree };
        let vertices = &self.borders.vertices[slot as usize..=slot as usize + 1];
        (local(coord(vertices[0])), local(coord(vertices[1])))
    }

    fn edges_by_row(&self) -> Buckets {
        let parts = stretches(self.owners.slots());
        let (rows, size) = (self.cells.rows as usize, self.cells.size);
        Buckets::sort(parts.len(), rows, |part| {
            parts[part].clone().map(|slot| slot as u32).filter(|&slot| self.owners.is_edge(slot)).flat_map(
                move |slot| {
                    let (a, b) = self.in_cells(slot, size);
                    span(a.y.min(b.y), a.y.max(b.y), rows).map(move |row| (row, u64::from(slot)))
                },
            )
        })
    }

    /// Appends the entries of a row of the top grid, given the edges that reach it.
    fn build_row(&self, row: usize, edges: impl Iterator<Item = u32>, part: &mut Part) {
        let (columns, size) = (self.cells.columns as usize, self.cells.size);
        let mut placed: Vec<(u32, u32)> = Vec::with_capacity(edges.size_hint().0 * 2);
        for slot in edges {
            let (a, b) = self.in_cells(slot, size);
            if let Some((west, east)) = reach_in_row(a, b, row as f64) {
                placed.extend(span(west, east, columns).map(|column| (column as u32, slot)));
            }
        }
        placed.sort_unstable();
        let mut owners = OwnerSet::default();
        let mut slots = Vec::new();
        let mut at = 0;
        let middle = |column: f64| centre(self.cells.origin, size, column, row as f64);
        for column in 0..columns {
            slots.clear();
            while let Some(&(_, slot)) = placed.get(at).filter(|(c, _)| *c as usize == column) {
                slots.push(slot);
                at += 1;
            }
            if slots.is_empty() {
                // No edge comes near, so the whole cell is as its centre, and that as the one before.
                part.top.push(owners.plain());
                continue;
            }
            // From the cell's western side to its centre, and on to its eastern side: each within the cell.
            let centre = middle(column as f64);
            self.walk(&slots, middle(column as f64 - 0.5), centre, &mut owners);
            let place = Place { column: column as f64, row: row as f64, size, depth: 0 };
            let entry = self.entry(place, &slots, &owners, part);
            part.top.push(entry);
            self.walk(&slots, centre, middle(column as f64 + 0.5), &mut owners);
        }
    }

    /// Moves along a parallel: a face is left or entered with each of its edges that crosses the eastward ray of one
    /// end and not that of the other. Exact.
    fn walk(&self, slots: &[u32], from: Coord<f64>, to: Coord<f64>, owners: &mut OwnerSet) {
        for &slot in slots {
            let (a, b) = self.borders.edge(slot);
            if (a.y <= from.y) != (b.y <= from.y) && side(a, b, from) != side(a, b, to) {
                self.owners.faces(slot).iter().for_each(|face| owners.toggle(face));
            }
        }
    }

    /// The entry of a cell, given the edges that reach it, in order, and the owners of its centre.
    fn entry(&self, place: Place, slots: &[u32], owners: &OwnerSet, part: &mut Part) -> u32 {
        if slots.is_empty() {
            return owners.plain();
        }
        let divide =
            slots.len() > LEAF_EDGES && place.depth < DEEPEST && place.size / BLOCK as f64 >= SMALLEST;
        if divide {
            return self.block(place, slots, owners, part);
        }
        let borders = self.borders_of(slots);
        if borders.is_empty() {
            return owners.plain();
        }
        match simple(&borders, owners) {
            Some(leaf) if part.simple.len() <= VALUE as usize => {
                part.simple.push(leaf);
                SIMPLE << TAG_SHIFT | (part.simple.len() - 1) as u32
            }
            _ => MANY << TAG_SHIFT | leaf::write(&borders, &owners.0, &mut part.words) as u32,
        }
    }

    /// A block of smaller cells, given the edges that reach it and the owners of its centre.
    fn block(&self, place: Place, slots: &[u32], owners: &OwnerSet, part: &mut Part) -> u32 {
        let n = BLOCK as f64;
        let size = place.size / n;
        let whole = centre(self.cells.origin, place.size, place.column, place.row);
        let mut entries = Vec::with_capacity(ENTRIES);
        for j in 0..BLOCK {
            let row = place.row * n + j as f64;
            let mut in_row = Vec::with_capacity(slots.len());
            for &slot in slots {
                let (a, b) = self.in_cells(slot, size);
                if let Some((west, east)) = reach_in_row(a, b, row) {
                    let first = place.column * n;
                    in_row.push((slot, span(west - first, east - first, BLOCK)));
                }
            }
            for i in 0..BLOCK {
                let column = place.column * n + i as f64;
                let reaching = in_row.iter().filter(|(_, span)| span.contains(&i));
                let reaching: Vec<u32> = reaching.map(|(slot, _)| *slot).collect();
                let own_centre = centre(self.cells.origin, size, column, row);
                let mut own = owners.clone();
                for &slot in slots {
                    let (a, b) = self.borders.edge(slot);
                    if half_open::parts(a, b, own_centre, whole) {
                        self.owners.faces(slot).iter().for_each(|face| own.toggle(face));
                    }
                }
                let depth = place.depth + 1;
                entries.push(self.entry(Place { column, row, size, depth }, &reaching, &own, part));
            }
        }
        part.blocks.extend(entries);
        NODE << TAG_SHIFT | (part.blocks.len() / ENTRIES - 1) as u32
    }

    /// Edges that follow each other and bound the same faces, as borders.
    fn borders_of(&self, slots: &[u32]) -> Vec<Border> {
        let mut borders: Vec<Border> = Vec::new();
        let mut last: Option<Sides> = None;
        for &slot in slots {
            let faces = self.owners.faces(slot);
            if let (Some(border), Some(sides)) = (borders.last_mut(), &last)
                && *sides == faces
            {
                let end = border.start + border.count;
                let goes_on = slot - end <= BRIDGED
                    && (end..slot)
                        .all(|between| self.owners.is_edge(between) && self.owners.faces(between) == faces);
                if goes_on {
                    border.count = slot + 1 - border.start;
                    continue;
                }
            }
            let members: Vec<u32> = faces.iter().collect();
            // What a face has on both sides is no border.
            if !members.is_empty() {
                borders.push(Border { start: slot, count: 1, faces: members });
                last = Some(faces);
            }
        }
        borders
    }
}

/// A leaf of the simple kind, if the borders and owners fit one: a single border between two faces, or a face and
/// nobody, on one side of which the centre is.
fn simple(borders: &[Border], owners: &OwnerSet) -> Option<Simple> {
    let [border] = borders else { return None };
    let plus_one = |face: &u32| face + 1;
    let (owner, other) = match (&border.faces[..], &owners.0[..]) {
        ([face], []) => (0, plus_one(face)),
        ([face], [own]) if face == own => (plus_one(face), 0),
        ([a, b], [own]) if a == own || b == own => (plus_one(own), plus_one(if a == own { b } else { a })),
        _ => return None,
    };
    Some([owner, other, border.start, border.count])
}

/// The faces that own a place: one, but for overlaps.
#[derive(Clone, Default)]
struct OwnerSet(Vec<u32>);

impl OwnerSet {
    fn toggle(&mut self, face: u32) {
        match self.0.iter().position(|&f| f == face) {
            Some(i) => {
                self.0.swap_remove(i);
            }
            None => self.0.push(face),
        }
    }

    /// The plain entry.
    fn plain(&self) -> u32 {
        self.0.iter().min().map_or(0, |face| face + 1)
    }
}

/// The cells from `low` to `high`, and those that only their margin reaches.
fn span(low: f64, high: f64, count: usize) -> Range<usize> {
    let first = (low - MARGIN).floor().max(0.0) as usize;
    let last = (high + MARGIN).floor();
    first..if last < 0.0 { first } else { (last as usize + 1).min(count).max(first) }
}

/// From where to where an edge reaches within a row and its margin, if it does.
fn reach_in_row(a: Coord<f64>, b: Coord<f64>, row: f64) -> Option<(f64, f64)> {
    let (south, north) = (row - MARGIN, row + 1.0 + MARGIN);
    let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
    if high.y < south || low.y > north {
        return None;
    }
    if low.y >= south && high.y <= north {
        return Some((a.x.min(b.x), a.x.max(b.x)));
    }
    let at = |y: f64| low.x + ((y - low.y) / (high.y - low.y)).clamp(0.0, 1.0) * (high.x - low.x);
    let (from, to) = (at(south), at(north));
    Some((from.min(to), from.max(to)))
}
