//! Dividing the plane into cells, row by row.
//!
//! Rows are built independently, in parallel, and put together in order, so that the result does not depend on the
//! number of threads. Never here: how a leaf decides.

use geo::Coord;
use rayon::prelude::*;

use super::leaf::{self, LocalEdge};
use crate::kernel::geometry::half_open;

use super::{BLOCK, Cells, LEAF, NODE, SMALLEST, TAG_SHIFT, UNSURE, VALUE};

/// Cells of the top grid for each edge of the input: few edges get many, for there is room in the cache.
const CELLS_PER_EDGE: f64 = 128.0;
/// As many cells as that at most on account of the above: four megabytes.
const CACHED_CELLS: f64 = 131_072.0;
/// Cells for each edge where there are too many edges for the cache anyway.
const LEAST_CELLS_PER_EDGE: f64 = 2.0;
/// At least this many cells, and at most.
const CELLS: (f64, f64) = (1024.0, 268_435_456.0);
/// Leaves with more edges than this become blocks, this many times at most.
const LEAF_EDGES: usize = 8;
const DEEPEST: u32 = 3;

/// What building needs to know of the faces.
pub(crate) trait Source: Sync {
    /// The number of edges, each counted for each of its faces.
    fn edge_count(&self) -> usize;
    /// One edge in degrees, and the index of its face.
    fn edge(&self, edge: usize) -> (Coord<f64>, Coord<f64>, u32);
    /// The indices of the faces that own a point, exactly.
    fn owners(&self, p: Coord<f64>) -> Vec<u32>;
}

/// One row's part of the result, its references counted from its own beginning.
#[derive(Default)]
struct Part {
    top: Vec<u32>,
    blocks: Vec<u32>,
    words: Vec<u32>,
}

impl Cells {
    /// Builds the cells over the box from `south_west` to `north_east`.
    pub(crate) fn build(source: &impl Source, south_west: Coord<f64>, north_east: Coord<f64>) -> Self {
        let mut cells = Self::layout(source.edge_count(), south_west, north_east);
        let rows = cells.edges_by_row(source);
        let parts: Vec<Part> = rows
            .par_iter()
            .enumerate()
            .map(|(row, edges)| {
                let mut part = Part::default();
                let edges = edges.iter().map(|&e| cells.local(source, e)).collect();
                let width = cells.columns as usize;
                let corner = Coord { x: 0.0, y: row as f64 };
                let row = Row { width, south_west: corner, size: 1.0, depth: 0 };
                let top = cells.build_row(source, &row, edges, &mut part);
                Part { top, ..part }
            })
            .collect();
        for part in parts {
            cells.append(part);
        }
        cells.top.push(0);
        cells
    }

    /// Chooses the grid: somewhat larger than the box, and offset from it by fractions that round coordinates do not
    /// share, so that straight borders seldom run along the sides of cells.
    fn layout(edges: usize, south_west: Coord<f64>, north_east: Coord<f64>) -> Self {
        let (width, height) = (north_east.x - south_west.x, north_east.y - south_west.y);
        let (width, height) = (width.max(SMALLEST), height.max(SMALLEST));
        let edges = edges as f64;
        let wanted = (edges * CELLS_PER_EDGE).min(CACHED_CELLS).max(edges * LEAST_CELLS_PER_EDGE);
        let wanted = wanted.clamp(CELLS.0, CELLS.1);
        let size = (width * height / wanted).sqrt().max(width.max(height) / 30_000.0).max(SMALLEST);
        let size = size * 1.000_618_034;
        let origin = Coord { x: south_west.x - 0.382 * size, y: south_west.y - 0.414 * size };
        let (columns, rows) = ((width / size).ceil() as u32 + 1, (height / size).ceil() as u32 + 1);
        let per_degree = Coord { x: 1.0 / size, y: 1.0 / size };
        Self { origin, per_degree, columns, rows, ..Self::default() }
    }

