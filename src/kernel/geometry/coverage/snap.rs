//! Making vertices that mean the same place the same, so that neighbours share edges exactly.
//!
//! Files round coordinates, and one neighbour often has a vertex that the other leaves out because it lies on the
//! common line. Both leave slivers of micrometres to centimetres. Snapping closes those and only those: a vertex
//! within the tolerance of a vertex of another face takes its place, and a vertex within the tolerance of another
//! face's edge becomes a vertex of that edge too. Nothing else moves; in particular what fits already does not: edges
//! that two faces share, and vertices that they share, stay, however close to others they lie.
//!
//! Never here: a tolerance large enough to hide a mistake. One centimetre ([`TOLERANCE_M`]) is the rounding of
//! coordinates written with seven decimals.

use std::collections::{HashMap, HashSet};

use geo::{Coord, LineString, MultiPolygon, Polygon};
use rstar::RTree;

use super::segments::{Entry, around, entry};
use crate::kernel::geometry::measure::LocalPlane;

/// What vertices may be apart and still mean the same place, in metres, unless a caller says otherwise.
pub const TOLERANCE_M: f64 = 0.01;

/// See [`key`].
pub(super) type Key = (u64, u64);

/// A coordinate's bits: the key by which two vertices are the same. Zero has one sign here.
pub(super) fn key(c: Coord<f64>) -> Key {
    ((c.x + 0.0).to_bits(), (c.y + 0.0).to_bits())
}

/// What snapping did.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapped {
    /// The faces in the order given.
    pub faces: Vec<MultiPolygon<f64>>,
    /// How many vertices took the place of another face's.
    pub moved: usize,
    /// How many vertices were added on edges where a neighbour has one.
    pub inserted: usize,
}

/// A vertex with the face it came from, unless several share it.
type Vertex = (Coord<f64>, Option<usize>);

/// Vertices met so far, in buckets as wide as the tolerance.
struct Canonical {
    /// Degrees per bucket, east and north.
    bucket: (f64, f64),
    plane: LocalPlane,
    tolerance_m: f64,
    buckets: HashMap<(i64, i64), Vec<Vertex>>,
}

impl Canonical {
    fn bucket_of(&self, c: Coord<f64>) -> (i64, i64) {
        ((c.x / self.bucket.0).floor() as i64, (c.y / self.bucket.1).floor() as i64)
    }

    /// Makes `c` stand for others, whichever face they belong to.
    fn keep(&mut self, c: Coord<f64>) {
        let bucket = self.buckets.entry(self.bucket_of(c)).or_default();
        if !bucket.contains(&(c, None)) {
            bucket.push((c, None));
        }
    }

    /// The vertex of another face that `c` stands for, or `c` itself, which then stands for others.
    fn settle(&mut self, c: Coord<f64>, face: usize) -> Coord<f64> {
        let home = self.bucket_of(c);
        if self.buckets.get(&home).is_some_and(|b| b.iter().any(|(v, _)| *v == c)) {
            return c;
        }
        let mut best = None;
        for dx in -1..=1 {
            for dy in -1..=1 {
                let near = self.buckets.get(&(home.0 + dx, home.1 + dy));
                for &(v, _) in near.into_iter().flatten().filter(|(_, owner)| *owner != Some(face)) {
                    let d = self.plane.distance_m(c, v);
                    if d <= self.tolerance_m && best.is_none_or(|(least, _)| d < least) {
                        best = Some((d, v));
                    }
                }
            }
        }
        if let Some((_, v)) = best {
            return v;
        }
        self.buckets.entry(home).or_default().push((c, Some(face)));
        c
    }
}

/// Rings as open vertex lists, by face and polygon.
type OpenFaces = Vec<Vec<Vec<Vec<Coord<f64>>>>>;
/// Face, polygon, ring, first vertex.
type EdgeRef = (usize, usize, usize, usize);

