//! The quickest trips from one place to many (Dijkstra 1959). Never here: in which order to visit them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::graph::{DirectedEdge, RoadGraph};
use super::network::{EdgeId, NodeId};
use super::profile::Profile;
use super::snap::Snap;
use crate::kernel::plane::PlanePoint;

/// What a trip costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trip {
    /// How long it takes, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
}

impl Trip {
    const UNREACHED: Self = Self { duration_s: f64::INFINITY, length_m: f64::INFINITY };
    const NOTHING: Self = Self { duration_s: 0.0, length_m: 0.0 };

    fn and(self, length_m: f64, duration_s: f64) -> Self {
        Self { duration_s: self.duration_s + duration_s, length_m: self.length_m + length_m }
    }
}

/// A trip with the line it follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// What it costs.
    pub trip: Trip,
    /// Its vertices, from the point of departure over the roads to the point of arrival. A single vertex when
    /// the two are one place.
    pub vertices: Vec<PlanePoint>,
}

/// The quickest trips from one snapped point to a list of others.
#[derive(Debug)]
pub struct Reach<'a> {
    graph: &'a RoadGraph,
    from: Snap,
    to: &'a [Snap],
    nodes: Vec<Settled>,
}

#[derive(Debug, Clone, Copy)]
struct Settled {
    trip: Trip,
    by: Approach,
}

/// How a node was reached: along the rest of the edge one started on, or from another node.
#[derive(Debug, Clone, Copy)]
enum Approach {
    Start { forward: bool },
    Edge { from: NodeId, edge: EdgeId, forward: bool },
}

/// How the last stretch to a target is travelled.
#[derive(Debug, Clone, Copy)]
enum Arrival {
    /// Without leaving the edge one started on.
    Direct,
    /// From the target edge's first node on.
    Forward,
    /// From its last node back.
    Back,
    /// Across the yard, on no road at all.
    Straight,
}

impl RoadGraph {
    /// The quickest trips from `from` to every one of `to`, with their length and geometry on demand.
    ///
    /// The search ends when every target is settled; O(E log E) at worst. Between the point and the road one
    /// goes on foot whatever the profile, straight, at [`Profile::FOOT_M_PER_S`]. Two points that are nearer to
    /// one another than either is to its road share a yard: one goes straight. Other neighbours are joined by
    /// way of the road, because courtyards are walled.
    #[must_use]
    pub fn reach<'a>(&'a self, from: Snap, to: &'a [Snap]) -> Reach<'a> {
        let mut nodes = vec![
            Settled { trip: Trip::UNREACHED, by: Approach::Start { forward: true } };
            self.network.nodes().len()
        ];
        let mut queue = BinaryHeap::new();
        let edge = &self.network.edges()[from.edge as usize];
        let s_per_m = self.s_per_m[from.edge as usize];
        let rest_m = edge.length_m() - from.along_m;
        let starts = [(edge.to, rest_m, true), (edge.from, from.along_m, false)];
        for (node, length_m, forward) in starts {
            let open = forward || from.along_m == 0.0 || self.goes_back(from.edge);
            let trip = Trip::NOTHING.and(length_m, length_m * s_per_m);
            if open && trip.duration_s < nodes[node as usize].trip.duration_s {
                nodes[node as usize] = Settled { trip, by: Approach::Start { forward } };
                queue.push(Candidate { duration_s: trip.duration_s, node });
            }
        }

        let mut wanted = vec![false; nodes.len()];
        let mut left = 0_usize;
        for target in to {
            let edge = &self.network.edges()[target.edge as usize];
            for node in [edge.from, edge.to] {
                left += usize::from(!std::mem::replace(&mut wanted[node as usize], true));
            }
        }
        while left > 0
            && let Some(Candidate { duration_s, node }) = queue.pop()
        {
            let reached = nodes[node as usize].trip;
            if duration_s > reached.duration_s {
                continue;
            }
            left -= usize::from(std::mem::take(&mut wanted[node as usize]));
            for &DirectedEdge { to, edge, forward, length_m, duration_s } in self.leaving(node) {
                let trip = reached.and(length_m, duration_s);
                if trip.duration_s < nodes[to as usize].trip.duration_s {
                    nodes[to as usize] = Settled { trip, by: Approach::Edge { from: node, edge, forward } };
                    queue.push(Candidate { duration_s: trip.duration_s, node: to });
                }
            }
        }
        Reach { graph: self, from, to, nodes }
    }
}

