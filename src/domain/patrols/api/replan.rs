//! Planning the rest of patrols anew, from here and now: one's own, or those of a team among whom calls change hands.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::calendar::duties_of_day;
use super::deeds::{Answer, done, own};
use super::plan::PlannedPatrols;
use super::prepare::{MOST_WALKERS, PLANNERS};
use crate::domain::duties;
use crate::domain::patrols::anew::{self, Keeping, Rest, still_to_make};
use crate::domain::patrols::choice::{Chosen, MOST_WEIGHED, most_pressing};
use crate::domain::patrols::kept::{KeptPatrol, PatrolStatus};
use crate::domain::patrols::model::Course;
use crate::domain::patrols::planning::new_stops;
use crate::domain::patrols::round::{Call, Round};
use crate::domain::patrols::store::kept;
use crate::domain::places::GivenPlace;
use crate::domain::roads::{Maps, Mode};
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Fields, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

const MOST_HOLD_MIN: u32 = 12 * 60;
/// In points.
const MOST_PENALTY: u32 = 1_000_000;
const MOST_NEXT: usize = 100;
/// What a trial showed counts for so long.
const OLDEST_TRIAL: TimeDelta = TimeDelta::minutes(15);

/// Where to plan anew from, and how far to keep to the plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolReplan)]
pub(super) struct Replan {
    /// Where the walker is.
    place: GivenPlace,
    /// The stops that come first, in this order, whatever else is planned, as far as they can be kept: the one that the
    /// walker is on the way to, and those who were told so.
    #[serde(default)]
    #[schema(max_items = 100)]
    next: Vec<Uuid>,
    /// What it costs to leave out a call of the plan, in points beyond what it is worth; four times what the best call is
    /// worth unless given. With 0 the plan counts for nothing.
    #[schema(maximum = 1_000_000)]
    change_penalty: Option<u32>,
    /// Calls of the plan begin within so many minutes of the time it gave, where they still can; a call is not left out
    /// for the sake of its time. At any time unless given.
    #[schema(maximum = 720)]
    hold_min: Option<u32>,
}

/// Patrols of one day and place to plan anew together, and how far to keep to their plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolsReplan)]
pub(super) struct ReplanTogether {
    /// Which.
    #[schema(min_items = 1, max_items = 10)]
    patrols: Vec<ReplanPart>,
    /// What it costs to leave out a call of the plan, in points beyond what it is worth, or to give it to another walker;
    /// four times what the best call is worth unless given. With 0 calls go to whoever does them best.
    #[schema(maximum = 1_000_000)]
    change_penalty: Option<u32>,
    /// Calls of the plan begin within so many minutes of the time it gave, where they still can.
    #[schema(maximum = 720)]
    hold_min: Option<u32>,
    /// As of when, at most a quarter of an hour ago: the `as_of` of a trial, so that the times are those that it showed;
    /// now unless given.
    as_of: Option<DateTime<Utc>>,
}

/// One of the patrols.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolsReplanPart)]
pub(super) struct ReplanPart {
    /// Which.
    id: Uuid,
    /// Where its walker is; at the door where they were last unless given, at the start before that.
    place: Option<GivenPlace>,
    /// The stops that come first, as far as they can be kept.
    #[serde(default)]
    #[schema(max_items = 100)]
    next: Vec<Uuid>,
    /// When its walker has to be done; when the shift ends unless given.
    until: Option<DateTime<Utc>>,
    /// What a trial showed: the targets that are still to be called at, in order. Where anything else would come of it by
    /// now, nothing is kept.
    #[schema(max_items = 500)]
    shown: Option<Vec<Uuid>>,
}

/// Patrols that can be planned anew, and how.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) rests: Vec<Rest>,
    /// For each of them what was shown.
    shown: Vec<Option<Vec<Uuid>>>,
    pub(super) keeping: Keeping,
    pub(super) as_of: DateTime<Utc>,
}

/// Plan the rest of a patrol anew, from here and now.
///
/// For the walker. What was done or skipped stays. What was planned is kept before anything else, at the price of
/// `change_penalty`; what was left out may fit now. Stops that stay keep their ids.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/replan", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = Replan, responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn replan_patrol(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(new): Json<Replan>,
) -> Answer {
    let mut fields = Fields::default();
    let here = new.place.to_wgs84("place", &mut fields);
    let keeping = keeping(new.change_penalty, new.hold_min, &mut fields);
    check_next("next", &new.next, &mut fields);
    fields.finish()?;
    let here = here.ok_or_else(Problem::not_found)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = own(kept::get(&mut transaction, id, false).await?, &session)?;
    transaction.commit().await?;
    let until = patrol.shift_to;
    let rests = vec![Rest { patrol, here, until, next: new.next }];
    let as_of = ground.clock.now();
    let (rests, courses) = plan_anew(&ground, &maps, &session, rests, keeping, as_of).await?;
    let transaction = write(&ground, &session, &rests, &courses).await?;
    done(&ground, &session, transaction, id).await
}

