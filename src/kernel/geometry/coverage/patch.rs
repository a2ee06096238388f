//! Changing a partition by exchanging some of its vertices' places and some of its faces, or not at all.
//!
//! Every edit is one patch. Applying it checks the partition's invariants around what changed, puts everything
//! back if one does not hold, and otherwise returns the patch that undoes it, which restores every byte.
//!
//! Never here: knowledge of what an edit means.

use std::collections::{BTreeSet, HashMap, HashSet};

use geo::{BoundingRect, Coord, InteriorPoint, Intersects, MultiPolygon};
use rstar::{Envelope, RTree, RTreeObject};
use thiserror::Error;

use super::defect::{DefectKind, defects};
use super::partition::{Coverage, Edge, Face, Rim, VertexId, edges_of};
use super::raw::RawFace;
use super::segments::{Meeting, around, entry, meeting};
use super::snap::{Key, key};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::{LocalPlane, ring_area_m2};

/// Up to this many changed edges are compared with every other one.
const FEW: usize = 32;

/// How far from its old course a fixed rim may run after a vertex was added on it, in metres: rounding.
const RIM_TOLERANCE_M: f64 = 0.001;

/// Why an edit cannot be made. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no vertex at the place given.
    #[error("there is no vertex at {}, {}", .0.x, .0.y)]
    NoVertex(Coord<f64>),
    /// There is no edge at the place given.
    #[error("there is no border at {}, {}", .0.x, .0.y)]
    NoEdge(Coord<f64>),
    /// There is no such face.
    #[error("there is no face {}", .0.0)]
    NoFace(FaceId),
    /// A new face would take the number of an old one.
    #[error("face {} exists already", .0.0)]
    FaceExists(FaceId),
    /// The vertex is a node, where faces meet: removing it would not leave one line.
    #[error("borders meet at {}, {}: the vertex cannot be removed", .0.x, .0.y)]
    Node(Coord<f64>),
    /// Borders would cross or touch.
    #[error("borders would cross or touch at {}, {}", .0.x, .0.y)]
    Crossing(Coord<f64>),
    /// A face would not be sound on its own.
    #[error("face {}: {kind}", face.0)]
    Unsound {
        /// The face.
        face: FaceId,
        /// What would be wrong with it.
        kind: DefectKind,
    },
    /// A face would turn inside out or vanish.
    #[error("face {} would turn inside out or vanish", .0.0)]
    Collapsed(FaceId),
    /// Two faces would overlap.
    #[error("faces {} and {} would overlap", .0.0, .1.0)]
    Overlap(FaceId, FaceId),
    /// Land would belong to no face.
    #[error("a gap would open at {}, {}", .0.x, .0.y)]
    Gap(Coord<f64>),
    /// The edit would change the outer border, which is fixed.
    #[error("the outer border at {}, {} is fixed", .0.x, .0.y)]
    Rim(Coord<f64>),
    /// The line or the block does not divide the face into what the edit needs.
    #[error("the line does not divide face {} in two", .0.0)]
    NoDivision(FaceId),
    /// The two faces share no border.
    #[error("faces {} and {} share no border", .0.0, .1.0)]
    NotAdjacent(FaceId, FaceId),
    /// The face would fall into separate parts.
    #[error("face {} would fall into separate parts", .0.0)]
    FallsApart(FaceId),
}

impl EditError {
    /// The same sentence in Chinese; `Display` gives the English one.
    #[must_use]
    pub fn to_chinese(&self) -> String {
        let at = |c: &Coord<f64>| format!("({}, {})", c.x, c.y);
        match self {
            Self::NoVertex(c) => format!("{} 处没有顶点", at(c)),
            Self::NoEdge(c) => format!("{} 处没有边界", at(c)),
            Self::NoFace(f) => format!("没有编号为 {} 的面", f.0),
            Self::FaceExists(f) => format!("编号 {} 的面已存在", f.0),
            Self::Node(c) => format!("{} 处有多条边界交汇,不能删除该顶点", at(c)),
            Self::Crossing(c) => format!("边界会在 {} 处相交或相碰", at(c)),
            Self::Unsound { face, kind } => format!("面 {}:{}", face.0, kind.to_chinese()),
            Self::Collapsed(f) => format!("面 {} 会翻转或消失", f.0),
            Self::Overlap(a, b) => format!("面 {} 与面 {} 会重叠", a.0, b.0),
            Self::Gap(c) => format!("{} 处会出现空隙", at(c)),
            Self::Rim(c) => format!("{} 处的外边界已固定,不能改动", at(c)),
            Self::NoDivision(f) => format!("所画的线没有把面 {} 分成两块", f.0),
            Self::NotAdjacent(a, b) => format!("面 {} 与面 {} 没有公共边界", a.0, b.0),
            Self::FallsApart(f) => format!("面 {} 会分裂成不相连的几块", f.0),
        }
    }
}