    /// An edge in units of the top grid.
    fn local(&self, source: &impl Source, edge: u32) -> LocalEdge {
        let (a, b, face) = source.edge(edge as usize);
        let to_grid = |p: Coord<f64>| Coord {
            x: (p.x - self.origin.x) * self.per_degree.x,
            y: (p.y - self.origin.y) * self.per_degree.y,
        };
        LocalEdge::new(to_grid(a), to_grid(b), face, edge)
    }

    fn edges_by_row(&self, source: &impl Source) -> Vec<Vec<u32>> {
        let mut rows = vec![Vec::new(); self.rows as usize];
        for e in 0..source.edge_count() {
            let edge = self.local(source, e as u32);
            for row in span(edge.low.y, edge.high.y, rows.len()) {
                rows[row].push(e as u32);
            }
        }
        rows
    }

    /// Puts a part behind what is there.
    fn append(&mut self, part: Part) {
        let (blocks, words) = ((self.blocks.len() / (BLOCK * BLOCK)) as u32, self.words.len());
        let moved = |entry: u32| match entry >> TAG_SHIFT {
            // What cannot be referred to any more is left to the exact predicates.
            LEAF if words + (entry & VALUE) as usize > VALUE as usize => UNSURE << TAG_SHIFT,
            LEAF => entry + words as u32,
            NODE => entry + blocks,
            _ => entry,
        };
        self.top.extend(part.top.into_iter().map(moved));
        self.blocks.extend(part.blocks.into_iter().map(moved));
        self.words.extend(part.words);
    }

    /// Where a corner of the grid is, in degrees.
    fn degrees(&self, grid: Coord<f64>) -> Coord<f64> {
        Coord { x: self.origin.x + grid.x / self.per_degree.x, y: self.origin.y + grid.y / self.per_degree.y }
    }

    /// The entries of one row of cells, given the edges that reach it in units of the row's cells, counted from its
    /// south-western corner in x and in y.
    fn build_row(&self, source: &impl Source, row: &Row, edges: Vec<LocalEdge>, part: &mut Part) -> Vec<u32> {
        let mut placed: Vec<(u32, LocalEdge)> = Vec::with_capacity(edges.len() * 2);
        let lift = if row.depth == 0 { row.south_west.y } else { 0.0 };
        for edge in edges {
            let lifted = moved(edge, 0.0, lift);
            let Some((west, east)) = reach_in_row(&lifted) else { continue };
            for column in span(west, east, row.width) {
                let local = moved(lifted, column as f64, 0.0);
                if leaf::reaches(&local) {
                    placed.push((column as u32, local));
                }
            }
        }
        placed.sort_by_key(|(column, _)| *column);
        let corner = |column: usize| {
            let x = row.south_west.x + column as f64 * row.size;
            self.degrees(Coord { x, y: row.south_west.y })
        };
        let mut entries = Vec::with_capacity(row.width);
        // West of the top grid's first column there is nothing.
        let mut owners = if row.depth == 0 { Vec::new() } else { source.owners(corner(0)) };
        let mut rest = &placed[..];
        for column in 0..row.width {
            let count = rest.iter().take_while(|(c, _)| *c as usize == column).count();
            if count == 0 {
                // No edge comes near, so the whole cell is as its corner.
                entries.push(plain(&owners));
                continue;
            }
            let (cell, after) = rest.split_at(count);
            rest = after;
            let edges: Vec<LocalEdge> = cell.iter().map(|(_, e)| *e).collect();
            cross(source, &edges, corner(column), corner(column + 1), &mut owners);
            let cell_degrees = row.size / self.per_degree.x;
            let divide = distinct(&edges) > LEAF_EDGES
                && row.depth < DEEPEST
                && cell_degrees / BLOCK as f64 >= SMALLEST;
            entries.push(if divide {
                let south_west =
                    Coord { x: row.south_west.x + column as f64 * row.size, y: row.south_west.y };
                self.build_block(source, row, south_west, &edges, part)
            } else {
                leaf::write(&edges, &owners, &mut part.words)
            });
        }
        entries
    }

