//! A partition as arcs and the faces made of them: how it travels and is kept, each shared border once.
//!
//! The form is that of M. Bostock and C. Metcalf, "The `TopoJSON` Format Specification", 2013, section 2.1.4,
//! without its quantisation: coordinates are kept to the last bit.
//!
//! Never here: judgement of the faces. What comes back is what went out.

use std::collections::{BTreeMap, HashMap};

use geo::{Coord, MultiPolygon};

use super::partition::{Arc, Coverage, Edge, Face, Rim, Ring, VertexId};
use super::patch::Patch;
use super::snap::key;
use super::trace::polygons_left_of;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::LocalPlane;

/// How far from a straight line a vertex that was added on it may lie, in metres: rounding.
const ON_LINE_M: f64 = 0.001;

/// One use of an arc: its number, or the complement of it (`!number`) where it runs backwards.
pub type ArcUse = i32;

/// Arcs, and faces made of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topology {
    /// The places along each arc, its two ends included.
    pub arcs: Vec<Vec<Coord<f64>>>,
    /// For each face its polygons; for each polygon its rings, the shell first and anticlockwise; for each ring the
    /// arcs around it.
    pub faces: BTreeMap<FaceId, Vec<Vec<Vec<ArcUse>>>>,
}

impl Coverage {
    /// The partition as arcs and faces. O(vertices).
    #[must_use]
    pub fn topology(&self) -> Topology {
        let arcs = self.arcs();
        let mut uses: HashMap<Edge, (ArcUse, bool)> = HashMap::new();
        for (number, arc) in (0..).zip(&arcs) {
            let last = arc.vertices.len() - 2;
            for (i, pair) in arc.vertices.windows(2).enumerate() {
                uses.insert((pair[0], pair[1]), (number, i == 0));
                uses.insert((pair[1], pair[0]), (!number, i == last));
            }
        }
        let ring = |ring: &Ring| -> Vec<ArcUse> {
            let edges: Vec<(ArcUse, bool)> = ring.edges().filter_map(|e| uses.get(&e)).copied().collect();
            edges.iter().filter(|(_, begins)| *begins).map(|(arc, _)| *arc).collect()
        };
        let polygons = |face: &Face| face.iter().map(|rings| rings.iter().map(ring).collect()).collect();
        Topology {
            arcs: arcs.iter().map(|arc| self.places_of(arc)).collect(),
            faces: self.faces.iter().map(|(id, face)| (*id, polygons(face))).collect(),
        }
    }

    fn places_of(&self, arc: &Arc) -> Vec<Coord<f64>> {
        arc.vertices.iter().map(|&v| self.place(v)).collect()
    }

    /// The partition that [`Coverage::topology`] was made from; nothing if the arcs of some ring do not meet, or two
    /// faces lie on the same side of one. O(vertices).
    #[must_use]
    pub fn from_topology(topology: &Topology, rim: Rim) -> Option<Self> {
        let mut coverage = Self {
            places: Vec::new(),
            at_place: HashMap::new(),
            faces: BTreeMap::new(),
            left_of: HashMap::new(),
            rim,
        };
        let mut patch = Patch::default();
        let arcs: Vec<Vec<VertexId>> = topology
            .arcs
            .iter()
            .map(|arc| arc.iter().map(|&place| coverage.vertex_for(place, &mut patch)).collect())
            .collect();
        for (&id, polygons) in &topology.faces {
            let face: Option<Face> = polygons
                .iter()
                .map(|rings| rings.iter().map(|ring| closed(ring, &arcs)).collect::<Option<Vec<_>>>())
                .collect();
            patch.faces.push((id, Some(face?)));
        }
        coverage.refuse_conflicts(&patch).ok()?;
        coverage.exchange(patch);
        Some(coverage)
    }

    /// The land that some of the faces cover together, with the faces' own vertices. O(vertices log vertices).
    #[must_use]
    pub fn union_of(&self, faces: impl Fn(FaceId) -> bool) -> MultiPolygon<f64> {
        let is_in = |edge: &Edge| self.left_of.get(edge).is_some_and(|face| faces(*face));
        let rim = self.left_of.keys().filter(|edge| is_in(edge) && !is_in(&(edge.1, edge.0)));
        polygons_left_of(rim.map(|(a, b)| (a.0, b.0)), |v| self.place(VertexId(v)))
            .unwrap_or_else(|| MultiPolygon(Vec::new()))
    }

    /// Whether the straight line between two places is border: an edge, or edges through vertices that were added on
    /// it since. O(edges) unless it is an edge.
    #[must_use]
    pub fn has_border(&self, from: Coord<f64>, to: Coord<f64>) -> bool {
        let ends = (self.at_place.get(&key(from)), self.at_place.get(&key(to)));
        let (Some(&from), Some(&to)) = ends else { return false };
        let is_border = |a: VertexId, b: VertexId| {
            self.left_of.contains_key(&(a, b)) || self.left_of.contains_key(&(b, a))
        };
        let mut at = from;
        while !is_border(at, to) {
            // The next vertex on the way is a neighbour on the line, nearer to its end.
            let Some(next) = self.next_along(at, to) else { return false };
            at = next;
        }
        true
    }
}

impl Coverage {
    fn next_along(&self, at: VertexId, end: VertexId) -> Option<VertexId> {
        let (from, to) = (self.place(at), self.place(end));
        let plane = LocalPlane::at_latitude(from.y);
        let left = plane.distance_m(from, to);
        let neighbours = self.left_of.keys().filter_map(|&(a, b)| match (a == at, b == at) {
            (true, _) => Some(b),
            (_, true) => Some(a),
            _ => None,
        });
        neighbours.into_iter().find(|&v| {
            let place = self.place(v);
            plane.distance_to_segment_m(place, from, to) <= ON_LINE_M && plane.distance_m(place, to) < left
        })
    }
}

