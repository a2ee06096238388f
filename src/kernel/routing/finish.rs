//! The last pass: makes sure that no stop left out fits anywhere as the plan stands, and that none is worth more
//! than what it would replace. Never here: chance.

use super::model::Model;
use super::random::Random;
use super::recreate::{Filler, Taste};
use super::tour::{NOWHERE, Tour};

/// The longest run of stops that is exchanged for one.
const LONGEST_RUN: usize = 8;

/// Improves `tour` until no stop on no route fits into one, and no exchange of such a stop for a run of others is
/// worth more, or as much with less travel.
pub(super) fn finish(model: &Model, tour: &mut Tour) {
    let mut filler = Filler::default();
    let mut routes: Vec<u16> = (0..tour.routes.len() as u16).collect();
    loop {
        let all = (0..model.stops as u32).map(|stop| (stop, false));
        // Nothing is drawn where the taste has no noise.
        filler.fill(model, tour, &mut routes, all, Taste::PLAIN, &mut Random::new(0));
        if !exchange(model, tour, &routes) {
            return;
        }
    }
}

/// Makes the best exchange for each stop left out, where one is for the better; whether there was any.
fn exchange(model: &Model, tour: &mut Tour, routes: &[u16]) -> bool {
    let mut any = false;
    for stop in 0..model.stops as u32 {
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
