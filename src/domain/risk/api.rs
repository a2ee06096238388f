//! Risk over HTTP.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{DensityLegend, DensityQuery};
use super::surface::Surfaces;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path, Query, TileId, has_version};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes, with what they remember.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(density_tile))
        .routes(routes!(density_legend))
        .layer(Extension(Arc::new(Surfaces::default())))
}

/// Get a density tile.
///
/// A PNG of 256 by 256 pixels: the density of the reports the caller may read, in the classes of the legend,
/// transparent elsewhere. The same place has the same value at every zoom and on both sides of a seam.
#[utoipa::path(get, path = "/tiles/density/{z}/{x}/{y}", tag = "risk",
    params(
        ("z" = u8, Path, description = "Zoom, 0 to 22"),
        ("x" = u32, Path, description = "Column from the west"),
        ("y" = String, Path, description = "Row from the north; may end in .png"),
        DensityQuery,
    ),
    responses(
        (status = 200, content_type = "image/png", headers(("ETag" = String))),
        (status = 304, description = "The tile the caller has is still the one."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn density_tile(
    State(ground): State<Ground>,
    Extension(surfaces): Extension<Arc<Surfaces>>,
    session: Session,
    Path((z, x, y)): Path<(String, String, String)>,
    Query(query): Query<DensityQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tile = TileId::parse(&z, &x, &y, &[".png"])?;
    let question = query.parse(&ground.clock)?;
    let surface = surfaces.get(&ground, &session, question).await?;

    let etag = format!("\"{}-{tile}\"", surface.fingerprint);
    let caching = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "private, no-cache".into())];
    if has_version(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let png = surfaces.tile(surface, tile).await?;
    Ok((caching, [(header::CONTENT_TYPE, "image/png")], png).into_response())
}

/// Get the density legend.
///
/// The classes and colours of the density tiles for the same query, and how many reports they are made of.
#[utoipa::path(get, path = "/api/v1/density/legend", tag = "risk", params(DensityQuery), responses(
    (status = 200, body = DensityLegend),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn density_legend(
    State(ground): State<Ground>,
    Extension(surfaces): Extension<Arc<Surfaces>>,
    session: Session,
    Query(query): Query<DensityQuery>,
) -> Result<Json<DensityLegend>, Problem> {
    let question = query.parse(&ground.clock)?;
    let surface = surfaces.get(&ground, &session, question.clone()).await?;
    Ok(Json(DensityLegend::new(&question, surface.density.events())))
}
