//! From a heap of directed edges back to polygons.
//!
//! Never here: what the edges are for. They must form closed walks and meet only at shared vertices.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::defect::lies_in;
use super::partition::{Edge, VertexId};
use crate::kernel::geometry::half_open::orientation;
use crate::kernel::geometry::measure::ring_area_m2;

/// A polygon as open rings, the shell first.
pub(super) type Piece = Vec<Vec<VertexId>>;

/// The polygons that lie on the left of directed edges between vertices that the caller numbers, shells anticlockwise.
/// None if the edges do not close.
pub(in crate::kernel) fn polygons_left_of(
    edges: impl IntoIterator<Item = (u32, u32)>,
    place: impl Fn(u32) -> Coord<f64>,
) -> Option<MultiPolygon<f64>> {
    let edges = edges.into_iter().map(|(a, b)| (VertexId(a), VertexId(b))).collect();
    let place = |v: VertexId| place(v.0);
    let line = |ring: Vec<VertexId>| LineString(places(&ring, &place));
    let polygon = |piece: Piece| {
        let mut rings = piece.into_iter().map(line);
        // `Polygon::new` closes rings.
        Some(Polygon::new(rings.next()?, rings.collect()))
    };
    pieces(&edges, &place)?.into_iter().map(polygon).collect()
}

/// The polygons that lie on the left of the edges, in the order of their lowest edge.
///
/// Each piece has a connected inside: parts that touch in a vertex come apart, and a hole that touches its shell
/// becomes a ring of its own. None if the edges do not close.
pub(super) fn pieces(edges: &BTreeSet<Edge>, place: &impl Fn(VertexId) -> Coord<f64>) -> Option<Vec<Piece>> {
    let mut outgoing: BTreeMap<VertexId, Vec<VertexId>> = BTreeMap::new();
    for &(a, b) in edges {
        outgoing.entry(a).or_default().push(b);
    }
    let mut left = edges.clone();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut holes: Vec<Vec<VertexId>> = Vec::new();
    while let Some(&start) = left.first() {
        let mut walk = Vec::new();
        let mut edge = start;
        loop {
            if !left.remove(&edge) {
                return None;
            }
            walk.push(edge.0);
            edge = (edge.1, turn(edge, outgoing.get(&edge.1)?, place)?);
            if edge == start {
                break;
            }
        }
        let (mut shells, own_holes): (Vec<_>, Vec<_>) =
            simple_rings(walk).into_iter().partition(|ring| area_m2(ring, place) > 0.0);
        match shells.pop() {
            Some(shell) if shells.is_empty() => {
                pieces.push(std::iter::once(shell).chain(own_holes).collect());
            }
            Some(_) => return None,
            None => holes.extend(own_holes),
        }
    }
    for hole in holes {
        let corners = places(&hole, place);
        let around = pieces.iter_mut().filter(|piece| lies_in(&corners, &places(&piece[0], place)));
        let shell = around.min_by(|a, b| area_m2(&a[0], place).total_cmp(&area_m2(&b[0], place)))?;
        shell.push(hole);
    }
    Some(pieces)
}

fn places(ring: &[VertexId], place: &impl Fn(VertexId) -> Coord<f64>) -> Vec<Coord<f64>> {
    ring.iter().map(|&v| place(v)).collect()
}

/// The signed area of an open ring in square metres.
pub(super) fn area_m2(ring: &[VertexId], place: &impl Fn(VertexId) -> Coord<f64>) -> f64 {
    let mut line = places(ring, place);
    line.extend(line.first().copied());
    ring_area_m2(&LineString(line))
}

/// Where the border of the land on the left goes on: the first way out, clockwise from the way back.
fn turn((from, at): Edge, ways: &[VertexId], place: &impl Fn(VertexId) -> Coord<f64>) -> Option<VertexId> {
    let (back, here) = (place(from), place(at));
    // Quarter by quarter: less than half a turn, half, more, a whole turn (straight back).
    let sector = |way: VertexId| {
        let p = place(way);
        let side = orientation(here, back, p);
        let ahead = (back.x - here.x) * (p.x - here.x) + (back.y - here.y) * (p.y - here.y);
        match side {
            s if s < 0.0 => 0,
            s if s > 0.0 => 2,
            _ if ahead < 0.0 => 1,
            _ => 3,
        }
    };
    ways.iter().copied().min_by(|&a, &b| {
        let by_side = || orientation(here, place(a), place(b)).total_cmp(&0.0);
        sector(a).cmp(&sector(b)).then_with(by_side)
    })
}

/// Cuts a closed walk at vertices it visits twice.
fn simple_rings(walk: Vec<VertexId>) -> Vec<Vec<VertexId>> {
    let mut rings = Vec::new();
    let mut open: Vec<VertexId> = Vec::new();
    for v in walk {
        if let Some(i) = open.iter().rposition(|&w| w == v) {
            rings.push(open.drain(i..).collect());
        }
        open.push(v);
    }
    rings.push(open);
    rings
}
