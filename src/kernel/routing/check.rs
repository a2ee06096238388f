//! Checks a plan against its problem by following each route step by step. Never here: anything that the search
//! uses to find plans; this is what it is checked with.

use super::plan::{PlannedRoute, Visit};
use super::problem::{Problem, Rest, Span, Worker};

/// What a plan claims.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The routes.
    pub routes: &'a [PlannedRoute],
    /// The stops that are on none.
    pub left_out: &'a [usize],
    /// What the stops on routes are worth together.
    pub prize: u64,
    /// The travel of all routes.
    pub travel: i64,
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A stop is in the plan more than once.
    StopTwice {
        /// The stop.
        stop: usize,
    },
    /// A stop is neither on a route nor left out.
    StopForgotten {
        /// The stop.
        stop: usize,
    },
    /// A worker has more than one route.
    WorkerTwice {
        /// The worker.
        worker: usize,
    },
    /// The worker may not make the call: for want of a skill, or because it is pinned to another.
    NotAllowed {
        /// The worker.
        worker: usize,
        /// The stop.
        stop: usize,
    },
    /// A route does not begin with the stops that are frozen.
    NotAsFrozen {
        /// The worker.
        worker: usize,
    },
    /// The worker sets out before the shift, or is done after it.
    OutsideShift {
        /// The worker.
        worker: usize,
    },
    /// The worker is at a stop, or at the end where it is none, sooner than they can be.
    TooSoon {
        /// The worker.
        worker: usize,
        /// The stop.
        stop: Option<usize>,
        /// The soonest they can be there; none where there is no way.
        soonest: Option<i64>,
    },
    /// A call begins before the worker is there, outside its windows, or takes less time than it needs.
    BadService {
        /// The stop.
        stop: usize,
    },
    /// The worker has no time to rest, or rests while at work or on the way.
    NoRest {
        /// The worker.
        worker: usize,
    },
    /// The prizes add up to something else.
    Prize {
        /// What they add up to.
        is: u64,
    },
    /// The travel adds up to something else.
    Travel {
        /// What it adds up to.
        is: i64,
    },
}

/// Everything that is wrong with a plan; nothing when it can be walked as it says.
#[must_use]
pub fn faults(problem: &Problem, claim: &Claim<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = vec![0_u32; problem.stops.len()];
    let planned = claim.routes.iter().flat_map(|route| route.visits.iter().map(|visit| visit.stop));
    planned.chain(claim.left_out.iter().copied()).for_each(|stop| seen[stop] += 1);
    for (stop, &times) in seen.iter().enumerate() {
        match times {
            0 => faults.push(Fault::StopForgotten { stop }),
            1 => {}
            _ => faults.push(Fault::StopTwice { stop }),
        }
    }
    let mut works = vec![false; problem.workers.len()];
    let (mut prize, mut travel) = (0, 0);
    for route in claim.routes {
        if std::mem::replace(&mut works[route.worker], true) {
            faults.push(Fault::WorkerTwice { worker: route.worker });
        }
        travel += follow(problem, route, &mut faults);
        prize += route.visits.iter().map(|visit| problem.stops[visit.stop].prize).sum::<u64>();
    }
    if prize != claim.prize {
        faults.push(Fault::Prize { is: prize });
    }
    if travel != claim.travel {
        faults.push(Fault::Travel { is: travel });
    }
    faults
}

/// Follows one route, and says how long its travel is.
fn follow(problem: &Problem, route: &PlannedRoute, faults: &mut Vec<Fault>) -> i64 {
    let index = route.worker;
    let worker = &problem.workers[index];
    let table = &problem.travel[worker.travel];
    let order: Vec<usize> = route.visits.iter().map(|visit| visit.stop).collect();
    if !order.starts_with(&worker.frozen) {
        faults.push(Fault::NotAsFrozen { worker: index });
    }
    if route.start < worker.shift.from || route.end > worker.shift.to {
        faults.push(Fault::OutsideShift { worker: index });
    }
    let (mut place, mut free, mut travel) = (worker.start, route.start, 0);
    // When the worker neither works nor travels.
    let mut idle = vec![Span { from: worker.shift.from, to: route.start }];
    for visit in &route.visits {
        let stop = &problem.stops[visit.stop];
        let lacks_skill = stop.skills.iter().any(|skill| !worker.skills.contains(skill));
        if lacks_skill || stop.pinned_to.is_some_and(|pin| pin != index) {
            faults.push(Fault::NotAllowed { worker: index, stop: visit.stop });
        }
        let leg = table.time(place, stop.place);
        let soonest = leg.map(|leg| free + leg);
        if soonest.is_none_or(|soonest| visit.arrive < soonest) {
            faults.push(Fault::TooSoon { worker: index, stop: Some(visit.stop), soonest });
        }
        if !is_served(&stop.windows, stop.service, visit) {
            faults.push(Fault::BadService { stop: visit.stop });
        }
        let leg = leg.unwrap_or(0);
        idle.extend([
            Span { from: free, to: visit.arrive - leg },
            Span { from: visit.arrive, to: visit.begin },
        ]);
        travel += leg;
        (place, free) = (stop.place, visit.leave);
    }
    let leg = worker.end.map_or(Some(0), |end| table.time(place, end));
    let soonest = leg.map(|leg| free + leg);
    if soonest.is_none_or(|soonest| route.end < soonest) {
        faults.push(Fault::TooSoon { worker: index, stop: None, soonest });
    }
    let leg = leg.unwrap_or(0);
    idle.extend([Span { from: free, to: route.end - leg }, Span { from: route.end, to: worker.shift.to }]);
    if owed(worker).is_some_and(|rest| !rests(&rest, &idle, route.rest)) {
        faults.push(Fault::NoRest { worker: index });
    }
    travel + leg
}

fn is_served(windows: &[Span], service: i64, visit: &Visit) -> bool {
    let open =
        windows.is_empty() || windows.iter().any(|window| (window.from..=window.to).contains(&visit.begin));
    open && visit.begin >= visit.arrive && visit.leave >= visit.begin + service
}

/// The worker's rest, if it can fall within the shift.
fn owed(worker: &Worker) -> Option<Rest> {
    let rest = worker.rest?;
    let soonest = rest.window.from.max(worker.shift.from);
    (soonest <= rest.window.to && soonest + rest.length <= worker.shift.to).then_some(rest)
}

/// Whether a rest falls into an idle time: the one that is claimed, or any where none is.
fn rests(rest: &Rest, idle: &[Span], claimed: Option<i64>) -> bool {
    idle.iter().any(|idle| {
        let begin = claimed.unwrap_or(rest.window.from.max(idle.from));
        let in_window = (rest.window.from..=rest.window.to).contains(&begin);
        in_window && begin >= idle.from && begin + rest.length <= idle.to
    })
}
