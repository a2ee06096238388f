//! Boundaries from a file: checking them, repairing them; and plans that were published. Those in force come by way of
//! a draft that somebody has approved: see `domain::plans`.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PLANNERS;
use crate::domain::grids::check::CoverageCheck;
use crate::domain::grids::drawing::Drawing;
use crate::domain::grids::publish::{Published, checked, surroundings};
use crate::domain::grids::repair::{Choice, Repaired, repair};
use crate::domain::grids::store;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Most pieces that are chosen for in one request.
const MOST_CHOICES: usize = 10_000;

/// Drawn grids, and what was chosen where they do not fit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = GridRepairRequest)]
#[serde(deny_unknown_fields)]
pub(super) struct RepairRequest {
    /// Every grid of the village, as the file has it.
    grids: Drawing,
    /// Whose the pieces in doubt are; the first in line gets those that are not named.
    #[serde(default)]
    #[schema(max_items = 10_000)]
    choices: Vec<Choice>,
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

/// Repair drawn grids.
///
/// For planners and administrators: grids with gaps, overlaps or land outside their village, such as a file may have, are
/// cut into pieces; each piece in doubt goes to the grid chosen for it, else to the first in line. Nothing is stored: begin
/// a plan with the `grids` of the answer. Ask again with other `choices` until they are right; a piece keeps its `at`.
#[utoipa::path(post, path = "/api/v1/grids/repair", tag = "grids", request_body = RepairRequest, responses(
    (status = 200, body = Repaired),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn repair_grids(
    State(ground): State<Ground>,
    session: Session,
    Json(sent): Json<RepairRequest>,
) -> Result<Json<Repaired>, Problem> {
    session.require(&PLANNERS)?;
    let drawn = sent.grids.parse("grids")?;
    if sent.choices.len() > MOST_CHOICES {
        let why = message!("最多 {MOST_CHOICES} 项", "at most {MOST_CHOICES}");
        return Err(Problem::invalid("choices", why));
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let around = surroundings(&mut transaction, &drawn.village, ground.clock.today()).await?;
    transaction.commit().await?;
    let work = move || repair(&drawn, &around, &sent.choices);
    let outcome = tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?;
    outcome.map(Json).map_err(|(field, why)| Problem::invalid(field, why))
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
