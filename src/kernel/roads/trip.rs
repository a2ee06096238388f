//! The ends of a trip: between a place on an edge and the nodes at that edge's ends. Never here: the way between
//! nodes.

use super::graph::RoadGraph;
use super::network::NodeId;
use super::profile::Profile;
use super::snap::Snap;
use super::weights::{CLOSED, milliseconds};

/// A node at the end of a snap's edge, and the milliseconds between it and the snap.
pub(super) type End = (NodeId, u32);

/// Whether a trip leaves the roads' nodes aside altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// Along the one edge both places are on.
    Along,
    /// Across the yard, on no road at all.
    Straight,
}

impl RoadGraph {
    /// The nodes one can leave `snap` for, by the end of the edge: its last node, its first.
    pub(super) fn departures(&self, snap: &Snap) -> [Option<End>; 2] {
        let Some((edge_ms, at_ms)) = self.on_edge(snap) else { return [None, None] };
        let [first, last] = self.frame.ends[snap.edge as usize];
        let (directions, length_m) = self.edge(snap);
        [
            (directions.forward() || snap.along_m >= length_m).then_some((last, edge_ms - at_ms)),
            (directions.backward() || snap.along_m <= 0.0).then_some((first, at_ms)),
        ]
    }

    /// The nodes one can come to `snap` from, by the end of the edge: its first node, its last.
    pub(super) fn arrivals(&self, snap: &Snap) -> [Option<End>; 2] {
        let Some((edge_ms, at_ms)) = self.on_edge(snap) else { return [None, None] };
        let [first, last] = self.frame.ends[snap.edge as usize];
        let (directions, length_m) = self.edge(snap);
        [
            (directions.forward() || snap.along_m <= 0.0).then_some((first, at_ms)),
            (directions.backward() || snap.along_m >= length_m).then_some((last, edge_ms - at_ms)),
        ]
    }

    /// The whole trip's milliseconds, and how, when the quickest way over nodes takes `by_nodes_ms`.
    ///
    /// Between the point and the road one goes on foot whatever the profile, straight, at
    /// [`Profile::FOOT_M_PER_S`]. Two points that are nearer to one another than either is to its road share a
    /// yard: one goes straight. Other neighbours are joined by way of the road, because courtyards are walled.
    pub(super) fn whole_ms(&self, from: &Snap, to: &Snap, by_nodes_ms: u32) -> (u32, Option<Short>) {
        let (road_ms, short) = match self.along_ms(from, to) {
            Some(along_ms) if along_ms <= by_nodes_ms => (along_ms, Some(Short::Along)),
            _ => (by_nodes_ms, None),
        };
        let by_road_ms = if road_ms == CLOSED {
            CLOSED
        } else {
            let off_road_ms = walk_ms(from.off_road_m).saturating_add(walk_ms(to.off_road_m));
            road_ms.saturating_add(off_road_ms).min(CLOSED)
        };
        let straight_m = from.at.distance_m(to.at);
        let straight_ms = walk_ms(straight_m);
        if straight_m <= from.off_road_m.min(to.off_road_m) && straight_ms <= by_road_ms {
            (straight_ms, Some(Short::Straight))
        } else {
            (by_road_ms, short)
        }
    }

    /// Milliseconds without leaving the edge both places are on.
    fn along_ms(&self, from: &Snap, to: &Snap) -> Option<u32> {
        if from.edge != to.edge {
            return None;
        }
        let ((_, from_ms), (_, to_ms)) = (self.on_edge(from)?, self.on_edge(to)?);
        let (directions, _) = self.edge(from);
        let possible = match to.along_m.total_cmp(&from.along_m) {
            std::cmp::Ordering::Less => directions.backward(),
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => directions.forward(),
        };
        possible.then_some(from_ms.abs_diff(to_ms))
    }

    /// The milliseconds of the edge a snap is on, and of the part before the snap; nothing where it is closed.
    fn on_edge(&self, snap: &Snap) -> Option<(u32, u32)> {
        let edge_ms = self.weights.edge_ms[snap.edge as usize];
        if edge_ms == CLOSED {
            return None;
        }
        let share = (snap.along_m / self.network().edges()[snap.edge as usize].length_m()).clamp(0.0, 1.0);
        Some((edge_ms, (f64::from(edge_ms) * share).round() as u32))
    }

    fn edge(&self, snap: &Snap) -> (super::access::Directions, f64) {
        let edge = &self.network().edges()[snap.edge as usize];
        (edge.access.of(self.frame.profile), edge.length_m())
    }
}

fn walk_ms(length_m: f64) -> u32 {
    milliseconds(length_m / Profile::FOOT_M_PER_S)
}