/// Plan the rest of several patrols anew, together.
///
/// For whoever planned them, and for those who lead their walkers: when somebody falls ill, is held up or comes to help.
/// All are of one day, place and role. What was done or skipped stays; a call of the plan is left out, or changes
/// hands, where that gains more than `change_penalty`. Stops that stay with their walker keep their ids. With what a
/// trial (`POST /patrols/replan/evaluate`) showed, that is kept or nothing.
#[utoipa::path(post, path = "/api/v1/patrols/replan", tag = "patrols", request_body = ReplanTogether, responses(
    (status = 200, body = PlannedPatrols),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn replan_patrols(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Json(new): Json<ReplanTogether>,
) -> Result<Json<PlannedPatrols>, Problem> {
    let Asked { rests, shown, keeping, as_of } = asked(&ground, &session, new).await?;
    let (rests, courses) = plan_anew(&ground, &maps, &session, rests, keeping, as_of).await?;
    if shown.iter().zip(&courses).any(|(shown, course)| shown.as_ref().is_some_and(|it| !is(course, it))) {
        return Err(changed());
    }
    let mut transaction = write(&ground, &session, &rests, &courses).await?;
    let mut patrols = Vec::with_capacity(rests.len());
    for Rest { patrol, .. } in &rests {
        patrols.push(kept::get(&mut transaction, patrol.id, false).await?.ok_or_else(Problem::not_found)?);
        let subject = patrol.id.to_string();
        let entry = audit::Entry::changed("patrol", &subject, patrol.place_code.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "patrols".into() });
    let left_out = courses.first().map_or_else(|| json!([]), |course| json!(course.left_out));
    Ok(Json(PlannedPatrols { patrols, left_out }))
}

/// Makes sense of what is asked for.
pub(super) async fn asked(ground: &Ground, session: &Session, new: ReplanTogether) -> Result<Asked, Problem> {
    session.require(PLANNERS)?;
    let mut fields = Fields::default();
    let keeping = keeping(new.change_penalty, new.hold_min, &mut fields);
    let now = ground.clock.now();
    let as_of = new.as_of.unwrap_or(now);
    if !(now - OLDEST_TRIAL..=now).contains(&as_of) {
        return Err(changed());
    }
    let ids: HashSet<Uuid> = new.patrols.iter().map(|part| part.id).collect();
    if !(1..=MOST_WALKERS).contains(&new.patrols.len()) || ids.len() < new.patrols.len() {
        fields.refuse(
            "patrols",
            message!("应为 1 到 {MOST_WALKERS} 个不同的巡查", "1 to {MOST_WALKERS} different patrols"),
        );
    }
    let mut parts = Vec::with_capacity(new.patrols.len());
    for part in new.patrols {
        let here = part.place.as_ref().and_then(|place| place.to_wgs84("patrols.place", &mut fields));
        check_next("patrols.next", &part.next, &mut fields);
        parts.push((part, here));
    }
    fields.finish()?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut rests: Vec<Rest> = Vec::with_capacity(parts.len());
    let mut shown = Vec::with_capacity(parts.len());
    for (part, here) in parts {
        let patrol = kept::get(&mut transaction, part.id, false).await?.ok_or_else(Problem::not_found)?;
        let first = rests.first().map_or(&patrol, |rest| &rest.patrol);
        if (first.date, &first.place_code) != (patrol.date, &patrol.place_code) {
            let why = message!("须为同一天、同一范围的巡查", "patrols of one day and place");
            return Err(Problem::invalid("patrols", why));
        }
        let here = here.unwrap_or_else(|| last_seen(&patrol));
        let until = part.until.unwrap_or(patrol.shift_to);
        rests.push(Rest { patrol, here, until, next: part.next });
        shown.push(part.shown);
    }
    transaction.commit().await?;
    Ok(Asked { rests, shown, keeping, as_of })
}

/// Whether a walk calls at these targets in this order.
fn is(course: &Course, targets: &[Uuid]) -> bool {
    course.stops.iter().map(|stop| &stop.target_id).eq(targets)
}

fn changed() -> Problem {
    Problem::conflict(message!("情况已有变化，请重新查看", "things have changed meanwhile: look again"))
}

fn keeping(change_penalty: Option<u32>, hold_min: Option<u32>, fields: &mut Fields) -> Keeping {
    if let Some(penalty) = change_penalty {
        fields.within("change_penalty", penalty, &(0..=MOST_PENALTY));
    }
    if let Some(minutes) = hold_min {
        fields.within("hold_min", minutes, &(0..=MOST_HOLD_MIN));
    }
    Keeping { change_penalty, hold_min }
}

