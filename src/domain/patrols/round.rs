//! From the calls that are due and those who walk to the walks that make the most of their shifts. Never here: how
//! a walk reads, which is a matter of `courses`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::courses::Told;
use super::model::{Course, Start};
use crate::domain::duties::Duty;
use crate::domain::roads::{Places, Ways};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::routing::{self, Assessment, Effort, Plan, Progress, Span, TravelTimes, assess, solve};
use crate::platform::computing::Wanted;
use crate::platform::problem::Problem;

/// Walks to be planned over the same calls.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) walks: Vec<Walk>,
    pub(super) calls: Vec<Call>,
    /// Calls that are left out before there is a plan, for there are too many.
    pub(super) beyond: Vec<Call>,
    /// Roads for each way of moving among the walks.
    pub(super) ways: Vec<Arc<Ways>>,
    /// What it costs to leave out a planned call, beyond what it is worth, or to give it to another walk.
    pub(super) change_penalty: u64,
}

/// One walker's part: from where to where, when, and how.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) start: Start,
    pub(super) end: Start,
    pub(super) shift: Shift,
    /// Which of the round's ways.
    pub(super) ways: usize,
    /// The calls that the walk begins with, whatever else is planned.
    pub(super) frozen: Vec<usize>,
}

/// A call to choose.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) duty: Duty,
    /// It goes before any number of others.
    pub(super) required: bool,
    /// The walk that a plan before this one gave it to.
    pub(super) planned_for: Option<usize>,
    /// When it is to begin, by that plan: seconds from midnight.
    pub(super) promised: Option<Span>,
}

impl Call {
    /// A call that goes by what it is worth, and that nobody was promised.
    pub(super) fn new(duty: Duty) -> Self {
        Self { duty, required: false, planned_for: None, promised: None }
    }
}

/// When there is time to walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) starts_at: NaiveTime,
    pub(super) minutes: u32,
}

impl Shift {
    /// In seconds from midnight.
    fn span(self) -> Span {
        let from = i64::from(self.starts_at.num_seconds_from_midnight());
        Span { from, to: from + i64::from(self.minutes) * 60 }
    }
}

/// The time of day so many seconds from midnight, to the minute begun.
pub(super) fn time_of_day(seconds: i64) -> TimeOfDay {
    let time = NaiveTime::MIN + TimeDelta::seconds(seconds.max(0));
    TimeOfDay(time.with_second(0).unwrap_or(time))
}

/// Each walk has a start and an end, before the places of the calls.
const ENDS: usize = 2;

/// Enough for a day's patrol.
const ITERATIONS: u64 = 20_000;
/// With more calls than this each iteration takes longer: there are fewer, so that nobody waits for minutes.
const MANY_CALLS: u64 = 1_000;
/// No sound round on a sound machine takes so long; then the best plan there is has to do.
const LONGEST_SEARCH: Duration = Duration::from_secs(20);

/// A round with its places found on the roads.
#[derive(Debug)]
pub(super) struct Laid<'a> {
    pub(super) round: &'a Round,
    /// The places of all, for each of the round's ways.
    pub(super) places: Vec<Places<'a>>,
    problem: routing::Problem,
}

impl Round {
    /// The walks that together keep what matters most and walk the least, in order.
    ///
    /// Computing takes up to about a second for hundreds of calls: call it where blocking is allowed.
    pub(super) fn plan(&self, wanted: &Wanted) -> Result<Vec<Course>, Problem> {
        let laid = self.lay()?;
        let plan = laid.solve(wanted)?;
        laid.told_of_plan(&plan).into_iter().map(|told| laid.course(&told)).collect()
    }

    /// Finds the way from everywhere to everywhere.
    pub(super) fn lay(&self) -> Result<Laid<'_>, Problem> {
        let ends = self.walks.iter().flat_map(|walk| [walk.start.at, walk.end.at]);
        let points: Vec<_> = ends.chain(self.calls.iter().map(|call| call.duty.at)).collect();
        let first_call = ENDS * self.walks.len();
        let places: Vec<Places<'_>> = self.ways.iter().map(|ways| ways.find(&points, first_call)).collect();
        let travel: Vec<TravelTimes> = places
            .iter()
            .map(|places| places.matrix().times().map_err(|error| Problem::internal(&error)))
            .collect::<Result<_, _>>()?;
        let calls = self.calls.iter().enumerate();
        let stops = calls.map(|(index, call)| stop(first_call + index, call, self.change_penalty)).collect();
        let walkers = self.walks.iter().enumerate();
        let workers = walkers
            .map(|(index, walk)| routing::Worker {
                end: Some(ENDS * index + 1),
                travel: walk.ways,
                frozen: walk.frozen.clone(),
                ..routing::Worker::new(ENDS * index, walk.shift.span())
            })
            .collect();
        let problem = routing::Problem { travel, stops, workers, change_penalty: self.change_penalty };
        Ok(Laid { round: self, places, problem })
    }
}

