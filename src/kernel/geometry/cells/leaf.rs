//! Leaves: on which side of a border a point is, and leaves with more than one border.
//!
//! A leaf of many is a list of words: how many borders, how many faces, the faces' indices in ascending order, the
//! owners of the centre as bits, and for each border its first slot, its number of edges, and its faces as bits.
//!
//! Never here: where the cell lies.

use geo::Coord;

use crate::kernel::geometry::borders::coord;
use crate::kernel::geometry::half_open;
use crate::kernel::geometry::rings::Vertex;

/// Bits of a word.
const BITS: usize = 32;

/// A bound on the rounding of a difference of two products of differences, relative to the sum of the products
/// (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997,
/// section 4.2: (3 + 16 ε) ε for ε = 2⁻⁵³).
const ERROR: f64 = 3.330_669_073_875_471_6e-16;

/// a × b and how far it may be off.
#[inline]
fn cross(a: Coord<f64>, b: Coord<f64>) -> (f64, f64) {
    let (left, right) = (a.x * b.y, a.y * b.x);
    (left - right, ERROR * (left.abs() + right.abs()))
}

/// Whether a chain of edges is crossed an odd number of times by the straight line from `p` to `centre`. None when
/// rounding, or a vertex on the line, leaves that open; so it does whenever `p` is on an edge.
#[inline]
pub(super) fn parts_quickly(chain: &[Vertex], p: Coord<f64>, centre: Coord<f64>) -> Option<bool> {
    let line = centre - p;
    let mut parted = false;
    let mut sure = true;
    let mut before: Option<(Coord<f64>, f64)> = None;
    for &vertex in chain {
        let vertex = coord(vertex);
        let (turn, error) = cross(line, vertex - p);
        sure &= turn.abs() > error;
        if let Some((from, from_turn)) = before
            && (from_turn > 0.0) != (turn > 0.0)
        {
            // The edge meets the line through the two points: do they lie on different sides of it?
            let (of_p, error) = cross(from - p, vertex - p);
            sure &= of_p.abs() > error;
            let (of_centre, error) = cross(from - centre, vertex - centre);
            sure &= of_centre.abs() > error;
            parted ^= (of_p > 0.0) != (of_centre > 0.0);
        }
        before = Some((vertex, turn));
    }
    sure.then_some(parted)
}

/// The same by exact predicates, and the path of the half-open rule.
#[cold]
pub(super) fn parts(chain: &[Vertex], p: Coord<f64>, centre: Coord<f64>) -> bool {
    let parting = |edge: &&[Vertex]| half_open::parts(coord(edge[0]), coord(edge[1]), p, centre);
    chain.windows(2).filter(parting).count() % 2 == 1
}

/// Whether a point lies exactly on an edge of a chain.
pub(super) fn touches(chain: &[Vertex], p: Coord<f64>) -> bool {
    chain.windows(2).any(|edge| half_open::on_segment(coord(edge[0]), coord(edge[1]), p))
}

/// The vertices of a border. Empty where there are none, as a file may say: nothing crosses that.
#[inline]
pub(super) fn chain(vertices: &[Vertex], start: u32, count: u32) -> &[Vertex] {
    vertices.get(start as usize..=start as usize + count as usize).unwrap_or_default()
}

/// A border in a leaf.
pub(super) struct Border {
    /// Its first slot.
    pub(super) start: u32,
    /// How many edges.
    pub(super) count: u32,
    /// The faces it bounds.
    pub(super) faces: Vec<u32>,
}

/// Appends a leaf of many; returns its first word.
pub(super) fn write(borders: &[Border], centre_owners: &[u32], words: &mut Vec<u32>) -> usize {
    let mut faces: Vec<u32> =
        borders.iter().flat_map(|border| &border.faces).chain(centre_owners).copied().collect();
    faces.sort_unstable();
    faces.dedup();
    let bits = |members: &[u32], words: &mut Vec<u32>| {
        let at = words.len();
        words.resize(at + faces.len().div_ceil(BITS), 0);
        for i in members.iter().filter_map(|face| faces.binary_search(face).ok()) {
            words[at + i / BITS] |= 1 << (i % BITS);
        }
    };
    let at = words.len();
    words.extend([borders.len() as u32, faces.len() as u32]);
    words.extend(&faces);
    bits(centre_owners, words);
    for border in borders {
        words.extend([border.start, border.count]);
        bits(&border.faces, words);
    }
    at
}

