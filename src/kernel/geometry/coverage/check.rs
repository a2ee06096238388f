//! Gaps and overlaps between faces, each with its area and a place to zoom to.
//!
//! Faces are first checked on their own ([`super::defect`]); those with blocking defects take no further part and
//! the report says so. The rest are snapped ([`super::snap`]) in memory and overlaid.
//!
//! The overlay rounds to a lattice of 2⁻²⁹ of the extent, micrometres for a village. What is thinner than a tenth
//! of the tolerance is therefore not reported; what is thinner than the tolerance and vanishes by snapping is
//! counted as snapped instead.
//!
//! Never here: changes to the faces.

use std::collections::HashMap;

use geo::bool_ops::FillRule;
use geo::orient::Direction;
use geo::{
    BooleanOps, BoundingRect, Coord, InteriorPoint, LineString, MultiPolygon, Orient, Polygon, Rect,
    unary_union,
};
use rayon::prelude::*;
use rstar::RTree;

use super::defect::{Defect, defects};
use super::patch::EditError;
use super::raw::RawFace;
use super::segments::{Entry, around, entry};
use super::snap::{self, snap, undirected};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coordinate::Region;
use crate::kernel::geometry::measure::{LocalPlane, area_m2};

/// What to hold the faces against.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions<'a> {
    /// The outline the faces must fill and not leave: the village's boundary. Without one, only enclosed gaps are
    /// found.
    pub outline: Option<&'a MultiPolygon<f64>>,
    /// Accepted faces around the new ones: the neighbouring villages' grids. They are taken to be sound, and a
    /// fault is reported only where a new face takes part in it. Their numbers must differ from the new ones'.
    pub neighbours: &'a [(FaceId, MultiPolygon<f64>)],
    /// What vertices may be apart and still mean the same place, in metres.
    pub tolerance_m: f64,
    /// Where coordinates are expected; finds swapped axes within range.
    pub region: Option<&'a Region>,
}

impl Default for CheckOptions<'_> {
    fn default() -> Self {
        Self { outline: None, neighbours: &[], tolerance_m: snap::TOLERANCE_M, region: None }
    }
}

/// What is wrong with one face on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceDefects {
    /// The face.
    pub face: FaceId,
    /// Its defects, at least one.
    pub defects: Vec<Defect>,
}

/// A place where the faces do not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// The faces that border a gap, or that overlap; in ascending order.
    pub faces: Vec<FaceId>,
    /// Its shape, in degrees.
    pub shape: Polygon<f64>,
    /// Its area in square metres.
    pub area_m2: f64,
    /// A point inside of it, in degrees.
    pub at: Coord<f64>,
    /// Its bounding box, in degrees: where to zoom to.
    pub bbox: Rect<f64>,
}

/// An edge that neither a neighbour nor the outline shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnmatchedEdge {
    /// The face it belongs to.
    pub face: FaceId,
    /// Its start, in degrees.
    pub from: Coord<f64>,
    /// Its end, in degrees.
    pub to: Coord<f64>,
}

/// Everything found. Lists are ordered by area, largest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CoverageReport {
    /// Faces with defects of their own. Those with blocking ones were left out of the rest.
    pub defects: Vec<FaceDefects>,
    /// Land that no face covers.
    pub gaps: Vec<Flaw>,
    /// Land that two faces claim, by pairs of faces.
    pub overlaps: Vec<Flaw>,
    /// Land of a face outside the outline.
    pub outside: Vec<Flaw>,
    /// With an outline: edges that should be shared with a neighbour or the outline and are not. An edge beside a
    /// gap or an overlap is in this list too.
    pub unmatched: Vec<UnmatchedEdge>,
    /// Why [`super::Coverage::build`] could not build the partition although no fault was found: snapping would make
    /// borders cross. Never set by [`check`].
    pub refusal: Option<EditError>,
    /// Vertices that acceptance would move onto a neighbour's, by less than the tolerance.
    pub snapped_vertices: usize,
    /// Vertices that acceptance would add where a neighbour has one on a common line; the outline's and the
    /// neighbours' own are counted too.
    pub inserted_vertices: usize,
}

impl CoverageReport {
    /// Whether the faces may be accepted: no blocking defect, no gap, no overlap, nothing outside.
    #[must_use]
    pub fn is_seamless(&self) -> bool {
        !self.defects.iter().flat_map(|f| &f.defects).any(|d| d.kind.blocks())
            && self.gaps.is_empty()
            && self.overlaps.is_empty()
            && self.outside.is_empty()
            && self.refusal.is_none()
    }
}

/// Checks faces against each other, their neighbours and their outline.
///
/// # Algorithm
/// Snapping, then the intersection of each pair of faces whose envelopes meet, and the difference of the outline
/// and the union. O(n log n) in the number of vertices where each face has few neighbours. Pairs are overlaid in
/// parallel; the report does not depend on the number of threads.
#[must_use]
pub fn check(faces: &[RawFace], options: &CheckOptions<'_>) -> CoverageReport {
    prepare(faces, options).0
}

