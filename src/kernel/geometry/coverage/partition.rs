//! A partition of the plane held by shared vertices: what a boundary plan is while it is being drawn.
//!
//! Faces are rings of vertex numbers, and a vertex has one place: moving it moves every face around it, so a seam
//! cannot open. Each directed edge belongs to at most one face, the one on its left; an edge whose reverse
//! belongs to nobody is part of the rim. Chains of edges between two nodes are the [arcs](Coverage::arcs).
//!
//! # Invariants
//! 1. Edges meet only at vertices they share, exactly.
//! 2. Every face is sound on its own (see [`super::defect`]), shells anticlockwise, holes clockwise.
//! 3. No two faces overlap. With 1 and 2 this follows from a rim that winds around no place twice: the winding
//!    numbers of faces that share edges add up to that of their rim.
//!
//! Never here: edits. They are patches ([`super::patch`]), made in [`super::edit`] and its siblings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::check::{CheckOptions, CoverageReport, prepare};
use super::patch::Patch;
use super::raw::RawFace;
use super::snap::{Key, key};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::{LocalPlane, ring_area_m2};

/// The number of a vertex, good for the life of one [`Coverage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VertexId(pub(super) u32);

/// A directed edge by its vertices.
pub(super) type Edge = (VertexId, VertexId);

/// One ring, anticlockwise for a shell and clockwise for a hole, without its closing vertex.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ring {
    pub(super) vertices: Vec<VertexId>,
    /// Whether the polygon it came from ran the other way, and gets it back that way.
    pub(super) reversed: bool,
}

impl Ring {
    pub(super) fn new(vertices: Vec<VertexId>) -> Self {
        Self { vertices, reversed: false }
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let next = self.vertices.iter().cycle().skip(1);
        self.vertices.iter().copied().zip(next.copied())
    }
}

/// Polygons of rings, shells first.
pub(super) type Face = Vec<Vec<Ring>>;

pub(super) fn edges_of(face: &Face) -> impl Iterator<Item = Edge> + '_ {
    face.iter().flatten().flat_map(Ring::edges)
}

/// Whether edits may change the outer border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rim {
    /// The border is the village's and stays: edits may add vertices on it, no more.
    Fixed,
    /// The border may be moved as long as faces do not come to overlap.
    Free,
}

/// A chain of edges between two nodes, with the faces on its sides; a closed chain without nodes starts at its
/// lowest vertex and repeats it at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Arc {
    /// The face on the left of the vertices' direction, which there always is.
    pub left: FaceId,
    /// The face on the right; none on the rim.
    pub right: Option<FaceId>,
    /// The vertices from node to node.
    pub vertices: Vec<VertexId>,
}

/// A seamless set of faces that can be edited: see the [module](self).
#[derive(Debug, Clone)]
pub struct Coverage {
    pub(super) places: Vec<Option<Coord<f64>>>,
    pub(super) at_place: HashMap<Key, VertexId>,
    pub(super) faces: BTreeMap<FaceId, Face>,
    pub(super) left_of: HashMap<Edge, FaceId>,
    pub(super) rim: Rim,
}

/// What [`Coverage::build`] made.
#[derive(Debug, Clone)]
pub struct Built {
    /// The partition.
    pub coverage: Coverage,
    /// What was snapped and repaired on the way in; its lists of faults are empty.
    pub report: CoverageReport,
}

impl Coverage {
    /// Builds a partition from faces that [`super::check`](mod@super::check) finds seamless. Faces whose seams match exactly
    /// come out of [`Coverage::face`] byte for byte as they went in; others with the snapping that the report
    /// counts.
    ///
    /// # Errors
    /// The report, if there is a blocking defect, a gap or an overlap, or land outside the outline; or if snapping
    /// would make edges cross, which the report then lists as unmatched edges.
    pub fn build(
        faces: &[RawFace],
        options: &CheckOptions<'_>,
        rim: Rim,
    ) -> Result<Built, Box<CoverageReport>> {
        let (mut report, snapped) = prepare(faces, options);
        if !report.is_seamless() {
            return Err(Box::new(report));
        }
        let mut coverage = Self {
            places: Vec::new(),
            at_place: HashMap::new(),
            faces: BTreeMap::new(),
            left_of: HashMap::new(),
            // While it is being built, the rim grows.
            rim: Rim::Free,
        };
        let mut patch = Patch::default();
        for (id, polygons) in snapped {
            let given = faces.iter().find(|f| f.id == id);
            let face = coverage.number(&polygons, given, &mut patch);
            patch.faces.push((id, Some(face)));
        }
        match coverage.apply(patch) {
            Ok(_) => {
                coverage.rim = rim;
                Ok(Built { coverage, report })
            }
            Err(refusal) => {
                report.refusal = Some(refusal);
                Err(Box::new(report))
            }
        }
    }

    /// Gives the vertices of a face their numbers. The rings take the direction and the start that they were given
    /// in, where snapping has left them recognisable.
    fn number(&self, polygons: &MultiPolygon<f64>, given: Option<&RawFace>, patch: &mut Patch) -> Face {
        let ring = |line: &LineString<f64>, clockwise: bool, given: Option<&Vec<Coord<f64>>>| {
            let mut open = line.0[..line.0.len() - 1].to_vec();
            let reversed = given.is_some_and(|g| {
                let closed = LineString(g.iter().copied().chain(g.first().copied()).collect());
                (ring_area_m2(&closed) < 0.0) != clockwise
            });
            if let Some(start) = given.and_then(|g| open.iter().position(|c| Some(c) == g.first())) {
                open.rotate_left(start);
            }
            (open, reversed)
        };
        let mut face = Vec::new();
        for (p, polygon) in polygons.iter().enumerate() {
            let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            let mut rings = Vec::new();
            for (r, line) in lines.enumerate() {
                let given = given.and_then(|g| g.polygons.get(p)).and_then(|rings| rings.get(r));
                let (open, reversed) = ring(line, r > 0, given);
                let vertices = open.into_iter().map(|c| self.vertex_for(c, patch)).collect();
                rings.push(Ring { vertices, reversed });
            }
            face.push(rings);
        }
        face
    }

