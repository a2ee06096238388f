//! What of a graph does not change with its weights: nodes, arcs, the contraction hierarchy, the index of places.
//!
//! Customisable contraction hierarchies: Dibbelt, Strasser and Wagner 2016, "Customizable Contraction
//! Hierarchies", by the `cch` crate. Never here: how long anything takes.

use std::sync::Arc;

use cch::Cch;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use super::components::strong_components;
use super::graph::Fragment;
use super::network::{EdgeId, NodeId, RoadNetwork};
use super::profile::Profile;

/// The shape of a [`RoadGraph`](super::RoadGraph).
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) network: Arc<RoadNetwork>,
    pub(super) profile: Profile,
    /// Seconds per metre along each edge; infinite where the edge is not part of the graph.
    pub(super) s_per_m: Vec<f64>,
    /// For each edge of the graph, its nodes. Not the network's numbers: nodes that belong to no edge of the graph
    /// have none, and where a barrier stops the profile each edge ends in a node of its own.
    pub(super) ends: Vec<[NodeId; 2]>,
    /// For each node, how many edges end there.
    pub(super) degree: Vec<u32>,
    first_arc: Vec<u32>,
    /// Sorted by the node they leave.
    pub(super) arcs: Vec<DirectedEdge>,
    pub(super) hierarchy: Cch,
    pub(super) segments: RTree<Segment>,
    pub(super) length_m: f64,
    pub(super) fragments: Vec<Fragment>,
}

/// A straight stretch of an edge: which edge, and which of its vertices it starts at.
pub(super) type Segment = GeomWithData<Line<[f64; 2]>, (EdgeId, u32)>;

/// An edge in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DirectedEdge {
    pub(super) to: NodeId,
    pub(super) edge: EdgeId,
    pub(super) forward: bool,
}

impl Frame {
    pub(super) fn new(network: Arc<RoadNetwork>, profile: Profile) -> Self {
        let speeds: Vec<Option<f64>> = network
            .edges()
            .iter()
            .map(|edge| {
                let directions = edge.access.of(profile);
                (directions.forward() || directions.backward())
                    .then(|| profile.speed_m_per_s(edge.class, edge.width_m, edge.limit_km_per_h))
                    .flatten()
            })
            .collect();
        let (apart, nodes) = ends_apart(&network, profile);
        let kept = largest_part(&network, profile, &speeds, &apart, nodes);

        let s_per_m: Vec<f64> = speeds
            .iter()
            .zip(&kept)
            .map(|(speed, &kept)| speed.filter(|_| kept).map_or(f64::INFINITY, f64::recip))
            .collect();
        let (ends, places) = renumbered(&network, apart, nodes, &kept);
        let (first_arc, arcs) = directed_edges(&network, profile, &kept, &ends, places.len());
        let hierarchy = contracted(&first_arc, &arcs, &places);
        let mut degree = vec![0; places.len()];
        for (ends, _) in ends.iter().zip(&kept).filter(|(_, kept)| **kept) {
            degree[ends[0] as usize] += 1;
            degree[ends[1] as usize] += 1;
        }

        let of_graph = || network.edges().iter().enumerate().filter(|&(index, _)| kept[index]);
        let segments = of_graph()
            .flat_map(|(index, edge)| {
                edge.vertices.windows(2).enumerate().map(move |(vertex, pair)| {
                    let line = Line::new(pair[0].to_array(), pair[1].to_array());
                    Segment::new(line, (index as EdgeId, vertex as u32))
                })
            })
            .collect();
        let length_m = of_graph().map(|(_, edge)| edge.length_m()).sum();
        let left_over: Vec<bool> =
            speeds.iter().zip(&kept).map(|(speed, &kept)| speed.is_some() && !kept).collect();
        let fragments = fragments(&network, &left_over);
        Self {
            profile,
            s_per_m,
            ends,
            degree,
            first_arc,
            arcs,
            hierarchy,
            segments: RTree::bulk_load(segments),
            length_m,
            fragments,
            network,
        }
    }

    /// The edges one may leave `node` by.
    pub(super) fn leaving(&self, node: NodeId) -> &[DirectedEdge] {
        let node = node as usize;
        &self.arcs[self.first_arc[node] as usize..self.first_arc[node + 1] as usize]
    }

    /// How many nodes there are.
    pub(super) fn nodes(&self) -> usize {
        self.degree.len()
    }
}

/// For each edge its nodes, with a node of its own where a barrier stops the profile; and how many nodes there
/// are.
fn ends_apart(network: &RoadNetwork, profile: Profile) -> (Vec<[NodeId; 2]>, usize) {
    let mut nodes = network.nodes().len();
    let mut end = |node: NodeId| {
        if network.stopped(node).stops(profile) {
            nodes += 1;
            nodes as NodeId - 1
        } else {
            node
        }
    };
    let ends = network.edges().iter().map(|edge| [end(edge.from), end(edge.to)]).collect();
    (ends, nodes)
}

