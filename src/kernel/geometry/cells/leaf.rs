//! Writing a leaf: which edges the path from a point to the cell's corner meets, and within which range.
//!
//! Never here: where the cell lies; coordinates are the cell's own.

use geo::Coord;

use super::{BAND, LEAF, TAG_SHIFT, UNSURE};

/// A leaf's masks have 16 bits.
const MOST_FACES: usize = 16;
/// Edges in one leaf are counted in a byte.
const MOST_EDGES: usize = 255;

/// An edge of a face in a cell's coordinates, from its lower to its higher end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LocalEdge {
    pub(super) low: Coord<f64>,
    pub(super) high: Coord<f64>,
    pub(super) face: u32,
    /// Its number in the source.
    pub(super) id: u32,
}

impl LocalEdge {
    pub(super) fn new(a: Coord<f64>, b: Coord<f64>, face: u32, id: u32) -> Self {
        // Both faces of a shared edge must see it alike, so ends at one height are ordered too.
        let (low, high) = if (a.y, a.x) <= (b.y, b.x) { (a, b) } else { (b, a) };
        Self { low, high, face, id }
    }
}

/// What the path to the corner sees of an edge.
enum View {
    /// The path never meets it.
    Unseen,
    /// Too close to the corner or along the path's second leg to tell.
    Unclear,
    /// It flips the owners when v is in `low..high` and u is west of the line, and, if `turned`, once more always.
    Line { low: f64, high: f64, at_zero: f64, slope: f64, turned: bool },
}

/// The part of an edge in a box from −margin to 1 + margin (Y.-D. Liang and B. A. Barsky, "A new concept and
/// method for line clipping", 1984), if there is one.
pub(super) fn clip(edge: &LocalEdge, margin: f64) -> Option<(Coord<f64>, Coord<f64>)> {
    let (a, b) = (edge.low, edge.high);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, a.x + margin), (dx, 1.0 + margin - a.x), (-dy, a.y + margin), (dy, 1.0 + margin - a.y)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    (enter <= leave).then(|| {
        let at = |t: f64| Coord { x: a.x + t * dx, y: a.y + t * dy };
        (at(enter), at(leave))
    })
}

fn view(edge: &LocalEdge) -> View {
    let band = f64::from(BAND);
    let Some((a, b)) = clip(edge, 2.0 * band) else { return View::Unseen };
    if (a.x - 1.0).abs() <= band || (b.x - 1.0).abs() <= band {
        return View::Unclear;
    }
    let (a_beyond, b_beyond) = (a.x > 1.0, b.x > 1.0);
    if a_beyond && b_beyond {
        return View::Unseen;
    }
    let leaves = a_beyond != b_beyond;
    if leaves {
        let height = a.y + (1.0 - a.x) / (b.x - a.x) * (b.y - a.y);
        if height <= band {
            return View::Unclear;
        }
    }
    let flat = b.y - a.y <= band;
    let middle = f64::midpoint(a.y, b.y);
    if flat {
        // Seen only by the path's second leg, from above; the range's end makes points at its height unsure.
        let high = if leaves { f64::INFINITY } else { middle };
        return View::Line { low: middle, high, at_zero: 1e9, slope: 0.0, turned: false };
    }
    let slope = (edge.high.x - edge.low.x) / (edge.high.y - edge.low.y);
    let at_zero = edge.low.x - edge.low.y * slope;
    let line = |low, high, turned| View::Line { low, high, at_zero, slope, turned };
    match (leaves, b_beyond) {
        (false, _) => line(edge.low.y, edge.high.y, false),
        // It leaves upwards through the eastern side: above that, the second leg meets it.
        (true, true) => line(edge.low.y, f64::INFINITY, false),
        // It comes in through the eastern side and rises to the west: above it the second leg meets it, and below
        // that the first does not. That is the opposite of being west of it and below its end.
        (true, false) => line(f64::NEG_INFINITY, edge.high.y, true),
    }
}

/// Whether a leaf has anything to hold: an edge that reaches the cell.
pub(super) fn reaches(edge: &LocalEdge) -> bool {
    clip(edge, 2.0 * f64::from(BAND)).is_some()
}

/// Appends a leaf for the edges and the faces that own its south-eastern corner, both lists of face indices; returns
/// its entry. An entry that is unsure of everything stands for a leaf that cannot be written.
pub(super) fn write(edges: &[LocalEdge], corner_owners: &[u32], words: &mut Vec<u32>) -> u32 {
    let unsure = UNSURE << TAG_SHIFT;
    let mut faces: Vec<u32> = edges.iter().map(|e| e.face).chain(corner_owners.iter().copied()).collect();
    faces.sort_unstable();
    faces.dedup();
    if faces.len() > MOST_FACES {
        return unsure;
    }
    let bit = |face: u32| faces.binary_search(&face).map_or(0, |i| 1_u32 << i);
    let mut owners = corner_owners.iter().fold(0, |mask, &face| mask | bit(face));
    let mut distinct: Vec<(LocalEdge, u32)> = Vec::with_capacity(edges.len());
    for edge in edges {
        let twin = distinct.iter_mut().find(|(e, _)| e.low == edge.low && e.high == edge.high);
        match twin {
            Some((_, mask)) => *mask ^= bit(edge.face),
            None => distinct.push((*edge, bit(edge.face))),
        }
    }
    let mut body = Vec::with_capacity(distinct.len() * super::EDGE_WORDS);
    let mut count = 0;
    for (edge, mask) in distinct {
        match view(&edge) {
            View::Unseen => {}
            View::Unclear => return unsure,
            View::Line { low, high, at_zero, slope, turned } => {
                owners ^= if turned { mask } else { 0 };
                body.extend([low, high, at_zero, slope].map(|x| (x as f32).to_bits()));
                body.push(mask);
                count += 1;
            }
        }
    }
    if count == 0 {
        return match faces.get(owners.trailing_zeros() as usize) {
            Some(face) if owners != 0 => face + 1,
            _ => 0,
        };
    }
    let at = words.len();
    if count > MOST_EDGES || at > super::VALUE as usize {
        return unsure;
    }
    words.push(count as u32 | (faces.len() as u32) << 8 | owners << 16);
    words.extend(faces);
    words.extend(body);
    LEAF << TAG_SHIFT | at as u32
}
