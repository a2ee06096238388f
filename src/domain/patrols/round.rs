//! From the calls that are due to the walk that makes the most of a shift.

use chrono::{NaiveTime, TimeDelta, Timelike};
use serde_json::json;

use super::model::{Course, Direction, LeftOut, Start, Stop, position_of};
use crate::domain::duties::Duty;
use crate::domain::roads::{Leg, Places, Ways};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::routing::{self, Effort, Reason, Span, Visit, solve};
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
    fn seconds_to(self, time: NaiveTime) -> i64 {
        (time - self.starts_at).num_seconds()
    }

    fn length_s(self) -> i64 {
        i64::from(self.minutes) * 60
    }

    /// The time of day so many seconds after its start, to the minute begun.
    fn time(self, seconds: i64) -> TimeOfDay {
        let time = self.starts_at + TimeDelta::seconds(seconds);
        TimeOfDay(time.with_second(0).unwrap_or(time))
    }
}

/// Where a walk begins and ends, before the places of its duties.
const ENDS: usize = 2;

/// Enough for a day's patrol.
const ITERATIONS: u64 = 20_000;

/// The walks over `duties` of so many walkers that together keep what matters most and walk the least, each from
/// the start to the end.
///
/// Computing takes up to about a second for hundreds of duties: call it where blocking is allowed.
pub(super) fn plan(
    round: &Round,
    walkers: usize,
    duties: &[Duty],
    ways: &Ways,
) -> Result<Vec<Course>, Problem> {
    let mut places = vec![round.start.at, round.end.at];
    places.extend(duties.iter().map(|duty| duty.at));
    let places = ways.find(&places, ENDS);
    let times = places.matrix().times().map_err(|error| Problem::internal(&error))?;
    let straight_s = times.time(0, 1).unwrap_or(0);
    let stops =
        duties.iter().enumerate().map(|(index, duty)| stop(index + ENDS, duty, round.shift)).collect();
    let walker = routing::Worker {
        end: Some(1),
        ..routing::Worker::new(0, Span { from: 0, to: round.shift.length_s() })
    };
    let problem =
        routing::Problem { travel: vec![times], stops, workers: vec![walker; walkers], change_penalty: 0 };
    let plan =
        solve(&problem, &Effort::iterations(ITERATIONS, 0)).map_err(|error| Problem::internal(&error))?;
    let left_out: Vec<LeftOut> = plan.left_out.iter().map(|left_out| left_out_of(left_out, duties)).collect();
    (0..walkers)
        .map(|walker| {
            let route = plan.routes.iter().find(|route| route.worker == walker);
            // Where the shift is too short even to get to the end, that is all there is time for.
            let (visits, walk_s, done_s) = route
                .map_or((&[][..], straight_s, straight_s), |route| (&route.visits, route.travel, route.end));
            let (line, legs) = way(round, visits, &places)?;
            Ok(Course {
                stops: stops_of(visits, duties, &legs, round.shift),
                left_out: left_out.clone(),
                line: json!({"type": "LineString", "coordinates": line}),
                on_roads: ways.on_roads(),
                walk_m: legs.iter().map(|leg| leg.length_m).sum::<f64>().round(),
                walk_s: walk_s as f64,
                service_s: visits.iter().map(|visit| visit.leave - visit.begin).sum::<i64>() as f64,
                ends_at: round.shift.time(done_s),
            })
        })
        .collect()
}

/// The line of a walk, and its legs, the last to the end.
fn way(round: &Round, visits: &[Visit], places: &Places<'_>) -> Result<(Vec<[f64; 2]>, Vec<Leg>), Problem> {
    let mut line = vec![position_of(round.start.at)];
    let mut legs = Vec::with_capacity(visits.len() + 1);
    let mut from = 0;
    for to in visits.iter().map(|visit| visit.stop + ENDS).chain([1]) {
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
    Ok((line, legs))
}

fn stop(place: usize, duty: &Duty, shift: Shift) -> routing::Stop {
    let service_s = i64::from(duty.service_min) * 60;
    let mut stop = routing::Stop::new(place, service_s, u64::from(duty.prize));
    // Who opens late at night and closes in the morning is left to be called at any time.
    if let Some((opens, closes)) = duty.hours.filter(|(opens, closes)| opens < closes) {
        let (from, to) = (shift.seconds_to(opens), shift.seconds_to(closes) - service_s);
        // Who is not open long enough is never open: before the shift.
        stop.windows.push(if from <= to { Span { from, to } } else { Span { from: -1, to: -1 } });
    }
    stop
}

fn stops_of(visits: &[Visit], duties: &[Duty], legs: &[Leg], shift: Shift) -> Vec<Stop> {
    let visits = visits.iter().zip(legs);
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
                arrive: shift.time(visit.begin),
                leave: shift.time(visit.leave),
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
        reason: words(&left_out.reason, duties),
    }
}

fn words(reason: &Reason, duties: &[Duty]) -> Message {
    match reason {
        Reason::Unreachable | Reason::NoWorker | Reason::SkillMissing => {
            message!("没有道路可达", "no road leads there")
        }
        Reason::Closed { .. } => message!("本班时间内不营业", "not open during the shift"),
        Reason::ShiftTooShort { lacks } => {
            let lacks = minutes(*lacks);
            message!(
                "单独前往也超出本班 {lacks} 分钟",
                "takes {lacks} minutes more than the shift has, even alone"
            )
        }
        Reason::WorthNothing => message!("今日不必前往", "need not be called at today"),
        Reason::Displaced(displaced) => {
            let by: Vec<&str> = displaced.by.iter().map(|&stop| duties[stop].label.as_str()).collect();
            let (zh, en) = (by.join("、"), by.join(", "));
            message!("本班已排满：须放弃 {zh}", "the shift is full: {en} would have to go")
        }
    }
}

/// Begun minutes.
fn minutes(seconds: i64) -> i64 {
    seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0)
}
