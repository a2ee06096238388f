//! What a new plan changes: who makes which call and when, against what was planned. Never here: planning.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::anew::Rest;
use super::kept::{KeptStop, StopState};
use super::model::{Course, Worker};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::platform::clock::china_offset;
use crate::platform::locale::Message;

/// What becomes of one patrol.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PatrolChange {
    /// Which.
    pub(super) patrol_id: Uuid,
    /// Who walks it.
    pub(super) worker: Worker,
    /// What would be the rest of it.
    pub(super) course: Course,
    /// When it was to be over, time in China.
    #[schema(value_type = Option<String>, example = "12:10")]
    pub(super) ended_at: Option<TimeOfDay>,
    /// The calls still to be made, in order.
    pub(super) calls: Vec<CallKept>,
    /// The calls that were to be made and are not any more.
    pub(super) lost: Vec<CallLost>,
}

/// A call that is to be made, beside what was planned of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallKept {
    /// What kind of thing to call at.
    pub(super) target_kind: TargetKind,
    /// Which one.
    pub(super) target_id: Uuid,
    /// What it is called.
    pub(super) label: String,
    /// When, time in China.
    #[schema(value_type = String, example = "10:40")]
    pub(super) arrive: TimeOfDay,
    /// When it was planned, by whoever had it; absent where nobody had.
    #[schema(value_type = Option<String>, example = "10:25")]
    pub(super) before: Option<TimeOfDay>,
    /// Who had it, where that was another.
    pub(super) from: Option<Worker>,
}

/// A call that is not made any more by whoever was to make it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallLost {
    /// What kind of thing to call at.
    pub(super) target_kind: TargetKind,
    /// Which one.
    pub(super) target_id: Uuid,
    /// What it is called.
    pub(super) label: String,
    /// When it was planned, time in China.
    #[schema(value_type = String, example = "10:25")]
    pub(super) before: TimeOfDay,
    /// Who makes it instead; absent where nobody does.
    pub(super) to: Option<Worker>,
    /// Why nobody does, in both languages.
    pub(super) reason: Option<Message>,
}

/// What becomes of each of the patrols with these courses in the place of what was left of them.
pub(super) fn changes(rests: &[Rest], courses: Vec<Course>) -> Vec<PatrolChange> {
    let calls: Vec<Vec<CallKept>> = courses.iter().enumerate().map(|it| calls_of(rests, it)).collect();
    let lost: Vec<Vec<CallLost>> = (0..rests.len()).map(|walk| lost_by(rests, walk, &courses)).collect();
    let walks = rests.iter().zip(courses).zip(calls).zip(lost);
    walks
        .map(|(((rest, course), calls), lost)| PatrolChange {
            patrol_id: rest.patrol.id,
            worker: rest.patrol.worker.clone(),
            ended_at: rest.patrol.course["ends_at"].as_str().and_then(|text| text.parse().ok()),
            course,
            calls,
            lost,
        })
        .collect()
}

fn calls_of(rests: &[Rest], (walk, course): (usize, &Course)) -> Vec<CallKept> {
    let stops = course.stops.iter();
    stops
        .map(|stop| {
            let planned = planned(rests, (stop.target_kind, stop.target_id));
            CallKept {
                target_kind: stop.target_kind,
                target_id: stop.target_id,
                label: stop.label.clone(),
                arrive: stop.arrive,
                before: planned.map(|(_, before)| time_in_china(before.arrive)),
                from: planned
                    .filter(|&(had, _)| had != walk)
                    .map(|(had, _)| rests[had].patrol.worker.clone()),
            }
        })
        .collect()
}

fn lost_by(rests: &[Rest], walk: usize, courses: &[Course]) -> Vec<CallLost> {
    let stops = rests[walk].patrol.stops.iter().filter(|stop| stop.state == StopState::Planned);
    stops
        .filter_map(|stop| {
            let goes = |course: &Course| course.stops.iter().any(|it| it.target_id == stop.target_id);
            let to = courses.iter().position(goes);
            if to == Some(walk) {
                return None;
            }
            let left_out = courses.first().map_or(&[][..], |course| &course.left_out);
            let left_out = left_out.iter().find(|it| it.target_id == stop.target_id);
            Some(CallLost {
                target_kind: stop.target_kind,
                target_id: stop.target_id,
                label: stop.plan["label"].as_str().unwrap_or_default().to_owned(),
                before: time_in_china(stop.arrive),
                to: to.map(|to| rests[to].patrol.worker.clone()),
                reason: left_out.map(|it| it.reason.clone()),
            })
        })
        .collect()
}

/// The walk on which a call is planned, and its stop there.
fn planned(rests: &[Rest], target: (TargetKind, Uuid)) -> Option<(usize, &KeptStop)> {
    rests.iter().enumerate().find_map(|(walk, rest)| {
        let stops = rest.patrol.stops.iter().filter(|stop| stop.state == StopState::Planned);
        let mut its = stops.filter(|stop| (stop.target_kind, stop.target_id) == target);
        its.next().map(|stop| (walk, stop))
    })
}

fn time_in_china(at: DateTime<Utc>) -> TimeOfDay {
    TimeOfDay(at.with_timezone(&china_offset()).time())
}
