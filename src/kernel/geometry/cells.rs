//! A hierarchy of cells over a set of faces, which answers most points with one look at a table.
//!
//! The plane around the faces is divided into a grid of cells. A cell that no edge reaches is *plain*: it has one
//! answer. Any other is a *leaf*, which knows the edges that reach it, or, if they are many, a *block* of 8 × 8 smaller
//! cells. A leaf that one border between two faces passes through is *simple*, and takes 16 bytes; others list their
//! faces and borders.
//!
//! # How a leaf decides
//! It knows the owners of the cell's centre, exactly. The owners of a point differ from them by the edges that a path
//! between the two crosses, and such edges reach the cell, which is convex. The path is a straight line where rounded
//! numbers with a bound on their error are sure of every turn; else it runs along a parallel and a meridian, and exact
//! predicates decide ([`half_open::parts`](super::half_open::parts)). So the answer is always that of the exact rule.
//!
//! Never here: a decision by rounded numbers that could be wrong.

use geo::Coord;

mod build;
mod leaf;

use super::borders::Borders;
use super::rings::Vertex;
use super::section::Section;

/// Cells along each side of a block.
const BLOCK: usize = 8;
/// Entries of a block.
const ENTRIES: usize = BLOCK * BLOCK;

/// Blocks in blocks, this many times at most.
const DEEPEST: u32 = 5;

/// Cells are not made smaller than this, in degrees: a centimetre.
const SMALLEST: f64 = 1e-7;

/// What an entry of a table says, in its two highest bits.
const PLAIN: u32 = 0;
const SIMPLE: u32 = 1;
const NODE: u32 = 2;
const MANY: u32 = 3;
const TAG_SHIFT: u32 = 30;
const VALUE: u32 = (1 << TAG_SHIFT) - 1;

/// The last word of a leaf of many with three faces and borders.
const TYPICAL: usize = 14;

/// A leaf with one border: the centre's owner and the other side's (a face's index plus 1, or 0 for nobody), the first
/// slot of the border, and how many edges of it.
pub(crate) type Simple = [u32; 4];

/// The hierarchy. All parts are flat, so that it can be written and read as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cells {
    pub(crate) origin: Coord<f64>,
    /// The side of a cell of the top grid, in degrees.
    pub(crate) size: f64,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// The top grid, row by row from the south: an entry has its kind in the two highest bits. Plain: the face's
    /// index plus 1, or 0 for nobody. Simple: the number of its leaf. Many: its first word. Node: its block's number.
    /// One entry more, nobody's, stands for everything off the grid.
    pub(crate) top: Section<u32>,
    /// Blocks of 64 entries.
    pub(crate) blocks: Section<u32>,
    pub(crate) simple: Section<Simple>,
    /// Other leaves: see [`leaf`].
    pub(crate) words: Section<u32>,
}

/// Where all the lists are, for as long as a batch of points takes.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    origin: Coord<f64>,
    size: f64,
    per_degree: f64,
    columns: f64,
    rows: f64,
    top: &'a [u32],
    blocks: &'a [u32],
    simple: &'a [Simple],
    words: &'a [u32],
    vertices: &'a [Vertex],
}

/// A cell and a point in it.
#[derive(Clone, Copy)]
struct Spot {
    /// Cells of this size west and south of it.
    column: f64,
    row: f64,
    /// Where in the cell, from 0 to 1.
    u: f64,
    v: f64,
}

impl Spot {
    /// The column and row of the smaller cell of a block that the point is in, and the point in that.
    #[inline]
    fn in_block(self) -> (usize, usize, Self) {
        let (across, up) = (self.u * BLOCK as f64, self.v * BLOCK as f64);
        let (i, j) = ((across as usize).min(BLOCK - 1), (up as usize).min(BLOCK - 1));
        let (east, north) = (i as f64, j as f64);
        let inner = Self {
            column: self.column * BLOCK as f64 + east,
            row: self.row * BLOCK as f64 + north,
            u: across - east,
            v: up - north,
        };
        (i, j, inner)
    }
}

/// 2⁵²: between it and twice as much doubles are whole numbers, and their low bits an integer's.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// In the middle of that range there is room on both sides of zero.
const ROUND: f64 = 1.5 * WHOLE;

impl Cells {
    /// The lists, found once for many points.
    pub(crate) fn view<'a>(&'a self, borders: &'a Borders) -> View<'a> {
        View {
            origin: self.origin,
            size: self.size,
            per_degree: 1.0 / self.size,
            columns: f64::from(self.columns),
            rows: f64::from(self.rows),
            top: &self.top,
            blocks: &self.blocks,
            simple: &self.simple,
            words: &self.words,
            vertices: &borders.vertices,
        }
    }

    /// How many bytes the tables take.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.top.len() + self.blocks.len() + self.words.len()) + 16 * self.simple.len()
    }

    /// Whether the lists fit the grid. Where their entries lead is looked at when they are followed: a lookup finds
    /// nobody where there is nothing. O(1).
    pub(crate) fn is_consistent(&self) -> bool {
        let cells = u64::from(self.columns) * u64::from(self.rows);
        let grid = if self.top.is_empty() { cells == 0 } else { self.top.len() as u64 == cells + 1 };
        grid && self.origin.x.is_finite()
            && self.origin.y.is_finite()
            && (self.top.is_empty() || self.size > 0.0)
            && self.blocks.len().is_multiple_of(ENTRIES)
    }
}

