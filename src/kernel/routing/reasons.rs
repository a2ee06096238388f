//! Why stops are left out of a finished plan. Never here: changing the plan.

use super::model::{FAR, Model};
use super::plan::{Displacement, LeftOut, Reason};
use super::problem::Problem;
use super::route::Route;
use super::tour::{NOWHERE, Tour};

/// For each stop on no route of `tour` the reason, in order.
pub(super) fn reasons(problem: &Problem, model: &Model, tour: &Tour) -> Vec<LeftOut> {
    let empty: Vec<Route> = (0..model.crew.len()).map(|worker| Route::empty(model, worker)).collect();
    (0..model.stops)
        .filter(|&stop| tour.route_of[stop] == NOWHERE)
        .map(|stop| LeftOut { stop, reason: reason(problem, model, tour, &empty, stop as u32) })
        .collect()
}

fn reason(problem: &Problem, model: &Model, tour: &Tour, empty: &[Route], stop: u32) -> Reason {
    if empty.is_empty() {
        return Reason::NoWorker;
    }
    let call = &problem.stops[stop as usize];
    let skilled =
        |worker: usize| call.skills.iter().all(|skill| problem.workers[worker].skills.contains(skill));
    if !(0..empty.len()).any(skilled) {
        return Reason::SkillMissing;
    }
    let able: Vec<&Route> = empty.iter().filter(|route| model.allows(stop, route.worker)).collect();
    if able.is_empty() {
        // Pinned to somebody who lacks a skill.
        return Reason::SkillMissing;
    }
    if able.iter().all(|route| alone(model, route, stop).is_none()) {
        return Reason::Unreachable;
    }
    if able.iter().any(|route| route.fits(model, stop, 0, 1)) {
        let gaining = able.iter().filter(|route| model.value(stop, route.worker) > 0);
        let displaced =
            gaining.filter_map(|route| displacement(problem, model, &tour.routes[route.worker], stop));
        return displaced
            .min_by_key(|it| (it.prize, it.travel, it.worker))
            .map_or(Reason::WorthNothing, Reason::Displaced);
    }
    // It does not fit even alone: for want of time, or because it is closed when there would be time.
    let lacks = able.iter().filter_map(|route| {
        let takes = alone(model, route, stop)?;
        let crew = &model.crew[route.worker];
        let rest = crew.rest.map_or(0, |rest| rest.length);
        Some(i64::from(crew.begins) + takes + i64::from(rest) - i64::from(crew.finishes))
    });
    match lacks.min() {
        Some(lacks) if lacks > 0 => Reason::ShiftTooShort { lacks },
        _ => Reason::Closed { soonest: soonest(model, &able, stop) },
    }
}

/// How long a worker takes for the call alone, with the way there and to the end; none where there is no way.
fn alone(model: &Model, route: &Route, stop: u32) -> Option<i64> {
    let crew = &model.crew[route.worker];
    let there = model.into(route.worker, stop)[crew.start as usize];
    let onward = model.out(route.worker, stop)[crew.end as usize];
    let service = model.service(stop);
    (there < FAR && (onward < FAR || onward == service)).then(|| i64::from(there) + i64::from(onward))
}

fn soonest(model: &Model, able: &[&Route], stop: u32) -> i64 {
    let arrivals = able.iter().map(|route| {
        let crew = &model.crew[route.worker];
        i64::from(crew.begins) + i64::from(model.into(route.worker, stop)[crew.start as usize])
    });
    model.origin + arrivals.min().unwrap_or(0)
}

/// The cheapest run of stops of a route in whose place `stop` fits. Where none is found, because the beginning of
/// the route is frozen, all that is frozen stands in the way.
fn displacement(problem: &Problem, model: &Model, route: &Route, stop: u32) -> Option<Displacement> {
    let visits = route.visits();
    let mut cheapest: Option<(u64, i64, usize, usize)> = None;
    route.exchanges(model, stop, visits.len(), |before, next, _| {
        let prize = visits[before + 1..next].iter().map(|gone| problem.stops[gone.node as usize].prize).sum();
        let travel = route.longer_with(model, stop, before, next);
        if cheapest.is_none_or(|(least, shortest, ..)| (prize, travel) < (least, shortest)) {
            cheapest = Some((prize, travel, before, next));
        }
    });
    let worker = route.worker;
    let stops =
        |from: usize, to: usize| visits[from..to].iter().map(|it| it.node as usize).collect::<Vec<_>>();
    match cheapest {
        Some((prize, travel, before, next)) => {
            Some(Displacement { worker, by: stops(before + 1, next), prize, travel })
        }
        None if route.len() > 0 => {
            let by = stops(1, visits.len() - 1);
            let prize = by.iter().map(|&gone| problem.stops[gone].prize).sum();
            Some(Displacement { worker, by, prize, travel: 0 })
        }
        None => None,
    }
}