/// Snaps faces to each other within the tolerance in metres. Earlier faces keep their vertices; later ones yield.
///
/// O(n log n) for n vertices. With a tolerance of 0 only vertices exactly on another face's edge have an effect.
#[must_use]
pub fn snap(faces: &[MultiPolygon<f64>], tolerance_m: f64) -> Snapped {
    let Some(lat) = middle_latitude(faces) else {
        return Snapped { faces: faces.to_vec(), moved: 0, inserted: 0 };
    };
    let plane = LocalPlane::at_latitude(lat);
    let (east_m, north_m) = plane.metres_per_degree();
    let reach = (tolerance_m / east_m, tolerance_m / north_m);
    // The rounding of a longitude is 3e-14 degrees; a bucket must stay well above it.
    let bucket = (reach.0.max(1e-12), reach.1.max(1e-12));
    let mut canonical = Canonical { bucket, plane, tolerance_m, buckets: HashMap::new() };
    let mut moved = 0;
    let mut open = open_rings(faces);
    let shared = shared_vertices(&open);
    for (f, face) in open.iter_mut().enumerate() {
        for c in face.iter_mut().flatten().flatten() {
            if shared.contains(&key(*c)) {
                canonical.keep(*c);
                continue;
            }
            let settled = canonical.settle(*c, f);
            moved += usize::from(settled != *c);
            *c = settled;
        }
    }
    let mut inserted = 0;
    let insertions = vertices_on_edges(&open, plane, tolerance_m, reach);
    for ((f, p, r, i), mut vertices) in insertions {
        let ring = &mut open[f][p][r];
        let start = ring[i];
        vertices.sort_by(|a, b| plane.distance_m(*b, start).total_cmp(&plane.distance_m(*a, start)));
        inserted += vertices.len();
        for v in vertices {
            // Furthest first, so that each goes right behind the edge's start.
            ring.insert(i + 1, v);
        }
    }
    Snapped { faces: open.into_iter().map(close).collect(), moved, inserted }
}

fn middle_latitude(faces: &[MultiPolygon<f64>]) -> Option<f64> {
    let lats = || faces.iter().flat_map(MultiPolygon::iter).flat_map(|p| p.exterior().0.iter()).map(|c| c.y);
    let (low, high) = (lats().reduce(f64::min)?, lats().reduce(f64::max)?);
    Some(f64::midpoint(low, high))
}

fn open_rings(faces: &[MultiPolygon<f64>]) -> OpenFaces {
    let open = |ring: &LineString<f64>| ring.0[..ring.0.len().saturating_sub(1)].to_vec();
    let rings = |p: &Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(open).collect();
    faces.iter().map(|f| f.iter().map(rings).collect()).collect()
}

fn close(polygons: Vec<Vec<Vec<Coord<f64>>>>) -> MultiPolygon<f64> {
    let line = |mut ring: Vec<Coord<f64>>| {
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        // What snapping collapsed is no ring any more.
        (ring.len() > 2).then_some(LineString(ring))
    };
    let polygon = |rings: Vec<Vec<Coord<f64>>>| {
        let mut rings = rings.into_iter().map(line);
        let shell = rings.next()??;
        Some(Polygon::new(shell, rings.flatten().collect()))
    };
    polygons.into_iter().filter_map(polygon).collect()
}

/// The vertices that more than one face has.
fn shared_vertices(faces: &OpenFaces) -> HashSet<Key> {
    let mut first: HashMap<Key, usize> = HashMap::new();
    let mut shared = HashSet::new();
    for (f, face) in faces.iter().enumerate() {
        for c in face.iter().flatten().flatten() {
            if *first.entry(key(*c)).or_insert(f) != f {
                shared.insert(key(*c));
            }
        }
    }
    shared
}

/// Every edge with its ends, face by face.
fn edges(faces: &OpenFaces) -> impl Iterator<Item = (EdgeRef, Coord<f64>, Coord<f64>)> + '_ {
    faces.iter().enumerate().flat_map(|(f, face)| {
        face.iter().enumerate().flat_map(move |(p, rings)| {
            rings.iter().enumerate().flat_map(move |(r, ring)| {
                let n = ring.len();
                (0..n).map(move |i| ((f, p, r, i), ring[i], ring[(i + 1) % n]))
            })
        })
    })
}

/// An edge's name, the same in both directions.
pub(super) fn undirected(a: Coord<f64>, b: Coord<f64>) -> (Key, Key) {
    let (a, b) = (key(a), key(b));
    if a <= b { (a, b) } else { (b, a) }
}