/// Whether an entry leads to a leaf of many.
#[inline]
pub(crate) fn is_many(entry: u32) -> bool {
    entry >> TAG_SHIFT == MANY
}

/// What a plain entry says: a face's index plus 1, or 0 for nobody. None for other entries.
#[inline]
pub(crate) fn plain(entry: u32) -> Option<u32> {
    (entry >> TAG_SHIFT == PLAIN).then_some(entry)
}

impl View<'_> {
    /// Where a point is on the top grid: its cell, where in it, and which entry that is; off the grid the last one.
    ///
    /// Written so that it compiles to a few vector instructions without a branch: taking ½ and rounding rounds down,
    /// except that a whole number may stay or fall to the cell before, of which it then is the far side.
    #[inline]
    fn spot(&self, p: Coord<f64>) -> (Spot, usize) {
        let (x, y) = ((p.x - self.origin.x) * self.per_degree, (p.y - self.origin.y) * self.per_degree);
        let column = ((x - 0.5) + ROUND) - ROUND;
        let row = ((y - 0.5) + ROUND) - ROUND;
        let on_grid = (0.0..self.columns).contains(&x) && (0.0..self.rows).contains(&y);
        let entry = if on_grid { row * self.columns + column } else { self.rows * self.columns };
        let entry = (entry + WHOLE).to_bits() & ((1 << 52) - 1);
        (Spot { column, row, u: x - column, v: y - row }, entry as usize)
    }

    /// The entry of a point's cell.
    #[inline]
    pub(crate) fn entry(&self, p: Coord<f64>) -> u32 {
        self.top.get(self.spot(p).1).copied().unwrap_or(0)
    }

    /// Reads a word of what the entry leads to, so that it is fetched ahead of time.
    #[inline]
    pub(crate) fn touch(&self, entry: u32) -> u32 {
        // Most leaves are simple; what the number of another finds among them does no harm.
        self.simple.get((entry & VALUE) as usize).map_or(0, |leaf| leaf[2])
    }

    /// The same for the vertices that the leaf leads to: at both ends, and between, for they take two or three lines.
    #[inline]
    pub(crate) fn touch_vertices(&self, entry: u32) -> u64 {
        let &[_, _, start, count] = self.simple.get((entry & VALUE) as usize).unwrap_or(&[0; 4]);
        let x = |at: u32| self.vertices.get(at as usize).map_or(0, |vertex| vertex[0].to_bits());
        x(start) ^ x(start + count / 2) ^ x(start + count)
    }

    /// The same for a leaf of many: its words, and later its vertices.
    #[inline]
    pub(crate) fn touch_words(&self, entry: u32) -> u32 {
        let word = |at: usize| self.words.get(at).copied().unwrap_or(0);
        let at = (entry & VALUE) as usize;
        word(at) ^ word(at + TYPICAL)
    }

    /// See [`Self::touch_words`].
    #[inline]
    pub(crate) fn touch_many(&self, entry: u32) -> u64 {
        leaf::touch(self.words, (entry & VALUE) as usize, self.vertices)
    }

    /// The owner of a point, given its entry: a face's index plus 1, or 0 for nobody.
    #[inline]
    pub(crate) fn owner(&self, p: Coord<f64>, mut entry: u32) -> u32 {
        let (mut spot, _) = self.spot(p);
        let mut size = self.size;
        // Blocks do not lie deeper; a file that says so leads nowhere.
        for _ in 0..=DEEPEST {
            let value = (entry & VALUE) as usize;
            match entry >> TAG_SHIFT {
                PLAIN => return entry,
                SIMPLE => return self.simple_owner(value, p, self.centre(spot, size)),
                NODE => {
                    let (column, row, inner) = spot.in_block();
                    entry = self.blocks.get((value * BLOCK + row) * BLOCK + column).copied().unwrap_or(0);
                    spot = inner;
                    size /= BLOCK as f64;
                }
                _ => return leaf::owner(self.words, value, self.vertices, p, self.centre(spot, size)),
            }
        }
        0
    }

    #[inline]
    fn centre(&self, spot: Spot, size: f64) -> Coord<f64> {
        centre(self.origin, size, spot.column, spot.row)
    }

    #[inline]
    fn simple_owner(&self, at: usize, p: Coord<f64>, centre: Coord<f64>) -> u32 {
        let Some(&[owner, other, start, count]) = self.simple.get(at) else { return 0 };
        let chain = leaf::chain(self.vertices, start, count);
        if let Some(parted) = leaf::parts_quickly(chain, p, centre) {
            return if parted { other } else { owner };
        }
        match if leaf::parts(chain, p, centre) { other } else { owner } {
            // Nobody's by the rule: on the rim of the union it is still the face's.
            0 if leaf::touches(chain, p) => owner.max(other),
            face => face,
        }
    }
}

/// The centre of a cell: the same number wherever it is computed.
#[inline]
fn centre(origin: Coord<f64>, size: f64, column: f64, row: f64) -> Coord<f64> {
    Coord { x: origin.x + (column + 0.5) * size, y: origin.y + (row + 0.5) * size }
}
