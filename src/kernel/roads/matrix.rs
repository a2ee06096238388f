//! How long it takes from every one of many places to every one of many others.
//!
//! Never here: which way. The search climbs the elimination tree of the contraction hierarchy (Buchhold, Sanders
//! and Wagner 2019, "Real-time Traffic Assignment Using Engineered Customizable Contraction Hierarchies"), and
//! comes down only through what lies above the targets, for several sources at once (as RPHAST does: Delling,
//! Goldberg and Werneck 2011, "Faster Batched Shortest Paths in Road Networks").

use super::graph::RoadGraph;
use super::network::NodeId;
use super::snap::Snap;
use super::trip::End;
use super::weights::CLOSED;

/// Durations of trips between places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    to: usize,
    ms: Vec<u32>,
}

impl Durations {
    /// Milliseconds from place `from` to place `to`; `None` when there is no way.
    ///
    /// # Panics
    /// When there is no such place.
    #[must_use]
    pub fn ms(&self, from: usize, to: usize) -> Option<u32> {
        assert!(to < self.to, "there is no target {to}");
        let ms = self.ms[from * self.to + to];
        (ms != CLOSED).then_some(ms)
    }

    /// Seconds from place `from` to place `to`; infinite when there is no way.
    ///
    /// # Panics
    /// When there is no such place.
    #[must_use]
    pub fn seconds(&self, from: usize, to: usize) -> f64 {
        self.ms(from, to).map_or(f64::INFINITY, |ms| f64::from(ms) / 1000.0)
    }
}

/// Sources that come down together: as many 32-bit numbers as the widest registers in use hold.
const LANES: usize = 16;
/// Milliseconds of a way that is not there, as a lane has it. Signed, because processors without SSE 4.1 compare
/// nothing else; twice it does not overflow, so that ways add up without a check.
const FAR: i32 = i32::MAX / 2;
const NOT_ABOVE: u32 = u32::MAX;

impl RoadGraph {
    /// The durations of the quickest trips from every one of `from` to every one of `to`, off-road stretches
    /// included.
    ///
    /// Each source climbs through the few hundred nodes above it; each batch of sources then comes down
    /// through the nodes above the targets once.
    #[must_use]
    pub fn durations(&self, from: &[Snap], to: &[Snap]) -> Durations {
        let departures: Vec<_> = from.iter().map(|snap| self.ranked(self.departures(snap))).collect();
        let arrivals: Vec<_> = to.iter().map(|snap| self.ranked(self.arrivals(snap))).collect();
        let targets = Above::new(self, &arrivals);

        let mut ms = vec![CLOSED; from.len() * to.len()];
        let mut climb = Climb::new(self);
        let mut lanes = vec![[FAR; LANES]; targets.nodes.len()];
        for (batch, sources) in departures.chunks(LANES).enumerate() {
            lanes.fill([FAR; LANES]);
            for (lane, source) in sources.iter().enumerate() {
                climb.run(source, |rank, ms| {
                    let local = targets.local[rank as usize];
                    if local != NOT_ABOVE {
                        lanes[local as usize][lane] = lane_ms(ms);
                    }
                });
            }
            targets.descend(&mut lanes);
            let rows = ms[batch * LANES * to.len()..].chunks_mut(to.len().max(1));
            let sources = from[batch * LANES..].iter().take(sources.len());
            for (lane, (row, from)) in rows.zip(sources).enumerate() {
                for ((ms, to), arrivals) in row.iter_mut().zip(to).zip(&arrivals) {
                    let by_nodes_ms = arrivals
                        .iter()
                        .flatten()
                        .filter_map(|&(rank, ms)| {
                            let above = lanes[targets.local[rank as usize] as usize][lane];
                            (above < FAR).then(|| (above as u32).saturating_add(ms))
                        })
                        .fold(CLOSED, u32::min);
                    *ms = self.whole_ms(from, to, by_nodes_ms).0;
                }
            }
        }
        Durations { to: to.len(), ms }
    }

    /// The ends with their nodes' ranks in the hierarchy.
    fn ranked(&self, ends: [Option<End>; 2]) -> [Option<(u32, u32)>; 2] {
        ends.map(|end| end.map(|(node, ms): (NodeId, u32)| (self.frame.hierarchy.rank[node as usize], ms)))
    }
}

