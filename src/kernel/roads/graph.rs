//! A road network as one profile may use it. Never here: how trips over it are found.

use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};
use std::sync::Arc;

use super::components::strong_components;
use super::network::{EdgeId, NodeId, RoadNetwork};
use super::profile::Profile;
use crate::kernel::plane::PlanePoint;

/// The part of a [`RoadNetwork`] that a [`Profile`] can use and that holds together: from every place in it
/// every other can be reached, and back.
#[derive(Debug)]
pub struct RoadGraph {
    pub(super) network: Arc<RoadNetwork>,
    pub(super) profile: Profile,
    /// Seconds per metre along each edge; infinite where the edge is not part of the graph.
    pub(super) s_per_m: Vec<f64>,
    first_arc: Vec<u32>,
    arcs: Vec<DirectedEdge>,
    pub(super) segments: RTree<Segment>,
    length_m: f64,
    fragments: Vec<Fragment>,
}

/// A straight stretch of an edge: which edge, and which of its vertices it starts at.
pub(super) type Segment = GeomWithData<Line<[f64; 2]>, (EdgeId, u32)>;

/// An edge in one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct DirectedEdge {
    pub(super) to: NodeId,
    pub(super) edge: EdgeId,
    pub(super) forward: bool,
    pub(super) length_m: f64,
    pub(super) duration_s: f64,
}

/// Roads that the profile may use but that do not belong to the graph, because one cannot get there and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// The edges of the fragment in rising order.
    pub edges: Vec<EdgeId>,
    /// Their length in metres.
    pub length_m: f64,
    /// A place on it to look at.
    pub at: PlanePoint,
}

impl RoadGraph {
    /// The graph of `network` for `profile`: the largest strongly connected part by length; what is left over
    /// is reported by [`fragments`](Self::fragments).
    ///
    /// Takes O(n log n) for n vertices.
    #[must_use]
    pub fn new(network: Arc<RoadNetwork>, profile: Profile) -> Self {
        let speeds: Vec<Option<f64>> =
            network.edges().iter().map(|edge| profile.speed_m_per_s(edge.class, edge.width_m)).collect();
        let kept = largest_part(&network, profile, &speeds);

        let s_per_m: Vec<f64> = speeds
            .iter()
            .zip(&kept)
            .map(|(speed, &kept)| speed.filter(|_| kept).map_or(f64::INFINITY, f64::recip))
            .collect();
        let (first_arc, arcs) = directed_edges(&network, profile, &s_per_m);
        let of_graph = || network.edges().iter().enumerate().filter(|&(index, _)| kept[index]);
        let segments = of_graph()
            .flat_map(|(index, edge)| {
                edge.vertices.windows(2).enumerate().map(move |(vertex, pair)| {
                    Segment::new(
                        Line::new(pair[0].to_array(), pair[1].to_array()),
                        (index as EdgeId, vertex as u32),
                    )
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
            first_arc,
            arcs,
            segments: RTree::bulk_load(segments),
            length_m,
            fragments,
            network,
        }
    }

    /// The network this graph was made of.
    #[must_use]
    pub fn network(&self) -> &RoadNetwork {
        &self.network
    }

    /// The length of its roads in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.length_m
    }

    /// Usable roads that are not part of the graph, the longest first.
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        &self.fragments
    }

    /// The edges one may leave `node` by.
    pub(super) fn leaving(&self, node: NodeId) -> &[DirectedEdge] {
        let node = node as usize;
        &self.arcs[self.first_arc[node] as usize..self.first_arc[node + 1] as usize]
    }

    /// Whether `edge` may be travelled against the order of its vertices.
    pub(super) fn goes_back(&self, edge: EdgeId) -> bool {
        !(self.profile.obeys_one_way() && self.network.edges()[edge as usize].one_way)
    }
}

/// For each edge, whether it belongs to the largest strongly connected part; of two parts equally long, to
/// the one whose first edge comes first.
fn largest_part(network: &RoadNetwork, profile: Profile, speeds: &[Option<f64>]) -> Vec<bool> {
    let mut successors: Vec<Vec<u32>> = vec![Vec::new(); network.nodes().len()];
    for (edge, _) in network.edges().iter().zip(speeds).filter(|(_, speed)| speed.is_some()) {
        successors[edge.from as usize].push(edge.to);
        if !(profile.obeys_one_way() && edge.one_way) {
            successors[edge.to as usize].push(edge.from);
        }
    }
    let component = strong_components(network.nodes().len(), |node| &successors[node]);

    let part_of: Vec<Option<usize>> = network
        .edges()
        .iter()
        .zip(speeds)
        .map(|(edge, speed)| {
            let (from, to) = (component[edge.from as usize], component[edge.to as usize]);
            (speed.is_some() && from == to).then_some(from as usize)
        })
        .collect();
    let mut length_m = vec![0.0; network.nodes().len()];
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

/// The edges of the graph in the directions they may be travelled, sorted by the node they leave.
fn directed_edges(network: &RoadNetwork, profile: Profile, s_per_m: &[f64]) -> (Vec<u32>, Vec<DirectedEdge>) {
    let mut leaving: Vec<(NodeId, DirectedEdge)> = Vec::new();
    for (index, (edge, &s_per_m)) in network.edges().iter().zip(s_per_m).enumerate() {
        if s_per_m.is_infinite() {
            continue;
        }
        let length_m = edge.length_m();
        let mut add = |from, to, forward| {
            let directed =
                DirectedEdge { to, edge: index as EdgeId, forward, length_m, duration_s: length_m * s_per_m };
            leaving.push((from, directed));
        };
        add(edge.from, edge.to, true);
        if !(profile.obeys_one_way() && edge.one_way) {
            add(edge.to, edge.from, false);
        }
    }
    leaving.sort_by_key(|&(from, directed)| (from, directed.edge, directed.forward));
    let mut first_arc = vec![0; network.nodes().len() + 1];
    for &(from, _) in &leaving {
        first_arc[from as usize + 1] += 1;
    }
    for node in 1..first_arc.len() {
        first_arc[node] += first_arc[node - 1];
    }
    (first_arc, leaving.into_iter().map(|(_, directed)| directed).collect())
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
