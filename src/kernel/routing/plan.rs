//! What a walk's search answers: visits with their times, and why the other stops were left out.
//! Never here: words for people; the reasons carry figures, and whoever shows them finds the words.

use super::route::Route;
use super::walk::Walk;

/// A plan for one shift. Times are seconds from its start.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The visits in order.
    pub visits: Vec<Visit>,
    /// The other stops, in the order given.
    pub left_out: Vec<LeftOut>,
    /// What the visits are worth together.
    pub prize: u64,
    /// The travel, the way to the end included.
    pub travel_s: f64,
    /// When everything is done, the way to the end included.
    pub done_s: f64,
}

/// One call of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Which stop of the walk.
    pub stop: usize,
    /// The travel to it.
    pub travel_s: f64,
    /// When one is there.
    pub arrive_s: f64,
    /// When the call begins: later than the arrival only where one has to wait.
    pub begin_s: f64,
    /// When one goes on.
    pub leave_s: f64,
}

/// A stop that is not in the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// Which stop of the walk.
    pub stop: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a stop is not in a plan. Each is computed from the finished plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// There is no way to it, or none from it to the end.
    Unreachable,
    /// Even going straight there one comes after the last moment the call can begin.
    ClosesTooEarly {
        /// The soonest one can be there.
        soonest_s: f64,
        /// The last moment the call can begin.
        closes_s: f64,
    },
    /// Whoever waits until the call can begin is not done within the shift.
    OpensTooLate {
        /// The first moment the call can begin.
        opens_s: f64,
    },
    /// Even alone, with the way there and to the end, it takes longer than the shift.
    LongerThanTheShift {
        /// How long it takes alone.
        alone_s: f64,
    },
    /// It would fit alone, but not beside the stops of the plan.
    NoTimeLeft {
        /// The least time by which it would lengthen the plan, its hours and the other stops' aside.
        needs_s: f64,
        /// How much of the shift the plan leaves.
        spare_s: f64,
    },
}

impl Plan {
    pub(super) fn new(walk: &Walk<'_>, route: &Route) -> Self {
        let mut visits = Vec::with_capacity(route.order().len());
        let (mut before, mut now_s) = (None, 0.0);
        for &stop in route.order() {
            let call = &walk.stops()[stop];
            let travel_s = walk.leg_s(before, Some(stop));
            let arrive_s = now_s + travel_s;
            let begin_s = f64::max(arrive_s, call.opens_s);
            now_s = begin_s + call.service_s;
            visits.push(Visit { stop, travel_s, arrive_s, begin_s, leave_s: now_s });
            before = Some(stop);
        }
        let done_s = now_s + walk.leg_s(before, None);
        let left_out = (0..walk.stops().len())
            .filter(|stop| !route.order().contains(stop))
            .map(|stop| LeftOut { stop, reason: reason(walk, route, stop, walk.shift_s() - done_s) })
            .collect();
        Self { visits, left_out, prize: route.prize(), travel_s: route.travel_s(), done_s }
    }
}

fn reason(walk: &Walk<'_>, route: &Route, stop: usize, spare_s: f64) -> Reason {
    let call = &walk.stops()[stop];
    let soonest_s = walk.outward_s(stop);
    if soonest_s.is_infinite() || walk.homeward_s(stop).is_infinite() {
        return Reason::Unreachable;
    }
    if soonest_s > call.closes_s || call.opens_s > call.closes_s {
        return Reason::ClosesTooEarly { soonest_s, closes_s: call.closes_s };
    }
    let then_s = call.service_s + walk.homeward_s(stop);
    if soonest_s + then_s > walk.shift_s() {
        return Reason::LongerThanTheShift { alone_s: soonest_s + then_s };
    }
    if call.opens_s + then_s > walk.shift_s() {
        return Reason::OpensTooLate { opens_s: call.opens_s };
    }
    let detour_s = (0..=route.order().len())
        .map(|position| {
            let (before, after) = (route.before(position), route.order().get(position).copied());
            walk.leg_s(before, Some(stop)) + walk.leg_s(Some(stop), after) - walk.leg_s(before, after)
        })
        .fold(f64::INFINITY, f64::min);
    Reason::NoTimeLeft { needs_s: detour_s + call.service_s, spare_s }
}
