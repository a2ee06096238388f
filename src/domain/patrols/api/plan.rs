//! Planning patrols that are kept.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shift;
use crate::domain::duties;
use crate::domain::patrols::kept::KeptPatrol;
use crate::domain::patrols::model::{LeftOut, Start};
use crate::domain::patrols::planning::{self, NewPlan, Planned, Rest, Walker, moment, start_at};
use crate::domain::patrols::store;
use crate::domain::patrols::store::kept::{self, NewPatrol};
use crate::domain::roads::{Maps, Mode};
use crate::domain::time_of_day::TimeOfDay;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{ContentHash, Fields, IdempotencyKey, Json, id_of_key};
use crate::platform::problem::{Problem, ProblemBody};

/// Who plans patrols: as the policies on `patrols` have it.
pub(super) const PLANNERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];
const MOST_WALKERS: usize = 10;
/// Plans are made for the past week, to be walked late, and for two months ahead.
const DAYS_BACK: TimeDelta = TimeDelta::days(7);
const DAYS_AHEAD: TimeDelta = TimeDelta::days(62);

/// Patrols as planned.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlannedPatrols {
    /// One for each who walks.
    patrols: Vec<KeptPatrol>,
    /// Calls that none of them can make, and why.
    #[schema(value_type = Vec<LeftOut>)]
    left_out: serde_json::Value,
}

/// Plan patrols.
///
/// For grid members their own, for chiefs those of their members and their own; for inspectors and the command
/// centre rounds over enterprises and hazards, several inspectors at once. A plan is a draft until it is published
/// or begun. The same ids with the same content plan nothing new and give the patrols again.
#[utoipa::path(post, path = "/api/v1/patrols/plan", tag = "patrols",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for the ids")),
    request_body = NewPlan,
    responses(
    (status = 201, body = PlannedPatrols),
    (status = 200, description = "Planned before", body = PlannedPatrols),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn plan_patrols(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewPlan>,
) -> Result<(StatusCode, Json<PlannedPatrols>), Problem> {
    session.require(PLANNERS)?;
    let hash = ContentHash::of(&new)?;
    let ids = ids(&session, &key, &new);
    let date = date_of(&new, ground.clock.today())?;
    let shift = shift(new.starts_at.as_deref(), new.hours)?;
    let mode = new.mode.unwrap_or(Mode::Foot);
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if let Some(planned) = planned_before(&mut transaction, &ids, &hash).await? {
        transaction.commit().await?;
        return Ok((StatusCode::OK, Json(planned)));
    }
    let walkers = walkers(&mut transaction, &session, &new).await?;
    let place = place_of(&session, &new, &walkers)?;
    let start = start_of(&mut transaction, &new, &place, date).await?;
    let role = walkers.first().map_or(session.role, |walker| walker.role);
    let book = duties::book(&mut transaction, place.as_str()).await?;
    let targets = duties::targets(&mut transaction, place.as_str()).await?;
    let mut duties = targets.due_or(date, new.only.not_yet_due, &book);
    duties.retain(|duty| new.only.takes(duty, role));
    transaction.commit().await?;

    let ways = maps.ways(&ground, &session, mode, start.at, date).await?;
    let rest = Rest { from: start.clone(), back_to: start.clone(), shift };
    let count = walkers.len();
    let plans = tokio::task::spawn_blocking(move || planning::plan(count, date, &rest, &duties, &ways))
        .await
        .map_err(|error| Problem::internal(&error))??;
    let left_out = plans.first().map(|planned| planned.course.left_out.clone()).unwrap_or_default();

    let mut transaction = ground.database.begin(&session.scope()).await?;
    let from = moment(date, TimeOfDay(shift.starts_at));
    let mut patrols = Vec::with_capacity(count);
    for ((walker, &id), Planned { course, stops }) in walkers.iter().zip(&ids).zip(plans) {
        let plan = json!({"course": course, "only": new.only});
        let patrol = NewPatrol {
            id,
            place: &place,
            walker,
            planned_by: session.account,
            date,
            mode,
            shift: (from, from + TimeDelta::minutes(i64::from(shift.minutes))),
            start: &start,
            plan,
            content_hash: hash.as_bytes(),
        };
        if !kept::insert(&mut transaction, &patrol).await? {
            return Err(taken());
        }
        kept::add_stops(&mut transaction, id, &stops).await?;
        let entry = audit::Entry::created("patrol", place.as_str(), place.as_str());
        audit::record(&mut transaction, &session, entry).await?;
        patrols.push(kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?);
    }
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "patrols".into() });
    let left_out = serde_json::to_value(left_out).map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::CREATED, Json(PlannedPatrols { patrols, left_out })))
}