/// New places for vertices and new rings for faces; none removes.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    pub(super) places: Vec<(VertexId, Option<Coord<f64>>)>,
    pub(super) faces: Vec<(FaceId, Option<Face>)>,
    /// Vertices among `places` that are new, by their place; only while the patch is being made.
    pub(super) made: HashMap<Key, VertexId>,
}

impl Coverage {
    /// Applies a patch and returns the one that takes it back, or changes nothing.
    pub(super) fn apply(&mut self, patch: Patch) -> Result<Patch, EditError> {
        self.refuse_conflicts(&patch)?;
        let affected = self.affected(&patch);
        let rim_before = self.rim_edges(&affected);
        let edges_before: HashSet<Edge> = self.edges_of_faces(&affected);
        let moved: HashSet<VertexId> = patch.places.iter().map(|(v, _)| *v).collect();
        let undo = self.exchange(patch);
        let edges_after = self.edges_of_faces(&affected);
        let changed: Vec<Edge> = edges_after
            .iter()
            .filter(|e| moved.contains(&e.0) || moved.contains(&e.1) || !had(&edges_before, **e))
            .copied()
            .collect();
        let judged = self
            .judge_faces(&affected)
            .and_then(|()| self.judge_crossings(&changed))
            .and_then(|()| self.judge_gaps(&edges_before))
            .and_then(|()| self.judge_rim(&affected, &rim_before));
        match judged {
            Ok(()) => Ok(undo),
            Err(refusal) => {
                self.exchange(undo);
                Err(refusal)
            }
        }
    }

    /// Takes back an edit, given what it returned; returns what repeats it.
    ///
    /// # Errors
    /// [`EditError`] if other edits came between and this one cannot be taken back any more. Nothing has changed
    /// then.
    pub fn undo(&mut self, undo: Patch) -> Result<Patch, EditError> {
        self.apply(undo)
    }

    /// No directed edge may belong to two faces and no place to two vertices; this must be known before anything is
    /// exchanged.
    pub(super) fn refuse_conflicts(&self, patch: &Patch) -> Result<(), EditError> {
        let moved: HashSet<VertexId> = patch.places.iter().map(|(v, _)| *v).collect();
        let mut filled = HashSet::new();
        for place in patch.places.iter().filter_map(|(_, place)| *place) {
            let occupied = self.at_place.get(&key(place)).is_some_and(|u| !moved.contains(u));
            if occupied || !filled.insert(key(place)) {
                return Err(EditError::Crossing(place));
            }
        }
        let patched: HashSet<FaceId> = patch.faces.iter().map(|(id, _)| *id).collect();
        let mut taken: HashMap<Edge, FaceId> = HashMap::new();
        for (id, face) in patch.faces.iter().filter_map(|(id, f)| f.as_ref().map(|f| (*id, f))) {
            for edge in edges_of(face) {
                let other = self.left_of.get(&edge).filter(|f| !patched.contains(f)).copied();
                if let Some(other) = other.or_else(|| taken.insert(edge, id)) {
                    return Err(EditError::Overlap(id.min(other), id.max(other)));
                }
            }
        }
        Ok(())
    }

    /// The faces that the patch exchanges, and those around the vertices it moves.
    fn affected(&self, patch: &Patch) -> BTreeSet<FaceId> {
        let moved: HashSet<VertexId> = patch.places.iter().map(|(v, _)| *v).collect();
        let around = self.left_of.iter().filter(|((a, _), _)| moved.contains(a)).map(|(_, f)| *f);
        patch.faces.iter().map(|(id, _)| *id).chain(around).collect()
    }

