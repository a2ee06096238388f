//! How a walk reads: its stops with their times, the line and the steps, and why the rest is left out.

use serde_json::json;

use super::choice::MOST_WEIGHED;
use super::model::{Course, Direction, LeftOut, Start, Stop, WalkFault, position_of};
use super::round::{Call, Laid, ends_of, time_of_day};
use crate::domain::duties::Duty;
use crate::domain::roads::Leg;
use crate::kernel::routing::{self, Hitch, Obstacle, Reason, Visit};
use crate::message;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// A walk to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'p> {
    /// Which of the round's.
    pub(super) walk: usize,
    pub(super) visits: &'p [Visit],
    /// When it is over; none where there is not even time to get to the end.
    pub(super) end: Option<i64>,
    pub(super) left_out: &'p [routing::LeftOut],
}

/// The line of a walk, its legs, the last to the end, and the vertex of the line at which each leg ends.
struct Way {
    line: Vec<[f64; 2]>,
    legs: Vec<Leg>,
    ends: Vec<usize>,
}

impl Laid<'_> {
    /// A walk as its walker reads it.
    pub(super) fn course(&self, told: &Told<'_>) -> Result<Course, Problem> {
        let way = self.way(told)?;
        let service_s: i64 = told.visits.iter().map(|visit| visit.leave - visit.begin).sum();
        Ok(Course {
            stops: self.stops(told.visits, &way),
            left_out: self.all_left_out(told.left_out),
            line: json!({"type": "LineString", "coordinates": way.line}),
            on_roads: self.round.ways[self.round.walks[told.walk].ways].on_roads(),
            walk_m: way.legs.iter().map(|leg| leg.length_m).sum::<f64>().round(),
            walk_s: way.legs.iter().map(|leg| leg.duration_s).sum::<f64>().round(),
            service_s: service_s as f64,
            ends_at: time_of_day(self.over_at(told)),
        })
    }

    fn way(&self, told: &Told<'_>) -> Result<Way, Problem> {
        let walk = &self.round.walks[told.walk];
        let [mut from, end] = ends_of(told.walk);
        let mut way = Way { line: vec![position_of(walk.start.at)], legs: Vec::new(), ends: Vec::new() };
        for to in told.visits.iter().map(|visit| self.place_of_call(visit.stop)).chain([end]) {
            let leg = self.places[walk.ways].leg(from, to).map_err(|error| Problem::internal(&error))?;
            for position in leg.line.iter().copied().map(position_of) {
                if way.line.last() != Some(&position) {
                    way.line.push(position);
                }
            }
            way.ends.push(way.line.len() - 1);
            way.legs.push(leg);
            from = to;
        }
        if way.line.len() == 1 {
            // A line needs two positions (RFC 7946, section 3.1.4), even one that goes nowhere.
            way.line.push(way.line[0]);
        }
        Ok(way)
    }

    fn stops(&self, visits: &[Visit], way: &Way) -> Vec<Stop> {
        let visits = visits.iter().zip(&way.legs).zip(&way.ends);
        visits
            .enumerate()
            .map(|(index, ((visit, leg), &vertex))| {
                let duty = &self.round.calls[visit.stop].duty;
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
                    arrive: time_of_day(visit.begin),
                    leave: time_of_day(visit.leave),
                    walk_m: leg.length_m.round(),
                    vertex,
                    directions: directions(leg),
                }
            })
            .collect()
    }

    fn all_left_out(&self, left_out: &[routing::LeftOut]) -> Vec<LeftOut> {
        let weighed =
            left_out.iter().map(|it| left_out_of(&self.round.calls[it.stop], self.words(&it.reason)));
        let beyond = self.round.beyond.iter().map(|call| {
            let why = message!(
                "对象过多，只在最要紧的 {MOST_WEIGHED} 处中安排",
                "there are too many: the {MOST_WEIGHED} most pressing were chosen from"
            );
            left_out_of(call, why)
        });
        weighed.chain(beyond).collect()
    }

    fn duty(&self, stop: usize) -> &Duty {
        &self.round.calls[stop].duty
    }

    fn words(&self, reason: &Reason) -> Message {
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
            Reason::Displaced(displaced) if displaced.by.is_empty() => {
                let longer = minutes(displaced.travel.max(0));
                message!("还排得下：路上多走 {longer} 分钟", "would fit: {longer} minutes more on the way")
            }
            Reason::Displaced(displaced) => {
                let by: Vec<&str> = displaced.by.iter().map(|&stop| self.duty(stop).label.as_str()).collect();
                let (zh, en) = (by.join("、"), by.join(", "));
                message!("本班已排满：须放弃 {zh}", "the shift is full: {en} would have to go")
            }
        }
    }

    /// What keeps a walk from being walked, in words.
    pub(super) fn fault(&self, visits: &[Visit], hitch: &Hitch) -> WalkFault {
        let duty = hitch.visit.map(|index| self.duty(visits[index].stop));
        let words = match hitch.obstacle {
            Obstacle::NoWay => message!("没有道路可达", "no road leads there"),
            Obstacle::NotAllowed => message!("此人不能前往", "not a call for this walker"),
            Obstacle::Closed { late: None } => message!("本班时间内不营业", "not open during the shift"),
            Obstacle::Closed { late: Some(late) } => {
                let late = minutes(late);
                message!(
                    "晚到 {late} 分钟，来不及在关门前办完",
                    "{late} minutes too late to be done before it closes"
                )
            }
            Obstacle::AfterShift { late } => {
                let late = minutes(late);
                message!("超出本班 {late} 分钟", "{late} minutes longer than the shift")
            }
            Obstacle::NoRest => message!("没有时间休息", "there is no time to rest"),
        };
        WalkFault { target_id: duty.map(|duty| duty.target_id), words }
    }
}

fn left_out_of(call: &Call, reason: Message) -> LeftOut {
    LeftOut {
        target_kind: call.duty.target_kind,
        target_id: call.duty.target_id,
        label: call.duty.label.clone(),
        at: call.duty.at,
        priority: call.duty.priority,
        required: call.required,
        reason,
    }
}

fn directions(leg: &Leg) -> Vec<Direction> {
    leg.steps
        .iter()
        .map(|step| Direction {
            words: step.words.clone(),
            length_m: step.length_m.round(),
            at: leg.line.get(step.vertex).copied().map(position_of),
        })
        .collect()
}

/// Begun minutes.
fn minutes(seconds: i64) -> i64 {
    seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0)
}

/// A start at a place that the caller gave.
pub(super) fn start_at(at: crate::kernel::geometry::Wgs84) -> Start {
    Start { at, label: message!("所选位置", "the chosen place").to_string() }
}
