//! The line of a quickest trip. Never here: what to say along the way, or how to find many durations at once.

use cch::PathQuery;

use super::graph::RoadGraph;
use super::network::{EdgeId, NodeId};
use super::snap::Snap;
use super::trip::{End, Short};
use super::weights::CLOSED;
use crate::kernel::plane::PlanePoint;

/// A quickest trip with the line it follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// How long it takes, in milliseconds: what [`durations`](RoadGraph::durations) says.
    pub duration_ms: u32,
    /// How long it is, in metres.
    pub length_m: f64,
    /// Its vertices, from the point of departure over the roads to the point of arrival. A single vertex when
    /// the two are one place.
    pub vertices: Vec<PlanePoint>,
    /// The edges it follows, in order; none where it crosses a yard.
    pub stretches: Vec<Stretch>,
}

/// An edge of a path, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Which edge.
    pub edge: EdgeId,
    /// Whether it is travelled in the order of its vertices.
    pub forward: bool,
    /// The metres travelled along it.
    pub length_m: f64,
    /// The vertex of the path at which it begins.
    pub first_vertex: usize,
}

impl Path {
    /// How long it takes, in seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        f64::from(self.duration_ms) / 1000.0
    }
}

impl RoadGraph {
    /// The quickest trip between two snaps with the line it follows, or `None` when there is no way.
    #[must_use]
    pub fn path(&self, from: &Snap, to: &Snap) -> Option<Path> {
        let over_nodes = self.over_nodes(from, to);
        let by_nodes_ms = over_nodes.as_ref().map_or(CLOSED, |over| over.ms);
        let (duration_ms, short) = self.whole_ms(from, to, by_nodes_ms);
        if duration_ms == CLOSED {
            return None;
        }
        let mut line = Line::new(from.at);
        match (short, over_nodes) {
            (Some(Short::Straight), _) => {}
            (Some(Short::Along), _) => {
                line.reach(from.on_road);
                self.follow(&mut line, from.edge, from.along_m, to.along_m, to.on_road);
                line.reach(to.on_road);
            }
            (None, Some(over)) => {
                line.reach(from.on_road);
                self.follow_nodes(&mut line, from, &over, to);
                line.reach(to.on_road);
            }
            (None, None) => return None,
        }
        line.reach(to.at);
        let Line { vertices, stretches } = line;
        let length_m = vertices.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        Some(Path { duration_ms, length_m, vertices, stretches })
    }

    /// The quickest way over nodes.
    fn over_nodes(&self, from: &Snap, to: &Snap) -> Option<OverNodes> {
        let length_m = |snap: &Snap| self.network().edges()[snap.edge as usize].length_m();
        let departures = with_ends(self.departures(from), [length_m(from), 0.0]);
        let arrivals = with_ends(self.arrivals(to), [0.0, length_m(to)]);
        let nodes =
            |ends: &[(End, f64)]| -> Vec<NodeId> { ends.iter().map(|&((node, _), _)| node).collect() };
        let (hierarchy, metric) = (self.frame.hierarchy.view(), self.weights.metric.view());
        let between = cch::distance_matrix(&hierarchy, &metric, &nodes(&departures), &nodes(&arrivals));
        let (ms, out, into) = departures
            .iter()
            .flat_map(|out| arrivals.iter().map(move |into| (out, into)))
            .zip(between)
            .map(|((out, into), ms)| (out.0.1.saturating_add(ms).saturating_add(into.0.1), out, into))
            .filter(|&(ms, ..)| ms < CLOSED)
            .min_by_key(|&(ms, ..)| ms)?;
        let nodes = PathQuery::new(&hierarchy).path(&metric, out.0.0, into.0.0)?;
        Some(OverNodes { ms, nodes, out_m: out.1, in_m: into.1 })
    }

    fn follow_nodes(&self, line: &mut Line, from: &Snap, over: &OverNodes, to: &Snap) {
        self.follow(line, from.edge, from.along_m, over.out_m, self.end_of(from.edge, over.out_m));
        for pair in over.nodes.windows(2) {
            let quickest = self
                .frame
                .leaving(pair[0])
                .iter()
                .filter(|arc| arc.to == pair[1])
                .min_by_key(|arc| (self.weights.edge_ms[arc.edge as usize], arc.edge));
            if let Some(arc) = quickest {
                let length_m = self.network().edges()[arc.edge as usize].length_m();
                let (start_m, end_m) = if arc.forward { (0.0, length_m) } else { (length_m, 0.0) };
                self.follow(line, arc.edge, start_m, end_m, self.end_of(arc.edge, end_m));
            }
        }
        self.follow(line, to.edge, over.in_m, to.along_m, to.on_road);
    }

    /// The vertex at the end of `edge` that lies `along_m` from its first.
    fn end_of(&self, edge: EdgeId, along_m: f64) -> PlanePoint {
        let vertices = &self.network().edges()[edge as usize].vertices;
        if along_m <= 0.0 { vertices[0] } else { vertices[vertices.len() - 1] }
    }

    /// Follows an edge from one place along it to another, which lies at `end`.
    fn follow(&self, line: &mut Line, edge: EdgeId, from_m: f64, to_m: f64, end: PlanePoint) {
        let length_m = (to_m - from_m).abs();
        if length_m <= 0.0 {
            return;
        }
        let forward = to_m > from_m;
        line.stretches.push(Stretch { edge, forward, length_m, first_vertex: line.vertices.len() - 1 });
        let geometry = &self.network().edges()[edge as usize];
        let (low_m, high_m) = (from_m.min(to_m), from_m.max(to_m));
        let start = geometry.along_m.partition_point(|&along_m| along_m <= low_m);
        let stop = geometry.along_m.partition_point(|&along_m| along_m < high_m);
        let inner = geometry.vertices.get(start..stop).unwrap_or_default();
        if forward {
            line.extend(inner.iter().copied());
        } else {
            line.extend(inner.iter().rev().copied());
        }
        line.reach(end);
    }
}

/// A way from a place on one edge over nodes to a place on another.
struct OverNodes {
    /// Its milliseconds on the road.
    ms: u32,
    nodes: Vec<NodeId>,
    /// The end of the first edge by which it leaves, in metres along that edge.
    out_m: f64,
    /// The end of the last edge by which it enters, in metres along that edge.
    in_m: f64,
}

/// The ends there are, each with how far along its edge it lies.
fn with_ends(ends: [Option<End>; 2], along_m: [f64; 2]) -> Vec<(End, f64)> {
    ends.into_iter().zip(along_m).filter_map(|(end, along_m)| Some((end?, along_m))).collect()
}

/// A path as it grows.
struct Line {
    vertices: Vec<PlanePoint>,
    stretches: Vec<Stretch>,
}

impl Line {
    fn new(start: PlanePoint) -> Self {
        Self { vertices: vec![start], stretches: Vec::new() }
    }

    fn extend(&mut self, vertices: impl Iterator<Item = PlanePoint>) {
        for vertex in vertices {
            self.reach(vertex);
        }
    }

    /// Goes on to `vertex`, if that is not where it is.
    fn reach(&mut self, vertex: PlanePoint) {
        if self.vertices.last() != Some(&vertex) {
            self.vertices.push(vertex);
        }
    }
}