    pub(super) fn exchange(&mut self, patch: Patch) -> Patch {
        let mut undo = Patch::default();
        for (v, _) in &patch.places {
            let slot = v.0 as usize;
            if slot >= self.places.len() {
                self.places.resize(slot + 1, None);
            }
            if let Some(before) = self.places[slot] {
                self.at_place.remove(&key(before));
            }
        }
        for (v, place) in patch.places {
            let before = std::mem::replace(&mut self.places[v.0 as usize], place);
            if let Some(place) = place {
                self.at_place.insert(key(place), v);
            }
            undo.places.push((v, before));
        }
        for (id, _) in &patch.faces {
            for edge in self.faces.get(id).into_iter().flat_map(edges_of) {
                self.left_of.remove(&edge);
            }
        }
        for (id, face) in patch.faces {
            let before = match face {
                Some(face) => {
                    self.left_of.extend(edges_of(&face).map(|edge| (edge, id)));
                    self.faces.insert(id, face)
                }
                None => self.faces.remove(&id),
            };
            undo.faces.push((id, before));
        }
        undo.places.reverse();
        undo.faces.reverse();
        undo
    }

    fn edges_of_faces(&self, faces: &BTreeSet<FaceId>) -> HashSet<Edge> {
        faces.iter().filter_map(|id| self.faces.get(id)).flat_map(edges_of).collect()
    }

    fn rim_edges(&self, faces: &BTreeSet<FaceId>) -> Vec<(Coord<f64>, Coord<f64>)> {
        let edges = faces.iter().filter_map(|id| self.faces.get(id)).flat_map(edges_of);
        edges
            .filter(|&(a, b)| !self.left_of.contains_key(&(b, a)))
            .map(|(a, b)| (self.place(a), self.place(b)))
            .collect()
    }

    fn judge_faces(&self, affected: &BTreeSet<FaceId>) -> Result<(), EditError> {
        for (&id, face) in affected.iter().filter_map(|id| self.faces.get(id).map(|f| (id, f))) {
            let polygons = self.polygons(face);
            let found = defects(&RawFace::from((id, &polygons)), None);
            if let Some(defect) = found.iter().find(|d| d.kind.blocks()) {
                return Err(EditError::Unsound { face: id, kind: defect.kind });
            }
            for (rings, polygon) in face.iter().zip(&polygons) {
                let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                for (r, (ring, line)) in rings.iter().zip(lines).enumerate() {
                    let area = if ring.reversed { -ring_area_m2(line) } else { ring_area_m2(line) };
                    let upright = if r == 0 { area > 0.0 } else { area < 0.0 };
                    if !upright {
                        return Err(EditError::Collapsed(id));
                    }
                }
            }
        }
        Ok(())
    }

    /// Changed edges may meet any other only at a vertex of both.
    fn judge_crossings(&self, changed: &[Edge]) -> Result<(), EditError> {
        let once = |&&(a, b): &&Edge| a < b || !self.left_of.contains_key(&(b, a));
        let ends = |(a, b): Edge| (self.place(a), self.place(b));
        let all = self.left_of.keys().filter(once).map(|&e| {
            let (a, b) = ends(e);
            entry(a, b, e)
        });
        if changed.len() <= FEW {
            // For a handful of edges walking all others is quicker than building a tree of them.
            let all: Vec<_> = all.collect();
            return changed.iter().filter(once).try_for_each(|&e| {
                let (a, b) = ends(e);
                let envelope = entry(a, b, ()).envelope();
                let near = all.iter().filter(|other| other.envelope().intersects(&envelope));
                near.map(|other| other.data).try_for_each(|other| self.judge_pair(e, other))
            });
        }
        let tree = RTree::bulk_load(all.collect());
        changed.iter().filter(once).try_for_each(|&e| {
            let (a, b) = ends(e);
            around(&tree, a, b, (0.0, 0.0)).try_for_each(|&other| self.judge_pair(e, other))
        })
    }

    fn judge_pair(&self, (a, b): Edge, (c, d): Edge) -> Result<(), EditError> {
        if (a, b) == (c, d) || (a, b) == (d, c) {
            return Ok(());
        }
        let shared = [a, b].into_iter().find(|v| *v == c || *v == d).map(|v| self.place(v));
        match meeting(self.place(a), self.place(b), self.place(c), self.place(d)) {
            Meeting::Apart => Ok(()),
            Meeting::Touch(at) if Some(at) == shared => Ok(()),
            Meeting::Touch(at) | Meeting::Cross(at) | Meeting::Along(at) => Err(EditError::Crossing(at)),
        }
    }

