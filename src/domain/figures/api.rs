//! Figures over HTTP.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Figures, GridFigures};
use super::store;
use crate::platform::accounts::{Role, Session};
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Everybody but mediators, who hear disputes and plan nothing.
const READERS: [Role; 7] = [
    Role::GridMember,
    Role::GridChief,
    Role::Planner,
    Role::Police,
    Role::Inspector,
    Role::Command,
    Role::Administrator,
];

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(figures_of_area)).routes(routes!(figures_of_grid))
}

/// Figures of an area's grids.
///
/// Counts and measures per grid of a village, or of every village of a street, and their sum; of an area partly
/// within the caller's scope, the grids that are.
#[utoipa::path(get, path = "/api/v1/areas/{code}/figures", tag = "figures", params(("code" = String, Path)),
    responses(
        (status = 200, body = Figures),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn figures_of_area(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<PlaceCode>,
) -> Result<Json<Figures>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if !store::area_exists(&mut transaction, &code).await? {
        return Err(Problem::not_found());
    }
    let items = store::of_grids(&mut transaction, &code, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok(Json(Figures::of(items)))
}

/// Figures of a grid.
#[utoipa::path(get, path = "/api/v1/grids/{code}/figures", tag = "figures", params(("code" = String, Path)),
    responses(
        (status = 200, body = GridFigures),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn figures_of_grid(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<GridCode>,
) -> Result<Json<GridFigures>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let items = store::of_grids(&mut transaction, &code.place(), ground.clock.today()).await?;
    transaction.commit().await?;
    items.into_iter().next().map(Json).ok_or_else(Problem::not_found)
}
