//! The plain way to find quickest trips (Dijkstra 1959): the measure of what the hierarchy answers, and of how
//! fast. Never here: geometry.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::RoadGraph;
use super::network::NodeId;
use super::snap::Snap;
use super::weights::CLOSED;

impl RoadGraph {
    /// Milliseconds of the quickest trips from `from` to every one of `to`, `None` where there is no way: the same
    /// as a row of [`durations`](Self::durations), without the hierarchy.
    ///
    /// The search ends when every target is settled; O(E log E) at worst.
    #[must_use]
    pub fn dijkstra(&self, from: &Snap, to: &[Snap]) -> Vec<Option<u32>> {
        let mut best_ms = vec![CLOSED; self.frame.nodes()];
        let mut queue: BinaryHeap<Reverse<(u32, NodeId)>> = BinaryHeap::new();
        for (node, ms) in self.departures(from).into_iter().flatten() {
            if ms < best_ms[node as usize] {
                best_ms[node as usize] = ms;
                queue.push(Reverse((ms, node)));
            }
        }
        let arrivals: Vec<_> = to.iter().map(|snap| self.arrivals(snap)).collect();
        let mut wanted = vec![false; best_ms.len()];
        let mut left = 0_usize;
        for &(node, _) in arrivals.iter().flatten().flatten() {
            left += usize::from(!std::mem::replace(&mut wanted[node as usize], true));
        }
        while left > 0
            && let Some(Reverse((ms, node))) = queue.pop()
        {
            if ms > best_ms[node as usize] {
                continue;
            }
            left -= usize::from(std::mem::take(&mut wanted[node as usize]));
            for arc in self.frame.leaving(node) {
                let arrived_ms = ms.saturating_add(self.weights.edge_ms[arc.edge as usize]);
                let known = &mut best_ms[arc.to as usize];
                if arrived_ms < *known {
                    *known = arrived_ms;
                    queue.push(Reverse((arrived_ms, arc.to)));
                }
            }
        }
        to.iter()
            .zip(&arrivals)
            .map(|(to, arrivals)| {
                let by_nodes_ms = arrivals
                    .iter()
                    .flatten()
                    .map(|&(node, ms)| best_ms[node as usize].saturating_add(ms))
                    .fold(CLOSED, u32::min);
                let (ms, _) = self.whole_ms(from, to, by_nodes_ms);
                (ms != CLOSED).then_some(ms)
            })
            .collect()
    }
}