impl Reach<'_> {
    /// The trip to the target at `index`, off-road stretches included.
    ///
    /// # Panics
    /// When there is no such target.
    #[must_use]
    pub fn trip(&self, index: usize) -> Trip {
        self.arrive(&self.to[index]).0
    }

    /// The trip to the target at `index` with the line it follows.
    ///
    /// # Panics
    /// When there is no such target.
    #[must_use]
    pub fn path(&self, index: usize) -> Path {
        let to = &self.to[index];
        let (trip, arrival) = self.arrive(to);
        let mut vertices = vec![self.from.at, self.from.on_road];
        match arrival {
            Arrival::Straight => return Path { trip, vertices: unrepeated(vec![self.from.at, to.at]) },
            Arrival::Direct => self.between(&self.from, to, &mut vertices),
            Arrival::Forward | Arrival::Back => {
                let edge = &self.graph.network.edges()[to.edge as usize];
                let inner = &edge.vertices;
                if matches!(arrival, Arrival::Forward) {
                    self.to_node(edge.from, &mut vertices);
                    vertices.extend(&inner[..=to.vertex as usize]);
                } else {
                    self.to_node(edge.to, &mut vertices);
                    vertices.extend(inner[to.vertex as usize + 1..].iter().rev());
                }
            }
        }
        vertices.extend([to.on_road, to.at]);
        Path { trip, vertices: unrepeated(vertices) }
    }

    /// The quickest way to end the trip to `to`, and the whole trip's cost. Always finite: every part of the
    /// graph can be reached from every other.
    fn arrive(&self, to: &Snap) -> (Trip, Arrival) {
        let graph = self.graph;
        let edge = &graph.network.edges()[to.edge as usize];
        let s_per_m = graph.s_per_m[to.edge as usize];
        let rest_m = edge.length_m() - to.along_m;
        let via =
            |node: NodeId, length_m: f64| self.nodes[node as usize].trip.and(length_m, length_m * s_per_m);

        let mut best = (via(edge.from, to.along_m), Arrival::Forward);
        let mut offer = |trip: Trip, arrival| {
            if trip.duration_s < best.0.duration_s {
                best = (trip, arrival);
            }
        };
        if graph.goes_back(to.edge) || rest_m == 0.0 {
            offer(via(edge.to, rest_m), Arrival::Back);
        }
        let ahead_m = to.along_m - self.from.along_m;
        if self.from.edge == to.edge && (ahead_m >= 0.0 || graph.goes_back(to.edge)) {
            offer(Trip::NOTHING.and(ahead_m.abs(), ahead_m.abs() * s_per_m), Arrival::Direct);
        }
        let off_road_m = self.from.off_road_m + to.off_road_m;
        let by_road = best.0.and(off_road_m, off_road_m / Profile::FOOT_M_PER_S);

        let straight_m = self.from.at.distance_m(to.at);
        let straight = Trip::NOTHING.and(straight_m, straight_m / Profile::FOOT_M_PER_S);
        let one_yard = straight_m <= self.from.off_road_m.min(to.off_road_m);
        if one_yard && straight.duration_s <= by_road.duration_s {
            (straight, Arrival::Straight)
        } else {
            (by_road, best.1)
        }
    }

    /// Appends the vertices strictly between two places on one edge.
    fn between(&self, from: &Snap, to: &Snap, vertices: &mut Vec<PlanePoint>) {
        let inner = &self.graph.network.edges()[from.edge as usize].vertices;
        let (a, b) = (from.vertex as usize, to.vertex as usize);
        if to.along_m >= from.along_m {
            vertices.extend(inner.get(a + 1..=b).unwrap_or_default());
        } else {
            vertices.extend(inner.get(b + 1..=a).unwrap_or_default().iter().rev());
        }
    }

    /// Appends the vertices on the way from the start to `node`, both ends included.
    fn to_node(&self, node: NodeId, vertices: &mut Vec<PlanePoint>) {
        let edges = self.graph.network.edges();
        let mut back: Vec<PlanePoint> = vec![self.graph.network.nodes()[node as usize]];
        let mut at = node;
        loop {
            match self.nodes[at as usize].by {
                Approach::Edge { from, edge, forward } => {
                    let inner = &edges[edge as usize].vertices;
                    if forward {
                        back.extend(inner.iter().rev());
                    } else {
                        back.extend(inner);
                    }
                    at = from;
                }
                Approach::Start { forward } => {
                    let inner = &edges[self.from.edge as usize].vertices;
                    let vertex = self.from.vertex as usize;
                    if forward {
                        back.extend(inner[vertex + 1..].iter().rev());
                    } else {
                        back.extend(&inner[..=vertex]);
                    }
                    break;
                }
            }
        }
        vertices.extend(back.iter().rev());
    }
}

/// The vertices without those that repeat the one before.
fn unrepeated(mut vertices: Vec<PlanePoint>) -> Vec<PlanePoint> {
    vertices.dedup();
    vertices
}

/// A node in the queue, the soonest reached first; of two reached at once the lower number.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    duration_s: f64,
    node: NodeId,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.duration_s.total_cmp(&self.duration_s).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}
