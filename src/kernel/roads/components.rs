//! Strongly connected components of a directed graph. Never here: what the graph stands for.

/// The component of each node, numbered from 0; nodes are in one component when each can be reached from the
/// other.
///
/// `successors(node)` gives the nodes one step away. The algorithm is Tarjan's (1972, "Depth-first search and
/// linear graph algorithms"), with a stack of its own so that a long road cannot exhaust the thread's; O(V + E).
pub(super) fn strong_components<'a, F>(nodes: usize, successors: F) -> Vec<u32>
where
    F: Fn(usize) -> &'a [u32],
{
    const UNSEEN: u32 = u32::MAX;
    let mut component = vec![UNSEEN; nodes];
    let mut order = vec![UNSEEN; nodes];
    let mut low = vec![0_u32; nodes];
    let mut open: Vec<usize> = Vec::new();
    let mut seen = 0;
    let mut components = 0;

    for root in 0..nodes {
        if order[root] != UNSEEN {
            continue;
        }
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, next)) = calls.pop() {
            if next == 0 {
                order[node] = seen;
                low[node] = seen;
                seen += 1;
                open.push(node);
            }
            let reached = successors(node);
            if let Some(&successor) = reached.get(next) {
                let successor = successor as usize;
                calls.push((node, next + 1));
                if order[successor] == UNSEEN {
                    calls.push((successor, 0));
                } else if component[successor] == UNSEEN {
                    low[node] = low[node].min(order[successor]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = open.pop() {
                    component[member] = components;
                    if member == node {
                        break;
                    }
                }
                components += 1;
            }
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn components_are_what_mutual_reachability_says(
            arcs in prop::collection::vec((0_usize..9, 0_usize..9), 0..25)
        ) {
            let mut next = vec![Vec::new(); 9];
            let mut reaches = [[false; 9]; 9];
            for (node, row) in reaches.iter_mut().enumerate() {
                row[node] = true;
            }
            for &(from, to) in &arcs {
                next[from].push(to as u32);
                reaches[from][to] = true;
            }
            for via in 0..9 {
                for from in 0..9 {
                    for to in 0..9 {
                        reaches[from][to] |= reaches[from][via] && reaches[via][to];
                    }
                }
            }
            let found = strong_components(9, |node| &next[node]);
            for a in 0..9 {
                for b in 0..9 {
                    prop_assert_eq!(found[a] == found[b], reaches[a][b] && reaches[b][a]);
                }
            }
        }
    }

    #[test]
    fn a_long_road_needs_no_deep_stack() {
        let next: Vec<Vec<u32>> = (0..200_000_u32).map(|node| vec![(node + 1) % 200_000]).collect();
        let found = strong_components(next.len(), |node| &next[node]);
        assert!(found.iter().all(|&component| component == 0));
    }
}
