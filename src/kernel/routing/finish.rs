//! The last pass: makes sure that no stop left out fits anywhere as the plan stands, and that none is worth more
//! than what it would replace. Never here: chance.

use super::model::Model;
use super::recreate::Filler;
use super::tour::{NOWHERE, Tour};

/// The longest run of stops that is exchanged for one.
const LONGEST_RUN: usize = 8;
/// Stops between two looks at the time.
const LOOK_EVERY: u32 = 64;

/// Improves `tour` until no stop on no route fits into one, and, unless there is `no_time` left, no exchange of such a
/// stop for a run of others is worth more, or as much with less travel.
pub(super) fn finish(model: &Model, tour: &mut Tour, no_time: &dyn Fn() -> bool) {
    let mut filler = Filler::default();
    let routes: Vec<u16> = (0..tour.routes.len() as u16).collect();
    loop {
        // Without the triangle inequality a stop that did not fit before may fit when another has been put in.
        while filler.fill_all(model, tour) {}
        if no_time() || !exchange(model, tour, &routes, no_time) {
            return;
        }
    }
}

/// Makes the best exchange for each stop left out, where one is for the better; whether there was any.
fn exchange(model: &Model, tour: &mut Tour, routes: &[u16], no_time: &dyn Fn() -> bool) -> bool {
    let mut any = false;
    for stop in 0..model.stops as u32 {
        if stop % LOOK_EVERY == LOOK_EVERY - 1 && no_time() {
            return any;
        }
        if tour.route_of[stop as usize] != NOWHERE {
            continue;
        }
        for &index in routes {
            let route = &tour.routes[index as usize];
            let gain = model.value(stop, route.worker);
            if gain <= 0 || !model.allows(stop, route.worker) {
                continue;
            }
            let mut chosen: Option<(i64, i64, usize, usize)> = None;
            route.exchanges(model, stop, LONGEST_RUN, |before, next, _| {
                let gone = &route.visits()[before + 1..next];
                let lost: i64 = gone.iter().map(|visit| model.value(visit.node, route.worker)).sum();
                let longer = route.longer_with(model, stop, before, next);
                let better = (gain - lost, -longer);
                if better > chosen.map_or((0, 0), |(more, less, ..)| (more, less)) {
                    chosen = Some((better.0, better.1, before, next));
                }
            });
            if let Some((.., before, next)) = chosen {
                let gone: Vec<u32> =
                    route.visits()[before + 1..next].iter().map(|visit| visit.node).collect();
                tour.take_out(model, index, |stop| gone.contains(&stop));
                tour.insert(model, stop, index, before);
                any = true;
                break;
            }
        }
    }
    any
}
