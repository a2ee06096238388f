//! Joins road lines into a network of nodes and edges. Never here: how fast anybody goes along them.
//!
//! Two lines are joined where they share a vertex, and where a line ends on another. Lines that merely cross
//! are not joined: one may be a bridge.

use std::collections::HashMap;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use super::access::{Access, Stopped};
use super::profile::RoadClass;
use crate::kernel::plane::PlanePoint;

/// A node's place in [`RoadNetwork::nodes`].
pub type NodeId = u32;
/// An edge's place in [`RoadNetwork::edges`].
pub type EdgeId = u32;

/// A road as it was surveyed: a line with what matters for moving along it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadLine {
    /// The line's vertices in order.
    pub vertices: Vec<PlanePoint>,
    /// What kind of road it is.
    pub class: RoadClass,
    /// Who may go along it, and which way.
    pub access: Access,
    /// Its width in metres, where known.
    pub width_m: Option<f64>,
    /// The speed a sign allows, where known.
    pub limit_km_per_h: Option<f64>,
    /// What it is called.
    pub name: Option<String>,
    /// What stands across it, by the place of the vertex in `vertices`.
    pub barriers: Vec<(usize, Stopped)>,
}

impl RoadLine {
    /// A road open to everybody, with nothing else known about it.
    #[must_use]
    pub fn new(vertices: Vec<PlanePoint>, class: RoadClass) -> Self {
        Self {
            vertices,
            class,
            access: Access::OPEN,
            width_m: None,
            limit_km_per_h: None,
            name: None,
            barriers: Vec::new(),
        }
    }
}

/// A stretch of road between two nodes.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The node at its first vertex.
    pub from: NodeId,
    /// The node at its last vertex.
    pub to: NodeId,
    /// Which of the given lines it is part of.
    pub line: u32,
    /// Its class.
    pub class: RoadClass,
    /// Who may go along it, and which way: forward is from `from` to `to`.
    pub access: Access,
    /// Its width in metres, where known.
    pub width_m: Option<f64>,
    /// The speed a sign allows, where known.
    pub limit_km_per_h: Option<f64>,
    /// Its vertices, both ends included; at least two, and no two in a row alike.
    pub vertices: Vec<PlanePoint>,
    /// For each vertex, how far along the edge it lies, in metres: 0 at the first.
    pub along_m: Vec<f64>,
}

impl Edge {
    /// The length in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }
}

/// Why a network could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A coordinate is infinite or not a number.
    #[error("road line {line} has a coordinate that is not a finite number")]
    NotFinite {
        /// Which of the given lines.
        line: usize,
    },
    /// A barrier stands at a vertex that is not there.
    #[error("road line {line} has a barrier at vertex {vertex}, which it does not have")]
    NoSuchVertex {
        /// Which of the given lines.
        line: usize,
        /// Which vertex.
        vertex: usize,
    },
}

/// Roads joined into nodes and edges.
#[derive(Debug, Clone, Default)]
pub struct RoadNetwork {
    nodes: Vec<PlanePoint>,
    /// For each node, whom something that stands there keeps from passing.
    stopped: Vec<Stopped>,
    edges: Vec<Edge>,
    /// For each of the lines it was made of, its name.
    names: Vec<Option<String>>,
}

impl RoadNetwork {
    /// Vertices nearer to one another than this are one place: surveyed lines meet to within a few
    /// centimetres, and no two road ends that do not meet are this close.
    pub const JOIN_M: f64 = 0.25;

    /// Joins `lines` into a network. A line whose vertices all lie in one place has no extent and is left out.
    ///
    /// Takes O(n log n) for n vertices. The result depends on the order of the lines only in which of several
    /// vertices within [`JOIN_M`](Self::JOIN_M) of one another gives its position to all.
    ///
    /// # Errors
    /// When a coordinate is not finite, or a barrier stands at no vertex.
    pub fn build(lines: &[RoadLine]) -> Result<Self, BuildError> {
        for (index, line) in lines.iter().enumerate() {
            if !line.vertices.iter().all(|vertex| vertex.is_finite()) {
                return Err(BuildError::NotFinite { line: index });
            }
            if let Some(&(vertex, _)) =
                line.barriers.iter().find(|(vertex, _)| *vertex >= line.vertices.len())
            {
                return Err(BuildError::NoSuchVertex { line: index, vertex });
            }
        }
        let mut places = Places::default();
        let mut stopped: HashMap<u32, Stopped> = HashMap::new();
        let mut sequences: Vec<Vec<u32>> = lines
            .iter()
            .map(|line| {
                let mut sequence: Vec<u32> =
                    line.vertices.iter().map(|&vertex| places.intern(vertex)).collect();
                for &(vertex, barrier) in &line.barriers {
                    let here = stopped.entry(sequence[vertex]).or_default();
                    *here = here.or(barrier);
                }
                sequence.dedup();
                sequence
            })
            .collect();
        join_ends_to_lines(&mut sequences, &places.points);
        Ok(split_at_nodes(lines, &sequences, &places.points, &stopped))
    }

