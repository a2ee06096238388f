//! Risk over HTTP.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::animated::animated;
use super::export::{self, ExportQuery, Format};
use super::legend::DensityLegend;
use super::manner::{Manner, MannerQuery};
use super::question::{DensityQuery, Question};
use super::surface::Surfaces;
use super::value::{self, DensityValue, PlaceQuery};
use super::{hotspots, network, spacetime, store, tallies};
use crate::domain::roads::{Maps, Mode};
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path, Query, TileId, has_version};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes, with what they remember.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(density_tile))
        .routes(routes!(density_legend))
        .routes(routes!(density_value))
        .routes(routes!(density_export))
        .merge(hotspots::router())
        .merge(spacetime::router())
        .merge(tallies::router())
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
        MannerQuery,
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
    Query(manner): Query<MannerQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tile = TileId::parse(&z, &x, &y, &[".png"])?;
    let question = query.in_manner(&manner, &ground.clock)?;
    let surface = surfaces.get(&ground, &session, question).await?;

    let etag = format!("\"{}-{tile}\"", surface.fingerprint);
    let caching = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "private, no-cache".into())];
    if has_version(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let png = surfaces.tile(surface, tile).await?;
    Ok((caching, [(header::CONTENT_TYPE, "image/png")], png).into_response())
}

/// Which form a legend is wanted in.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LegendQuery {
    /// `json`, or `svg` for a picture; without it, `Accept` decides.
    #[param(example = "json")]
    format: Option<String>,
}

impl LegendQuery {
    fn is_svg(&self, headers: &HeaderMap) -> Result<bool, Problem> {
        match self.format.as_deref() {
            Some("svg") => Ok(true),
            Some("json") => Ok(false),
            Some(_) => Err(Problem::invalid("format", message!("应为 json 或 svg", "json or svg"))),
            None => {
                let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
                Ok(accepted.is_some_and(|accepted| accepted.trim_start().starts_with("image/svg+xml")))
            }
        }
    }
}

/// Get the density legend.
///
/// The classes and colours of the density tiles for the same query, and how many reports they are made of; as data, or
/// as an SVG picture with `format=svg` or an `Accept` that begins with `image/svg+xml`.
#[utoipa::path(get, path = "/api/v1/density/legend", tag = "risk", params(DensityQuery, MannerQuery, LegendQuery), responses(
    (status = 200, content((DensityLegend = "application/json"), (String = "image/svg+xml"))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn density_legend(
    State(ground): State<Ground>,
    Extension(surfaces): Extension<Arc<Surfaces>>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(manner): Query<MannerQuery>,
    Query(form): Query<LegendQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let is_svg = form.is_svg(&headers)?;
    let question = query.in_manner(&manner, &ground.clock)?;
    let surface = surfaces.get(&ground, &session, question.clone()).await?;
    let legend = DensityLegend::new(&question, &surface);
    if is_svg {
        return Ok(([(header::CONTENT_TYPE, "image/svg+xml")], legend.svg()).into_response());
    }
    Ok(Json(legend).into_response())
}

/// Get the density at a place.
///
/// The number, and the reports that make it up with what each of them gives.
#[utoipa::path(get, path = "/api/v1/density/value", tag = "risk", params(DensityQuery, MannerQuery, PlaceQuery), responses(
    (status = 200, body = DensityValue),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn density_value(
    State(ground): State<Ground>,
    Extension(surfaces): Extension<Arc<Surfaces>>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(manner): Query<MannerQuery>,
    Query(place): Query<PlaceQuery>,
) -> Result<Json<DensityValue>, Problem> {
    let place = place.parse()?;
    let question = query.in_manner(&manner, &ground.clock)?;
    let surface = surfaces.get(&ground, &session, question.clone()).await?;
    Ok(Json(value::value(&ground, &session, &question, &surface, place).await?))
}

/// Export the density of a box.
///
/// As `GeoTIFF` in events per square kilometre, as a PNG in the legend's colours with its world file, as contours
/// (GeoJSON polygons of where the density is at least each class's lower bound), as lines along the roads, or as an
/// animated PNG of the period, each picture with the reports up to its moment (in any manner but `against`).
#[utoipa::path(get, path = "/api/v1/density/export", tag = "risk", params(DensityQuery, MannerQuery, ExportQuery), responses(
    (status = 200, content(
        (String = "image/tiff; application=geotiff"), (String = "image/png"), (String = "image/apng"),
        (serde_json::Value = "application/geo+json"), (String = "text/plain"),
    )),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn density_export(
    State(ground): State<Ground>,
    Extension(surfaces): Extension<Arc<Surfaces>>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(manner): Query<MannerQuery>,
    Query(export): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let frame = export.frame()?;
    let question = query.in_manner(&manner, &ground.clock)?;
    let format = export.format;
    let bytes = if export.is_network()? {
        plain_only(&question)?;
        let centre = Wgs84::new(frame.west, frame.south).map_err(|error| Problem::internal(&error))?;
        let ways = maps.ways(&ground, &session, Mode::Foot, centre, ground.clock.today()).await?;
        let happenings = store::ingredients(&ground, &session, &question).await?.happenings;
        tokio::task::spawn_blocking(move || network::lines(&happenings, &question, &ways, &frame)).await
    } else if format == Format::Apng {
        if question.manner.against.is_some() {
            return Err(Problem::invalid("against", message!("不能用于动画", "not in an animation")));
        }
        let moments = export.moments(&question)?;
        let ingredients = store::ingredients(&ground, &session, &question).await?;
        tokio::task::spawn_blocking(move || animated(ingredients, &question, &moments, &frame)).await
    } else {
        let surface = surfaces.get(&ground, &session, question).await?;
        tokio::task::spawn_blocking(move || export::file(format, &surface, &frame)).await
    };
    let bytes = bytes.map_err(|error| Problem::internal(&error))??;
    let name = format!("attachment; filename=\"{}\"", format.file_name());
    let headers =
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// Refuses what is computed in another manner than lines along roads can be.
fn plain_only(question: &Question) -> Result<(), Problem> {
    if question.manner == Manner::default() {
        return Ok(());
    }
    Err(Problem::invalid(
        "network",
        message!(
            "不能与 auto、adaptive、edge、relative、against 同时使用",
            "not together with auto, adaptive, edge, relative or against"
        ),
    ))
}