impl Laid<'_> {
    /// The best plan there is time to find, or any once none is wanted.
    pub(super) fn solve(&self, wanted: &Wanted) -> Result<Plan, Problem> {
        let calls = self.round.calls.len() as u64;
        let iterations = ITERATIONS * MANY_CALLS / calls.max(MANY_CALLS);
        let begun = Instant::now();
        let watch = |_: Progress| wanted.still() && begun.elapsed() < LONGEST_SEARCH;
        solve(&self.problem, &Effort { watch: &watch, ..Effort::iterations(iterations, 0) })
            .map_err(|error| Problem::internal(&error))
    }

    /// What becomes of these orders, each the numbers of a walker's calls.
    pub(super) fn assess(&self, orders: &[Vec<usize>]) -> Result<Assessment, Problem> {
        assess(&self.problem, orders).map_err(|error| Problem::internal(&error))
    }

    /// A plan as it is told, walk by walk.
    pub(super) fn told_of_plan<'p>(&self, plan: &'p Plan) -> Vec<Told<'p>> {
        (0..self.round.walks.len())
            .map(|walk| {
                let route = plan.routes.iter().find(|route| route.worker == walk);
                Told {
                    walk,
                    visits: route.map_or(&[], |route| &route.visits),
                    end: route.map(|it| it.end),
                    left_out: &plan.left_out,
                }
            })
            .collect()
    }

    /// The second of the day at which a walk is over.
    pub(super) fn over_at(&self, told: &Told<'_>) -> i64 {
        told.end.unwrap_or_else(|| self.begins(told.walk) + self.straight_s(told.walk))
    }

    /// The number of a call among the places.
    pub(super) fn place_of_call(&self, call: usize) -> usize {
        ENDS * self.round.walks.len() + call
    }

    /// Seconds straight from a walk's start to its end.
    fn straight_s(&self, walk: usize) -> i64 {
        let [start, end] = ends_of(walk);
        self.problem.travel[self.round.walks[walk].ways].time(start, end).unwrap_or(0)
    }

    /// When a walk's shift begins, in seconds from midnight.
    fn begins(&self, walk: usize) -> i64 {
        self.problem.workers[walk].shift.from
    }
}

/// Given orders as they are told, walk by walk.
pub(super) fn told_of(assessment: &Assessment) -> Vec<Told<'_>> {
    let routes = assessment.routes.iter().map(|assessed| &assessed.route);
    routes
        .map(|route| Told {
            walk: route.worker,
            visits: &route.visits,
            end: Some(route.end),
            left_out: &assessment.left_out,
        })
        .collect()
}

/// The numbers of a walk's start and end among the places.
pub(super) fn ends_of(walk: usize) -> [usize; 2] {
    [ENDS * walk, ENDS * walk + 1]
}

fn stop(place: usize, call: &Call, change_penalty: u64) -> routing::Stop {
    let duty = &call.duty;
    let service_s = i64::from(duty.service_min) * 60;
    let mut stop = routing::Stop::new(place, service_s, u64::from(duty.prize));
    stop.required = call.required;
    stop.published_to = call.planned_for;
    if call.planned_for.is_some() {
        // Left out, it loses this as well.
        stop.prize += change_penalty;
    }
    // Who opens late at night and closes in the morning is left to be called at any time.
    if let Some((opens, closes)) = duty.hours.filter(|(opens, closes)| opens < closes) {
        let seconds = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let (from, to) = (seconds(opens), seconds(closes) - service_s);
        // Who is not open long enough is never open: before every shift.
        stop.windows.push(if from <= to { Span { from, to } } else { Span { from: -1, to: -1 } });
    }
    if let Some(promised) = call.promised {
        match stop.windows.as_mut_slice() {
            [open] => *open = common(*open, promised).unwrap_or(*open),
            _ => stop.windows.push(promised),
        }
    }
    stop
}

/// What two spans have in common.
fn common(a: Span, b: Span) -> Option<Span> {
    let both = Span { from: a.from.max(b.from), to: a.to.min(b.to) };
    (both.from <= both.to).then_some(both)
}
