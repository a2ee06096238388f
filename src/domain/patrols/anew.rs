//! What is left of patrols, planned anew with as little broken of what was promised as can be. Never here: whose
//! business that is.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use uuid::Uuid;

use super::courses::start_at;
use super::kept::{KeptPatrol, KeptStop, NewStop, StopState};
use super::model::{Course, Start};
use super::planning::moment;
use super::round::{Call, Round, Shift, Walk};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::kernel::routing::Span;
use crate::platform::clock::china_offset;
use crate::platform::computing::Wanted;
use crate::platform::problem::Problem;

/// A change of the plan costs so many times what the best call is worth, unless the caller says.
const USUAL_PENALTY: u32 = 4;

/// A patrol that is under way or promised, and where its walker is.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) patrol: KeptPatrol,
    pub(super) here: Wgs84,
    /// When its walker has to be done.
    pub(super) until: DateTime<Utc>,
    /// The stops that come first.
    pub(super) next: Vec<Uuid>,
}

/// How far to keep to the plan.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keeping {
    /// What it costs to leave out a planned call, beyond what it is worth, or to give it to another walker.
    pub(super) change_penalty: Option<u32>,
    /// Planned calls begin within so many minutes of their planned time.
    pub(super) hold_min: Option<u32>,
}

impl Keeping {
    /// What a change costs, over these calls.
    pub(super) fn penalty(self, calls: &[Call]) -> u64 {
        let dearest = calls.iter().map(|call| call.duty.prize).max().unwrap_or(0);
        u64::from(self.change_penalty.unwrap_or_else(|| dearest.saturating_mul(USUAL_PENALTY)))
    }
}

/// The calls that are still to be made: those planned on one of the patrols, with what was promised, and those on none of
/// them that nobody `elsewhere` is to make.
pub(super) fn still_to_make(
    rests: &[Rest],
    mut calls: Vec<Call>,
    elsewhere: &HashSet<(TargetKind, Uuid)>,
    keeping: Keeping,
) -> Vec<Call> {
    calls.retain_mut(|call| {
        let target = (call.duty.target_kind, call.duty.target_id);
        let mut known = false;
        for (walk, rest) in rests.iter().enumerate() {
            let Some(stop) = rest.patrol.stops.iter().find(|stop| target_of(stop) == target) else {
                continue;
            };
            known = true;
            if stop.state == StopState::Planned {
                call.planned_for = Some(walk);
                call.promised = keeping.hold_min.map(|minutes| promised(&rest.patrol, stop, minutes));
            }
        }
        call.planned_for.is_some() || !(known || elsewhere.contains(&target))
    });
    calls
}

fn target_of(stop: &KeptStop) -> (TargetKind, Uuid) {
    (stop.target_kind, stop.target_id)
}

/// When a planned call may begin: around its planned time, in seconds from midnight.
fn promised(patrol: &KeptPatrol, stop: &KeptStop, minutes: u32) -> Span {
    let midnight = moment(patrol.date, TimeOfDay(chrono::NaiveTime::MIN));
    let planned = (stop.arrive - midnight).num_seconds();
    let around = i64::from(minutes) * 60;
    Span { from: planned - around, to: planned + around }
}

impl Rest {
    /// What is left of the shift at `now`, over these calls. Before the shift it is all of it.
    pub(super) fn walk(&self, now: DateTime<Utc>, calls: &[Call], ways: usize) -> Walk {
        let Self { patrol, here, until, next } = self;
        let until = (*until).clamp(patrol.shift_from, patrol.shift_to);
        let from = now.clamp(patrol.shift_from, until);
        let local = from.with_timezone(&china_offset()).time();
        let starts_at = local.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(local);
        let left: TimeDelta = until - from;
        let stops = next.iter().filter_map(|id| patrol.stops.iter().find(|stop| stop.id == *id));
        let number = |stop: &KeptStop| {
            calls.iter().position(|call| (call.duty.target_kind, call.duty.target_id) == target_of(stop))
        };
        Walk {
            start: start_at(*here),
            end: Start { at: patrol.start.at, label: patrol.start.label.clone() },
            shift: Shift { starts_at, minutes: left.num_minutes().max(0) as u32 },
            ways,
            frozen: stops.filter_map(number).collect(),
        }
    }

    /// Stops that the patrol had planned before keep their ids: what a phone has yet to tell of them is still of them.
    pub(super) fn keep_ids(&self, stops: &mut [NewStop]) {
        for stop in stops {
            let before =
                self.patrol.stops.iter().find(|it| target_of(it) == (stop.target_kind, stop.target_id));
            if let Some(before) = before.filter(|before| before.state == StopState::Planned) {
                stop.id = before.id;
            }
        }
    }
}

/// The best walks that keep the promised times; where a planned call would be left out for the sake of its time, that time
/// is given up before the call is.
pub(super) fn plan(mut round: Round, wanted: &Wanted) -> Result<Vec<Course>, Problem> {
    let courses = round.plan(wanted)?;
    let left_out = courses.iter().flat_map(|course| &course.left_out);
    let lost: HashSet<Uuid> = left_out.map(|left_out| left_out.target_id).collect();
    let lost = round.calls.iter_mut().filter(|call| lost.contains(&call.duty.target_id));
    let given_up = lost.filter_map(|call| call.promised.take()).count();
    if given_up == 0 || !wanted.still() { Ok(courses) } else { round.plan(wanted) }
}
