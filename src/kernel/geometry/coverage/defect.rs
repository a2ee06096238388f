//! What can be wrong with one face on its own, and where.
//!
//! The tests are exact: a ring that touches itself in one point does, and one that passes a hair's breadth away
//! does not. Never here: anything about neighbours.

use std::fmt;

use geo::Coord;

use super::raw::{RawFace, RawRing, without_repeats};
use super::segments::{Meeting, meeting};
use super::sweep::near_pairs;
use crate::kernel::geometry::coordinate::{CoordinateError, Region, Wgs84};
use crate::kernel::geometry::half_open::{self, Side, on_segment, orientation};

/// At most this many defects are listed for one face: a file in the wrong system has one per vertex.
const MOST: usize = 50;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum DefectKind {
    /// The face has no polygons, or a polygon has no rings.
    Empty,
    /// A vertex is not a coordinate, or not one of the expected region; swapped axes are told apart.
    Coordinate(CoordinateError),
    /// An edge runs more than half way around the Earth: the face crosses the 180th meridian and is not cut there.
    Antimeridian,
    /// A ring's last vertex does not repeat its first. Closed on acceptance.
    UnclosedRing,
    /// A vertex repeats the one before it. Dropped on acceptance.
    RepeatedVertex,
    /// A ring has fewer than three different corners.
    TooFewCorners,
    /// The border runs out to a vertex and straight back.
    Spike,
    /// A ring crosses or touches itself.
    SelfIntersection,
    /// Two rings of the face cross, or run along each other.
    RingsCross,
    /// A hole lies outside its shell.
    HoleOutsideShell,
    /// A hole lies in another hole of the same polygon.
    HoleInHole,
    /// A polygon lies in another polygon of the same face.
    PartsOverlap,
}

impl DefectKind {
    /// Whether a face with this defect must be refused; the others are repaired without changing its shape.
    #[must_use]
    pub const fn blocks(self) -> bool {
        !matches!(self, Self::UnclosedRing | Self::RepeatedVertex)
    }

    /// What is wrong, in Chinese; `Display` says it in English.
    #[must_use]
    pub fn to_chinese(self) -> String {
        match self {
            Self::Empty => "面为空".to_owned(),
            Self::Coordinate(error) => error.to_chinese(),
            Self::Antimeridian => "跨越 180° 经线，须在该处分为两部分（RFC 7946 第 3.1.9 节）".to_owned(),
            Self::UnclosedRing => "环没有闭合".to_owned(),
            Self::RepeatedVertex => "顶点重复".to_owned(),
            Self::TooFewCorners => "环少于三个角点".to_owned(),
            Self::Spike => "边界有尖刺(沿原路折返)".to_owned(),
            Self::SelfIntersection => "环自相交".to_owned(),
            Self::RingsCross => "同一个面的两个环相交或重合".to_owned(),
            Self::HoleOutsideShell => "洞在外环之外".to_owned(),
            Self::HoleInHole => "洞在另一个洞之内".to_owned(),
            Self::PartsOverlap => "同一个面的两个部分重叠".to_owned(),
        }
    }
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the face is empty"),
            Self::Coordinate(error) => error.fmt(f),
            Self::Antimeridian => {
                f.write_str("it crosses the 180th meridian: cut it there in two (RFC 7946, section 3.1.9)")
            }
            Self::UnclosedRing => f.write_str("a ring is not closed"),
            Self::RepeatedVertex => f.write_str("a vertex is repeated"),
            Self::TooFewCorners => f.write_str("a ring has fewer than three corners"),
            Self::Spike => f.write_str("the border runs out to a point and straight back"),
            Self::SelfIntersection => f.write_str("a ring crosses or touches itself"),
            Self::RingsCross => f.write_str("two rings of the face cross or run along each other"),
            Self::HoleOutsideShell => f.write_str("a hole lies outside its shell"),
            Self::HoleInHole => f.write_str("a hole lies in another hole"),
            Self::PartsOverlap => f.write_str("two parts of the face overlap"),
        }
    }
}

/// One thing that is wrong with a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Defect {
    /// What.
    pub kind: DefectKind,
    /// Where, in degrees as given (which may be no coordinate at all); none for an empty face.
    pub at: Option<Coord<f64>>,
    /// Which polygon of the face, from 0.
    pub polygon: usize,
    /// Which ring of the polygon, from 0, the shell.
    pub ring: usize,
}

