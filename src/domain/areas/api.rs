//! Areas over HTTP.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Area, AreaChange};
use super::store;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Bbox, Etag, IfMatch, Json, Page, Paging, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_areas)).routes(routes!(get_area, change_area))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListAreas {
    /// Only areas whose code starts with this.
    within: Option<String>,
    /// Only areas that touch this box: west,south,east,north in degrees.
    bbox: Option<String>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// List areas.
///
/// The areas around and within the caller's scope, in the order of their codes.
#[utoipa::path(get, path = "/api/v1/areas", tag = "areas", params(ListAreas), responses(
    (status = 200, body = Page<Area>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_areas(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListAreas>,
) -> Result<Json<Page<Area>>, Problem> {
    let bbox = Bbox::parse_option(query.bbox.as_deref())?;
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()?;
    let after: Option<String> = paging.after()?;
    let within = match query.within {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("within"))?.to_string(),
        None => String::new(),
    };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let areas = store::list(&mut transaction, &within, bbox, after.as_deref(), limit + 1).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(areas, limit, |area| area.code.to_string())))
}

/// Get an area.
#[utoipa::path(get, path = "/api/v1/areas/{code}", tag = "areas", params(("code" = String, Path)), responses(
    (status = 200, body = Area, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_area(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<PlaceCode>,
) -> Result<(Etag, Json<Area>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let area = store::get(&mut transaction, &code).await?.ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok((Etag(area.version), Json(area)))
}

/// Change an area.
///
/// For administrators. The code and the outline are changed by import only.
#[utoipa::path(patch, path = "/api/v1/areas/{code}", tag = "areas",
    params(("code" = String, Path), ("If-Match" = String, Header)),
    request_body = AreaChange,
    responses(
        (status = 200, body = Area, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_area(
    State(ground): State<Ground>,
    session: Session,
    Path(code): Path<PlaceCode>,
    IfMatch(version): IfMatch,
    Json(change): Json<AreaChange>,
) -> Result<(Etag, Json<Area>), Problem> {
    session.require(&[Role::Administrator])?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let changed = store::change(&mut transaction, &code, version, &change).await?;
    let area = store::get(&mut transaction, &code).await?.ok_or_else(Problem::not_found)?;
    if !changed {
        // Visible but untouched: outside the scope that may change it, or changed by somebody else first.
        return Err(if session.place.covers(code.as_str()) {
            Problem::stale()
        } else {
            Problem::forbidden()
        });
    }
    audit::record(&mut transaction, &session, audit::Entry::changed("area", code.as_str(), code.as_str()))
        .await?;
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "areas".into() });
    Ok((Etag(area.version), Json(area)))
}