    /// Where the nodes are.
    #[must_use]
    pub fn nodes(&self) -> &[PlanePoint] {
        &self.nodes
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The name of the line that `edge` is part of.
    #[must_use]
    pub fn name(&self, edge: EdgeId) -> Option<&str> {
        self.names[self.edges[edge as usize].line as usize].as_deref()
    }

    /// Whom something that stands at `node` keeps from passing.
    #[must_use]
    pub fn stopped(&self, node: NodeId) -> Stopped {
        self.stopped[node as usize]
    }
}

/// The distinct places of all vertices, found again through a hash of square cells one tolerance wide.
#[derive(Default)]
struct Places {
    points: Vec<PlanePoint>,
    cells: HashMap<(i64, i64), Vec<u32>>,
}

impl Places {
    /// The place at `point`: the nearest one known within the tolerance, else a new one.
    fn intern(&mut self, point: PlanePoint) -> u32 {
        let cell = |metres: f64| (metres / RoadNetwork::JOIN_M).floor() as i64;
        let (column, row) = (cell(point.east_m), cell(point.north_m));
        let known = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy)))
            .filter_map(|key| self.cells.get(&key))
            .flatten()
            .map(|&place| (self.points[place as usize].distance_m(point), place))
            .filter(|&(distance_m, _)| distance_m <= RoadNetwork::JOIN_M)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, place)) = known {
            return place;
        }
        let place = self.points.len() as u32;
        self.points.push(point);
        self.cells.entry((column, row)).or_default().push(place);
        place
    }
}

/// Where a line ends on the stretch between two vertices of another (or of itself), gives that stretch a
/// vertex at the same place.
fn join_ends_to_lines(sequences: &mut [Vec<u32>], points: &[PlanePoint]) {
    let at = |place: u32| points[place as usize].to_array();
    let segments = sequences
        .iter()
        .enumerate()
        .flat_map(|(line, sequence)| {
            sequence.windows(2).enumerate().map(move |(position, pair)| {
                GeomWithData::new(Line::new(at(pair[0]), at(pair[1])), (line, position, pair[0], pair[1]))
            })
        })
        .collect();
    let tree = RTree::bulk_load(segments);

    let mut ends: Vec<u32> =
        sequences.iter().filter(|s| s.len() > 1).flat_map(|s| [s[0], s[s.len() - 1]]).collect();
    ends.sort_unstable();
    ends.dedup();

    let mut insertions: Vec<(usize, usize, f64, u32)> = Vec::new();
    for end in ends {
        let tolerance_2 = RoadNetwork::JOIN_M * RoadNetwork::JOIN_M;
        for segment in tree.locate_within_distance(at(end), tolerance_2) {
            let (line, position, from, to) = segment.data;
            if from != end && to != end {
                let from_start = points[from as usize].distance_m(points[end as usize]);
                insertions.push((line, position, from_start, end));
            }
        }
    }
    // From the back of each line, so that positions still to come stay right.
    insertions.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(b.2.total_cmp(&a.2)).then(b.3.cmp(&a.3)));
    for (line, position, _, end) in insertions {
        sequences[line].insert(position + 1, end);
    }
}

/// Cuts every line where it passes a node: a place where a line ends, that lines pass more than once, or where
/// something stands.
fn split_at_nodes(
    lines: &[RoadLine],
    sequences: &[Vec<u32>],
    points: &[PlanePoint],
    stopped: &HashMap<u32, Stopped>,
) -> RoadNetwork {
    let mut passes = vec![0_u32; points.len()];
    for sequence in sequences.iter().filter(|sequence| sequence.len() > 1) {
        for &place in sequence {
            passes[place as usize] += 1;
        }
        passes[sequence[0] as usize] += 1;
        passes[sequence[sequence.len() - 1] as usize] += 1;
    }

    for &place in stopped.keys() {
        passes[place as usize] += 2;
    }

    let mut network =
        RoadNetwork { names: lines.iter().map(|line| line.name.clone()).collect(), ..RoadNetwork::default() };
    let mut node_at: Vec<Option<NodeId>> = vec![None; points.len()];
    let mut node_of = |place: u32, network: &mut RoadNetwork| {
        *node_at[place as usize].get_or_insert_with(|| {
            network.nodes.push(points[place as usize]);
            network.stopped.push(stopped.get(&place).copied().unwrap_or_default());
            network.nodes.len() as NodeId - 1
        })
    };
    for (index, (line, sequence)) in lines.iter().zip(sequences).enumerate() {
        let mut first = 0;
        for last in 1..sequence.len() {
            if passes[sequence[last] as usize] < 2 {
                continue;
            }
            let vertices: Vec<PlanePoint> =
                sequence[first..=last].iter().map(|&place| points[place as usize]).collect();
            let edge = Edge {
                from: node_of(sequence[first], &mut network),
                to: node_of(sequence[last], &mut network),
                line: index as u32,
                class: line.class,
                access: line.access,
                width_m: line.width_m,
                limit_km_per_h: line.limit_km_per_h,
                along_m: running_length_m(&vertices),
                vertices,
            };
            network.edges.push(edge);
            first = last;
        }
    }
    network
}