/// A search up from one source through the elimination tree, with its scratch.
struct Climb<'a> {
    graph: &'a RoadGraph,
    ms: Vec<u32>,
}

impl<'a> Climb<'a> {
    fn new(graph: &'a RoadGraph) -> Self {
        Self { graph, ms: vec![CLOSED; graph.frame.nodes()] }
    }

    /// Visits every node above the source with the milliseconds of the quickest way that only climbs.
    fn run(&mut self, source: &[Option<(u32, u32)>; 2], mut visit: impl FnMut(u32, u32)) {
        let hierarchy = &self.graph.frame.hierarchy;
        let parent = &hierarchy.elimination_tree_parent;
        let forward = &self.graph.weights.metric.forward;
        let [mut a, mut b] = source.map(|end| end.map_or(u32::MAX, |(rank, _)| rank));
        for &(rank, ms) in source.iter().flatten() {
            let known = &mut self.ms[rank as usize];
            *known = (*known).min(ms);
        }
        // A parent ranks above its children, and the parent of a root is the greatest number there is.
        while a.min(b) != u32::MAX {
            let node = a.min(b) as usize;
            let ms = std::mem::replace(&mut self.ms[node], CLOSED);
            visit(node as u32, ms);
            let arcs = hierarchy.up_first_out[node] as usize..hierarchy.up_first_out[node + 1] as usize;
            for (&head, &weight) in hierarchy.up_head[arcs.clone()].iter().zip(&forward[arcs]) {
                let known = &mut self.ms[head as usize];
                *known = (*known).min(ms.saturating_add(weight));
            }
            if a == node as u32 {
                a = parent[node];
            }
            if b == node as u32 {
                b = parent[node];
            }
        }
    }
}

/// The nodes above the targets, the highest first, and the arcs down through them.
struct Above {
    /// For each rank, its place in `nodes`.
    local: Vec<u32>,
    /// For each node, where its arcs start, and at the end where they end.
    nodes: Vec<u32>,
    first_arc: Vec<u32>,
    /// The upper node's place in `nodes`, and the milliseconds down from it.
    arcs: Vec<(u32, i32)>,
}

impl Above {
    fn new(graph: &RoadGraph, targets: &[[Option<(u32, u32)>; 2]]) -> Self {
        let hierarchy = &graph.frame.hierarchy;
        let backward = &graph.weights.metric.backward;
        let mut local = vec![NOT_ABOVE; graph.frame.nodes()];
        let mut nodes = Vec::new();
        for &(rank, _) in targets.iter().flatten().flatten() {
            let mut node = rank;
            while node != u32::MAX && local[node as usize] == NOT_ABOVE {
                local[node as usize] = 0;
                nodes.push(node);
                node = hierarchy.elimination_tree_parent[node as usize];
            }
        }
        nodes.sort_unstable_by(|a, b| b.cmp(a));
        for (place, &node) in nodes.iter().enumerate() {
            local[node as usize] = place as u32;
        }
        let mut first_arc = Vec::with_capacity(nodes.len() + 1);
        let mut arcs = Vec::new();
        for &node in &nodes {
            first_arc.push(arcs.len() as u32);
            let node = node as usize;
            let up = hierarchy.up_first_out[node] as usize..hierarchy.up_first_out[node + 1] as usize;
            let heads = hierarchy.up_head[up.clone()].iter().map(|&head| local[head as usize]);
            arcs.extend(heads.zip(backward[up].iter().map(|&ms| lane_ms(ms))));
        }
        first_arc.push(arcs.len() as u32);
        Self { local, nodes, first_arc, arcs }
    }

    /// Brings the milliseconds down from the highest node to the targets.
    fn descend(&self, lanes: &mut [[i32; LANES]]) {
        for node in 0..self.nodes.len() {
            let (above, here) = lanes.split_at_mut(node);
            let mut best = here[0];
            for &(upper, weight) in
                &self.arcs[self.first_arc[node] as usize..self.first_arc[node + 1] as usize]
            {
                for (best, &ms) in best.iter_mut().zip(&above[upper as usize]) {
                    *best = (*best).min(ms + weight);
                }
            }
            here[0] = best;
        }
    }
}

fn lane_ms(ms: u32) -> i32 {
    i32::try_from(ms).unwrap_or(FAR).min(FAR)
}
