//! Grids over HTTP.

mod plans;

use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Grid, GridChange};
use super::store;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::GridCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Listing, Page, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// Who draws boundaries.
pub(super) const PLANNERS: [Role; 2] = [Role::Planner, Role::Administrator];

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_grids))
        .routes(routes!(get_grid, change_grid))
        .routes(routes!(plans::check_grids))
        .routes(routes!(plans::repair_grids))
        .routes(routes!(plans::get_plan))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OnDate {
    /// Boundaries as valid on this date in China; today unless given.
    on: Option<NaiveDate>,
    /// Only grids of this village: the same as `grid`, for those who think of villages.
    village: Option<String>,
}

/// List grids.
///
/// Those of the street around the caller that have a boundary on the date, in the order of their codes.
#[utoipa::path(get, path = "/api/v1/grids", tag = "grids", params(Listing, OnDate), responses(
    (status = 200, body = Page<Grid>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_grids(
    State(ground): State<Ground>,
    session: Session,
    Query(mut listing): Query<Listing>,
    Query(OnDate { on, village }): Query<OnDate>,
) -> Result<Json<Page<Grid>>, Problem> {
    listing.grid = listing.grid.or(village);
    let window = listing.window()?;
    let on = on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let grids = store::list(&mut transaction, &window, on).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(grids, window.limit, |grid| grid.code.to_string())))
}

/// Get a grid.
#[utoipa::path(get, path = "/api/v1/grids/{code}", tag = "grids", params(("code" = String, Path), OnDate), responses(
    (status = 200, body = Grid, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_grid(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<GridCode>,
    Query(OnDate { on, .. }): Query<OnDate>,
) -> Result<(Etag, Json<Grid>), Problem> {
    let on = on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let grid = store::get(&mut transaction, &code, on).await?.ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok((Etag(grid.version), Json(grid)))
}

/// Change a grid's name or kind.
///
/// For planners and administrators. Boundaries are changed by publishing a plan.
#[utoipa::path(patch, path = "/api/v1/grids/{code}", tag = "grids",
    params(("code" = String, Path), ("If-Match" = String, Header)),
    request_body = GridChange,
    responses(
        (status = 200, body = Grid, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_grid(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<GridCode>,
    IfMatch(version): IfMatch,
    Json(change): Json<GridChange>,
) -> Result<(Etag, Json<Grid>), Problem> {
    session.require(&PLANNERS)?;
    let change = change.check()?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let changed = store::change(&mut transaction, &code, version, &change).await?;
    let grid = store::get(&mut transaction, &code, ground.clock.today()).await?;
    let grid = grid.ok_or_else(Problem::not_found)?;
    if !changed {
        // Visible but untouched: outside the scope that may change it, or changed by somebody else first.
        return Err(if session.place.covers(code.as_str()) {
            Problem::stale()
        } else {
            Problem::forbidden()
        });
    }
    audit::record(&mut transaction, &session, audit::Entry::changed("grid", code.as_str(), code.as_str()))
        .await?;
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "grids".into() });
    Ok((Etag(grid.version), Json(grid)))
}
