//! What a planner does to a partition: each edit keeps it seamless, or is refused with a reason.
//!
//! Here are the names of the edits and those that concern vertices; dividing and joining faces is in the module
//! beside this one. Never here: checks of the result, which are the patch's.

use std::collections::{BTreeMap, BTreeSet};

use geo::Coord;

use super::partition::{Coverage, Edge, Face, Ring, VertexId, edges_of};
use super::patch::{EditError, Patch};
use crate::kernel::geometry::measure::LocalPlane;
use crate::kernel::geometry::{FaceId, Wgs84};

/// How close to a vertex or an edge a place must be to name it, and a drawn line to end on it, in metres: half the
/// width of a footpath.
pub const REACH_M: f64 = 0.5;

/// One edit. Vertices and edges are named by a place within [`REACH_M`] of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Moves a vertex, and every border that ends in it.
    MoveVertex {
        /// Where it is.
        at: Wgs84,
        /// Where it goes.
        to: Wgs84,
    },
    /// Adds a vertex on the nearest point of the nearest edge.
    InsertVertex {
        /// Near which place.
        at: Wgs84,
    },
    /// Removes a vertex where no borders meet; the border runs straight there afterwards.
    RemoveVertex {
        /// Where it is.
        at: Wgs84,
    },
    /// Moves a whole border between two nodes; the nodes stay. A border that runs straight gets a vertex at the place
    /// first.
    MoveArc {
        /// A place on it.
        at: Wgs84,
        /// How far east and north, in degrees.
        by: (f64, f64),
    },
    /// Divides a face along a line from border to border. The larger part keeps the number.
    Split {
        /// The face.
        face: FaceId,
        /// The line, from a place on or beyond the face's border to another.
        line: Vec<Wgs84>,
        /// The number of the smaller part.
        new: FaceId,
    },
    /// Joins two faces that share a border.
    Merge {
        /// The face that grows.
        keep: FaceId,
        /// The face that vanishes.
        absorb: FaceId,
    },
    /// Gives the part of a face that lies in a block to a neighbour.
    HandOver {
        /// The face that shrinks.
        from: FaceId,
        /// The face that grows.
        to: FaceId,
        /// The block's corners, in either direction.
        block: Vec<Wgs84>,
    },
}

impl Coverage {
    /// Makes an edit and returns what takes it back: see [`Coverage::undo`].
    ///
    /// O(vertices) for edits of a few edges, and O(n log n) in those of the faces concerned.
    ///
    /// # Errors
    /// [`EditError`] if the edit would break the partition or names something that is not there. Nothing has changed
    /// then.
    pub fn edit(&mut self, edit: &Edit) -> Result<Patch, EditError> {
        let patch = match edit {
            Edit::MoveVertex { at, to } => self.move_vertex((*at).into(), (*to).into()),
            Edit::InsertVertex { at } => self.insert_vertex((*at).into()),
            Edit::RemoveVertex { at } => self.remove_vertex((*at).into()),
            Edit::MoveArc { at, by } => self.move_arc((*at).into(), *by),
            Edit::Split { face, line, new } => self.split(*face, &coords(line), *new),
            Edit::Merge { keep, absorb } => self.merge(*keep, *absorb),
            Edit::HandOver { from, to, block } => self.hand_over(*from, *to, &coords(block)),
        }?;
        self.apply(patch)
    }

    fn move_vertex(&self, at: Coord<f64>, to: Coord<f64>) -> Result<Patch, EditError> {
        let v = self.vertex_near(at, REACH_M).ok_or(EditError::NoVertex(at))?;
        Ok(Patch { places: vec![(v, Some(to))], ..Patch::default() })
    }

    fn insert_vertex(&self, at: Coord<f64>) -> Result<Patch, EditError> {
        let (edge, place) = self.edge_near(at)?;
        self.bend(edge, place, place)
    }

    /// A patch that adds a vertex on an edge and puts it elsewhere at once.
    fn bend(&self, edge: Edge, on_edge: Coord<f64>, to: Coord<f64>) -> Result<Patch, EditError> {
        let mut patch = Patch::default();
        let v = self.vertex_for(to, &mut patch);
        if patch.places.is_empty() {
            return Err(EditError::Crossing(on_edge));
        }
        self.put_on_edges(&BTreeMap::from([(sorted(edge), vec![v])]), &mut patch);
        Ok(patch)
    }

