//! A plan while it is being searched: who is in which zone, and what that costs, kept up move by move.
//!
//! Never here: which moves to try.

use super::ground::NONE;
use super::task::Task;

/// What a plan is to be good at. Costs are in borders: a border of usual length that a plan cuts costs `cut`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Goal {
    /// How far from the mean a load may be at no cost.
    pub(super) tolerance: f64,
    /// For each site's usual load beyond the tolerance.
    pub(super) over: f64,
    /// For deviations within the tolerance, by their square.
    pub(super) even: f64,
    /// For each site's usual number of people moved.
    pub(super) moved: f64,
    /// For each border cut.
    pub(super) cut: f64,
}

/// A whole plan; cheap to change by one site.
#[derive(Debug, Clone)]
pub(super) struct State<'t, 'g> {
    pub(super) task: &'t Task<'g>,
    pub(super) goal: Goal,
    pub(super) zone: Vec<u32>,
    pub(super) load: Vec<f64>,
    pub(super) members: Vec<u32>,
    /// The open borders that the plan cuts, in no order, and where in that list each border is.
    cuts: Vec<u32>,
    place: Vec<u32>,
    usual_load: f64,
    usual_people: f64,
    visit: Visit,
}

/// Marks for walks through a zone.
#[derive(Debug, Clone, Default)]
struct Visit {
    round: u32,
    seen: Vec<(u32, u8)>,
    queue: Vec<u32>,
}

/// A site with more neighbours than this in its zone is taken to hold the zone together.
const MOST_SOURCES: usize = 200;

impl<'t, 'g> State<'t, 'g> {
    /// The plan `zone`, which must be sound.
    pub(super) fn new(task: &'t Task<'g>, goal: Goal, zone: Vec<u32>) -> Self {
        let edges = &task.graph.edges;
        let sites = task.load.len();
        let mut state = Self {
            task,
            goal,
            load: vec![0.0; task.zones],
            members: vec![0; task.zones],
            cuts: Vec::new(),
            place: vec![NONE; edges.len()],
            usual_load: task.mean * task.zones as f64 / sites as f64,
            usual_people: (task.people / sites as f64).max(f64::MIN_POSITIVE),
            visit: Visit { round: 0, seen: vec![(0, 0); sites], queue: Vec::new() },
            zone,
        };
        for site in 0..sites {
            state.load[state.zone[site] as usize] += task.load[site];
            state.members[state.zone[site] as usize] += 1;
        }
        for edge in 0..edges.len() {
            state.note(edge as u32);
        }
        state
    }

    /// Puts an open border in the list of cuts if its sides are in different zones, or takes it out.
    fn note(&mut self, edge: u32) {
        let border = &self.task.graph.edges[edge as usize];
        let [a, b] = border.sites.map(|s| self.zone[s as usize]);
        let place = self.place[edge as usize];
        if a != b && border.open && place == NONE {
            self.place[edge as usize] = self.cuts.len() as u32;
            self.cuts.push(edge);
        } else if a == b && place != NONE {
            self.cuts.swap_remove(place as usize);
            if let Some(&moved) = self.cuts.get(place as usize) {
                self.place[moved as usize] = place;
            }
            self.place[edge as usize] = NONE;
        }
    }

    pub(super) fn cuts(&self) -> &[u32] {
        &self.cuts
    }

    fn load_cost(&self, load: f64) -> f64 {
        let mean = self.task.mean;
        let off = (load - mean).abs();
        let over = (off - self.goal.tolerance * mean).max(0.0) / self.usual_load;
        self.goal.over * over + self.goal.even * off * off / (mean * self.usual_load)
    }

    /// The loads beyond the tolerance, in sites' usual loads.
    pub(super) fn over(&self) -> f64 {
        let mean = self.task.mean;
        let over = |&load: &f64| ((load - mean).abs() - self.goal.tolerance * mean).max(0.0);
        self.load.iter().map(over).sum::<f64>() / self.usual_load
    }

    /// What moving a site to a zone would add to the cost.
    pub(super) fn change(&self, site: u32, to: u32) -> f64 {
        let from = self.zone[site as usize];
        let load = self.task.load[site as usize];
        let (a, b) = (self.load[from as usize], self.load[to as usize]);
        let mut change =
            self.load_cost(a - load) + self.load_cost(b + load) - self.load_cost(a) - self.load_cost(b);
        if self.goal.moved > 0.0 {
            let moved = self.task.moved(site, to) - self.task.moved(site, from);
            let units =
                f64::from(self.task.moved_units(site, to)) - f64::from(self.task.moved_units(site, from));
            change += self.goal.moved * (moved / self.usual_people + 0.02 * units);
        }
        let mut cut = 0.0;
        for link in self.task.graph.links(site) {
            let other = self.zone[link.site as usize];
            if other == from {
                cut += self.task.weight[link.edge as usize];
            } else if other == to {
                cut -= self.task.weight[link.edge as usize];
            }
        }
        change + self.goal.cut * cut
    }

