//! From a request to patrols that can be kept: which calls, by whom, in which order.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kept::NewStop;
use super::model::{Course, Start, Stop, Worker};
use super::round::{self, Round, Shift};
use crate::domain::duties::Duty;
use crate::domain::places::GivenPlace;
use crate::domain::roads::{Mode, Ways};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::accounts::Role;
use crate::platform::clock::china_offset;
use crate::platform::problem::Problem;

/// A patrol to be planned, or several at once over the same calls.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPatrol)]
pub(super) struct NewPlan {
    /// The grid, or for an inspector's round a grid, village or street; the caller's own unless given.
    #[schema(example = "370828003218001")]
    pub(super) place: Option<String>,
    /// The day; today unless given.
    pub(super) date: Option<NaiveDate>,
    /// Who walks, each a patrol of their own; the caller unless given.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub(super) workers: Vec<NewWalker>,
    /// Where to begin and end; the village's office unless given.
    pub(super) start: Option<GivenPlace>,
    /// When the shift begins, time in China; 08:30 unless given.
    #[schema(example = "08:30")]
    pub(super) starts_at: Option<String>,
    /// How many hours it has, 1 to 12; 4 unless given.
    #[schema(minimum = 1, maximum = 12)]
    pub(super) hours: Option<u32>,
    /// How they move; on foot unless given.
    pub(super) mode: Option<Mode>,
    /// Which calls to choose from; for grid members and chiefs all that are due unless given.
    #[serde(default)]
    pub(super) only: Choice,
}

/// Who is to walk a patrol.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWalker {
    /// The patrol's id, made by the caller, so that sending twice plans once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// The account; the caller's own unless given.
    pub(super) account: Option<Uuid>,
}

/// Which calls to choose from: those that answer to all that is given.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolChoice)]
pub(super) struct Choice {
    /// Only these kinds of target.
    #[serde(default)]
    pub(super) target_kinds: Vec<TargetKind>,
    /// Only enterprises of these categories, by key.
    #[serde(default)]
    #[schema(example = json!(["cold_store"]))]
    pub(super) categories: Vec<String>,
    /// Only enterprises of these hazard classes, by key.
    #[serde(default)]
    #[schema(example = json!(["ammonia_refrigeration"]))]
    pub(super) hazard_classes: Vec<String>,
    /// Only hazards at least as severe, 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub(super) min_severity: Option<i16>,
    /// Only these targets, by id.
    #[serde(default)]
    pub(super) targets: Vec<Uuid>,
    /// Also calls that are not yet due, at a quarter of what they are worth when they are.
    #[serde(default)]
    pub(super) not_yet_due: bool,
}

impl Choice {
    /// Whether a call is among those to choose from, for somebody of `role`.
    pub(super) fn takes(&self, duty: &Duty, role: Role) -> bool {
        let kind = duty.target_kind;
        let among = |list: &[String], key: Option<&'static str>| {
            list.is_empty() || key.is_some_and(|key| list.iter().any(|wanted| wanted == key))
        };
        duty.is_for(role)
            && (self.target_kinds.is_empty() || self.target_kinds.contains(&kind))
            && (self.targets.is_empty() || self.targets.contains(&duty.target_id))
            && (kind != TargetKind::Enterprise || among(&self.categories, duty.category))
            && (kind != TargetKind::Enterprise || among(&self.hazard_classes, duty.hazard_class))
            && (kind != TargetKind::Hazard
                || self.min_severity.is_none_or(|least| duty.severity.is_some_and(|it| it >= least)))
    }
}

/// Who walks, as the accounts have it.
#[derive(Debug, Clone)]
pub(super) struct Walker {
    pub(super) worker: Worker,
    pub(super) role: Role,
}

/// What is left of a shift, and where its walker is.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    pub(super) from: Start,
    pub(super) back_to: Start,
    pub(super) shift: Shift,
}

/// A plan for one walker.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) course: Course,
    pub(super) stops: Vec<NewStop>,
}

/// Plans a walk for each of so many walkers over the same calls, all together. What is left out is so for all.
pub(super) fn plan(
    walkers: usize,
    date: NaiveDate,
    rest: &Rest,
    duties: &[Duty],
    ways: &Ways,
) -> Result<Vec<Planned>, Problem> {
    let round = Round { start: rest.from.clone(), end: rest.back_to.clone(), shift: rest.shift };
    let courses = round::plan(&round, walkers, duties, ways)?;
    courses
        .into_iter()
        .map(|course| {
            let stops = course.stops.iter().enumerate();
            let stops = stops.map(|(index, stop)| new_stop(index, stop, date)).collect::<Result<_, _>>()?;
            Ok(Planned { course, stops })
        })
        .collect()
}

fn new_stop(index: usize, stop: &Stop, date: NaiveDate) -> Result<NewStop, Problem> {
    Ok(NewStop {
        id: Uuid::now_v7(),
        no: i32::try_from(index + 1).map_err(|error| Problem::internal(&error))?,
        target_kind: stop.target_kind,
        target_id: stop.target_id,
        at: stop.at,
        arrive: moment(date, stop.arrive),
        leave: moment(date, stop.leave),
        plan: serde_json::to_value(stop).map_err(|error| Problem::internal(&error))?,
    })
}

/// A time of day in China as a moment.
pub(super) fn moment(date: NaiveDate, time: TimeOfDay) -> DateTime<Utc> {
    let offset = TimeDelta::seconds(i64::from(china_offset().local_minus_utc()));
    (date.and_time(time.0) - offset).and_utc()
}

/// A start at a place that the caller gave.
pub(super) fn start_at(at: Wgs84) -> Start {
    Start { at, label: crate::message!("所选位置", "the chosen place").to_string() }
}
