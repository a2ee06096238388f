//! A hierarchy of cells over a set of faces, which answers most points with one look at a table.
//!
//! The plane around the faces is divided into a grid of cells. A cell that no edge reaches is *plain*: it has one
//! answer. Any other is a *leaf*, which keeps the few edges that reach it, or, if they are many, a *block* of 8 × 8
//! smaller cells.
//!
//! # How a leaf decides
//! It knows the owners of one corner, the south-eastern, exactly. The owners of a point differ from them by the
//! edges that a path between the two crosses: east from the point to the cell's side, then down to the corner.
//! Each edge is kept as the line u = x₀ + slope · v in the cell's own coordinates (0 to 1), in single precision, with
//! the range of v in which the path meets it and the faces it bounds, as bits. Where a comparison comes closer than
//! the rounding of those numbers the leaf is *unsure*, and the exact predicates decide instead.
//! So the answer is always that of the exact rule; the cells only make it quick.
//!
//! Never here: a decision by rounded numbers that could be wrong.

use geo::Coord;

mod build;
mod leaf;

pub(crate) use build::Source;

/// Cells along each side of a block.
const BLOCK: usize = 8;

/// How close a point may come to the end of a range, in units of its cell, before the leaf is unsure. It covers
/// the rounding of longitudes (3 · 10⁻¹⁴ degrees in cells no smaller than [`SMALLEST`]) many times over.
const BAND: f32 = 1e-5;

/// The same for the distance to a line, times 1 + |slope|; covers single precision (6 · 10⁻⁸) likewise.
const LINE_BAND: f32 = 2e-6;

/// Cells are not made smaller than this, in degrees: a centimetre.
const SMALLEST: f64 = 1e-7;

/// What an entry of a table says, in its two highest bits.
const PLAIN: u32 = 0;
const LEAF: u32 = 1;
const NODE: u32 = 2;
const UNSURE: u32 = 3;
const TAG_SHIFT: u32 = 30;
const VALUE: u32 = (1 << TAG_SHIFT) - 1;

/// Words of a leaf before its faces, and of each of its edges.
const HEADER: usize = 1;
const EDGE_WORDS: usize = 5;
/// The last word of a leaf with two faces and two edges.
const TYPICAL: usize = HEADER + 2 + 2 * EDGE_WORDS - 1;

/// What the cells say of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The face with this index owns it.
    Face(u32),
    /// No face does.
    Nobody,
    /// The point is too close to an edge: ask the exact predicates.
    Unsure,
}

/// The hierarchy. All parts are flat, so that it can be written and read as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cells {
    pub(crate) origin: Coord<f64>,
    /// Cells per degree, east and north.
    pub(crate) per_degree: Coord<f64>,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// The top grid, row by row from the south: an entry has its kind in the two highest bits. Plain: the face's
    /// index plus 1, or 0 for nobody. Leaf: its first word. Node: its block's number. One entry more, nobody's, stands
    /// for everything off the grid.
    pub(crate) top: Vec<u32>,
    /// Blocks of 64 entries.
    pub(crate) blocks: Vec<u32>,
    /// Leaves: a header (edges, faces and the corner's owners as bits), the faces' indices, and for each edge its
    /// range, line and faces.
    pub(crate) words: Vec<u32>,
}

/// A point's place in the top grid.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spot {
    /// Which entry.
    entry: usize,
    /// Where in the cell, from 0 to 1.
    u: f64,
    v: f64,
}

/// 2⁵²: between it and twice as much doubles are whole numbers, and their low bits an integer's.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// In the middle of that range there is room on both sides of zero.
const ROUND: f64 = 1.5 * WHOLE;

impl Cells {
    /// Where a point falls. Off the grid that is the last entry, which is nobody's.
    ///
    /// Written so that it compiles to a few vector instructions without a branch: taking ½ and rounding rounds down,
    /// except that a whole number may stay or fall to the cell before, of which it then is the far side.
    #[inline]
    pub(crate) fn spot(&self, p: Coord<f64>) -> Spot {
        let (x, y) = ((p.x - self.origin.x) * self.per_degree.x, (p.y - self.origin.y) * self.per_degree.y);
        let (columns, rows) = (f64::from(self.columns), f64::from(self.rows));
        let column = ((x - 0.5) + ROUND) - ROUND;
        let row = ((y - 0.5) + ROUND) - ROUND;
        let on_grid = (0.0..columns).contains(&x) && (0.0..rows).contains(&y);
        let entry = if on_grid { row * columns + column } else { rows * columns };
        let entry = (entry + WHOLE).to_bits() & ((1 << 52) - 1);
        Spot { entry: entry as usize, u: x - column, v: y - row }
    }

    /// The entry of a spot.
    #[inline]
    pub(crate) fn entry(&self, spot: Spot) -> u32 {
        self.top.get(spot.entry).copied().unwrap_or(0)
    }

    /// What a plain entry says: a face's index plus 1, or 0 for nobody. None for other entries.
    #[inline]
    pub(crate) fn plain(entry: u32) -> Option<usize> {
        (entry >> TAG_SHIFT == PLAIN).then_some(entry as usize)
    }