fn taken() -> Problem {
    Problem::conflict(message!("此 id 已用于另一次巡查", "this id belongs to another patrol"))
}

/// The patrols' ids: given, or made from the key, or new.
fn ids(session: &Session, key: &IdempotencyKey, new: &NewPlan) -> Vec<Uuid> {
    let first = key.id(session.account, new.workers.first().and_then(|walker| walker.id));
    let others = new.workers.iter().enumerate().skip(1).map(|(index, walker)| {
        walker.id.unwrap_or_else(|| id_of_key(session.account, &format!("{first}/{index}")))
    });
    std::iter::once(first).chain(others).collect()
}

/// The patrols with these ids, if they were planned from the same content.
async fn planned_before(
    connection: &mut PgConnection,
    ids: &[Uuid],
    hash: &ContentHash,
) -> Result<Option<PlannedPatrols>, Problem> {
    let Some(kept_hash) = kept::content_hash(connection, ids[0]).await? else { return Ok(None) };
    if kept_hash != hash.as_bytes() {
        return Err(taken());
    }
    let mut patrols = Vec::with_capacity(ids.len());
    for &id in ids {
        patrols.push(kept::get(connection, id, false).await?.ok_or_else(taken)?);
    }
    let left_out = patrols.last().map_or_else(|| json!([]), |patrol| patrol.course["left_out"].clone());
    Ok(Some(PlannedPatrols { patrols, left_out }))
}

fn date_of(new: &NewPlan, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let date = new.date.unwrap_or(today);
    if (today - DAYS_BACK..=today + DAYS_AHEAD).contains(&date) {
        return Ok(date);
    }
    Err(Problem::invalid(
        "date",
        message!("只能规划前一周至后两个月内的日期", "from a week ago to two months ahead"),
    ))
}

/// Who walks; each once, and all alike.
async fn walkers(
    connection: &mut PgConnection,
    session: &Session,
    new: &NewPlan,
) -> Result<Vec<Walker>, Problem> {
    let refuse = |why| Err(Problem::invalid("workers", why));
    if new.workers.len() > MOST_WALKERS {
        return refuse(message!("最多 {MOST_WALKERS} 人", "{MOST_WALKERS} at most"));
    }
    let mut accounts: Vec<Uuid> =
        new.workers.iter().map(|walker| walker.account.unwrap_or(session.account)).collect();
    if accounts.is_empty() {
        accounts.push(session.account);
    }
    let mut walkers: Vec<Walker> = Vec::with_capacity(accounts.len());
    for account in accounts {
        let known = kept::walker(connection, account).await?;
        let Some((walker, scope)) = known else {
            return refuse(message!("没有这个账号", "there is no such account"));
        };
        let mine = account == session.account;
        let led = match session.role {
            Role::GridChief => walker.role == Role::GridMember && session.place.covers(scope.as_str()),
            Role::Inspector | Role::Command => walker.role == Role::Inspector,
            _ => false,
        };
        let walks = matches!(walker.role, Role::GridMember | Role::GridChief | Role::Inspector);
        if !walks || !(mine || led) {
            return refuse(message!("不能为此账号规划巡查", "not somebody whose patrols you plan"));
        }
        if walkers.iter().any(|other| other.worker.id == account || other.role != walker.role) {
            return refuse(message!("人员重复或角色不同", "somebody twice, or people of different roles"));
        }
        walkers.push(walker);
    }
    Ok(walkers)
}

/// Where the patrol goes.
fn place_of(session: &Session, new: &NewPlan, walkers: &[Walker]) -> Result<PlaceCode, Problem> {
    let place = match &new.place {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("place"))?,
        None => session.place.clone(),
    };
    if !session.place.covers(place.as_str()) {
        return Err(Problem::forbidden());
    }
    let inspects = walkers.iter().any(|walker| walker.role == Role::Inspector);
    if !inspects && place.grid().is_none() {
        return Err(Problem::invalid("place", message!("请指明网格", "say which grid")));
    }
    if place.as_str().len() < 9 {
        return Err(Problem::invalid("place", message!("不能大于街道", "no larger than a street")));
    }
    Ok(place)
}

async fn start_of(
    connection: &mut PgConnection,
    new: &NewPlan,
    place: &PlaceCode,
    date: NaiveDate,
) -> Result<Start, Problem> {
    if let Some(given) = &new.start {
        let mut fields = Fields::default();
        let at = given.to_wgs84("start", &mut fields);
        fields.finish()?;
        return at.map(start_at).ok_or_else(Problem::not_found);
    }
    store::start(connection, place.as_str(), date)
        .await?
        .ok_or_else(|| Problem::invalid("start", message!("请指明出发地点", "say where to begin")))
}