    /// The vertex at exactly this place: one that exists, one that the patch makes already, or a new one in it.
    pub(super) fn vertex_for(&self, place: Coord<f64>, patch: &mut Patch) -> VertexId {
        if let Some(&v) = self.at_place.get(&key(place)) {
            return v;
        }
        let next = VertexId((self.places.len() + patch.made.len()) as u32);
        let v = *patch.made.entry(key(place)).or_insert(next);
        if v == next {
            patch.places.push((v, Some(place)));
        }
        v
    }

    /// The numbers of the faces, ascending.
    pub fn face_ids(&self) -> impl Iterator<Item = FaceId> + '_ {
        self.faces.keys().copied()
    }

    /// A face's polygons, if there is such a face. O(its vertices).
    #[must_use]
    pub fn face(&self, id: FaceId) -> Option<MultiPolygon<f64>> {
        self.faces.get(&id).map(|face| self.polygons(face))
    }

    /// All faces with their polygons, ascending. O(vertices).
    pub fn faces(&self) -> impl Iterator<Item = (FaceId, MultiPolygon<f64>)> + '_ {
        self.faces.iter().map(|(id, face)| (*id, self.polygons(face)))
    }

    pub(super) fn polygons(&self, face: &Face) -> MultiPolygon<f64> {
        let line = |ring: &Ring| {
            let mut line: Vec<_> = ring.vertices.iter().map(|&v| self.place(v)).collect();
            if ring.reversed {
                line[1..].reverse();
            }
            LineString(line)
        };
        face.iter()
            .map(|rings| Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect()))
            .collect()
    }

    /// Where a vertex is, in degrees. Vertices of this coverage always are somewhere.
    pub(super) fn place(&self, v: VertexId) -> Coord<f64> {
        self.places[v.0 as usize].unwrap_or(Coord { x: f64::NAN, y: f64::NAN })
    }

    /// Where a vertex is, in degrees; none if it has been removed.
    #[must_use]
    pub fn vertex(&self, v: VertexId) -> Option<Coord<f64>> {
        self.places.get(v.0 as usize).copied().flatten()
    }

    /// The vertex nearest to a place within a distance in metres. O(vertices).
    #[must_use]
    pub fn vertex_near(&self, place: Coord<f64>, within_m: f64) -> Option<VertexId> {
        let plane = LocalPlane::at_latitude(place.y);
        let distances = self.places.iter().enumerate().filter_map(|(v, p)| {
            let d = plane.distance_m(place, (*p)?);
            (d <= within_m).then_some((d, VertexId(v as u32)))
        });
        distances.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, v)| v)
    }

    /// The arc that an edge belongs to, whichever its direction. O(vertices).
    #[must_use]
    pub(super) fn arc_with(&self, (a, b): Edge) -> Option<Arc> {
        let has = |pair: &[VertexId]| pair == [a, b] || pair == [b, a];
        self.arcs().into_iter().find(|arc| arc.vertices.windows(2).any(has))
    }

    /// Whether exactly two edges meet in the vertex, so that it is no node. O(edges).
    pub(super) fn is_between_two(&self, v: VertexId) -> bool {
        let edges = self.left_of.keys().filter(|(a, b)| *a == v || *b == v);
        let others: BTreeSet<VertexId> = edges.map(|&(a, b)| if a == v { b } else { a }).collect();
        others.len() == 2
    }

    /// The chains between nodes (vertices where other than two edges meet), each once. O(vertices).
    #[must_use]
    pub fn arcs(&self) -> Vec<Arc> {
        // The rim seen from outside is no edge of a face, so both directions are taken together.
        let mut neighbours: BTreeMap<VertexId, Vec<VertexId>> = BTreeMap::new();
        for &(a, b) in self.left_of.keys() {
            neighbours.entry(a).or_default().push(b);
            neighbours.entry(b).or_default().push(a);
        }
        for list in neighbours.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        let mut done = std::collections::HashSet::new();
        let mut arcs = Vec::new();
        let is_node = |v: VertexId| neighbours[&v].len() != 2;
        let mut follow = |from: VertexId, to: VertexId| {
            if done.contains(&(from, to)) {
                return;
            }
            let mut vertices = vec![from, to];
            let (mut before, mut now) = (from, to);
            while !is_node(now) && now != from {
                let ahead = &neighbours[&now];
                let next = if ahead[0] == before { ahead[1] } else { ahead[0] };
                (before, now) = (now, next);
                vertices.push(now);
            }
            for pair in vertices.windows(2) {
                done.extend([(pair[0], pair[1]), (pair[1], pair[0])]);
            }
            if !self.left_of.contains_key(&(from, to)) {
                vertices.reverse();
            }
            let edge = (vertices[0], vertices[1]);
            let right = self.left_of.get(&(edge.1, edge.0)).copied();
            if let Some(&left) = self.left_of.get(&edge) {
                arcs.push(Arc { left, right, vertices });
            }
        };
        for (&v, around) in neighbours.iter().filter(|(_, around)| around.len() != 2) {
            for &to in around {
                follow(v, to);
            }
        }
        // What is left has no nodes.
        for (&v, around) in &neighbours {
            follow(v, around[0]);
        }
        arcs
    }
}

#[cfg(test)]
mod tests;
