//! The constrained Delaunay triangulation of a sketch, as plain arrays.
//!
//! Never here: owners.

use geo::Coord;
use rstar::{AABB, RTree};
use spade::handles::FixedVertexHandle;
use spade::{ConstrainedDelaunayTriangulation, HasPosition, InsertionError, Point2, Triangulation};

use super::sketch::Sketch;

/// No triangle, no unit, no site.
pub(in super::super) const NONE: u32 = u32::MAX;

/// Triangles, anticlockwise; edge i of one runs from its corner i to the next.
#[derive(Debug)]
pub(super) struct Mesh {
    /// The sketch's vertices first, then those where constraints cross.
    pub(super) places: Vec<Coord<f64>>,
    pub(super) corners: Vec<[u32; 3]>,
    /// The triangle beyond each edge.
    pub(super) beyond: Vec<[u32; 3]>,
    /// Whether each edge was drawn.
    pub(super) drawn: Vec<[bool; 3]>,
}

/// A vertex with its number, which spade carries along.
#[derive(Debug, Clone, Copy)]
struct Vertex(Point2<f64>);

impl HasPosition for Vertex {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        self.0
    }
}

impl Mesh {
    pub(super) fn of(sketch: &Sketch) -> Result<Self, InsertionError> {
        let vertices = sketch.places.iter().map(|c| Vertex(Point2::new(c.x, c.y))).collect();
        let mut crossing = Vec::new();
        let mut cdt = ConstrainedDelaunayTriangulation::<Vertex>::try_bulk_load_cdt(
            vertices,
            sketch.edges.clone(),
            |edge| crossing.push(edge),
        )?;
        for [a, b] in crossing {
            let (a, b) = (FixedVertexHandle::from_index(a), FixedVertexHandle::from_index(b));
            cdt.add_constraint_and_split(a, b, Vertex);
        }
        let places = cdt.vertices().map(|v| Coord { x: v.position().x, y: v.position().y }).collect();
        let count = cdt.num_inner_faces();
        let mut mesh = Self {
            places,
            corners: Vec::with_capacity(count),
            beyond: Vec::with_capacity(count),
            drawn: Vec::with_capacity(count),
        };
        for face in cdt.inner_faces() {
            let edges = face.adjacent_edges();
            mesh.corners.push(edges.map(|e| e.from().fix().index() as u32));
            // Face 0 is the one outside.
            mesh.beyond.push(edges.map(|e| (e.rev().face().fix().index() as u32).wrapping_sub(1)));
            mesh.drawn.push(edges.map(|e| e.as_undirected().is_constraint_edge()));
        }
        Ok(mesh)
    }

    pub(super) fn len(&self) -> usize {
        self.corners.len()
    }

    pub(super) fn centre(&self, t: usize) -> Coord<f64> {
        let [a, b, c] = self.corners[t].map(|v| self.places[v as usize]);
        Coord { x: (a.x + b.x + c.x) / 3.0, y: (a.y + b.y + c.y) / 3.0 }
    }

    /// Twice the area.
    pub(super) fn area2(&self, t: usize) -> f64 {
        let [a, b, c] = self.corners[t].map(|v| self.places[v as usize]);
        (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)
    }

    /// Which edge of the triangle beyond edge `i` of `t` is the same edge.
    pub(super) fn twin(&self, t: usize, i: usize) -> Option<(usize, usize)> {
        let other = self.beyond[t][i];
        if other == NONE {
            return None;
        }
        let from = self.corners[t][(i + 1) % 3];
        let j = self.corners[other as usize].iter().position(|&v| v == from)?;
        Some((other as usize, j))
    }
}

/// The rings of polygon units, to be asked which of them a place is in.
pub(super) struct Rings<'a> {
    rings: &'a [(usize, Vec<geo::LineString<f64>>)],
    tree: RTree<rstar::primitives::GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>>,
}

impl<'a> Rings<'a> {
    pub(super) fn new(rings: &'a [(usize, Vec<geo::LineString<f64>>)]) -> Self {
        let boxes = rings.iter().enumerate().map(|(i, (_, rings))| {
            let corners: Vec<[f64; 2]> = rings.iter().flat_map(|r| r.0.iter().map(|c| [c.x, c.y])).collect();
            let envelope = AABB::from_points(corners.iter());
            let rectangle = rstar::primitives::Rectangle::from_corners(envelope.lower(), envelope.upper());
            rstar::primitives::GeomWithData::new(rectangle, i)
        });
        Self { rings, tree: RTree::bulk_load(boxes.collect()) }
    }

    /// The units whose polygons have `p` inside, in their order.
    pub(super) fn around(&self, p: Coord<f64>) -> Vec<usize> {
        let near = self.tree.locate_in_envelope_intersecting(AABB::from_point([p.x, p.y]));
        let mut units: Vec<usize> = near
            .filter(|entry| inside(&self.rings[entry.data].1, p))
            .map(|entry| self.rings[entry.data].0)
            .collect();
        units.sort_unstable();
        units
    }
}

/// Whether a place is inside of rings, even-odd.
pub(super) fn inside(rings: &[geo::LineString<f64>], p: Coord<f64>) -> bool {
    let crossed = |a: Coord<f64>, b: Coord<f64>| {
        (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
    };
    rings.iter().flat_map(geo::LineString::lines).filter(|l| crossed(l.start, l.end)).count() % 2 == 1
}
