//! Puts a point on the nearest road. Never here: which way to go from there.

use rstar::PointDistance;

use super::graph::RoadGraph;
use super::network::EdgeId;
use super::weights::CLOSED;
use crate::kernel::plane::PlanePoint;

/// A point with the nearest place on the road graph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    /// The point itself.
    pub at: PlanePoint,
    /// The nearest place on a road.
    pub on_road: PlanePoint,
    /// The straight distance between the two in metres, part of every trip from or to the point.
    pub off_road_m: f64,
    /// The edge the nearest place lies on.
    pub edge: EdgeId,
    /// How far along the edge it lies, in metres from the edge's first vertex.
    pub along_m: f64,
}

impl RoadGraph {
    /// The nearest place to `at` on any edge of the graph that is not closed, or `None` when no such road is within
    /// `within_m` metres.
    ///
    /// Takes O(log n) for n vertices.
    #[must_use]
    pub fn snap(&self, at: PlanePoint, within_m: f64) -> Option<Snap> {
        if !at.is_finite() {
            return None;
        }
        let open = |edge: EdgeId| self.weights.edge_ms[edge as usize] != CLOSED;
        let segment = self
            .frame
            .segments
            .nearest_neighbor_iter(at.to_array())
            .take_while(|segment| segment.distance_2(&at.to_array()).sqrt() <= within_m)
            .find(|segment| open(segment.data.0))?;
        let [east_m, north_m] = segment.geom().nearest_point(&at.to_array());
        let on_road = PlanePoint::new(east_m, north_m);
        let (edge, vertex) = segment.data;
        let geometry = &self.network().edges()[edge as usize];
        let start = geometry.vertices[vertex as usize];
        let along_m = (geometry.along_m[vertex as usize] + start.distance_m(on_road))
            .min(geometry.along_m[vertex as usize + 1]);
        Some(Snap { at, on_road, off_road_m: at.distance_m(on_road), edge, along_m })
    }
}
