//! What is drawn on the ground before it is divided: the units' outlines, points, roads, barriers and a rim, as
//! vertices and constraint edges in metres.
//!
//! Never here: triangles, or who owns what.

use std::collections::HashMap;

use geo::{
    BoundingRect, ConvexHull, Coord, Intersects, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
};

use super::super::units::Shape;
use super::Setting;
use crate::kernel::geometry::coverage::snap::{TOLERANCE_M, snap};
use crate::kernel::geometry::measure::LocalPlane;

/// Degrees to metres around the middle of the units, and back. Straight lines stay straight.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Plane {
    origin: Coord<f64>,
    scale: (f64, f64),
}

impl Plane {
    pub(super) fn around(places: impl Iterator<Item = Coord<f64>>) -> Self {
        let (mut low, mut high) = (Coord { x: f64::MAX, y: f64::MAX }, Coord { x: f64::MIN, y: f64::MIN });
        for c in places {
            low = Coord { x: low.x.min(c.x), y: low.y.min(c.y) };
            high = Coord { x: high.x.max(c.x), y: high.y.max(c.y) };
        }
        let origin = Coord { x: f64::midpoint(low.x, high.x), y: f64::midpoint(low.y, high.y) };
        Self { origin, scale: LocalPlane::at_latitude(origin.y).metres_per_degree() }
    }

    pub(in super::super) fn metres(self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: (c.x - self.origin.x) * self.scale.0, y: (c.y - self.origin.y) * self.scale.1 }
    }

    pub(in super::super) fn degrees(self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: c.x / self.scale.0 + self.origin.x, y: c.y / self.scale.1 + self.origin.y }
    }
}

/// Vertices and the edges that must be kept.
#[derive(Debug)]
pub(super) struct Sketch {
    pub(super) plane: Plane,
    pub(super) places: Vec<Coord<f64>>,
    /// The degrees a vertex was given in, for those that were given.
    pub(super) given: Vec<Coord<f64>>,
    pub(super) edges: Vec<[usize; 2]>,
    /// The vertex of each point unit.
    pub(super) points: HashMap<usize, usize>,
    /// The rings in metres of each polygon unit.
    pub(super) rings: Vec<(usize, Vec<LineString<f64>>)>,
    /// Whether the units are polygons that tile their land, wall to wall.
    pub(super) tiled: bool,
    /// The side of the square that a unit has for itself on average, in metres.
    pub(super) spacing_m: f64,
    /// The rings around the land, in metres: the outline's, or a convex one around everything.
    pub(super) rim: Vec<LineString<f64>>,
    /// The vertices of the outline and of kept borders, which stay.
    pub(super) staying: Vec<usize>,
    at: HashMap<(u64, u64), usize>,
}

impl Sketch {
    /// Draws the units, with roads and barriers (in degrees) between them unless the units tile the land, and the outline
    /// or else a rim around them.
    pub(super) fn draw(shapes: &[Shape], setting: &Setting<'_>) -> Self {
        let plane = Plane::around(shapes.iter().flat_map(Shape::places));
        let (numbers, polygons): (Vec<usize>, Vec<MultiPolygon<f64>>) =
            shapes.iter().enumerate().filter_map(|(u, s)| Some((u, s.polygons()?.clone()))).unzip();
        let polygons = snap(&polygons, TOLERANCE_M).faces;
        let tiled = setting.outline.is_none() && polygons.len() == shapes.len() && walls_connect(&polygons);
        let everything: MultiPoint<f64> =
            shapes.iter().flat_map(Shape::places).map(|c| Point(plane.metres(c))).collect();
        let hull = everything.convex_hull();
        let spacing_m = (geo::Area::unsigned_area(&hull) / shapes.len() as f64).sqrt().max(1.0);
        let mut sketch = Self {
            plane,
            places: Vec::new(),
            given: Vec::new(),
            edges: Vec::new(),
            points: HashMap::new(),
            rings: Vec::new(),
            tiled,
            spacing_m,
            rim: Vec::new(),
            staying: Vec::new(),
            at: HashMap::new(),
        };
        let step_m = if tiled { f64::INFINITY } else { (spacing_m / 4.0).clamp(2.0, 10.0) };
        for (unit, polygons) in numbers.into_iter().zip(&polygons) {
            let rings = polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
            let rings: Vec<_> = rings.map(|ring| sketch.line(ring, step_m)).collect();
            sketch.rings.push((unit, rings));
        }
        for (unit, shape) in shapes.iter().enumerate() {
            if let Shape::Point(c) = shape {
                let vertex = sketch.vertex(*c);
                sketch.points.insert(unit, vertex);
            }
        }
        match setting.outline {
            Some(outline) => sketch.outline(outline),
            None => sketch.rim(&hull),
        }
        for line in setting.kept.iter().filter(|_| !tiled) {
            let given: Vec<usize> = line.0.iter().map(|&c| sketch.vertex(c)).collect();
            sketch.staying.extend(given);
            sketch.line(line, step_m * 2.0);
        }
        let rim = MultiLineString(sketch.rim.clone()).bounding_rect();
        if let (false, Some(rim)) = (tiled, rim) {
            for line in setting.roads.iter().chain(setting.barriers) {
                sketch.line_within(line, rim, step_m * 2.0);
            }
        }
        sketch
    }