    /// The nearest edge, and the place on it nearest to a place.
    fn edge_near(&self, at: Coord<f64>) -> Result<(Edge, Coord<f64>), EditError> {
        let plane = LocalPlane::at_latitude(at.y);
        let nearest = |&(a, b): &Edge| plane.nearest_on_segment(at, self.place(a), self.place(b));
        let edge = self
            .left_of
            .keys()
            .map(|e| (plane.distance_m(at, nearest(e)), *e))
            .filter(|(d, _)| *d <= REACH_M)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, e)| e)
            .ok_or(EditError::NoEdge(at))?;
        Ok((edge, nearest(&edge)))
    }

    fn move_arc(&self, at: Coord<f64>, (east, north): (f64, f64)) -> Result<Patch, EditError> {
        let (edge, place) = self.edge_near(at)?;
        let moved = |c: Coord<f64>| Coord { x: c.x + east, y: c.y + north };
        let arc = self.arc_with(edge).ok_or(EditError::NoEdge(at))?;
        let closed = arc.vertices.first() == arc.vertices.last();
        let inner = &arc.vertices[1..arc.vertices.len() - 1];
        if inner.is_empty() {
            return self.bend(edge, place, moved(place));
        }
        let mut vertices = inner.to_vec();
        if closed && self.is_between_two(arc.vertices[0]) {
            vertices.push(arc.vertices[0]);
        }
        let places = vertices.into_iter().map(|v| (v, Some(moved(self.place(v))))).collect();
        Ok(Patch { places, ..Patch::default() })
    }

    fn remove_vertex(&self, at: Coord<f64>) -> Result<Patch, EditError> {
        let v = self.vertex_near(at, REACH_M).ok_or(EditError::NoVertex(at))?;
        if !self.is_between_two(v) {
            return Err(EditError::Node(self.place(v)));
        }
        let mut patch = Patch { places: vec![(v, None)], ..Patch::default() };
        for (&id, face) in self.faces.iter().filter(|(_, f)| edges_of(f).any(|(a, _)| a == v)) {
            let mut face = face.clone();
            for ring in face.iter_mut().flatten() {
                ring.vertices.retain(|&w| w != v);
                if ring.vertices.len() < 3 {
                    return Err(EditError::Collapsed(id));
                }
            }
            patch.faces.push((id, Some(face)));
        }
        Ok(patch)
    }

    /// Adds vertices on edges, in every face that has the edge and is not in the patch already.
    pub(super) fn put_on_edges(&self, added: &BTreeMap<Edge, Vec<VertexId>>, patch: &mut Patch) {
        let sides = added.keys().flat_map(|&(a, b)| [(a, b), (b, a)]);
        let ids: BTreeSet<FaceId> = sides.filter_map(|e| self.left_of.get(&e)).copied().collect();
        for id in ids {
            let patched = patch.faces.iter().any(|(other, _)| *other == id);
            if let Some(face) = self.faces.get(&id).filter(|_| !patched) {
                patch.faces.push((id, Some(with_vertices(face, added))));
            }
        }
    }
}

fn coords(places: &[Wgs84]) -> Vec<Coord<f64>> {
    places.iter().map(|&p| p.into()).collect()
}

/// An edge's name whatever its direction.
pub(super) fn sorted((a, b): Edge) -> Edge {
    (a.min(b), a.max(b))
}

/// The face with vertices added on its edges; they are listed by sorted edge, from its first end on.
pub(super) fn with_vertices(face: &Face, added: &BTreeMap<Edge, Vec<VertexId>>) -> Face {
    let ring = |ring: &Ring| {
        let mut vertices = Vec::with_capacity(ring.vertices.len());
        for edge in ring.edges() {
            vertices.push(edge.0);
            if let Some(between) = added.get(&sorted(edge)) {
                if edge.0 < edge.1 {
                    vertices.extend(between);
                } else {
                    vertices.extend(between.iter().rev());
                }
            }
        }
        Ring { vertices, reversed: ring.reversed }
    };
    face.iter().map(|rings| rings.iter().map(ring).collect()).collect()
}
