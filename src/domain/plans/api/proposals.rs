//! Asking for proposals, following the search, and stopping it. A proposal is taken over by an edit.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::detail::opened;
use crate::domain::grids::surroundings;
use crate::domain::plans::model::{DRAWERS, Person, PlanStatus, READERS, SearchState};
use crate::domain::plans::proposing::Searches;
use crate::domain::plans::proposing::ask::Ask;
use crate::domain::plans::proposing::outcome::{Outcome, Search};
use crate::domain::plans::store::{self, NewSearch, StoredSearch};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Fields, Json, Path};
use crate::platform::locale::Locale;
use crate::platform::problem::{Problem, ProblemBody};

/// A search that has not been heard of for so long is lost with its instance.
const SILENCE: TimeDelta = TimeDelta::seconds(30);

/// A search for proposals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanSearch)]
pub(super) struct SearchTold {
    /// The search.
    id: Uuid,
    /// Who asked.
    by: Option<Person>,
    /// When.
    asked_at: DateTime<Utc>,
    /// For what.
    asked: Ask,
    /// The plan's version then: a draft that has been changed since may refuse what was found.
    plan_version: i32,
    /// How far it has come.
    state: SearchState,
    /// The share done, from 0 to 1.
    progress: f32,
    /// Why there can be no proposal, in the caller's language.
    reason: Option<String>,
    /// What was found; only when one search is asked for.
    #[schema(value_type = Option<Outcome>)]
    result: Option<serde_json::Value>,
}

/// Searches of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanSearches)]
pub(super) struct SearchesTold {
    items: Vec<SearchTold>,
}

fn told(stored: StoredSearch, now: DateTime<Utc>) -> SearchTold {
    let lost = stored.state == SearchState::Running && now - stored.beat_at > SILENCE;
    let reason = stored.reason.map(|(zh, en)| match Locale::current() {
        Locale::Zh => zh,
        Locale::En => en,
    });
    SearchTold {
        id: stored.id,
        by: stored.by,
        asked_at: stored.asked_at,
        asked: stored.asked,
        plan_version: stored.plan_version,
        state: if lost { SearchState::Lost } else { stored.state },
        progress: stored.progress,
        reason,
        result: stored.result,
    }
}

/// Ask for proposals.
///
/// For planners and administrators, on a draft. The service searches beside; follow it at `GET …/proposals/{search}`, stop
/// it with `DELETE`. It looks for redrawings of the grids that are neither locked nor exclusive: one that is most even,
/// one that moves few people, one with short borders, each in one piece, with whole buildings, filling exactly the same
/// land, and with codes kept where land is. An edit with the operation `adopt` takes one over, as one step.
#[utoipa::path(post, path = "/api/v1/plans/{id}/proposals", tag = "plans", params(("id" = Uuid, Path)),
    request_body = Ask,
    responses(
        (status = 202, body = SearchTold),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn ask_for_proposals(
    State(ground): State<Ground>,
    Extension(searches): Extension<Searches>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(ask): Json<Ask>,
) -> Result<(StatusCode, Json<SearchTold>), Problem> {
    session.require(&DRAWERS)?;
    let mut fields = Fields::default();
    let ask = ask.parse(&mut fields);
    fields.finish()?;
    let now = ground.clock.now();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    if !session.place.covers(head.village_code.as_str()) {
        return Err(Problem::forbidden());
    }
    let known = store::searches(&mut transaction, id, Some(ask.id)).await?.pop();
    if let Some(known) = known {
        if known.asked != ask {
            return Err(taken());
        }
        return Ok((StatusCode::ACCEPTED, Json(told(known, now))));
    }
    if head.status != PlanStatus::Draft {
        let (zh, key) = (head.status.zh(), head.status.key());
        return Err(Problem::conflict(message!(
            "方案{zh}，不能再修改",
            "the plan is {key} and is not changed any more"
        )));
    }
    if store::is_searching(&mut transaction, id, now - SILENCE).await? {
        return Err(Problem::conflict(message!(
            "本方案正在搜索建议，请等待或先取消",
            "proposals for this plan are being searched for: wait, or stop that search first"
        )));
    }
    let stored = store::draft(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let search = Search {
        draft: opened(&head.village_code, &stored.state)?,
        surveyed: store::survey(&mut transaction, &head.village_code).await?,
        around: surroundings(&mut transaction, &head.village_code, ground.clock.today()).await?,
        size: head.size,
        ask: ask.clone(),
    };
    let new = NewSearch {
        plan: id,
        village: &head.village_code,
        plan_version: head.version,
        account: session.account,
        now,
        ask: &ask,
    };
    if !store::begin_search(&mut transaction, &new).await? {
        return Err(taken());
    }
    let subject = id.to_string();
    let entry = audit::Entry::read("planning_units", &subject, head.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let begun =
        store::searches(&mut transaction, id, Some(ask.id)).await?.pop().ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    searches.begin(&ground, session.scope(), ask.id, search);
    Ok((StatusCode::ACCEPTED, Json(told(begun, now))))
}

fn taken() -> Problem {
    Problem::conflict(message!("该标识已用于另一次搜索", "another search has this id"))
}

/// List a plan's searches.
///
/// For those who draw and decide: the newest 20, without what they found.
#[utoipa::path(get, path = "/api/v1/plans/{id}/proposals", tag = "plans", params(("id" = Uuid, Path)), responses(
    (status = 200, body = SearchesTold),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_searches(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<SearchesTold>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let stored = store::searches(&mut transaction, id, None).await?;
    transaction.commit().await?;
    let now = ground.clock.now();
    Ok(Json(SearchesTold { items: stored.into_iter().map(|search| told(search, now)).collect() }))
}

/// Follow a search.
///
/// For those who draw and decide: how far it has come, and once it is done its proposals with their drawings.
#[utoipa::path(get, path = "/api/v1/plans/{id}/proposals/{search}", tag = "plans",
    params(("id" = Uuid, Path), ("search" = Uuid, Path)),
    responses(
        (status = 200, body = SearchTold),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn read_search(
    State(ground): State<Ground>,
    session: Session,
    Path((id, search)): Path<(Uuid, Uuid)>,
) -> Result<Json<SearchTold>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let found =
        store::searches(&mut transaction, id, Some(search)).await?.pop().ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok(Json(told(found, ground.clock.now())))
}

/// Stop a search.
///
/// For planners and administrators. One that has ended stays as it is.
#[utoipa::path(delete, path = "/api/v1/plans/{id}/proposals/{search}", tag = "plans",
    params(("id" = Uuid, Path), ("search" = Uuid, Path)),
    responses(
        (status = 200, body = SearchTold),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn stop_search(
    State(ground): State<Ground>,
    session: Session,
    Path((id, search)): Path<(Uuid, Uuid)>,
) -> Result<Json<SearchTold>, Problem> {
    session.require(&DRAWERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    if !session.place.covers(head.village_code.as_str()) {
        return Err(Problem::forbidden());
    }
    store::stop_search(&mut transaction, id, search).await?;
    let found =
        store::searches(&mut transaction, id, Some(search)).await?.pop().ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok(Json(told(found, ground.clock.now())))
}