/// Which edge: polygon, ring, and the number of its first vertex.
type EdgeRef = (usize, usize, usize);

struct Search<'a> {
    /// Open rings (the closing vertex dropped) without repeats.
    polygons: Vec<Vec<RawRing>>,
    region: Option<&'a Region>,
    defects: Vec<Defect>,
}

/// Everything wrong with a face, in the order of its vertices, up to 50 findings. With a region, vertices
/// outside of it are wrong too, which is what finds swapped axes within range.
///
/// O(n log n) for n vertices of a face whose edges are short in relation to it.
#[must_use]
pub fn defects(face: &RawFace, region: Option<&Region>) -> Vec<Defect> {
    let mut search = Search { polygons: Vec::new(), region, defects: Vec::new() };
    search.read_rings(face);
    // What follows needs numbers that are coordinates, and rings.
    if !search.defects.iter().any(|d| d.kind.blocks()) {
        search.find_spikes();
        search.find_meetings();
    }
    if !search.defects.iter().any(|d| d.kind.blocks()) {
        search.find_misplaced_rings();
    }
    search.defects.truncate(MOST);
    search.defects
}

impl Search<'_> {
    fn add(&mut self, kind: DefectKind, at: Option<Coord<f64>>, polygon: usize, ring: usize) {
        let defect = Defect { kind, at, polygon, ring };
        if self.defects.len() < MOST {
            self.defects.push(defect);
        } else if defect.kind.blocks() {
            // However long the list of what can be mended, what cannot must be on it.
            if let Some(harmless) = self.defects.iter_mut().rev().find(|d| !d.kind.blocks()) {
                *harmless = defect;
            }
        }
    }

    fn read_rings(&mut self, face: &RawFace) {
        if face.polygons.is_empty() {
            self.add(DefectKind::Empty, None, 0, 0);
        }
        for (p, rings) in face.polygons.iter().enumerate() {
            if rings.is_empty() {
                self.add(DefectKind::Empty, None, p, 0);
            }
            let open = rings.iter().enumerate().map(|(r, ring)| self.read_ring(ring, p, r)).collect();
            self.polygons.push(open);
        }
    }

    fn read_ring(&mut self, ring: &RawRing, p: usize, r: usize) -> RawRing {
        for &c in ring {
            let parsed = match self.region {
                Some(region) => Wgs84::new_in(c.x, c.y, region),
                None => Wgs84::new(c.x, c.y),
            };
            if let Err(error) = parsed {
                self.add(DefectKind::Coordinate(error), Some(c), p, r);
            }
        }
        // A whole turn is the edge of a map of the world.
        let turn = |w: &&[Coord<f64>]| (w[0].x - w[1].x).abs();
        if let Some(w) = ring.windows(2).find(|w| turn(w) > 180.0 && turn(w) < 360.0) {
            self.add(DefectKind::Antimeridian, Some(w[0]), p, r);
        }
        for w in ring.windows(2).filter(|w| w[0] == w[1]) {
            self.add(DefectKind::RepeatedVertex, Some(w[0]), p, r);
        }
        let mut open = without_repeats(ring);
        if open.len() > 1 && open.first() == open.last() {
            open.pop();
        } else if let Some(&last) = open.last() {
            self.add(DefectKind::UnclosedRing, Some(last), p, r);
        }
        let mut corners = open.clone();
        corners.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        corners.dedup();
        if corners.len() < 3 {
            self.add(DefectKind::TooFewCorners, open.first().copied(), p, r);
        }
        open
    }

    fn find_spikes(&mut self) {
        let mut found = Vec::new();
        for (p, rings) in self.polygons.iter().enumerate() {
            for (r, ring) in rings.iter().enumerate() {
                let n = ring.len();
                for i in 0..n {
                    let (a, b, c) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
                    if turns_back(a, b, c) {
                        found.push((b, p, r));
                    }
                }
            }
        }
        for (at, p, r) in found {
            self.add(DefectKind::Spike, Some(at), p, r);
        }
    }

    fn edge(&self, (p, r, i): EdgeRef) -> (Coord<f64>, Coord<f64>) {
        let ring = &self.polygons[p][r];
        (ring[i], ring[(i + 1) % ring.len()])
    }

    fn edges(&self) -> Vec<EdgeRef> {
        let mut out = Vec::new();
        for (p, rings) in self.polygons.iter().enumerate() {
            for (r, ring) in rings.iter().enumerate() {
                out.extend((0..ring.len()).map(|i| (p, r, i)));
            }
        }
        out
    }

    fn find_meetings(&mut self) {
        let edges = self.edges();
        let ends: Vec<_> = edges.iter().map(|&e| self.edge(e)).collect();
        let mut found = Vec::new();
        near_pairs(&ends, |i, j| {
            let ((a, b), (c, d)) = (ends[i], ends[j]);
            if let Some((kind, at)) = self.judge(edges[i], edges[j], meeting(a, b, c, d)) {
                found.push((edges[i], edges[j], kind, at));
            }
        });
        found.sort_by_key(|&(e, f, ..)| (e, f));
        for ((p, r, _), _, kind, at) in found {
            // A crossing at a vertex is met by up to four pairs of edges.
            if !self.defects.iter().any(|d| d.kind == kind && d.at == Some(at)) {
                self.add(kind, Some(at), p, r);
            }
        }
    }

    fn judge(&self, e: EdgeRef, f: EdgeRef, meeting: Meeting) -> Option<(DefectKind, Coord<f64>)> {
        let same_ring = (e.0, e.1) == (f.0, f.1);
        let n = self.polygons[e.0][e.1].len();
        let adjacent = same_ring && (f.2 == e.2 + 1 || (e.2 == 0 && f.2 == n - 1));
        match meeting {
            Meeting::Apart => None,
            // Neighbouring edges share their vertex; running along each other they are a spike, found before.
            Meeting::Touch(_) | Meeting::Along(_) if adjacent => None,
            // Rings may touch each other in a point: a hole its shell, a part its sibling.
            Meeting::Touch(_) if !same_ring => None,
            Meeting::Touch(at) | Meeting::Cross(at) | Meeting::Along(at) => {
                let kind = if same_ring { DefectKind::SelfIntersection } else { DefectKind::RingsCross };
                Some((kind, at))
            }
        }
    }

    /// Rings do not cross by now, so one vertex off the other ring's border tells where a ring lies.
    fn find_misplaced_rings(&mut self) {
        let mut found = Vec::new();
        for (p, rings) in self.polygons.iter().enumerate() {
            for (r, hole) in rings.iter().enumerate().skip(1) {
                if let Some(at) = hole.iter().find(|&&c| place(&rings[0], c) == Place::Outside) {
                    found.push((DefectKind::HoleOutsideShell, *at, p, r));
                }
                let in_hole =
                    |(other, ring): (usize, &RawRing)| other > 0 && other != r && lies_in(hole, ring);
                if rings.iter().enumerate().any(in_hole) {
                    found.push((DefectKind::HoleInHole, hole[0], p, r));
                }
            }
            for (q, other) in self.polygons.iter().enumerate().filter(|&(q, _)| q != p) {
                let in_a_hole_of_it = other[1..].iter().any(|hole| lies_in(&rings[0], hole));
                let twins = q < p && same_ring(&rings[0], &other[0]);
                if twins || (lies_in(&rings[0], &other[0]) && !in_a_hole_of_it) {
                    found.push((DefectKind::PartsOverlap, rings[0][0], p, 0));
                }
            }
        }
        for (kind, at, p, r) in found {
            self.add(kind, Some(at), p, r);
        }
    }
}

/// Whether the path a, b, c turns straight back at b.
fn turns_back(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> bool {
    orientation(a, b, c) == 0.0 && (a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y) > 0.0
}

/// Where a point is in relation to a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    Inside,
    Border,
    Outside,
}

/// Where the point is; the ring is open. Exact.
pub(super) fn place(ring: &[Coord<f64>], p: Coord<f64>) -> Place {
    let next = ring.iter().cycle().skip(1);
    let mut crossings = 0;
    for (&a, &b) in ring.iter().zip(next) {
        if on_segment(a, b, p) {
            return Place::Border;
        }
        crossings += u32::from(half_open::side(a, b, p) == Side::Crossed);
    }
    if crossings % 2 == 1 { Place::Inside } else { Place::Outside }
}

/// Whether the ring lies in the other one, given that they do not cross.
pub(super) fn lies_in(inner: &[Coord<f64>], outer: &[Coord<f64>]) -> bool {
    inner.iter().map(|&c| place(outer, c)).find(|p| *p != Place::Border) == Some(Place::Inside)
}

fn same_ring(a: &RawRing, b: &RawRing) -> bool {
    a.len() == b.len() && a.iter().all(|c| b.contains(c))
}

#[cfg(test)]
mod tests;