/// For each vertex its distance from the first along the line, in metres.
fn running_length_m(vertices: &[PlanePoint]) -> Vec<f64> {
    let mut along_m = 0.0;
    let mut previous = vertices[0];
    vertices
        .iter()
        .map(|&vertex| {
            along_m += previous.distance_m(vertex);
            previous = vertex;
            along_m
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::roads::Profile;

    fn road(vertices: &[(f64, f64)]) -> RoadLine {
        let vertices = vertices.iter().map(|&(east, north)| PlanePoint::new(east, north)).collect();
        RoadLine::new(vertices, RoadClass::Lane)
    }

    fn lengths(lines: &[RoadLine]) -> Vec<f64> {
        RoadNetwork::build(lines).unwrap().edges().iter().map(Edge::length_m).collect()
    }

    #[test]
    fn a_shared_vertex_joins_two_lines() {
        let network = RoadNetwork::build(&[
            road(&[(0.0, 0.0), (100.0, 0.0), (200.0, 0.0)]),
            road(&[(100.0, -50.0), (100.0, 0.0), (100.0, 70.0)]),
        ])
        .unwrap();
        assert_eq!((network.nodes().len(), network.edges().len()), (5, 4));
    }

    #[test]
    fn a_line_that_ends_on_another_is_joined_to_it() {
        let lines = [road(&[(0.0, 0.0), (100.0, 0.0)]), road(&[(30.0, 0.1), (30.0, 40.0)])];
        let found = lengths(&lines);
        assert_eq!(found.len(), 3);
        assert!((found[0] - 30.0).abs() < 0.01 && (found[1] - 70.0).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn several_ends_on_one_stretch_are_joined_in_order() {
        let lines = [
            road(&[(0.0, 0.0), (100.0, 0.0)]),
            road(&[(70.0, 0.0), (70.0, 9.0)]),
            road(&[(20.0, 0.0), (20.0, 9.0)]),
            road(&[(50.0, -9.0), (50.0, 0.0)]),
        ];
        assert_eq!(lengths(&lines)[..4], [20.0, 30.0, 20.0, 30.0]);
    }

    #[test]
    fn lines_that_cross_without_a_vertex_stay_apart() {
        let lines = [road(&[(0.0, 0.0), (100.0, 0.0)]), road(&[(50.0, -50.0), (50.0, 50.0)])];
        assert_eq!(lengths(&lines), [100.0, 100.0]);
    }

    #[test]
    fn ends_a_little_apart_are_one_place_and_ends_further_apart_are_not() {
        let near = [road(&[(0.0, 0.0), (10.0, 0.0)]), road(&[(10.2, 0.0), (20.0, 0.0)])];
        assert_eq!(RoadNetwork::build(&near).unwrap().nodes().len(), 3);
        let far = [road(&[(0.0, 0.0), (10.0, 0.0)]), road(&[(10.3, 0.0), (20.0, 0.0)])];
        assert_eq!(RoadNetwork::build(&far).unwrap().nodes().len(), 4);
    }

    #[test]
    fn a_ring_is_one_edge_from_a_node_to_itself() {
        let network =
            RoadNetwork::build(&[road(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)])])
                .unwrap();
        assert_eq!((network.nodes().len(), network.edges().len()), (1, 1));
        assert!((network.edges()[0].length_m() - 40.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_is_cut_where_something_stands_across_it() {
        let barrier = Stopped::these(&[Profile::Car]);
        let mut line = road(&[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)]);
        line.barriers = vec![(1, barrier)];
        let network = RoadNetwork::build(&[line.clone()]).unwrap();
        assert_eq!((network.nodes().len(), network.edges().len()), (3, 2));
        assert_eq!(network.stopped(network.edges()[0].to), barrier);
        assert_eq!(network.stopped(network.edges()[1].to), Stopped::default());

        line.barriers = vec![(3, barrier)];
        assert_eq!(RoadNetwork::build(&[line]).unwrap_err(), BuildError::NoSuchVertex { line: 0, vertex: 3 });
    }

    #[test]
    fn lines_without_extent_are_left_out_and_nonsense_is_refused() {
        assert!(lengths(&[road(&[]), road(&[(1.0, 1.0)]), road(&[(5.0, 5.0), (5.0, 5.1)])]).is_empty());
        let nonsense = [road(&[(0.0, 0.0), (1.0, 1.0)]), road(&[(0.0, f64::NAN), (1.0, 1.0)])];
        assert_eq!(RoadNetwork::build(&nonsense).unwrap_err(), BuildError::NotFinite { line: 1 });
    }
}