fn check_next(field: &'static str, next: &[Uuid], fields: &mut Fields) {
    let different: HashSet<&Uuid> = next.iter().collect();
    if next.len() > MOST_NEXT || different.len() < next.len() {
        fields
            .refuse(field, message!("最多 {MOST_NEXT} 站，且不重复", "{MOST_NEXT} stops at most, each once"));
    }
}

/// The door where a walker was last, else where the patrol begins.
fn last_seen(patrol: &KeptPatrol) -> Wgs84 {
    let settled = patrol.stops.iter().filter(|stop| stop.happened_at.is_some());
    let last = settled.max_by_key(|stop| stop.happened_at);
    let at = last.and_then(|stop| Some((stop.plan["at"][0].as_f64()?, stop.plan["at"][1].as_f64()?)));
    at.and_then(|(lon, lat)| Wgs84::new(lon, lat).ok()).unwrap_or(patrol.start.at)
}

/// Looks for the best walks over what is left.
pub(super) async fn plan_anew(
    ground: &Ground,
    maps: &Maps,
    session: &Session,
    rests: Vec<Rest>,
    keeping: Keeping,
    as_of: DateTime<Utc>,
) -> Result<(Vec<Rest>, Vec<Course>), Problem> {
    if rests.iter().any(|rest| rest.patrol.status == PatrolStatus::Finished) {
        return Err(Problem::conflict(message!("巡查已结束", "the patrol is over")));
    }
    let first = rests.first().ok_or_else(Problem::not_found)?;
    let (date, centre) = (first.patrol.date, first.here);
    let calls = calls(ground, session, &rests, date, keeping).await?;
    let Chosen { calls, beyond } = most_pressing(calls, MOST_WEIGHED);
    let mut kinds: Vec<Mode> = Vec::new();
    let mut walks = Vec::with_capacity(rests.len());
    for rest in &rests {
        let mode = rest.patrol.mode;
        let ways = kinds.iter().position(|&kind| kind == mode).unwrap_or_else(|| {
            kinds.push(mode);
            kinds.len() - 1
        });
        walks.push(rest.walk(as_of, &calls, ways));
    }
    let mut ways = Vec::with_capacity(kinds.len());
    for mode in kinds {
        ways.push(maps.ways(ground, session, mode, centre, date).await?);
    }
    let round = Round { walks, change_penalty: keeping.penalty(&calls), calls, beyond, ways };
    let courses = ground.computing.run(move |wanted| anew::plan(round, wanted)).await??;
    Ok((rests, courses))
}

/// The calls that are left for these patrols.
async fn calls(
    ground: &Ground,
    session: &Session,
    rests: &[Rest],
    date: NaiveDate,
    keeping: Keeping,
) -> Result<Vec<Call>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut calls: Vec<Call> = Vec::new();
    let mut known = HashSet::new();
    let mut roles = HashSet::new();
    for Rest { patrol, .. } in rests {
        let (only, role) = kept::choice(&mut transaction, patrol.id).await?;
        roles.insert(role.key());
        let place = &patrol.place_code;
        let book = duties::book(&mut transaction, place.as_str()).await?;
        let targets = duties::targets(&mut transaction, place.as_str()).await?;
        let day = duties_of_day(&mut transaction, place, role, date, &targets, &book).await?;
        let chosen = only.calls(day, &targets, date, &book, role).into_iter();
        calls.extend(chosen.filter(|call| known.insert((call.duty.target_kind, call.duty.target_id))));
    }
    if roles.len() > 1 {
        let why = message!("人员角色不同", "people of different roles");
        return Err(Problem::invalid("patrols", why));
    }
    let ids: Vec<Uuid> = rests.iter().map(|rest| rest.patrol.id).collect();
    let workers: Vec<Uuid> = rests.iter().map(|rest| rest.patrol.worker.id).collect();
    let elsewhere = kept::elsewhere(&mut transaction, date, &ids, &workers).await?;
    transaction.commit().await?;
    Ok(still_to_make(rests, calls, &elsewhere, keeping))
}

/// Puts the new plans in the place of the old ones, unless something was done meanwhile.
async fn write(
    ground: &Ground,
    session: &Session,
    rests: &[Rest],
    courses: &[Course],
) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    for rest in rests {
        let now = kept::get(&mut transaction, rest.patrol.id, true).await?.ok_or_else(Problem::not_found)?;
        if now.version != rest.patrol.version {
            // Planning anew must not undo it.
            return Err(Problem::conflict(message!(
                "巡查刚有变动，请重试",
                "the patrol has just changed: try again"
            )));
        }
    }
    for (rest, course) in rests.iter().zip(courses) {
        let mut stops = new_stops(course, rest.patrol.date)?;
        rest.keep_ids(&mut stops);
        let course = serde_json::to_value(course).map_err(|error| Problem::internal(&error))?;
        kept::replan(&mut transaction, rest.patrol.id, &course, &stops).await?;
    }
    Ok(transaction)
}
