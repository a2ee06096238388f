//! The best plan that can be put together from routes seen in a search, which no small change of a plan finds: route
//! recombination after Hu and Lim (2014, "An iterative three-component heuristic for the team orienteering problem
//! with time windows", section 3.4). Never here: new routes.

use super::model::Model;
use super::random::Random;
use super::route::Route;
use super::tour::Tour;

/// How many routes are remembered at most.
const REMEMBERED: usize = 8192;
/// Where the marks of stops start from.
const SEED: u64 = 20_140_116;

/// A route as it was.
#[derive(Debug, Clone, Default)]
struct Remembered {
    /// The marks of its stops together: the same for the same stops in any order.
    mark: u64,
    kind: u16,
    value: i64,
    length: i64,
    stops: Vec<u32>,
}

/// Routes seen lately, each set of stops in its shortest order.
#[derive(Debug)]
pub(super) struct Memory {
    routes: Vec<Remembered>,
    /// A number for each stop (Zobrist 1970, "A new hashing method with application for game playing").
    marks: Vec<u64>,
}

impl Memory {
    pub(super) fn new(model: &Model) -> Self {
        let mut random = Random::new(SEED);
        // One worker's best route is the best plan; nothing can be put together.
        let size = if model.crew.len() > 1 { REMEMBERED } else { 0 };
        Self {
            routes: vec![Remembered::default(); size],
            marks: (0..model.stops).map(|_| random.below(usize::MAX) as u64).collect(),
        }
    }

    /// Remembers a route in the place of another: O(k) for its k stops.
    pub(super) fn remember(&mut self, model: &Model, route: &Route) {
        if self.routes.is_empty() || route.len() == 0 || !route.is_sound() {
            return;
        }
        let kind = model.kinds[route.worker];
        let mark = route.stops().fold(u64::from(kind), |mark, stop| mark ^ self.marks[stop as usize]);
        let slot = mark as usize % self.routes.len();
        let remembered = &mut self.routes[slot];
        if remembered.mark == mark && remembered.length <= route.length && !remembered.stops.is_empty() {
            return;
        }
        (remembered.mark, remembered.kind, remembered.length) = (mark, kind, route.length);
        remembered.value = route.stops().map(|stop| model.value(stop, route.worker)).sum();
        remembered.stops.clear();
        remembered.stops.extend(route.stops());
    }

    /// The best plan of remembered routes that have no stop in common, where it is worth more than `best`: by branch
    /// and bound, which looks at no more than `looks` routes.
    pub(super) fn put_together(&self, model: &Model, best: &Tour, looks: u64) -> Option<Tour> {
        let mut routes: Vec<&Remembered> =
            self.routes.iter().filter(|route| !route.stops.is_empty() && route.value > 0).collect();
        routes.sort_by(|a, b| b.value.cmp(&a.value).then(a.mark.cmp(&b.mark)));
        let words = model.stops.div_ceil(64);
        let mut sets = vec![0; routes.len() * words];
        for (set, route) in sets.chunks_mut(words.max(1)).zip(&routes) {
            for &stop in &route.stops {
                set[stop as usize / 64] |= 1_u64 << (stop % 64);
            }
        }
        let mut free = vec![0; model.crew.len()];
        for &kind in &model.kinds {
            free[kind as usize] += 1;
        }
        let mut packing = Packing {
            routes: &routes,
            sets: &sets,
            words,
            free,
            looks,
            chosen: Vec::new(),
            value: best.value,
            best: None,
        };
        packing.add(0, &vec![0; words], 0, model.crew.len());
        let mut orders = vec![Vec::new(); model.crew.len()];
        let mut taken = vec![false; model.crew.len()];
        for index in packing.best? {
            let route = routes[index];
            let worker = (0..taken.len()).find(|&w| !taken[w] && model.kinds[w] == route.kind)?;
            taken[worker] = true;
            orders[worker] = route.stops.iter().map(|&stop| stop as usize).collect();
        }
        Some(Tour::of(model, &orders))
    }
}

/// The search for the routes without a stop in common that are worth most together.
struct Packing<'a> {
    /// The routes, the most valuable first.
    routes: &'a [&'a Remembered],
    /// The stops of each route as a set of so many words.
    sets: &'a [u64],
    words: usize,
    /// How many workers of each kind have no route.
    free: Vec<usize>,
    /// How many routes may still be looked at.
    looks: u64,
    chosen: Vec<usize>,
    /// What has to be beaten, and by which routes it was.
    value: i64,
    best: Option<Vec<usize>>,
}

