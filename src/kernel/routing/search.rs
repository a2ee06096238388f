//! The search for a good plan: build a route, then again and again take a part of it out and fill it anew.
//! Never here: what the stops mean, or an unseeded choice.

use super::construct::fill;
use super::improve::improve;
use super::random::Random;
use super::route::Route;
use super::walk::Walk;

/// How hard to look for a better plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// How many times a part of the route is taken out and filled anew.
    pub iterations: u32,
    /// Where the choices start from; the same seed gives the same plan.
    pub seed: u64,
}

impl Default for Search {
    /// Enough for a day's patrol.
    fn default() -> Self {
        Self { iterations: 400, seed: 0 }
    }
}

/// After this many iterations without a better route the search goes on from the best one known.
const PATIENCE: u32 = 40;
/// The most stops taken out at once.
const MOST_TAKEN: usize = 15;

/// The best route found: ruin and recreate (Schrimpf et al. 2000), with each route shortened by 2-opt and or-opt
/// before it is judged.
pub(super) fn search(walk: &Walk<'_>, effort: &Search) -> Route {
    let mut random = Random::new(effort.seed);
    // Not only those that fit alone: without the triangle inequality a stop may be in reach only from another.
    let candidates: Vec<usize> = (0..walk.stops().len()).collect();

    let mut best = settle(walk, Route::empty(walk), &candidates, 0.0, &mut random);
    let mut current = best.clone();
    let mut fruitless = 0;
    for _ in 0..effort.iterations {
        if best.order().is_empty() {
            break;
        }
        let ruined = ruin(walk, &current, &mut random);
        let noise = random.unit();
        let next = settle(walk, ruined, &candidates, noise, &mut random);
        if next.is_better_than(&best) {
            best = next.clone();
            fruitless = 0;
        } else {
            fruitless += 1;
        }
        if fruitless > PATIENCE {
            current = best.clone();
            fruitless = 0;
        } else if !current.is_better_than(&next) || random.below(10) == 0 {
            // Sideways steps, and now and then one down, keep the search from sitting in a hollow.
            current = next;
        }
    }
    best
}

/// Fills and shortens a route in turn until it stays the same: shortening makes room for more stops.
fn settle(walk: &Walk<'_>, route: Route, candidates: &[usize], noise: f64, random: &mut Random) -> Route {
    let mut route = improve(walk, fill(walk, route, candidates, noise, random));
    loop {
        let fuller = improve(walk, fill(walk, route.clone(), candidates, 0.0, random));
        if !fuller.is_better_than(&route) {
            return route;
        }
        route = fuller;
    }
}

/// Takes out a run of stops, or stops here and there.
fn ruin(walk: &Walk<'_>, route: &Route, random: &mut Random) -> Route {
    let order = route.order();
    let count = 1 + random.below(order.len().min(MOST_TAKEN));
    let mut taken = vec![false; order.len()];
    if random.below(2) == 0 {
        let first = random.below(order.len());
        for offset in 0..count {
            taken[(first + offset) % order.len()] = true;
        }
    } else {
        for _ in 0..count {
            taken[random.below(order.len())] = true;
        }
    }
    let kept = order.iter().zip(&taken).filter(|&(_, &taken)| !taken).map(|(&stop, _)| stop).collect();
    // Where the triangle inequality fails, even a route with fewer stops can take longer.
    Route::new(walk, kept).unwrap_or_else(|| Route::empty(walk))
}