/// The report together with the snapped new faces that had no blocking defects.
pub(super) fn prepare(
    faces: &[RawFace],
    options: &CheckOptions<'_>,
) -> (CoverageReport, Vec<(FaceId, MultiPolygon<f64>)>) {
    let mut report = CoverageReport::default();
    let mut ids = Vec::new();
    let mut polygons = Vec::new();
    // What is accepted comes first, so that new faces yield to it.
    if let Some(outline) = options.outline {
        polygons.push(outline.orient(Direction::Default));
    }
    for (id, face) in options.neighbours {
        ids.push(*id);
        polygons.push(face.orient(Direction::Default));
    }
    let neighbours = ids.len();
    for face in faces {
        let found = defects(face, options.region);
        if !found.iter().any(|d| d.kind.blocks()) {
            ids.push(face.id);
            polygons.push(face.to_multi_polygon());
        }
        if !found.is_empty() {
            report.defects.push(FaceDefects { face: face.id, defects: found });
        }
    }
    let snapped = snap(&polygons, options.tolerance_m);
    report.snapped_vertices = snapped.moved;
    report.inserted_vertices = snapped.inserted;
    let mut polygons = snapped.faces;
    let outline = options.outline.map(|_| polygons.remove(0));
    let overlay = Overlay::new(ids, neighbours, polygons, options.tolerance_m);
    report.overlaps = overlay.overlaps();
    report.gaps = overlay.gaps(outline.as_ref());
    if let Some(outline) = &outline {
        report.outside = overlay.outside(outline);
        report.unmatched = overlay.unmatched(outline);
    }
    let snapped = overlay.ids.into_iter().zip(overlay.faces).skip(neighbours).collect();
    (report, snapped)
}

/// A face and the ends of one of its edges.
type FaceEdge = (usize, Coord<f64>, Coord<f64>);

/// Snapped faces, neighbours first, with an index of their edges.
struct Overlay {
    ids: Vec<FaceId>,
    neighbours: usize,
    faces: Vec<MultiPolygon<f64>>,
    edges: RTree<Entry<FaceEdge>>,
    tolerance_m: f64,
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

impl Overlay {
    fn new(ids: Vec<FaceId>, neighbours: usize, faces: Vec<MultiPolygon<f64>>, tolerance_m: f64) -> Self {
        let edges = faces.iter().enumerate().flat_map(|(f, face)| {
            let lines = face.iter().flat_map(rings).flat_map(LineString::lines);
            lines.map(move |l| entry(l.start, l.end, (f, l.start, l.end)))
        });
        let edges = RTree::bulk_load(edges.collect());
        Self { ids, neighbours, faces, edges, tolerance_m }
    }

    fn flaws(&self, parts: MultiPolygon<f64>, faces: impl Fn(&Polygon<f64>) -> Vec<FaceId>) -> Vec<Flaw> {
        flaws(parts, self.tolerance_m, faces)
    }

    fn overlaps(&self) -> Vec<Flaw> {
        let boxes = self.faces.iter().map(BoundingRect::bounding_rect);
        let boxes: Vec<Entry<usize>> =
            boxes.enumerate().filter_map(|(i, b)| b.map(|b| entry(b.min(), b.max(), i))).collect();
        let tree = RTree::bulk_load(boxes.clone());
        let flaws = boxes.par_iter().filter(|b| b.data >= self.neighbours).flat_map_iter(|one| {
            let i = one.data;
            let [low, high] = [one.geom().lower(), one.geom().upper()];
            let (low, high) = (Coord { x: low[0], y: low[1] }, Coord { x: high[0], y: high[1] });
            // A new face meets all neighbours, and the new faces before it.
            let others: Vec<usize> =
                around(&tree, low, high, (0.0, 0.0)).copied().filter(|&j| j < i).collect();
            others.into_iter().flat_map(move |j| {
                let mut pair = vec![self.ids[i], self.ids[j]];
                pair.sort_unstable();
                self.flaws(self.faces[i].intersection(&self.faces[j]), |_| pair.clone())
            })
        });
        sorted(flaws.collect())
    }

    fn gaps(&self, outline: Option<&MultiPolygon<f64>>) -> Vec<Flaw> {
        let gaps = match outline {
            // Land of the outline that a neighbour already holds shows up as an overlap with it when taken.
            Some(outline) => outline.difference(&unary_union(&self.faces[self.neighbours..])),
            None => enclosed(&self.faces),
        };
        let mut flaws = self.flaws(gaps, |shape| self.bordering(shape));
        let is_new = |id: &FaceId| self.ids[self.neighbours..].contains(id);
        // A hole among the neighbours alone is not the new faces' fault; a village none of whose faces could be
        // used is one gap without bordering faces.
        flaws.retain(|f| outline.is_some() || f.faces.iter().any(is_new));
        sorted(flaws)
    }