    fn vertex(&mut self, degrees: Coord<f64>) -> usize {
        let key = ((degrees.x + 0.0).to_bits(), (degrees.y + 0.0).to_bits());
        let next = self.places.len();
        let vertex = *self.at.entry(key).or_insert(next);
        if vertex == next {
            self.places.push(self.plane.metres(degrees));
            self.given.push(degrees);
        }
        vertex
    }

    /// Draws a line in degrees with no edge longer than `step_m`; returns it in metres.
    fn line(&mut self, line: &LineString<f64>, step_m: f64) -> LineString<f64> {
        let mut drawn = Vec::with_capacity(line.0.len());
        for (i, &end) in line.0.iter().enumerate() {
            if i > 0 {
                let start = line.0[i - 1];
                let length_m = distance(self.plane.metres(start), self.plane.metres(end));
                let parts = (length_m / step_m).ceil().max(1.0);
                for part in 1..parts as usize {
                    // From the lower end whatever the direction, so that two units with one wall divide it alike.
                    let flipped = (end.x, end.y) < (start.x, start.y);
                    let (a, b) = if flipped { (end, start) } else { (start, end) };
                    let t = if flipped { parts - part as f64 } else { part as f64 } / parts;
                    drawn.push(Coord { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
                }
            }
            drawn.push(end);
        }
        let vertices: Vec<usize> = drawn.into_iter().map(|c| self.vertex(c)).collect();
        self.edges.extend(vertices.windows(2).filter(|w| w[0] != w[1]).map(|w| [w[0], w[1]]));
        LineString(vertices.into_iter().map(|v| self.places[v]).collect())
    }

    /// Draws the outline; vertices are added where it runs straight for long, so that borders can end there.
    fn outline(&mut self, outline: &MultiPolygon<f64>) {
        for ring in outline.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
            let given: Vec<usize> = ring.0.iter().map(|&c| self.vertex(c)).collect();
            self.staying.extend(given);
            let ring = self.line(ring, self.spacing_m / 2.0);
            self.rim.push(ring);
        }
    }

    /// Draws the rim: half a unit's width outside of everything.
    fn rim(&mut self, hull: &geo::Polygon<f64>) {
        let margin_m = self.spacing_m / 2.0;
        let around = hull.exterior().0.iter().flat_map(|c| {
            (0..16).map(move |i| {
                let (sin, cos) = (f64::from(i) * std::f64::consts::TAU / 16.0).sin_cos();
                Point::new(c.x + margin_m * cos, c.y + margin_m * sin)
            })
        });
        let rim = MultiPoint(around.collect()).convex_hull();
        let degrees = LineString(rim.exterior().0.iter().map(|&c| self.plane.degrees(c)).collect());
        self.line(&degrees, margin_m);
        self.rim.push(rim.exterior().clone());
    }

    /// Draws the parts of a line that come near the rim's inside.
    fn line_within(&mut self, line: &LineString<f64>, rim: geo::Rect<f64>, step_m: f64) {
        for edge in line.lines() {
            let (a, b) = (self.plane.metres(edge.start), self.plane.metres(edge.end));
            if geo::Rect::new(a, b).intersects(&rim) {
                self.line(&LineString(vec![edge.start, edge.end]), step_m);
            }
        }
    }
}

pub(super) fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Whether every polygon is joined to every other through common walls.
fn walls_connect(polygons: &[MultiPolygon<f64>]) -> bool {
    let mut groups = super::super::groups::Groups::new(polygons.len());
    let mut seen: HashMap<[(u64, u64); 2], usize> = HashMap::new();
    for (p, polygon) in polygons.iter().enumerate() {
        let rings = polygon.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        for edge in rings.flat_map(LineString::lines) {
            let mut ends = [edge.start, edge.end].map(|c| ((c.x + 0.0).to_bits(), (c.y + 0.0).to_bits()));
            ends.sort_unstable();
            let other = *seen.entry(ends).or_insert(p);
            groups.join(p, other);
        }
    }
    (1..polygons.len()).all(|p| groups.find(p) == groups.find(0))
}
