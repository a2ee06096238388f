//! From a request to patrols that can be kept: which calls, by whom, in which order.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kept::NewStop;
use super::model::{Course, Stop, Worker};
use super::round::Call;
use crate::domain::duties::{Book, Duty, Targets};
use crate::domain::places::GivenPlace;
use crate::domain::roads::Mode;
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
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
    /// Where those begin and end who have no place of their own; the village's office unless given.
    pub(super) start: Option<GivenPlace>,
    /// When the shift of those begins who have none of their own, time in China; 08:30 unless given.
    #[schema(example = "08:30")]
    pub(super) starts_at: Option<String>,
    /// How many hours it has, 1 to 12; 4 unless given.
    #[schema(minimum = 1, maximum = 12)]
    pub(super) hours: Option<u32>,
    /// How those move who do not say; on foot unless given.
    pub(super) mode: Option<Mode>,
    /// Which calls to choose from; for grid members and chiefs all that are due unless given.
    #[serde(default)]
    pub(super) only: Choice,
    /// For each who walks, in order, the targets to call at, in this order and no others; the best order that is found
    /// unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 10)]
    pub(super) orders: Option<Vec<Vec<Uuid>>>,
}

/// Who is to walk a patrol. What is not said here is as for all.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWalker {
    /// The patrol's id, made by the caller, so that sending twice plans once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// The account; the caller's own unless given.
    pub(super) account: Option<Uuid>,
    /// Where this one begins and ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<GivenPlace>,
    /// When this one's shift begins, time in China.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "14:00")]
    pub(super) starts_at: Option<String>,
    /// How many hours it has, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 12)]
    pub(super) hours: Option<u32>,
    /// How this one moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mode: Option<Mode>,
}

/// Which calls to choose from: those that answer to all that is given, and those named in `must`.
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
    /// Also enterprises and hazards that are not yet due, at a quarter of what they are worth when they are.
    #[serde(default)]
    pub(super) not_yet_due: bool,
    /// These targets besides, due or not: they go before any number of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub(super) must: Vec<Uuid>,
}

impl Choice {
    /// The calls to choose from on `date`, for somebody of `role`: of those of the `day`, and of all where early ones are
    /// wanted too.
    pub(super) fn calls(
        &self,
        day: Vec<Duty>,
        targets: &Targets,
        date: NaiveDate,
        book: &Book,
        role: Role,
    ) -> Vec<Call> {
        let mut duties = day;
        if self.not_yet_due || !self.must.is_empty() {
            let known: HashSet<Uuid> = duties.iter().map(|duty| duty.door).collect();
            let others = targets.due_or(date, true, book).into_iter();
            duties.extend(others.filter(|duty| !known.contains(&duty.door)));
        }
        duties
            .into_iter()
            .filter_map(|duty| {
                let required = duty.is_for(role) && self.must.contains(&duty.target_id);
                let wanted = self.not_yet_due || !duty.is_early();
                let taken = required || (wanted && self.takes(&duty, role));
                taken.then_some(Call { required, ..Call::new(duty) })
            })
            .collect()
    }

    /// Whether a call answers to all that is given, for somebody of `role`.
    fn takes(&self, duty: &Duty, role: Role) -> bool {
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

/// A walk's stops as they are kept.
pub(super) fn new_stops(course: &Course, date: NaiveDate) -> Result<Vec<NewStop>, Problem> {
    course.stops.iter().enumerate().map(|(index, stop)| new_stop(index, stop, date)).collect()
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