/// A leaf of many, taken apart.
struct Many<'a> {
    faces: &'a [u32],
    owners: &'a [u32],
    borders: &'a [u32],
}

impl<'a> Many<'a> {
    fn new(words: &'a [u32], at: usize) -> Option<Self> {
        let (&borders, &faces) = (words.get(at)?, words.get(at + 1)?);
        let bits = (faces as usize).div_ceil(BITS);
        let (faces, rest) = words.get(at + 2..)?.split_at_checked(faces as usize)?;
        let (owners, rest) = rest.split_at_checked(bits)?;
        let borders = rest.get(..(borders as usize).checked_mul(2 + bits)?)?;
        Some(Self { faces, owners, borders })
    }

    /// Each border's first slot, number of edges, and faces as bits.
    fn borders(&self) -> impl Iterator<Item = (u32, u32, &'a [u32])> + use<'a> {
        self.borders.chunks_exact(2 + self.owners.len()).map(|words| (words[0], words[1], &words[2..]))
    }

    /// The owner of a point, given the borders that part it from the centre; none as soon as one is not known.
    fn owner(&self, parted: impl Fn(u32, u32) -> Option<bool>) -> Option<u32> {
        for (word, &owners) in self.owners.iter().enumerate() {
            let mut bits = owners;
            for (start, count, faces) in self.borders() {
                bits ^= if parted(start, count)? { faces[word] } else { 0 };
            }
            if bits != 0 {
                return Some(self.lowest(word, bits));
            }
        }
        Some(0)
    }

    /// The lowest face with a border that a point touches.
    fn lowest_touching(&self, touches: impl Fn(u32, u32) -> bool) -> u32 {
        for word in 0..self.owners.len() {
            let touching = self.borders().filter(|&(start, count, _)| touches(start, count));
            let bits = touching.fold(0, |bits, (.., faces)| bits | faces[word]);
            if bits != 0 {
                return self.lowest(word, bits);
            }
        }
        0
    }

    /// The lowest of the faces that bits stand for: its index plus 1, or 0.
    fn lowest(&self, word: usize, bits: u32) -> u32 {
        let face = self.faces.get(word * BITS + bits.trailing_zeros() as usize);
        if bits == 0 { 0 } else { face.map_or(0, |face| face.wrapping_add(1)) }
    }
}

/// The owner of a point in the leaf at a word: a face's index plus 1, or 0 for nobody.
pub(super) fn owner(words: &[u32], at: usize, vertices: &[Vertex], p: Coord<f64>, centre: Coord<f64>) -> u32 {
    let Some(leaf) = Many::new(words, at) else { return 0 };
    let chain = |start: u32, count: u32| chain(vertices, start, count);
    // One path for all borders: where a border ends depends on how one goes around its end.
    if let Some(owner) = leaf.owner(|start, count| parts_quickly(chain(start, count), p, centre)) {
        return owner;
    }
    let exactly = leaf.owner(|start, count| Some(parts(chain(start, count), p, centre)));
    match exactly.unwrap_or(0) {
        // Nobody's by the rule: on the rim of the union it is the lowest touching face's.
        0 => leaf.lowest_touching(|start, count| touches(chain(start, count), p)),
        owner => owner,
    }
}

/// Reads a part of every vertex list the leaf at a word leads to, so that they are fetched ahead of time.
pub(super) fn touch(words: &[u32], at: usize, vertices: &[Vertex]) -> u64 {
    let x = |at: u32| vertices.get(at as usize).map_or(0, |vertex| vertex[0].to_bits());
    let borders = Many::new(words, at).into_iter().flat_map(|leaf| leaf.borders());
    borders.fold(0, |sum, (start, count, _)| sum ^ x(start) ^ x(start + count))
}
