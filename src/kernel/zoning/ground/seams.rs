//! The borders between the land of different sites, edge by edge.
//!
//! Never here: zones.

use geo::{Coord, LineString};
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};

use super::super::circle::to_circumcentre;
use super::mesh::{Mesh, NONE};
use super::owners::{Division, Owners};
use crate::kernel::geometry::half_open::orientation;

/// An edge between two sites' land.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Seam {
    pub(in super::super) from: u32,
    pub(in super::super) to: u32,
    /// The site on the left, and the one on the right; [`NONE`] outside.
    pub(in super::super) left: u32,
    pub(in super::super) right: u32,
    /// Whether a road runs along it.
    pub(in super::super) on_road: bool,
    /// Whether a barrier does, so that one cannot walk across.
    pub(in super::super) on_barrier: bool,
}

impl Seam {
    /// The same edge in the other direction.
    pub(in super::super) fn reversed(self) -> Self {
        Self { from: self.to, to: self.from, left: self.right, right: self.left, ..self }
    }
}

/// All seams with their vertices, in metres. The mesh's come first, then midpoints and centres.
#[derive(Debug)]
pub(super) struct Seams {
    pub(super) places: Vec<Coord<f64>>,
    pub(super) seams: Vec<Seam>,
}

/// Roads or barriers, to be asked whether they run along an edge.
pub(super) struct Along {
    tree: RTree<GeomWithData<Line<[f64; 2]>, ()>>,
    within_m: f64,
}

impl Along {
    /// Lines in metres; an edge runs along one if its middle and its ends are within the distance.
    pub(super) fn new(lines: &[LineString<f64>], within_m: f64) -> Self {
        let segments = lines.iter().flat_map(LineString::lines);
        let entry =
            |l: geo::Line<f64>| GeomWithData::new(Line::new([l.start.x, l.start.y], [l.end.x, l.end.y]), ());
        Self { tree: RTree::bulk_load(segments.map(entry).collect()), within_m }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    pub(super) fn runs(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        let limit = self.within_m * self.within_m;
        [0.5, 0.1, 0.9].into_iter().all(|t| {
            let p = [a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t];
            self.tree.nearest_neighbor(p).is_some_and(|line| line.distance_2(&p) <= limit)
        })
    }
}

impl Seams {
    pub(super) fn trace(mesh: &Mesh, owners: &Owners, roads: &Along, barriers: &Along) -> Self {
        let mut seams = Self { places: mesh.places.clone(), seams: Vec::new() };
        let mut middles: Vec<[u32; 3]> = vec![[NONE; 3]; mesh.len()];
        for t in 0..mesh.len() {
            for i in 0..3 {
                let twin = mesh.twin(t, i);
                if twin.is_none_or(|twin| (t, i) < twin) {
                    seams.edge(mesh, owners, (t, i), twin, &mut middles);
                }
            }
        }
        for t in 0..mesh.len() {
            seams.within(mesh, owners, t, &mut middles);
        }
        for seam in &mut seams.seams {
            let ends = [seam.from, seam.to].map(|v| seams.places[v as usize]);
            seam.on_road = roads.runs(ends[0], ends[1]);
            seam.on_barrier = barriers.runs(ends[0], ends[1]);
        }
        seams
    }

    fn push(&mut self, from: u32, to: u32, left: u32, right: u32) {
        if left != right {
            let seam = Seam { from, to, left, right, on_road: false, on_barrier: false };
            self.seams.push(if left == NONE { seam.reversed() } else { seam });
        }
    }

    /// The midpoint of a triangle's edge, made when first asked for.
    fn middle(&mut self, mesh: &Mesh, (t, i): (usize, usize), middles: &mut [[u32; 3]]) -> u32 {
        if middles[t][i] == NONE {
            let [a, b] = [mesh.corners[t][i], mesh.corners[t][(i + 1) % 3]].map(|v| mesh.places[v as usize]);
            middles[t][i] = self.places.len() as u32;
            self.places.push(Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) });
            if let Some((other, j)) = mesh.twin(t, i) {
                middles[other][j] = middles[t][i];
            }
        }
        middles[t][i]
    }

    /// The seams on an edge of the mesh.
    fn edge(
        &mut self,
        mesh: &Mesh,
        owners: &Owners,
        (t, i): (usize, usize),
        twin: Option<(usize, usize)>,
        middles: &mut [[u32; 3]],
    ) {
        let (from, to) = (mesh.corners[t][i], mesh.corners[t][(i + 1) % 3]);
        let left = [false, true].map(|at_end| owners.half(t, i, at_end));
        let right = [true, false].map(|at_end| twin.map_or(NONE, |(u, j)| owners.half(u, j, at_end)));
        if left[0] == left[1] && right[0] == right[1] {
            self.push(from, to, left[0], right[0]);
        } else {
            let middle = self.middle(mesh, (t, i), middles);
            self.push(from, middle, left[0], right[0]);
            self.push(middle, to, left[1], right[1]);
        }
    }

    /// The seams within a triangle.
    fn within(&mut self, mesh: &Mesh, owners: &Owners, t: usize, middles: &mut [[u32; 3]]) {
        let owner = owners.corner[t];
        let (next, last) = (|i: usize| (i + 1) % 3, |i: usize| (i + 2) % 3);
        match owners.division[t] {
            Division::Whole => {}
            Division::Corner(i) if owner[i] == owner[next(i)] => {}
            Division::Corner(i) => {
                let from = self.middle(mesh, (t, i), middles);
                let to = self.middle(mesh, (t, last(i)), middles);
                self.push(from, to, owner[i], owner[next(i)]);
            }
            Division::Opposite(i) if owner[next(i)] == owner[last(i)] => {}
            Division::Opposite(i) => {
                let to = self.middle(mesh, (t, next(i)), middles);
                self.push(mesh.corners[t][i], to, owner[last(i)], owner[next(i)]);
            }
            Division::Three => {
                if owner[0] == owner[1] && owner[1] == owner[2] {
                    return;
                }
                let centre = self.places.len() as u32;
                self.places.push(centre_of(mesh, t));
                for i in 0..3 {
                    if owner[i] != owner[next(i)] {
                        let middle = self.middle(mesh, (t, i), middles);
                        self.push(middle, centre, owner[i], owner[next(i)]);
                    }
                }
            }
        }
    }
}

/// Where three owners meet in a triangle: as far from each corner where that is well inside, so that points get their
/// Voronoi cells, else the centroid.
fn centre_of(mesh: &Mesh, t: usize) -> Coord<f64> {
    let corners = mesh.corners[t].map(|v| mesh.places[v as usize]);
    let inside = |centre: &Coord<f64>| {
        let share = |i: usize| orientation(corners[i], corners[(i + 1) % 3], *centre) / mesh.area2(t);
        (0..3).all(|i| share(i) > 0.05)
    };
    let centre = to_circumcentre(corners).map(|way| corners[0] + way);
    centre.filter(inside).unwrap_or_else(|| mesh.centre(t))
}
