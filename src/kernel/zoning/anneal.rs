//! Improving a plan: simulated annealing over sites that change zone, pairs that change places, and pairs of zones
//! divided anew. Zones stay in one piece at every step.
//!
//! Never here: what a plan is to be good at; that is the [`Goal`](super::state::Goal).

use super::ground::NONE;
use super::state::State;
use super::tree::Trees;
use crate::kernel::random::Random;

/// How much to search.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// So many moves tried in each search: the same plan each time.
    Moves(u64),
    /// Until the share of the time gone, which the caller tells, reaches 1: a machine's speed shows in the plan.
    Share(&'a (dyn Fn() -> f64 + Sync)),
}

/// From which temperature to which, in the borders of [`Goal`](super::state::Goal).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Schedule {
    pub(super) hot: f64,
    pub(super) cold: f64,
    /// What a site's usual load beyond the tolerance costs at first, instead of the goal's own price: cheap enough to pass
    /// through plans that are not even on the way to better ones that are.
    pub(super) lenient_over: f64,
    /// The share of tries that divide two zones anew is one in this many; 0 for never.
    pub(super) divide_every: u64,
}

/// How often the temperature is set and the caller asked, in moves.
const ROUND: u64 = 1024;
/// The share of the budget at the end in which nothing gets worse.
const COLD_SHARE: f64 = 0.05;
/// The share of the budget at the end in which a load beyond the tolerance costs its full price.
const STRICT_SHARE: f64 = 0.2;

/// The best plan found. `gone` is told how many moves were tried, and answers with the share of the budget spent, or
/// nothing to stop.
pub(super) fn anneal(
    state: &mut State<'_, '_>,
    schedule: Schedule,
    random: &mut Random,
    gone: &mut impl FnMut(u64) -> Option<f64>,
) -> Vec<u32> {
    let strict_over = state.goal.over;
    let mut search = Search {
        trees: Trees::new(state.zone.len()),
        cost: state.cost(),
        temperature: schedule.hot,
        state,
        random,
    };
    let mut best = (search.state.zone.clone(), search.cost);
    let mut moves = 0;
    let mut kept_at = 0.0;
    while let Some(share) = gone(moves).filter(|_| !search.state.cuts().is_empty()) {
        search.temperature = if share > 1.0 - COLD_SHARE {
            0.0
        } else {
            schedule.hot * (schedule.cold / schedule.hot).powf(share / (1.0 - COLD_SHARE))
        };
        search.price_over(if share > 1.0 - STRICT_SHARE { strict_over } else { schedule.lenient_over });
        for i in 0..ROUND {
            let turn = moves + i;
            if schedule.divide_every > 0 && turn.is_multiple_of(schedule.divide_every) {
                search.divide_anew();
            } else if turn.is_multiple_of(5) {
                search.change_places();
            } else {
                search.change_one();
            }
        }
        moves += ROUND;
        // A copy costs as much as many moves, so one is taken a hundred times at most.
        let cost = search.cost_at(strict_over);
        if cost < best.1 - 1e-9 && share >= kept_at {
            best = (search.state.zone.clone(), cost);
            kept_at = share + 0.01;
        }
    }
    if search.cost_at(strict_over) < best.1 - 1e-9 { search.state.zone.clone() } else { best.0 }
}

struct Search<'s, 't, 'g> {
    state: &'s mut State<'t, 'g>,
    random: &'s mut Random,
    trees: Trees,
    cost: f64,
    temperature: f64,
}