impl Packing<'_> {
    /// Adds routes from the index `from` on to those chosen, which visit `used`, are worth `value` and leave so many
    /// `workers` without a route.
    fn add(&mut self, from: usize, used: &[u64], value: i64, workers: usize) {
        if value > self.value {
            self.value = value;
            self.best = Some(self.chosen.clone());
        }
        for index in from..self.routes.len() {
            let route = self.routes[index];
            // No route after this one is worth more.
            if value + workers.cast_signed() as i64 * route.value <= self.value || self.looks == 0 {
                return;
            }
            self.looks -= 1;
            let set = &self.sets[index * self.words..][..self.words];
            let meets = set.iter().zip(used).any(|(a, b)| a & b != 0);
            if meets || self.free[route.kind as usize] == 0 {
                continue;
            }
            let together: Vec<u64> = set.iter().zip(used).map(|(a, b)| a | b).collect();
            self.free[route.kind as usize] -= 1;
            self.chosen.push(index);
            self.add(index + 1, &together, value + route.value, workers - 1);
            self.chosen.pop();
            self.free[route.kind as usize] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::{Times, case};
    use super::*;

    /// A model of eight stops and three workers, the last of whom may be like the first, and what was remembered of
    /// random routes.
    fn remembered(seed: u64) -> (Model, Memory) {
        let mut random = Random::new(seed);
        let mut problem = case(seed, 8, 3, Times::Plane);
        if random.below(2) == 0 {
            problem.workers[2] = problem.workers[0].clone();
            problem.change_penalty = 0;
        }
        for worker in &mut problem.workers {
            worker.frozen.clear();
        }
        let model = Model::new(&problem);
        let mut memory = Memory::new(&model);
        for _ in 0..60 {
            let worker = random.below(3);
            let mut stops: Vec<u32> =
                (0..8).filter(|&stop| model.allows(stop, worker) && random.below(3) == 0).collect();
            if random.below(2) == 0 {
                stops.reverse();
            }
            let mut route = Route::empty(&model, worker);
            route.replace(&model, stops);
            memory.remember(&model, &route);
        }
        (model, memory)
    }

    /// The most that remembered routes for the workers from `worker` on are worth, without the stops `used`.
    fn most(model: &Model, memory: &Memory, worker: usize, used: &[u32]) -> i64 {
        if worker == model.crew.len() {
            return 0;
        }
        let mut most_so_far = most(model, memory, worker + 1, used);
        for route in memory.routes.iter().filter(|route| route.kind == model.kinds[worker]) {
            if !route.stops.is_empty() && !route.stops.iter().any(|stop| used.contains(stop)) {
                let used = [used, &route.stops].concat();
                most_so_far = most_so_far.max(route.value + most(model, memory, worker + 1, &used));
            }
        }
        most_so_far
    }

    #[test]
    fn finds_the_best_of_all_plans_of_remembered_routes() {
        let mut together = 0;
        for seed in 0..300 {
            let (model, memory) = remembered(seed);
            let none = Tour::begin(&model);
            let most = most(&model, &memory, 0, &[]);
            let found = memory.put_together(&model, &none, u64::MAX);
            assert_eq!(
                found.as_ref().map_or(none.value, |tour| tour.value),
                most.max(none.value),
                "seed {seed}"
            );
            let Some(found) = found else { continue };
            assert!(found.routes.iter().all(|route| route.is_sound() || route.len() == 0), "seed {seed}");
            together += usize::from(found.routes.iter().filter(|route| route.len() > 0).count() > 1);
            assert!(
                memory.put_together(&model, &found, u64::MAX).is_none(),
                "seed {seed}: better than the best"
            );
            assert!(memory.put_together(&model, &none, 0).is_none(), "seed {seed}: found without a look");
        }
        assert!(together > 100, "only {together} plans of several routes");
    }

    #[test]
    fn keeps_the_shortest_order_of_the_same_stops() {
        let mut problem = case(1, 8, 2, Times::Plane);
        for stop in &mut problem.stops {
            (stop.windows, stop.skills) = (Vec::new(), Vec::new());
            (stop.pinned_to, stop.service) = (None, 0);
        }
        for worker in &mut problem.workers {
            (worker.rest, worker.frozen) = (None, Vec::new());
            worker.shift.to = worker.shift.from + 100_000;
        }
        let model = Model::new(&problem);
        let mut memory = Memory::new(&model);
        let mut lengths = Vec::new();
        for order in [[0, 1, 2, 3], [3, 0, 2, 1], [1, 3, 0, 2], [2, 1, 3, 0]] {
            let mut route = Route::empty(&model, 0);
            route.replace(&model, order);
            memory.remember(&model, &route);
            lengths.push(route.length);
        }
        let kept: Vec<&Remembered> = memory.routes.iter().filter(|route| !route.stops.is_empty()).collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].length, lengths.into_iter().min().unwrap());
    }
}