fn closed(ring: &[ArcUse], arcs: &[Vec<VertexId>]) -> Option<Ring> {
    let mut vertices: Vec<VertexId> = Vec::new();
    for &used in ring {
        let number = if used < 0 { !used } else { used };
        let mut arc = arcs.get(usize::try_from(number).ok()?)?.clone();
        if used < 0 {
            arc.reverse();
        }
        if vertices.last().is_some_and(|end| Some(end) != arc.first()) || arc.len() < 2 {
            return None;
        }
        vertices.pop();
        vertices.extend(arc);
    }
    (vertices.len() > 3 && vertices.first() == vertices.last()).then(|| {
        vertices.pop();
        Ring::new(vertices)
    })
}

#[cfg(test)]
mod tests {
    use geo::CoordsIter;

    use super::super::{CheckOptions, Edit, RawFace};
    use super::*;
    use crate::kernel::geometry::Wgs84;
    use crate::kernel::geometry::jagged;
    use crate::kernel::geometry::measure::multi_area_m2;

    fn jagged_coverage(seed: u64) -> Coverage {
        let faces: Vec<_> =
            jagged::coverage(seed, 4, 3, 7).iter().map(|(id, face)| RawFace::from((*id, face))).collect();
        Coverage::build(&faces, &CheckOptions::default(), Rim::Fixed).unwrap().coverage
    }

    fn corners(coverage: &Coverage) -> Vec<Vec<(u64, u64)>> {
        let sorted = |face: geo::MultiPolygon<f64>| {
            let mut corners: Vec<_> =
                face.iter().flat_map(|p| p.exterior().0.iter().map(|c| key(*c))).collect();
            corners.sort_unstable();
            corners.dedup();
            corners
        };
        coverage.faces().map(|(_, face)| sorted(face)).collect()
    }

    #[test]
    fn what_went_out_comes_back_to_the_last_bit() {
        for seed in 0..20 {
            let before = jagged_coverage(seed);
            let topology = before.topology();
            let after = Coverage::from_topology(&topology, Rim::Fixed).unwrap();
            assert_eq!(corners(&after), corners(&before));
            assert_eq!(after.topology().arcs.len(), topology.arcs.len());
            let length = |t: &Topology| t.arcs.iter().map(Vec::len).sum::<usize>();
            assert_eq!(length(&after.topology()), length(&topology));
        }
    }

    #[test]
    fn a_face_with_a_hole_and_an_island_comes_back() {
        let square = |w: f64, side: f64| geo::Rect::new((w, w), (w + side, w + side)).to_polygon();
        let island = square(1.0, 1.0);
        let around = geo::Polygon::new(square(0.0, 3.0).exterior().clone(), vec![island.exterior().clone()]);
        let faces = [
            RawFace::from((FaceId(1), &around.into())),
            RawFace::from((FaceId(2), &geo::MultiPolygon::from(island))),
        ];
        let coverage = Coverage::build(&faces, &CheckOptions::default(), Rim::Free).unwrap().coverage;
        let back = Coverage::from_topology(&coverage.topology(), Rim::Free).unwrap();
        assert_eq!(back.topology().arcs.len(), 2);
        assert_eq!(back.face(FaceId(1)).unwrap().0[0].interiors().len(), 1);
    }

    #[test]
    fn the_union_of_faces_has_their_area_and_only_their_vertices() {
        let coverage = jagged_coverage(5);
        let ids: Vec<FaceId> = coverage.face_ids().collect();
        let chosen = |id: FaceId| id != ids[5] && id != ids[0];
        let union = coverage.union_of(chosen);
        let area: f64 = coverage.faces().filter(|(id, _)| chosen(*id)).map(|(_, f)| multi_area_m2(&f)).sum();
        assert!((multi_area_m2(&union) / area - 1.0).abs() < 1e-9);
        // The face in the middle is a hole.
        assert_eq!(union.iter().map(|p| p.interiors().len()).sum::<usize>(), 1);
        assert!(union.coords_iter().all(|c| coverage.at_place.contains_key(&key(c))));
    }

    #[test]
    fn arcs_that_do_not_meet_are_no_coverage() {
        let mut topology = jagged_coverage(1).topology();
        topology.arcs[0].pop();
        assert!(Coverage::from_topology(&topology, Rim::Fixed).is_none());
    }

    #[test]
    fn a_border_is_one_still_when_vertices_were_added_on_it() {
        let mut coverage = jagged_coverage(3);
        let arc = coverage.arcs().into_iter().find(|arc| arc.right.is_some()).unwrap();
        let [a, b] = [coverage.place(arc.vertices[0]), coverage.place(arc.vertices[1])];
        assert!(coverage.has_border(a, b) && coverage.has_border(b, a));
        let middle = Wgs84::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)).unwrap();
        coverage.edit(&Edit::InsertVertex { at: middle }).unwrap();
        assert!(coverage.has_border(a, b) && coverage.has_border(b, a));
        coverage.edit(&Edit::MoveVertex { at: middle, to: nudged(middle) }).unwrap();
        assert!(!coverage.has_border(a, b));
    }

    fn nudged(place: Wgs84) -> Wgs84 {
        Wgs84::new(place.lon() + 1e-5, place.lat() + 1e-5).unwrap()
    }
}