    fn build_block(
        &self,
        source: &impl Source,
        row: &Row,
        south_west: Coord<f64>,
        edges: &[LocalEdge],
        part: &mut Part,
    ) -> u32 {
        let n = BLOCK as f64;
        let size = row.size / n;
        let mut entries = Vec::with_capacity(BLOCK * BLOCK);
        for j in 0..BLOCK {
            let scaled = edges.iter().map(|e| {
                let scale = |p: Coord<f64>| Coord { x: p.x * n, y: p.y * n - j as f64 };
                LocalEdge { low: scale(e.low), high: scale(e.high), ..*e }
            });
            let corner = Coord { x: south_west.x, y: south_west.y + j as f64 * size };
            let inner = Row { width: BLOCK, south_west: corner, size, depth: row.depth + 1 };
            entries.extend(self.build_row(source, &inner, scaled.collect(), part));
        }
        let block = part.blocks.len() / (BLOCK * BLOCK);
        part.blocks.extend(entries);
        NODE << TAG_SHIFT | block as u32
    }
}

/// A row of cells under construction, in units of the top grid.
struct Row {
    width: usize,
    south_west: Coord<f64>,
    /// The width and height of a cell.
    size: f64,
    depth: u32,
}

/// Walks east from one place to another along a parallel: a face is left or entered with each of its edges that
/// crosses the eastward ray of one place and not that of the other. Exact.
fn cross(source: &impl Source, edges: &[LocalEdge], from: Coord<f64>, to: Coord<f64>, owners: &mut Vec<u32>) {
    for edge in edges {
        let (a, b, face) = source.edge(edge.id as usize);
        if half_open::side(a, b, from) != half_open::side(a, b, to) {
            match owners.iter().position(|&f| f == face) {
                Some(i) => {
                    owners.swap_remove(i);
                }
                None => owners.push(face),
            }
        }
    }
}

fn plain(owners: &[u32]) -> u32 {
    owners.iter().min().map_or(0, |face| face + 1)
}

fn moved(edge: LocalEdge, dx: f64, dy: f64) -> LocalEdge {
    let back = |p: Coord<f64>| Coord { x: p.x - dx, y: p.y - dy };
    LocalEdge { low: back(edge.low), high: back(edge.high), ..edge }
}

fn distinct(edges: &[LocalEdge]) -> usize {
    let is_first = |(i, e): &(usize, &LocalEdge)| {
        !edges[..*i].iter().any(|other| other.low == e.low && other.high == e.high)
    };
    edges.iter().enumerate().filter(is_first).count()
}

/// The cells from `low` to `high`, and those that only their margin reaches.
fn span(low: f64, high: f64, count: usize) -> std::ops::Range<usize> {
    let margin = 1e-3;
    let first = (low - margin).floor().max(0.0) as usize;
    let last = (high + margin).floor();
    first..if last < 0.0 { first } else { (last as usize + 1).min(count) }
}

/// From where to where an edge reaches within its row (v from 0 to 1, and a margin), if it does.
fn reach_in_row(edge: &LocalEdge) -> Option<(f64, f64)> {
    let margin = 1e-3;
    let (a, b) = (edge.low, edge.high);
    if b.y < -margin || a.y > 1.0 + margin {
        return None;
    }
    let at = |v: f64| {
        let t = if b.y > a.y { ((v - a.y) / (b.y - a.y)).clamp(0.0, 1.0) } else { 0.0 };
        a.x + t * (b.x - a.x)
    };
    let (x, y) = if b.y > a.y { (at(-margin), at(1.0 + margin)) } else { (a.x, b.x) };
    Some((x.min(y), x.max(y)))
}