/// For each edge, whether it belongs to the largest strongly connected part; of two parts equally long, to
/// the one whose first edge comes first.
fn largest_part(
    network: &RoadNetwork,
    profile: Profile,
    speeds: &[Option<f64>],
    ends: &[[NodeId; 2]],
    nodes: usize,
) -> Vec<bool> {
    let mut successors: Vec<Vec<u32>> = vec![Vec::new(); nodes];
    for ((edge, &[from, to]), _) in network.edges().iter().zip(ends).zip(speeds).filter(|(_, s)| s.is_some())
    {
        let directions = edge.access.of(profile);
        if directions.forward() {
            successors[from as usize].push(to);
        }
        if directions.backward() {
            successors[to as usize].push(from);
        }
    }
    let component = strong_components(nodes, |node| &successors[node]);

    let part_of: Vec<Option<usize>> = ends
        .iter()
        .zip(speeds)
        .map(|(&[from, to], speed)| {
            let (from, to) = (component[from as usize], component[to as usize]);
            (speed.is_some() && from == to).then_some(from as usize)
        })
        .collect();
    let mut length_m = vec![0.0; nodes];
    for (edge, part) in network.edges().iter().zip(&part_of) {
        if let Some(part) = part {
            length_m[*part] += edge.length_m();
        }
    }
    let largest = part_of
        .iter()
        .flatten()
        .copied()
        .reduce(|best, part| if length_m[part] > length_m[best] { part } else { best });
    part_of.iter().map(|part| part.is_some() && *part == largest).collect()
}

/// The nodes of the kept edges numbered anew, in the order of the edges, and where they are.
fn renumbered(
    network: &RoadNetwork,
    mut ends: Vec<[NodeId; 2]>,
    nodes: usize,
    kept: &[bool],
) -> (Vec<[NodeId; 2]>, Vec<[f64; 2]>) {
    let mut number: Vec<Option<NodeId>> = vec![None; nodes];
    let mut places = Vec::new();
    for ((edge, ends), _) in network.edges().iter().zip(&mut ends).zip(kept).filter(|(_, kept)| **kept) {
        for (end, node) in ends.iter_mut().zip([edge.from, edge.to]) {
            *end = *number[*end as usize].get_or_insert_with(|| {
                places.push(network.nodes()[node as usize].to_array());
                places.len() as NodeId - 1
            });
        }
    }
    (ends, places)
}

/// The edges of the graph in the directions they may be travelled, sorted by the node they leave.
fn directed_edges(
    network: &RoadNetwork,
    profile: Profile,
    kept: &[bool],
    ends: &[[NodeId; 2]],
    nodes: usize,
) -> (Vec<u32>, Vec<DirectedEdge>) {
    let mut leaving: Vec<(NodeId, DirectedEdge)> = Vec::new();
    for (index, (edge, &[from, to])) in network.edges().iter().zip(ends).enumerate() {
        if !kept[index] {
            continue;
        }
        let (edge, directions) = (index as EdgeId, edge.access.of(profile));
        if directions.forward() {
            leaving.push((from, DirectedEdge { to, edge, forward: true }));
        }
        if directions.backward() {
            leaving.push((to, DirectedEdge { to: from, edge, forward: false }));
        }
    }
    leaving.sort_by_key(|&(from, directed)| (from, directed.edge, directed.forward));
    let mut first_arc = vec![0; nodes + 1];
    for &(from, _) in &leaving {
        first_arc[from as usize + 1] += 1;
    }
    for node in 1..first_arc.len() {
        first_arc[node] += first_arc[node - 1];
    }
    (first_arc, leaving.into_iter().map(|(_, directed)| directed).collect())
}

/// The contraction hierarchy, whatever the weights.
fn contracted(first_arc: &[u32], arcs: &[DirectedEdge], places: &[[f64; 2]]) -> Cch {
    let head: Vec<u32> = arcs.iter().map(|arc| arc.to).collect();
    let tail: Vec<u32> = first_arc
        .windows(2)
        .enumerate()
        .flat_map(|(node, pair)| std::iter::repeat_n(node as u32, (pair[1] - pair[0]) as usize))
        .collect();
    // Only the order of the places along a few directions matters, for which 32 bits are enough once they are
    // counted from the first.
    let [east_m, north_m] = places.first().copied().unwrap_or_default();
    let along = |axis: usize, origin_m: f64| -> Vec<f32> {
        places.iter().map(|place| (place[axis] - origin_m) as f32).collect()
    };
    // The crate orders no nodes by panicking.
    let order = if places.is_empty() {
        Vec::new()
    } else {
        cch::inertial_order(places.len() as u32, &tail, &head, &along(1, north_m), &along(0, east_m))
    };
    let graph = cch::graph::Graph { first_out: first_arc.to_vec(), weight: vec![0; head.len()], head };
    Cch::build(&graph, &order)
}

/// Groups the edges marked in `left_over` by the nodes they share.
fn fragments(network: &RoadNetwork, left_over: &[bool]) -> Vec<Fragment> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); network.nodes().len()];
    let marked = || network.edges().iter().enumerate().filter(|&(index, _)| left_over[index]);
    for (_, edge) in marked() {
        neighbours[edge.from as usize].push(edge.to);
        neighbours[edge.to as usize].push(edge.from);
    }
    let group = strong_components(network.nodes().len(), |node| &neighbours[node]);
    let mut fragments: Vec<Option<Fragment>> = vec![None; network.nodes().len()];
    for (index, edge) in marked() {
        let fragment = fragments[group[edge.from as usize] as usize].get_or_insert_with(|| Fragment {
            edges: Vec::new(),
            length_m: 0.0,
            at: edge.vertices[0],
        });
        fragment.edges.push(index as EdgeId);
        fragment.length_m += edge.length_m();
    }
    let mut fragments: Vec<Fragment> = fragments.into_iter().flatten().collect();
    fragments.sort_by(|a, b| b.length_m.total_cmp(&a.length_m).then(a.edges.cmp(&b.edges)));
    fragments
}
