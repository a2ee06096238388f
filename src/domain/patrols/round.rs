//! From the calls that are due to the walk that makes the most of a shift.

use chrono::{NaiveTime, TimeDelta, Timelike};
use serde_json::json;

use super::duty::Duty;
use super::model::{Course, Direction, LeftOut, Start, Stop, position_of};
use crate::domain::roads::{Leg, Ways};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::routing::{self, Plan, Reason, Search, TravelTimes, Walk};
use crate::message;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// A patrol to be planned.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) start: Start,
    pub(super) end: Start,
    pub(super) shift: Shift,
}

/// When there is time to walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    pub(super) starts_at: NaiveTime,
    pub(super) minutes: u32,
}

impl Shift {
    /// Seconds from its start to a time of day; negative before it.
    fn seconds_to(self, time: NaiveTime) -> f64 {
        (time - self.starts_at).num_seconds() as f64
    }

    fn length_s(self) -> f64 {
        f64::from(self.minutes) * 60.0
    }

    /// The time of day so many seconds after its start, to the minute begun.
    fn time(self, seconds: f64) -> TimeOfDay {
        let time = self.starts_at + TimeDelta::seconds(seconds as i64);
        TimeOfDay(time.with_second(0).unwrap_or(time))
    }
}

/// Where a walk begins and ends, before the places of its duties.
const ENDS: usize = 2;

/// The walk over `duties` that keeps what matters most and walks the least, from its start to its end.
///
/// Computing takes up to about a second for hundreds of duties: call it where blocking is allowed.
pub(super) fn plan(round: &Round, duties: &[Duty], ways: &Ways) -> Result<Course, Problem> {
    let mut places = vec![round.start.at, round.end.at];
    places.extend(duties.iter().map(|duty| duty.at));
    let places = ways.find(&places, ENDS);
    let times = TravelTimes::new(ENDS + duties.len(), places.matrix().seconds())
        .map_err(|error| Problem::internal(&error))?;
    let stops =
        duties.iter().enumerate().map(|(index, duty)| stop(index + ENDS, duty, round.shift)).collect();
    let walk = Walk::new(&times, 0, Some(1), stops, round.shift.length_s())
        .map_err(|error| Problem::internal(&error))?;
    let plan = walk.plan(&effort(duties.len()));

    let mut line = vec![position_of(round.start.at)];
    let mut legs = Vec::with_capacity(plan.visits.len() + 1);
    let mut from = 0;
    for to in plan.visits.iter().map(|visit| visit.stop + ENDS).chain([1]) {
        let leg = places.leg(from, to).map_err(|error| Problem::internal(&error))?;
        line.extend(leg.line.iter().copied().map(position_of));
        legs.push(leg);
        from = to;
    }
    line.dedup();
    if line.len() == 1 {
        // A line needs two positions (RFC 7946, section 3.1.4), even one that goes nowhere.
        line.push(line[0]);
    }
    Ok(Course {
        stops: stops_of(&plan, duties, &legs, round.shift),
        left_out: plan.left_out.iter().map(|left_out| left_out_of(left_out, duties)).collect(),
        line: json!({"type": "LineString", "coordinates": line}),
        on_roads: ways.on_roads(),
        walk_m: legs.iter().map(|leg| leg.length_m).sum::<f64>().round(),
        walk_s: plan.travel_s.round(),
        service_s: plan.visits.iter().map(|visit| visit.leave_s - visit.begin_s).sum::<f64>().round(),
        ends_at: round.shift.time(plan.done_s),
    })
}

/// The more there is to choose from, the longer each step of the search takes; the time stays about the same.
fn effort(duties: usize) -> Search {
    let iterations = (30_000 / duties.max(1)).clamp(40, 400) as u32;
    Search { iterations, seed: 0 }
}

fn stop(place: usize, duty: &Duty, shift: Shift) -> routing::Stop {
    let service_s = f64::from(duty.service_min) * 60.0;
    let stop = routing::Stop::new(place, service_s, duty.prize);
    match duty.hours {
        // Who opens late at night and closes in the morning is left to be called at any time.
        Some((opens, closes)) if opens < closes => {
            let (opens_s, closes_s) = (shift.seconds_to(opens), shift.seconds_to(closes));
            stop.between(opens_s.max(0.0), closes_s - service_s)
        }
        _ => stop,
    }
}

fn stops_of(plan: &Plan, duties: &[Duty], legs: &[Leg], shift: Shift) -> Vec<Stop> {
    let visits = plan.visits.iter().zip(legs);
    visits
        .enumerate()
        .map(|(index, (visit, leg))| {
            let duty = &duties[visit.stop];
            Stop {
                no: index + 1,
                target_kind: duty.target_kind,
                target_id: duty.target_id,
                label: duty.label.clone(),
                sublabel: duty.sublabel.clone(),
                at: duty.at,
                purposes: duty.purposes.clone(),
                priority: duty.priority,
                due_since: duty.due_since,
                overdue_days: duty.overdue_days,
                arrive: shift.time(visit.begin_s),
                leave: shift.time(visit.leave_s),
                walk_m: leg.length_m.round(),
                directions: leg
                    .steps
                    .iter()
                    .map(|step| Direction { words: step.words.clone(), length_m: step.length_m.round() })
                    .collect(),
            }
        })
        .collect()
}

fn left_out_of(left_out: &routing::LeftOut, duties: &[Duty]) -> LeftOut {
    let duty = &duties[left_out.stop];
    LeftOut {
        target_kind: duty.target_kind,
        target_id: duty.target_id,
        label: duty.label.clone(),
        priority: duty.priority,
        reason: words(left_out.reason),
    }
}

fn words(reason: Reason) -> Message {
    let minutes = |seconds: f64| (seconds / 60.0).ceil();
    match reason {
        Reason::Unreachable => message!("没有道路可达", "no road leads there"),
        Reason::ClosesTooEarly { .. } | Reason::OpensTooLate { .. } => {
            message!("本班时间内不营业", "not open during the shift")
        }
        Reason::LongerThanTheShift { alone_s } => {
            let alone = minutes(alone_s);
            message!(
                "单独前往也需 {alone} 分钟，超过本班时长",
                "takes {alone} minutes even alone, longer than the shift"
            )
        }
        Reason::NoTimeLeft { needs_s, spare_s } => {
            let (needs, spare) = (minutes(needs_s.max(0.0)), (spare_s / 60.0).floor());
            message!(
                "本班已排满：至少还需 {needs} 分钟，只剩 {spare} 分钟",
                "the shift is full: it needs at least {needs} more minutes, {spare} are left"
            )
        }
    }
}