    fn outside(&self, outline: &MultiPolygon<f64>) -> Vec<Flaw> {
        let new = self.neighbours..self.faces.len();
        let flaws =
            new.flat_map(|i| self.flaws(self.faces[i].difference(outline), |_| vec![self.ids[i]])).collect();
        sorted(flaws)
    }

    /// The faces with an edge along the shape's border.
    fn bordering(&self, shape: &Polygon<f64>) -> Vec<FaceId> {
        let mut found = Vec::new();
        for line in rings(shape).flat_map(LineString::lines) {
            let middle = Coord {
                x: f64::midpoint(line.start.x, line.end.x),
                y: f64::midpoint(line.start.y, line.end.y),
            };
            let plane = LocalPlane::at_latitude(middle.y);
            let (east_m, north_m) = plane.metres_per_degree();
            let reach_m = self.tolerance_m.max(1e-3);
            let near = around(&self.edges, middle, middle, (reach_m / east_m, reach_m / north_m));
            for &(f, ..) in near.filter(|&&(_, a, b)| plane.distance_to_segment_m(middle, a, b) <= reach_m) {
                found.push(self.ids[f]);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn unmatched(&self, outline: &MultiPolygon<f64>) -> Vec<UnmatchedEdge> {
        let mut uses: HashMap<_, u32> = HashMap::new();
        let lines = |face: &MultiPolygon<f64>| -> Vec<(Coord<f64>, Coord<f64>)> {
            face.iter().flat_map(rings).flat_map(LineString::lines).map(|l| (l.start, l.end)).collect()
        };
        for (a, b) in self.faces.iter().chain([outline]).flat_map(lines) {
            *uses.entry(undirected(a, b)).or_default() += 1;
        }
        let mut found = Vec::new();
        for i in self.neighbours..self.faces.len() {
            for (from, to) in lines(&self.faces[i]) {
                if uses[&undirected(from, to)] < 2 {
                    found.push(UnmatchedEdge { face: self.ids[i], from, to });
                }
            }
        }
        found
    }
}

/// Land that faces enclose, be it that they meet in no more than points. Shells run anticlockwise, holes clockwise.
///
/// It is what a frame around the faces loses to them, but for what still reaches the frame. The holes of their union would
/// not do: land between two faces that meet in two points is in none.
fn enclosed(faces: &[MultiPolygon<f64>]) -> MultiPolygon<f64> {
    let all: MultiPolygon<f64> = faces.iter().flat_map(MultiPolygon::iter).cloned().collect();
    let Some(bounds) = all.bounding_rect() else { return all };
    let margin = bounds.width().max(bounds.height()) / 64.0;
    let by = |share: f64| Coord { x: share * margin, y: share * margin };
    let frame = Rect::new(bounds.min() - by(1.0), bounds.max() + by(1.0)).to_polygon();
    let reaches_frame =
        |part: &Polygon<f64>| part.bounding_rect().is_none_or(|b| b.min().x < (bounds.min() - by(0.5)).x);
    // At once, because the borders of a union have lost the vertices in which other faces touch them.
    let mut parts = frame.difference_with_fill_rule(&all, FillRule::NonZero);
    parts.0.retain(|part| !reaches_frame(part));
    parts
}

/// Turns the parts of an overlay into flaws, without those that are only its rounding.
pub(super) fn flaws(
    parts: MultiPolygon<f64>,
    tolerance_m: f64,
    faces: impl Fn(&Polygon<f64>) -> Vec<FaceId>,
) -> Vec<Flaw> {
    parts
        .into_iter()
        .filter_map(|shape| {
            let bbox = shape.bounding_rect()?;
            let plane = LocalPlane::at_latitude(bbox.center().y);
            let border_m: f64 =
                rings(&shape).flat_map(LineString::lines).map(|l| plane.distance_m(l.start, l.end)).sum();
            let area_m2 = area_m2(&shape);
            if 2.0 * area_m2 / border_m < tolerance_m / 10.0 {
                return None;
            }
            let at = shape.interior_point()?.into();
            Some(Flaw { faces: faces(&shape), shape, area_m2, at, bbox })
        })
        .collect()
}

pub(super) fn sorted(mut flaws: Vec<Flaw>) -> Vec<Flaw> {
    flaws.sort_by(|a, b| {
        let by_area = b.area_m2.total_cmp(&a.area_m2);
        by_area.then_with(|| a.at.x.total_cmp(&b.at.x)).then_with(|| a.at.y.total_cmp(&b.at.y))
    });
    flaws
}

#[cfg(test)]
mod tests;