impl Search<'_, '_, '_> {
    /// The cost if a site's usual load beyond the tolerance cost so much.
    fn cost_at(&self, over: f64) -> f64 {
        self.cost + (over - self.state.goal.over) * self.state.over()
    }

    fn price_over(&mut self, over: f64) {
        self.cost = self.cost_at(over);
        self.state.goal.over = over;
    }

    /// Metropolis' rule.
    fn accepts(&mut self, change: f64) -> bool {
        change <= 0.0 || (self.temperature > 0.0 && self.random.unit() < (-change / self.temperature).exp())
    }

    /// A site on a border, and the zone on the other side.
    fn at_border(&mut self) -> Option<(u32, u32)> {
        let cuts = self.state.cuts();
        if cuts.is_empty() {
            return None;
        }
        let choice = self.random.below(2 * cuts.len());
        let sites = self.state.task.graph.edges[cuts[choice / 2] as usize].sites;
        let (site, other) =
            if choice.is_multiple_of(2) { (sites[0], sites[1]) } else { (sites[1], sites[0]) };
        let to = self.state.zone[other as usize];
        self.state.is_free(site, to).then_some((site, to))
    }

    fn change_one(&mut self) {
        let Some((site, to)) = self.at_border() else { return };
        let change = self.state.change(site, to);
        if self.accepts(change) && self.state.can_leave(site) {
            self.state.put(site, to);
            self.cost += change;
        }
    }

    /// Two sites near each other change places.
    fn change_places(&mut self) {
        let Some((site, to)) = self.at_border() else { return };
        let from = self.state.zone[site as usize];
        if !self.state.can_leave(site) {
            return;
        }
        let first = self.state.change(site, to);
        self.state.put(site, to);
        let graph = &self.state.task.graph;
        // A neighbour of a neighbour, on the border itself.
        let step = |random: &mut Random, at: u32| {
            let links = graph.links(at);
            links[random.below(links.len())].site
        };
        let near = step(self.random, site);
        let back = if self.random.below(2) == 0 { near } else { step(self.random, near) };
        let zone = &self.state.zone;
        let borders =
            graph.links(back).iter().any(|l| l.open && l.site != site && zone[l.site as usize] == from);
        if back != site && zone[back as usize] == to && borders && self.state.is_free(back, from) {
            let change = first + self.state.change(back, from);
            if self.accepts(change) && self.state.can_leave(back) {
                self.state.put(back, from);
                self.cost += change;
                return;
            }
        }
        self.state.put(site, from);
    }

    /// Two neighbouring zones are thrown together and divided anew.
    fn divide_anew(&mut self) {
        let Some((site, to)) = self.at_border() else { return };
        let from = self.state.zone[site as usize];
        let task = self.state.task;
        let set = self.both(site, from, to);
        if set.iter().any(|&s| task.pinned[s as usize] != NONE) {
            return;
        }
        let total: f64 = set.iter().map(|&s| task.load[s as usize]).sum();
        let halves = self.trees.divide(&task.graph, &task.load, &set, total / 2.0, self.random);
        let Some(halves) = halves else { return };
        let before = set.iter().map(|&s| self.state.zone[s as usize]).collect::<Vec<u32>>();
        // Which half keeps which name: the way that moves fewer people.
        let people = |swap: bool| -> f64 {
            let sides = set.iter().zip(&halves.first);
            sides.map(|(&s, &first)| task.moved(s, if first == swap { to } else { from })).sum()
        };
        let swap = people(true) < people(false);
        let mut change = 0.0;
        for (&s, &first) in set.iter().zip(&halves.first) {
            let zone = if first == swap { to } else { from };
            if self.state.zone[s as usize] != zone {
                change += self.state.change(s, zone);
                self.state.put(s, zone);
            }
        }
        if self.accepts(change) {
            self.cost += change;
        } else {
            for (&s, &zone) in set.iter().zip(&before) {
                if self.state.zone[s as usize] != zone {
                    self.state.put(s, zone);
                }
            }
        }
    }

    /// The sites of two zones that meet at a site.
    fn both(&self, site: u32, a: u32, b: u32) -> Vec<u32> {
        let zone = &self.state.zone;
        let mut seen = std::collections::HashSet::from([site]);
        let mut set = vec![site];
        let mut next = 0;
        while let Some(&at) = set.get(next) {
            next += 1;
            for link in self.state.task.graph.links(at).iter().filter(|l| l.open) {
                let z = zone[link.site as usize];
                if (z == a || z == b) && seen.insert(link.site) {
                    set.push(link.site);
                }
            }
        }
        set
    }
}