    /// The whole cost.
    pub(super) fn cost(&self) -> f64 {
        let loads: f64 = self.load.iter().map(|&l| self.load_cost(l)).sum();
        let (mut moved, mut units) = (0.0, 0);
        for (site, &zone) in self.zone.iter().enumerate() {
            moved += self.task.moved(site as u32, zone);
            units += self.task.moved_units(site as u32, zone);
        }
        let edges = self.task.graph.edges.iter().zip(self.task.weight.iter());
        let is_cut =
            |e: &super::graph::Border| self.zone[e.sites[0] as usize] != self.zone[e.sites[1] as usize];
        let cut: f64 = edges.filter(|(e, _)| is_cut(e)).map(|(_, w)| w).sum();
        loads + self.goal.moved * (moved / self.usual_people + 0.02 * f64::from(units)) + self.goal.cut * cut
    }

    /// Moves a site, whether or not that is sound.
    pub(super) fn put(&mut self, site: u32, to: u32) {
        let from = self.zone[site as usize];
        let load = self.task.load[site as usize];
        self.load[from as usize] -= load;
        self.load[to as usize] += load;
        self.members[from as usize] -= 1;
        self.members[to as usize] += 1;
        self.zone[site as usize] = to;
        for i in 0..self.task.graph.links(site).len() {
            let edge = self.task.graph.links(site)[i].edge;
            self.note(edge);
        }
    }

    /// Whether locks let a site go to a zone.
    pub(super) fn is_free(&self, site: u32, to: u32) -> bool {
        let from = self.zone[site as usize];
        self.task.pinned[site as usize] == NONE
            && !self.task.frozen[from as usize]
            && !self.task.frozen[to as usize]
    }

    /// Whether the zone that a site is in stays in one piece without it.
    ///
    /// The site's neighbours in the zone are searched from side by side, so that the walk ends when they have met or
    /// the smallest part has been walked through.
    pub(super) fn can_leave(&mut self, site: u32) -> bool {
        let task = self.task;
        let zone = self.zone[site as usize];
        let visit = &mut self.visit;
        visit.round += 1;
        visit.queue.clear();
        visit.seen[site as usize] = (visit.round, u8::MAX);
        // Sources that have met share a root; `live` counts what each root has still to walk from.
        let mut root = [0_u8; MOST_SOURCES];
        let mut live = [0_u32; MOST_SOURCES];
        let mut sources = 0_u8;
        for link in task.graph.links(site) {
            if link.open && self.zone[link.site as usize] == zone {
                if usize::from(sources) == MOST_SOURCES {
                    return false;
                }
                visit.seen[link.site as usize] = (visit.round, sources);
                visit.queue.push(link.site);
                (root[sources as usize], live[sources as usize]) = (sources, 1);
                sources += 1;
            }
        }
        if sources <= 1 {
            return sources == 1;
        }
        let find = |root: &[u8; MOST_SOURCES], mut s: u8| {
            while root[s as usize] != s {
                s = root[s as usize];
            }
            s
        };
        let mut apart = sources;
        let mut head = 0;
        while head < visit.queue.len() {
            let at = visit.queue[head];
            head += 1;
            let mut mine = find(&root, visit.seen[at as usize].1);
            for link in task.graph.links(at) {
                if !link.open || self.zone[link.site as usize] != zone {
                    continue;
                }
                let (round, source) = visit.seen[link.site as usize];
                if round != visit.round {
                    visit.seen[link.site as usize] = (visit.round, mine);
                    visit.queue.push(link.site);
                    live[mine as usize] += 1;
                } else if source != u8::MAX {
                    let other = find(&root, source);
                    if other != mine {
                        root[other.max(mine) as usize] = other.min(mine);
                        let sum = live[other as usize] + live[mine as usize];
                        mine = other.min(mine);
                        live[mine as usize] = sum;
                        apart -= 1;
                        if apart == 1 {
                            return true;
                        }
                    }
                }
            }
            live[mine as usize] -= 1;
            if live[mine as usize] == 0 {
                return false;
            }
        }
        false
    }

    /// The largest deviation from the mean load.
    pub(super) fn worst(&self) -> f64 {
        self.load.iter().map(|&l| self.task.deviation(l)).fold(0.0, f64::max)
    }
}