    /// Reads what the entry leads to at both ends of a typical leaf, so that it is fetched ahead of time.
    #[inline]
    pub(crate) fn touch(&self, entry: u32) -> u32 {
        let at = (entry & VALUE) as usize;
        let word = |words: &[u32], at: usize| words.get(at).copied().unwrap_or(0);
        if entry >> TAG_SHIFT == NODE {
            word(&self.blocks, at * BLOCK * BLOCK)
        } else {
            word(&self.words, at) ^ word(&self.words, at + TYPICAL)
        }
    }

    /// The answer for a spot, given its entry.
    #[inline]
    pub(crate) fn answer(&self, mut entry: u32, spot: Spot) -> Answer {
        let (mut u, mut v) = (spot.u, spot.v);
        loop {
            let value = (entry & VALUE) as usize;
            match entry >> TAG_SHIFT {
                PLAIN => return answer_of(entry),
                LEAF => return self.leaf_answer(value, u as f32, v as f32),
                NODE => {
                    let (x, y) = (u * BLOCK as f64, v * BLOCK as f64);
                    let (column, row) = ((x as usize).min(BLOCK - 1), (y as usize).min(BLOCK - 1));
                    entry = self.blocks[(value * BLOCK + row) * BLOCK + column];
                    (u, v) = (x - column as f64, y - row as f64);
                }
                _ => return Answer::Unsure,
            }
        }
    }

    #[inline]
    fn leaf_answer(&self, at: usize, u: f32, v: f32) -> Answer {
        let header = self.words[at];
        let (edges, faces) = ((header & 0xFF) as usize, (header >> 8 & 0xFF) as usize);
        let mut owners = header >> 16;
        let first = at + HEADER + faces;
        let mut unsure = false;
        for edge in self.words[first..first + edges * EDGE_WORDS].chunks_exact(EDGE_WORDS) {
            let (low, high) = (f32::from_bits(edge[0]), f32::from_bits(edge[1]));
            let slope = f32::from_bits(edge[3]);
            let ahead = f32::from_bits(edge[2]) + slope * v - u;
            let in_range = v >= low && v < high;
            unsure |= (v - low).abs() <= BAND
                || (v - high).abs() <= BAND
                || (in_range && ahead.abs() <= LINE_BAND * (1.0 + slope.abs()));
            owners ^= if in_range && ahead > 0.0 { edge[4] } else { 0 };
        }
        if unsure {
            return Answer::Unsure;
        }
        if owners == 0 {
            return Answer::Nobody;
        }
        // The faces of a leaf are in ascending order: the lowest bit is the lowest number.
        Answer::Face(self.words[at + HEADER + owners.trailing_zeros() as usize])
    }

    /// Whether every reference leads somewhere, so that no lookup can go astray. O(entries and words).
    pub(crate) fn is_consistent(&self, faces: usize) -> bool {
        let cells = u64::from(self.columns) * u64::from(self.rows);
        let grid = if self.top.is_empty() { cells == 0 } else { self.top.len() as u64 == cells + 1 };
        let blocks = self.blocks.len() / (BLOCK * BLOCK);
        let leaf_fits = |at: usize| {
            let Some(&header) = self.words.get(at) else { return false };
            let (edges, in_leaf) = ((header & 0xFF) as usize, (header >> 8 & 0xFF) as usize);
            let first = at + HEADER + in_leaf;
            let lists =
                self.words.get(at + HEADER..first).zip(self.words.get(first..first + edges * EDGE_WORDS));
            lists.is_some_and(|(members, edges)| {
                let mut masks = edges.chunks_exact(EDGE_WORDS).map(|edge| edge[EDGE_WORDS - 1]);
                in_leaf <= 16
                    && members.iter().all(|&face| (face as usize) < faces)
                    && header >> 16 >> in_leaf == 0
                    && masks.all(|mask| mask >> in_leaf == 0)
            })
        };
        // Blocks refer to earlier ones only, so that no path through them returns.
        let fits = |entry: u32, below: usize| {
            let value = (entry & VALUE) as usize;
            match entry >> TAG_SHIFT {
                PLAIN => value <= faces,
                LEAF => leaf_fits(value),
                NODE => value < below,
                _ => true,
            }
        };
        let numbers = [self.origin.x, self.origin.y, self.per_degree.x, self.per_degree.y];
        grid && numbers.iter().all(|x| x.is_finite())
            && self.blocks.len().is_multiple_of(BLOCK * BLOCK)
            && self.top.iter().all(|&e| fits(e, blocks))
            && self.blocks.iter().enumerate().all(|(i, &e)| fits(e, i / (BLOCK * BLOCK)))
    }

    /// How many bytes the tables take.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.top.len() + self.blocks.len() + self.words.len())
    }
}

#[inline]
fn answer_of(entry: u32) -> Answer {
    match entry & VALUE {
        0 => Answer::Nobody,
        face => Answer::Face(face - 1),
    }
}
