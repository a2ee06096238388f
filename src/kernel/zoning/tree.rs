//! Dividing a connected set of sites in two by a random spanning tree, as in recombination (`ReCom`: `DeFord`, Duchin
//! and Solomon 2019, "Recombination: A family of Markov chains for redistricting"): both halves of a tree without one
//! of its edges are connected.
//!
//! Never here: which sets to divide, or whether to keep the result.

use super::graph::Graph;
use super::ground::NONE;
use super::groups::Groups;
use crate::kernel::random::Random;

/// Memory for dividing, used again and again.
#[derive(Debug)]
pub(super) struct Trees {
    /// The position of a site in the set being divided.
    local: Vec<u32>,
    edges: Vec<(f64, u32)>,
}

/// One way to divide a set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Halves {
    /// Which of the set's sites are in the first half.
    pub(super) first: Vec<bool>,
    /// The load of the first half.
    pub(super) load: f64,
    /// How many metres of border lie between the halves.
    pub(super) border_m: f64,
}

impl Trees {
    pub(super) fn new(sites: usize) -> Self {
        Self { local: vec![NONE; sites], edges: Vec::new() }
    }

    /// Divides `set` so that the first half's load is as near to `target` as one random tree allows; none if the set
    /// is not connected or has one site. O(n log n) for n sites and borders.
    pub(super) fn divide(
        &mut self,
        graph: &Graph,
        load: &[f64],
        set: &[u32],
        target: f64,
        random: &mut Random,
    ) -> Option<Halves> {
        for (i, &site) in set.iter().enumerate() {
            self.local[site as usize] = i as u32;
        }
        let halves = self.divide_local(graph, load, set, target, random);
        for &site in set {
            self.local[site as usize] = NONE;
        }
        halves
    }

    fn divide_local(
        &mut self,
        graph: &Graph,
        load: &[f64],
        set: &[u32],
        target: f64,
        random: &mut Random,
    ) -> Option<Halves> {
        self.edges.clear();
        for &site in set {
            for link in graph.links(site).iter().filter(|l| l.open && l.site > site) {
                if self.local[link.site as usize] != NONE {
                    let border = &graph.edges[link.edge as usize];
                    // Long borders are kept within a half, roads left to run between them.
                    let road = border.road_m / border.length_m.max(f64::MIN_POSITIVE);
                    let key = random.unit() * (1.0 + road) / border.length_m.max(0.01).sqrt();
                    self.edges.push((key, link.edge));
                }
            }
        }
        self.edges.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut groups = Groups::new(set.len());
        let mut tree: Vec<Vec<u32>> = vec![Vec::new(); set.len()];
        let mut joined = 1;
        for &(_, edge) in &self.edges {
            let [a, b] = graph.edges[edge as usize].sites.map(|s| self.local[s as usize]);
            if groups.join(a as usize, b as usize) {
                tree[a as usize].push(b);
                tree[b as usize].push(a);
                joined += 1;
            }
        }
        if joined < set.len() || set.len() < 2 {
            return None;
        }
        let (order, parent) = walk(&tree, random.below(set.len()) as u32);
        let mut below: Vec<f64> = set.iter().map(|&s| load[s as usize]).collect();
        for &i in order.iter().rev() {
            if parent[i as usize] != NONE {
                below[parent[i as usize] as usize] += below[i as usize];
            }
        }
        let total = below[order[0] as usize];
        let off = |i: u32| {
            let inner = below[i as usize];
            (inner - target).abs().min((total - inner - target).abs())
        };
        let cut = order[1..].iter().copied().min_by(|&a, &b| off(a).total_cmp(&off(b)))?;
        let mut under = vec![false; set.len()];
        for &i in &order {
            let above = parent[i as usize];
            under[i as usize] = i == cut || (above != NONE && under[above as usize]);
        }
        let inner = below[cut as usize];
        let inner_first = (inner - target).abs() <= (total - inner - target).abs();
        let first: Vec<bool> = under.into_iter().map(|u| u == inner_first).collect();
        let between = self.edges.iter().map(|&(_, e)| &graph.edges[e as usize]).filter(|border| {
            let [a, b] = border.sites.map(|s| first[self.local[s as usize] as usize]);
            a != b
        });
        let border_m = between.map(|b| b.length_m).sum();
        Some(Halves { first, load: if inner_first { inner } else { total - inner }, border_m })
    }
}

/// The vertices of a tree from its root on, and the parent of each.
fn walk(tree: &[Vec<u32>], root: u32) -> (Vec<u32>, Vec<u32>) {
    let mut parent = vec![NONE; tree.len()];
    let mut order = vec![root];
    let mut next = 0;
    while let Some(&at) = order.get(next) {
        next += 1;
        for &other in &tree[at as usize] {
            if other != parent[at as usize] {
                parent[other as usize] = at;
                order.push(other);
            }
        }
    }
    (order, parent)
}