    /// An edge that had a face on either side and has lost one of them borders a gap.
    fn judge_gaps(&self, before: &HashSet<Edge>) -> Result<(), EditError> {
        let lost = |e: &&Edge| !self.left_of.contains_key(e) && self.left_of.contains_key(&(e.1, e.0));
        before.iter().find(lost).map_or(Ok(()), |edge| Err(EditError::Gap(self.place(edge.0))))
    }

    fn judge_rim(
        &self,
        affected: &BTreeSet<FaceId>,
        before: &[(Coord<f64>, Coord<f64>)],
    ) -> Result<(), EditError> {
        let after = self.rim_edges(affected);
        let gone: Vec<_> = before.iter().filter(|e| !after.contains(e)).copied().collect();
        let come: Vec<_> = after.iter().filter(|e| !before.contains(e)).copied().collect();
        if gone.is_empty() && come.is_empty() {
            return Ok(());
        }
        if self.rim == Rim::Fixed {
            let stray = gone
                .iter()
                .find_map(|&e| stray(e, &come))
                .or_else(|| come.iter().find_map(|&e| stray(e, &gone)));
            return stray.map_or(Ok(()), |at| Err(EditError::Rim(at)));
        }
        self.judge_overlaps(affected)
    }

    /// Faces whose edges do not cross overlap only if one lies in the other: then a point inside the one tells.
    fn judge_overlaps(&self, affected: &BTreeSet<FaceId>) -> Result<(), EditError> {
        let all: Vec<_> = self.faces().filter_map(|(id, f)| f.bounding_rect().map(|b| (id, f, b))).collect();
        let holds_part_of = |outer: &MultiPolygon<f64>, inner: &MultiPolygon<f64>| {
            inner.iter().filter_map(InteriorPoint::interior_point).any(|p| outer.intersects(&p))
        };
        for (id, face, bounds) in all.iter().filter(|(id, ..)| affected.contains(id)) {
            for (other, theirs, _) in all.iter().filter(|(o, _, b)| o != id && b.intersects(bounds)) {
                if holds_part_of(face, theirs) || holds_part_of(theirs, face) {
                    return Err(EditError::Overlap(*id.min(other), *id.max(other)));
                }
            }
        }
        Ok(())
    }
}

/// Where an edge leaves a course made of other edges, if it does: at an end, or between two corners of the course, where
/// it must run along one edge from one to the other. To meet the course at its ends is not enough: where a rim touches
/// itself, the ends of one stretch may lie on another.
fn stray((a, b): (Coord<f64>, Coord<f64>), course: &[(Coord<f64>, Coord<f64>)]) -> Option<Coord<f64>> {
    let plane = LocalPlane::at_latitude(a.y);
    let (lon_m, lat_m) = plane.metres_per_degree();
    let near = |p, (c, d)| plane.distance_to_segment_m(p, c, d) <= RIM_TOLERANCE_M;
    if let Some(end) = [a, b].into_iter().find(|&p| !course.iter().any(|&edge| near(p, edge))) {
        return Some(end);
    }
    let (east_m, north_m) = ((b.x - a.x) * lon_m, (b.y - a.y) * lat_m);
    let length2_m2 = east_m * east_m + north_m * north_m;
    let share = |c: Coord<f64>| {
        (((c.x - a.x) * lon_m * east_m + (c.y - a.y) * lat_m * north_m) / length2_m2).clamp(0.0, 1.0)
    };
    let at = |share: f64| Coord { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
    let corners = course.iter().flat_map(|&(c, d)| [c, d]).filter(|&c| near(c, (a, b)));
    let mut cuts: Vec<f64> = corners.map(share).chain([0.0, 1.0]).collect();
    cuts.sort_by(f64::total_cmp);
    cuts.windows(2).find_map(|cut| {
        let within = [0.25, 0.75].map(|part| at(cut[0] + (cut[1] - cut[0]) * part));
        let runs_along = |&edge: &_| within.iter().all(|&p| near(p, edge));
        (!course.iter().any(runs_along)).then_some(within[0])
    })
}

/// Whether the edge was there, in either direction.
fn had(edges: &HashSet<Edge>, (a, b): Edge) -> bool {
    edges.contains(&(a, b)) || edges.contains(&(b, a))
}
