//! What the search answers: routes with their times, and why the other stops were left out. Never here: words for
//! people; the reasons carry figures, and whoever shows them finds the words.

use super::model::{Model, NEVER};
use super::problem::Problem;
use super::reasons::reasons;
use super::route::Route;
use super::tour::Tour;

/// A plan for all workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// A route for each worker, in order, but for those who cannot get from their start to their end in time.
    pub routes: Vec<PlannedRoute>,
    /// The stops on no route, in order.
    pub left_out: Vec<LeftOut>,
    /// What the stops on routes are worth together.
    pub prize: u64,
    /// The travel of all workers, the ways to their ends included.
    pub travel: i64,
    /// How many times the search took a plan apart.
    pub iterations: u64,
}

/// What one worker does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRoute {
    /// Which worker.
    pub worker: usize,
    /// The calls in order.
    pub visits: Vec<Visit>,
    /// When the worker sets out: at the beginning of the shift.
    pub start: i64,
    /// When the worker is done, the way to the end included.
    pub end: i64,
    /// When the worker's rest begins; none where none is owed.
    pub rest: Option<i64>,
    /// The travel, the way to the end included.
    pub travel: i64,
}

/// One call of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Which stop.
    pub stop: usize,
    /// When one is there.
    pub arrive: i64,
    /// When the call begins: later than the arrival where one has to wait, or rests first.
    pub begin: i64,
    /// When the call is over.
    pub leave: i64,
}

/// A stop that is not in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which stop.
    pub stop: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a stop is not in a plan. Each is computed from the finished plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is nobody to make any call.
    NoWorker,
    /// Nobody who may make the call has all the skills it needs.
    SkillMissing,
    /// For all who may make the call there is no way to it, or none from it to the end.
    Unreachable,
    /// Nobody who may make the call can begin it while it is open and be done within the shift.
    Closed {
        /// The soonest somebody can be there.
        soonest: i64,
    },
    /// Even alone it takes longer than the shift of anybody who may make the call.
    ShiftTooShort {
        /// How much longer, at the least.
        lacks: i64,
    },
    /// It would add nothing to the sum of prizes.
    WorthNothing,
    /// It would fit, but not beside the stops of the plan.
    Displaced(Displacement),
}

/// What it would cost to put a stop in the plan all the same: of all ways of taking out stops that follow one
/// another on a route, the one that gives up the least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Displacement {
    /// The worker who would make the call.
    pub worker: usize,
    /// The stops that would have to go.
    pub by: Vec<usize>,
    /// What they are worth together.
    pub prize: u64,
    /// By how much the travel would grow; negative where it would shrink.
    pub travel: i64,
}

impl Plan {
    pub(super) fn new(problem: &Problem, model: &Model, tour: &Tour, iterations: u64) -> Self {
        let working = tour.routes.iter().filter(|route| route.is_sound());
        let routes: Vec<PlannedRoute> = working.map(|route| timetable(model, route)).collect();
        let stops = routes.iter().flat_map(|route| &route.visits);
        Self {
            prize: stops.map(|visit| problem.stops[visit.stop].prize).sum(),
            travel: routes.iter().map(|route| route.travel).sum(),
            left_out: reasons(problem, model, tour),
            routes,
            iterations,
        }
    }
}

/// The times of a route: everything as soon as can be, the rest where it makes the end the soonest.
pub(super) fn timetable(model: &Model, route: &Route) -> PlannedRoute {
    let crew = &model.crew[route.worker];
    let legs = route.visits().len() - 1;
    let rested_on = crew.rest.map(|_| {
        // After the last leg there may be time left to rest; else it is on one of the legs.
        (0..=legs).rev().min_by_key(|&leg| walk(model, route, Some(leg)).map_or(NEVER, |walked| walked.end))
    });
    let walked = walk(model, route, rested_on.flatten());
    let Walked { end, rest_begins, visits } =
        walked.unwrap_or_else(|| Walked { end: crew.begins, ..Walked::default() });
    let clock = |time: i32| i64::from(time) + model.origin;
    let services: i64 = route.stops().map(|stop| i64::from(model.service(stop))).sum();
    PlannedRoute {
        worker: route.worker,
        visits: visits
            .into_iter()
            .map(|(stop, [arrive, begin, leave])| Visit {
                stop: stop as usize,
                arrive: clock(arrive),
                begin: clock(begin),
                leave: clock(leave),
            })
            .collect(),
        start: clock(crew.begins),
        end: clock(end),
        rest: rest_begins.map(clock),
        travel: route.length - services,
    }
}

/// A route's times.
#[derive(Debug, Default)]
struct Walked {
    end: i32,
    rest_begins: Option<i32>,
    /// Each stop with the arrival, the beginning of service and the leaving.
    visits: Vec<(u32, [i32; 3])>,
}

/// Walks a route, resting on the leg `rested_on`, or after the last where it is one more than there are. Nothing when
/// it cannot be kept to.
fn walk(model: &Model, route: &Route, rested_on: Option<usize>) -> Option<Walked> {
    let crew = &model.crew[route.worker];
    let mut rest_begins = None;
    let mut leave = crew.begins;
    let mut visits = Vec::with_capacity(route.len());
    for (leg, pair) in route.visits().windows(2).enumerate() {
        let [before, next] = [pair[0], pair[1]];
        let travel = before.onward - model.service(before.node);
        let mut arrive = leave + travel;
        let mut ready = arrive;
        if let Some(rest) = crew.rest.filter(|_| rested_on == Some(leg)) {
            ready = rest.ready(leave, travel);
            if arrive.max(rest.from) <= rest.to {
                rest_begins = Some(arrive.max(rest.from));
            } else {
                rest_begins = Some(leave.max(rest.from));
                arrive = ready;
            }
        }
        if next.node == crew.end {
            leave = ready;
        } else {
            let begin = model.soonest(next.node, ready);
            leave = begin.checked_add(model.service(next.node)).filter(|_| begin < NEVER)?;
            visits.push((next.node, [arrive, begin, leave]));
        }
    }
    if let Some(rest) = crew.rest.filter(|_| rested_on == Some(route.visits().len() - 1)) {
        rest_begins = Some(leave.max(rest.from)).filter(|&begin| begin <= rest.to);
        rest_begins?;
    }
    (leave <= crew.finishes).then_some(Walked { end: leave, rest_begins, visits })
}
