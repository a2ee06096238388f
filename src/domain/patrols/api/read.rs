//! Reading kept patrols.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::prepare::PLANNERS;
use crate::domain::patrols::kept::{KeptPatrol, PatrolStatus, PatrolSummary};
use crate::domain::patrols::store::kept;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Json, Page, Paging, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListPatrols {
    /// Only patrols in this grid, village or street: its code.
    place: Option<String>,
    /// Only those of this day.
    date: Option<NaiveDate>,
    /// Only those that have come so far.
    status: Option<PatrolStatus>,
    /// Only those of this walker.
    worker: Option<Uuid>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// List patrols.
///
/// One's own and those of the people one leads, the latest planned first, with where each walker was last.
#[utoipa::path(get, path = "/api/v1/patrols", tag = "patrols", params(ListPatrols), responses(
    (status = 200, body = Page<PatrolSummary>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_patrols(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListPatrols>,
) -> Result<Json<Page<PatrolSummary>>, Problem> {
    session.require(PLANNERS)?;
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()?;
    let within = match query.place {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("place"))?.to_string(),
        None => String::new(),
    };
    let wanted = kept::Wanted { within, date: query.date, status: query.status, worker: query.worker };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrols = kept::list(&mut transaction, &wanted, paging.after()?, limit + 1).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(patrols, limit, |patrol| (patrol.created_at, patrol.id))))
}

/// Get a patrol.
#[utoipa::path(get, path = "/api/v1/patrols/{id}", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_patrol(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<KeptPatrol>), Problem> {
    let patrol = read(&ground, &session, id).await?;
    Ok((Etag(patrol.version), Json(patrol)))
}

/// Get a patrol as GeoJSON: its line, and a point for each stop.
#[utoipa::path(get, path = "/api/v1/patrols/{id}/geojson", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Object, content_type = "application/geo+json"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn patrol_as_geojson(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let patrol = read(&ground, &session, id).await?;
    Ok(([(CONTENT_TYPE, "application/geo+json")], patrol.to_geojson().to_string()).into_response())
}

/// Get a patrol as GPX, for a device that finds its own way.
#[utoipa::path(get, path = "/api/v1/patrols/{id}/gpx", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 200, body = String, content_type = "application/gpx+xml"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn patrol_as_gpx(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let patrol = read(&ground, &session, id).await?;
    let file = format!("attachment; filename=\"patrol-{}.gpx\"", patrol.date);
    let headers = [(CONTENT_TYPE, "application/gpx+xml".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((headers, patrol.to_gpx()).into_response())
}

/// A patrol that the caller may see; that it was seen is written down, because it shows who needs care.
async fn read(ground: &Ground, session: &Session, id: Uuid) -> Result<KeptPatrol, Problem> {
    session.require(PLANNERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?;
    let id = id.to_string();
    let entry = audit::Entry::read("patrol", &id, patrol.place_code.as_str());
    audit::record(&mut transaction, session, entry).await?;
    transaction.commit().await?;
    Ok(patrol)
}
