//! Drawing new boundaries: checking them, and publishing them.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PLANNERS;
use crate::domain::grids::boundaries::Boundaries;
use crate::domain::grids::check::CoverageCheck;
use crate::domain::grids::drawing::Drawing;
use crate::domain::grids::publish::{Plan, Published, checked, publish, surroundings};
use crate::domain::grids::refile::take_effect;
use crate::domain::grids::store;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::repeat::Sent;

/// A boundary plan as sent.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = NewBoundaryPlan)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlan {
    /// Made by the caller, so that sending twice publishes once; `UUIDv7` is best. Made here when absent.
    id: Option<Uuid>,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The first date it is in force, in China: today or later; any date for a village's first plan.
    effective_from: NaiveDate,
    /// Every grid of the village.
    grids: Drawing,
}

/// Check drawn grids.
///
/// For planners and administrators. Nothing is stored: the answer says whether the grids could be published today,
/// and where they do not fit.
#[utoipa::path(post, path = "/api/v1/grids/check", tag = "grids", request_body = Drawing, responses(
    (status = 200, body = CoverageCheck),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn check_grids(
    State(ground): State<Ground>,
    session: Session,
    Json(drawing): Json<Drawing>,
) -> Result<Json<CoverageCheck>, Problem> {
    session.require(&PLANNERS)?;
    let drawn = drawing.parse("body")?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let around = surroundings(&mut transaction, &drawn.village, ground.clock.today()).await?;
    transaction.commit().await?;
    checked(drawn, around).await.map(Json)
}

/// Publish a boundary plan.
///
/// For planners and administrators, for a village in their scope. The plan replaces the village's boundaries from its
/// date on; what happened earlier keeps the grid it belonged to. Grids that do not fit are refused with the findings
/// of the check as `coverage`. The same id with the same content publishes nothing new and gives the plan again.
#[utoipa::path(post, path = "/api/v1/boundary-plans", tag = "grids",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewPlan,
    responses(
        (status = 201, body = Published),
        (status = 200, description = "Published before", body = Published),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn publish_plan(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewPlan>,
) -> Result<(StatusCode, Json<Published>), Problem> {
    session.require(&PLANNERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "boundary_plan", id, &new)?;
    let grids = new.grids.parse("grids")?;
    if !session.place.covers(grids.village.as_str()) {
        return Err(Problem::forbidden());
    }
    let plan = Plan { id, name: new.name, effective_from: new.effective_from, approved: false, grids };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    // The second of two at once waits here, and then finds what the first has published.
    store::lock_village(&mut transaction, &plan.grids.village).await?;
    if let Some(published) = store::plan(&mut transaction, id).await? {
        return Ok((sent.status(&mut transaction, false).await?, Json(published)));
    }
    let (now, today) = (ground.clock.now(), ground.clock.today());
    let published = publish(&mut transaction, plan, Some(session.account), now, today).await?;
    let status = sent.status(&mut transaction, true).await?;
    let subject = id.to_string();
    let entry = audit::Entry::created("boundary_plan", &subject, published.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    take_effect(&ground, &boundaries, &published.village_code, published.effective_from).await?;
    Ok((status, Json(published)))
}

/// Get a boundary plan.
#[utoipa::path(get, path = "/api/v1/boundary-plans/{id}", tag = "grids", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Published),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Published>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let plan = store::plan(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok(Json(plan))
}