/// For each edge the vertices of other faces that lie on it, edges in an order that insertion can follow from the
/// last to the first of a ring.
fn vertices_on_edges(
    faces: &OpenFaces,
    plane: LocalPlane,
    tolerance_m: f64,
    reach: (f64, f64),
) -> Vec<(EdgeRef, Vec<Coord<f64>>)> {
    let mut uses: HashMap<(Key, Key), u32> = HashMap::new();
    for (_, a, b) in edges(faces) {
        *uses.entry(undirected(a, b)).or_default() += 1;
    }
    // A face that has a vertex already does not get it again on another of its edges.
    let has_it: HashSet<(Key, usize)> = edges(faces).map(|((f, ..), a, _)| (key(a), f)).collect();
    let loose: Vec<_> = edges(faces).filter(|&(_, a, b)| uses[&undirected(a, b)] == 1).collect();
    let tree =
        RTree::bulk_load(loose.iter().map(|&(e, a, b)| entry(a, b, e)).collect::<Vec<Entry<EdgeRef>>>());
    let mut found: HashMap<EdgeRef, Vec<Coord<f64>>> = HashMap::new();
    for v in loose.iter().flat_map(|&(_, a, b)| [a, b]) {
        let near: Vec<EdgeRef> = around(&tree, v, v, reach).copied().collect();
        for &(f, p, r, i) in &near {
            let ring = &faces[f][p][r];
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            let at = plane.nearest_on_segment(v, a, b);
            if at != a && at != b && plane.distance_m(v, at) <= tolerance_m && !has_it.contains(&(key(v), f))
            {
                let list = found.entry((f, p, r, i)).or_default();
                if !list.contains(&v) {
                    list.push(v);
                }
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(edge, _)| std::cmp::Reverse(*edge));
    found
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    const MM: f64 = 1e-8; // about a millimetre of latitude

    fn west() -> MultiPolygon<f64> {
        polygon![(x: 116.0, y: 35.0), (x: 116.01, y: 35.0), (x: 116.01, y: 35.01), (x: 116.0, y: 35.01)]
            .into()
    }

    fn vertices(face: &MultiPolygon<f64>) -> &[Coord<f64>] {
        &face.0[0].exterior().0
    }

    #[test]
    fn leaves_exact_seams_alone() {
        let east = polygon![
            (x: 116.01, y: 35.0), (x: 116.02, y: 35.0), (x: 116.02, y: 35.01), (x: 116.01, y: 35.01)
        ];
        let faces = [west(), east.into()];
        let snapped = snap(&faces, TOLERANCE_M);
        assert_eq!((snapped.moved, snapped.inserted), (0, 0));
        assert_eq!(snapped.faces, faces);
    }

    #[test]
    fn later_faces_yield_to_earlier_ones() {
        let east = polygon![
            (x: 116.01 + 3.0 * MM, y: 35.0), (x: 116.02, y: 35.0), (x: 116.02, y: 35.01), (x: 116.01, y: 35.01)
        ];
        let snapped = snap(&[west(), east.into()], TOLERANCE_M);
        assert_eq!((snapped.moved, snapped.inserted), (1, 0));
        assert!(vertices(&snapped.faces[1]).contains(&Coord { x: 116.01, y: 35.0 }));
    }

    #[test]
    fn a_neighbours_vertex_on_the_common_line_is_shared() {
        let middle = Coord { x: 116.01 - 2.0 * MM, y: 35.004 };
        let upper = Coord { x: 116.01, y: 35.007 };
        let east = polygon![
            (x: 116.01, y: 35.0), (x: 116.02, y: 35.0), (x: 116.02, y: 35.01), (x: 116.01, y: 35.01),
            (x: 116.01, y: 35.007), (x: 116.01 - 2.0 * MM, y: 35.004),
        ];
        let snapped = snap(&[west(), east.into()], TOLERANCE_M);
        assert_eq!((snapped.moved, snapped.inserted), (0, 2));
        let got = vertices(&snapped.faces[0]);
        assert_eq!(got[2..4], [middle, upper]);
    }

    #[test]
    fn what_is_further_apart_stays_apart() {
        let east = polygon![
            (x: 116.01 + 20.0 * MM, y: 35.0), (x: 116.02, y: 35.0), (x: 116.02, y: 35.01), (x: 116.01, y: 35.01)
        ];
        let snapped = snap(&[west(), east.into()], TOLERANCE_M);
        assert_eq!((snapped.moved, snapped.inserted), (0, 0));
    }
}
