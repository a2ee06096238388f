//! Fills a route by cheapest insertion. Never here: taking stops out again.

use super::random::Random;
use super::route::{Insertion, Route};
use super::walk::Walk;

/// Insertions that take less than this count as taking this long, so that no stop is worth infinitely much.
const SHORTEST_S: f64 = 1.0;

/// The share of the places for a stop that go unseen while the filling is noisy.
const BLINKS: f64 = 0.1;

/// Puts stops of `candidates` into `route` until none fits, each time the one whose prize is largest for the
/// time it takes.
///
/// The measure is prize² per second (Vansteenwegen et al. 2009, "Iterated local search for the team
/// orienteering problem with time windows", section 3.1): squared, so that a valuable stop a little further off
/// goes before a poor one nearby. `noise` between 0 and 1 blurs the measure by up to that share, and makes a
/// place in the route go unseen now and then (blinks: Christiaens and Vanden Berghe 2020, "Slack induction by
/// string removals", section 5.2).
pub(super) fn fill(
    walk: &Walk<'_>,
    mut route: Route,
    candidates: &[usize],
    noise: f64,
    random: &mut Random,
) -> Route {
    let mut left: Vec<usize> =
        candidates.iter().copied().filter(|candidate| !route.order().contains(candidate)).collect();
    loop {
        let mut best: Option<(f64, usize, Insertion)> = None;
        // A stop that fits nowhere now will not fit beside more stops. Where the triangle inequality fails it
        // might; the next round of the search tries it again.
        left.retain(|&stop| {
            let mut fits = false;
            let seen = route.insertions(walk, stop).filter(|_| {
                fits = true;
                noise == 0.0 || random.unit() >= BLINKS
            });
            let Some(insertion) = seen.min_by(|a, b| a.travel_s.total_cmp(&b.travel_s)) else { return fits };
            let call = &walk.stops()[stop];
            let takes_s = (insertion.travel_s + call.service_s).max(SHORTEST_S);
            let blur = if noise > 0.0 { 1.0 - noise * random.unit() } else { 1.0 };
            let measure = f64::from(call.prize).powi(2) / takes_s * blur;
            if best.is_none_or(|(best_measure, ..)| measure > best_measure) {
                best = Some((measure, stop, insertion));
            }
            true
        });
        let Some((_, stop, insertion)) = best else { return route };
        left.retain(|&other| other != stop);
        let mut order = route.order().to_vec();
        order.insert(insertion.position, stop);
        // Rounding can make a sum of times that just fits just not fit when it is added up in another order.
        if let Some(longer) = Route::new(walk, order) {
            route = longer;
        }
    }
}
