//! Shortens a route without changing which stops it visits. Never here: choosing stops.

use super::route::{NOTICEABLE_S, Route};
use super::walk::Walk;

/// The longest run of stops that is moved as a whole.
const LONGEST_RUN: usize = 3;

/// Reverses and moves runs of stops until no such change makes the travel shorter.
pub(super) fn improve(walk: &Walk<'_>, mut route: Route) -> Route {
    while let Some(shorter) = two_opt(walk, &route).or_else(|| or_opt(walk, &route)) {
        route = shorter;
    }
    route
}

/// Turns round one run of stops (2-opt: Croes 1958). Legs inside the run are counted anew, because the way
/// back may take longer than the way there.
fn two_opt(walk: &Walk<'_>, route: &Route) -> Option<Route> {
    let order = route.order();
    for first in 0..order.len() {
        let before = route.before(first);
        // What the legs inside the run gain by being walked the other way.
        let mut inside_s = 0.0;
        for last in first + 1..order.len() {
            inside_s +=
                walk.between_s(order[last - 1], order[last]) - walk.between_s(order[last], order[last - 1]);
            let after = order.get(last + 1).copied();
            let gain_s =
                inside_s + walk.leg_s(before, Some(order[first])) + walk.leg_s(Some(order[last]), after)
                    - walk.leg_s(before, Some(order[last]))
                    - walk.leg_s(Some(order[first]), after);
            if gain_s > NOTICEABLE_S {
                let mut turned = order.to_vec();
                turned[first..=last].reverse();
                if let Some(shorter) = shorter(walk, route, turned) {
                    return Some(shorter);
                }
            }
        }
    }
    None
}

/// Moves one run of up to [`LONGEST_RUN`] stops elsewhere, perhaps turned round (Or 1976).
fn or_opt(walk: &Walk<'_>, route: &Route) -> Option<Route> {
    let order = route.order();
    for length in 1..=LONGEST_RUN.min(order.len()) {
        for first in 0..=order.len() - length {
            let run = &order[first..first + length];
            let rest = [&order[..first], &order[first + length..]].concat();
            let neighbour = |position: usize| {
                (position.checked_sub(1).map(|before| rest[before]), rest.get(position).copied())
            };
            let (before, after) = neighbour(first);
            let saved_s = walk.leg_s(before, Some(run[0])) + walk.leg_s(Some(run[length - 1]), after)
                - walk.leg_s(before, after);
            for turned in [false, true].into_iter().take(length) {
                let mut run = run.to_vec();
                let mut inside_s = 0.0;
                if turned {
                    run.reverse();
                    inside_s = run.windows(2).map(|leg| walk.between_s(leg[0], leg[1])).sum::<f64>()
                        - run.windows(2).map(|leg| walk.between_s(leg[1], leg[0])).sum::<f64>();
                }
                for position in 0..=rest.len() {
                    let (before, after) = neighbour(position);
                    let costs_s = walk.leg_s(before, Some(run[0])) + walk.leg_s(Some(run[length - 1]), after)
                        - walk.leg_s(before, after)
                        + inside_s;
                    if saved_s - costs_s > NOTICEABLE_S {
                        let moved = [&rest[..position], &run, &rest[position..]].concat();
                        if let Some(shorter) = shorter(walk, route, moved) {
                            return Some(shorter);
                        }
                    }
                }
            }
        }
    }
    None
}

/// The route over `order` when it can be kept to and is noticeably shorter: infinite legs cancel out to
/// nonsense in the differences above, never here.
fn shorter(walk: &Walk<'_>, route: &Route, order: Vec<usize>) -> Option<Route> {
    Route::new(walk, order).filter(|changed| changed.travel_s() < route.travel_s() - NOTICEABLE_S)
}
