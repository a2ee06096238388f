//! Drawing a line through a face: where it meets the border, and the pieces it leaves.
//!
//! Never here: which piece goes to whom.

use std::collections::{BTreeMap, BTreeSet};

use geo::Coord;

use super::defect::{Place, place};
use super::edit::{REACH_M, sorted, with_vertices};
use super::partition::{Coverage, Edge, Face, VertexId, edges_of};
use super::patch::{EditError, Patch};
use super::segments::{Meeting, meeting};
use super::trace::{Piece, pieces};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::half_open::on_segment;
use crate::kernel::geometry::measure::LocalPlane;

/// What a line makes of a face.
pub(super) struct Cut {
    /// All pieces of the face.
    pub(super) pieces: Vec<Piece>,
    /// The parts of the line inside the face, in its direction.
    pub(super) line: BTreeSet<Edge>,
    /// Vertices added on the face's old edges.
    pub(super) added: BTreeMap<Edge, Vec<VertexId>>,
}

/// A line on its way to becoming vertices of the partition.
struct Pencil<'a> {
    coverage: &'a Coverage,
    face: &'a Face,
    plane: LocalPlane,
    patch: &'a mut Patch,
    /// Places on old edges, by sorted edge.
    on_edge: BTreeMap<Edge, Vec<VertexId>>,
}

impl Coverage {
    /// Where a vertex of this coverage or of the patch being made is.
    pub(super) fn place_in(&self, patch: &Patch, v: VertexId) -> Coord<f64> {
        let made = || patch.places.iter().find(|(w, _)| *w == v).and_then(|(_, place)| *place);
        self.vertex(v).or_else(made).unwrap_or(Coord { x: f64::NAN, y: f64::NAN })
    }

    /// Cuts a face along a line; a closed one returns to its start. New vertices go into the patch, faces do not.
    pub(super) fn cut(
        &self,
        id: FaceId,
        line: &[Coord<f64>],
        closed: bool,
        patch: &mut Patch,
    ) -> Result<Cut, EditError> {
        let face = self.faces.get(&id).ok_or(EditError::NoFace(id))?;
        let first = line.first().ok_or(EditError::NoDivision(id))?;
        let plane = LocalPlane::at_latitude(first.y);
        let mut pencil = Pencil { coverage: self, face, plane, patch, on_edge: BTreeMap::new() };
        let mut corners: Vec<VertexId> = line.iter().map(|&c| pencil.settle(c)).collect();
        if closed {
            corners.push(corners[0]);
        }
        let mut chain = vec![corners[0]];
        for pair in corners.windows(2) {
            chain.extend(pencil.draw(pair[0], pair[1]));
        }
        chain.dedup();
        let added = pencil.finish();
        let bordered = with_vertices(face, &added);
        let border: BTreeSet<Edge> = edges_of(&bordered).collect();
        let at = |v| self.place_in(patch, v);
        let mut inside: BTreeSet<Edge> = chain
            .windows(2)
            .map(|w| (w[0], w[1]))
            .filter(|&(a, b)| !border.contains(&(a, b)) && !border.contains(&(b, a)))
            .filter(|&(a, b)| {
                let (a, b) = (at(a), at(b));
                let middle = Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
                self.holds(face, middle)
            })
            .collect();
        drop_loose_ends(&mut inside, &border);
        let both = inside.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
        let all: BTreeSet<Edge> = border.iter().copied().chain(both).collect();
        let pieces = pieces(&all, &at).ok_or(EditError::NoDivision(id))?;
        Ok(Cut { pieces, line: inside, added })
    }

    /// Whether a point lies strictly inside a face.
    pub(super) fn holds(&self, face: &Face, p: Coord<f64>) -> bool {
        face.iter().any(|rings| {
            rings.iter().enumerate().all(|(r, ring)| {
                let corners: Vec<_> = ring.vertices.iter().map(|&v| self.place(v)).collect();
                place(&corners, p) == if r == 0 { Place::Inside } else { Place::Outside }
            })
        })
    }
}

