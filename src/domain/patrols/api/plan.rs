//! Planning patrols that are kept.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::prepare::{PLANNERS, Prepared, prepare};
use crate::domain::patrols::kept::KeptPatrol;
use crate::domain::patrols::model::{Course, LeftOut};
use crate::domain::patrols::planning::{NewPlan, new_stops};
use crate::domain::patrols::round::told_of;
use crate::domain::patrols::store::kept::{self, NewPatrol};
use crate::domain::roads::Maps;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::computing::Wanted;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{ContentHash, IdempotencyKey, Json, id_of_key};
use crate::platform::problem::{Problem, ProblemBody};

/// Patrols as planned.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlannedPatrols {
    /// One for each who walks.
    pub(super) patrols: Vec<KeptPatrol>,
    /// Calls that none of them can make, and why.
    #[schema(value_type = Vec<LeftOut>)]
    pub(super) left_out: serde_json::Value,
}

/// Plan patrols.
///
/// For grid members their own, for chiefs those of their members and their own; for inspectors and the command
/// centre rounds over enterprises and hazards, several inspectors at once, each with a start, shift and way of moving of
/// their own. Where `orders` are given they are kept as they are, or refused with what is in the way. A plan is a draft
/// until it is published or begun. The same ids with the same content plan nothing new and give the patrols again.
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
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if let Some(planned) = planned_before(&mut transaction, &ids, &hash).await? {
        transaction.commit().await?;
        return Ok((StatusCode::OK, Json(planned)));
    }
    transaction.commit().await?;
    let prepared = prepare(&ground, &maps, &session, &new).await?;
    let (prepared, courses) = ground
        .computing
        .run(move |wanted| {
            let courses = courses_of(&prepared, wanted)?;
            Ok::<_, Problem>((prepared, courses))
        })
        .await??;
    let left_out = courses.first().map(|course| course.left_out.clone()).unwrap_or_default();

    let mut transaction = ground.database.begin(&session.scope()).await?;
    let place = &prepared.place;
    let mut patrols = Vec::with_capacity(courses.len());
    for (index, (walker, &id)) in prepared.walkers.iter().zip(&ids).enumerate() {
        let course = &courses[index];
        let patrol = NewPatrol {
            id,
            place,
            walker,
            planned_by: session.account,
            date: prepared.date,
            mode: prepared.modes[index],
            shift: prepared.shift(index),
            start: &prepared.round.walks[index].start,
            plan: json!({"course": course, "only": new.only}),
            content_hash: hash.as_bytes(),
        };
        if !kept::insert(&mut transaction, &patrol).await? {
            return Err(taken());
        }
        kept::add_stops(&mut transaction, id, &new_stops(course, prepared.date)?).await?;
        let entry = audit::Entry::created("patrol", place.as_str(), place.as_str());
        audit::record(&mut transaction, &session, entry).await?;
        patrols.push(kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?);
    }
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "patrols".into() });
    let left_out = serde_json::to_value(left_out).map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::CREATED, Json(PlannedPatrols { patrols, left_out })))
}

/// The walks: as they are ordered, else the best that are found.
fn courses_of(prepared: &Prepared, wanted: &Wanted) -> Result<Vec<Course>, Problem> {
    let Some(orders) = &prepared.orders else { return prepared.round.plan(wanted) };
    let laid = prepared.round.lay()?;
    let assessment = laid.assess(orders)?;
    for assessed in &assessment.routes {
        if let Some(hitch) = assessed.hitches.first() {
            return Err(Problem::invalid("orders", laid.fault(&assessed.route.visits, hitch).words));
        }
    }
    told_of(&assessment).iter().map(|told| laid.course(told)).collect()
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