impl Pencil<'_> {
    fn place(&self, v: VertexId) -> Coord<f64> {
        self.coverage.place_in(self.patch, v)
    }

    /// The vertex for a corner of the line: an old one, or one on the border, if the corner is in reach of it.
    fn settle(&mut self, corner: Coord<f64>) -> VertexId {
        let ends = edges_of(self.face).map(|(v, _)| (self.plane.distance_m(corner, self.place(v)), v));
        let nearest = ends.min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((d, v)) = nearest
            && d <= REACH_M
        {
            return v;
        }
        let on_edges = edges_of(self.face).map(|(a, b)| {
            let at = self.plane.nearest_on_segment(corner, self.place(a), self.place(b));
            (self.plane.distance_m(corner, at), at, (a, b))
        });
        match on_edges.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((d, at, edge)) if d <= REACH_M => self.put_on(edge, at),
            _ => self.coverage.vertex_for(corner, self.patch),
        }
    }

    fn put_on(&mut self, edge: Edge, at: Coord<f64>) -> VertexId {
        let v = self.coverage.vertex_for(at, self.patch);
        let on = self.on_edge.entry(sorted(edge)).or_default();
        if v != edge.0 && v != edge.1 && !on.contains(&v) {
            on.push(v);
        }
        v
    }

    /// The vertices of the stretch between two corners: where it meets the border, and the second corner.
    fn draw(&mut self, from: VertexId, to: VertexId) -> Vec<VertexId> {
        let (start, end) = (self.place(from), self.place(to));
        let mut met: Vec<(f64, VertexId)> = Vec::new();
        let edges: Vec<Edge> = edges_of(self.face).collect();
        for (a, b) in edges {
            let (pa, pb) = (self.place(a), self.place(b));
            let known = self.on_edge.get(&sorted((a, b)));
            let ends_here = [from, to].iter().any(|v| known.is_some_and(|on| on.contains(v)));
            if on_segment(start, end, pa) {
                met.push((self.plane.distance_m(start, pa), a));
            }
            if ends_here {
                // A corner that was put on this edge is on it to rounding; there is no second meeting.
                continue;
            }
            match meeting(start, end, pa, pb) {
                Meeting::Cross(at) => {
                    let close =
                        [a, b].into_iter().find(|&v| self.plane.distance_m(at, self.place(v)) <= 0.01);
                    let v = close.unwrap_or_else(|| self.put_on((a, b), at));
                    met.push((self.plane.distance_m(start, at), v));
                }
                Meeting::Touch(at) if at != pa && at != pb => {
                    let v = self.put_on((a, b), at);
                    met.push((self.plane.distance_m(start, at), v));
                }
                _ => {}
            }
        }
        met.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        met.into_iter().map(|(_, v)| v).filter(|&v| v != from && v != to).chain([to]).collect()
    }

    /// The added vertices of each edge, in order from its first end.
    fn finish(self) -> BTreeMap<Edge, Vec<VertexId>> {
        let mut on_edge = self.on_edge;
        on_edge.retain(|_, on| !on.is_empty());
        for (&(a, _), on) in &mut on_edge {
            let start = self.coverage.place(a);
            let along = |v: VertexId| self.plane.distance_m(start, self.coverage.place_in(self.patch, v));
            on.sort_by(|&v, &w| along(v).total_cmp(&along(w)));
        }
        on_edge
    }
}

/// Takes away the parts of a line that end inside the face.
fn drop_loose_ends(line: &mut BTreeSet<Edge>, border: &BTreeSet<Edge>) {
    let anchored: BTreeSet<VertexId> = border.iter().map(|e| e.0).collect();
    loop {
        let mut ends: BTreeMap<VertexId, u32> = BTreeMap::new();
        for &(a, b) in line.iter() {
            *ends.entry(a).or_default() += 1;
            *ends.entry(b).or_default() += 1;
        }
        let before = line.len();
        line.retain(|&(a, b)| [a, b].into_iter().all(|v| anchored.contains(&v) || ends[&v] > 1));
        if line.len() == before {
            return;
        }
    }
}
