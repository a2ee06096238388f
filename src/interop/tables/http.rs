//! Layers over HTTP: what the caller may see, as a file; and empty tables to fill in.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::format::{Format, Headings, write};
use super::template::template;
use crate::domain::exchange::{Layer, export};
use crate::kernel::geometry::Crs;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The door's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(export_layer)).routes(routes!(get_template))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportLayer {
    /// `geojson`, `csv` or `xlsx`; `geojson` unless given.
    #[param(example = "xlsx")]
    format: Option<String>,
    /// `wgs84`, `cgcs2000`, `gcj02` or `bd09`; `wgs84` unless given.
    crs: Option<String>,
    /// `zh` or `en`: the headings of a table; Chinese unless given.
    headings: Option<String>,
}

/// Export a layer.
///
/// The rows the caller may see. Telephone and identity numbers are always masked here. Layers: areas, grids,
/// households, enterprises, hazards, roads, buildings, water, reports.
#[utoipa::path(get, path = "/api/v1/export/{layer}", tag = "exchange",
    params(("layer" = String, Path), ExportLayer),
    responses(
        (status = 200, description = "The file", content((Vec<u8> = "application/geo+json"), (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn export_layer(
    State(ground): State<Ground>,
    session: Session,
    Path(layer): Path<Layer>,
    Query(query): Query<ExportLayer>,
) -> Result<Response, Problem> {
    let format = match query.format.as_deref().unwrap_or("geojson") {
        "geojson" => Format::GeoJson,
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        _ => {
            return Err(Problem::invalid(
                "format",
                message!("应为 geojson、csv 或 xlsx", "geojson, csv or xlsx"),
            ));
        }
    };
    let headings = match query.headings.as_deref().unwrap_or("zh") {
        "zh" => Headings::Zh,
        "en" => Headings::En,
        _ => return Err(Problem::invalid("headings", message!("应为 zh 或 en", "zh or en"))),
    };
    let crs: Crs = query.crs.as_deref().unwrap_or("wgs84").parse().map_err(
        |error: crate::kernel::geometry::ParseCrsError| {
            Problem::invalid(
                "crs",
                crate::platform::locale::Message::new(error.to_chinese(), error.to_string()),
            )
        },
    )?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let rows = export(&mut transaction, layer, crs, false).await?;
    audit::record(&mut transaction, &session, audit::Entry::deed("export", "layer", layer.key())).await?;
    transaction.commit().await?;
    let bytes = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        write(format, layer, headings, &rows, &mut bytes).map(|()| bytes)
    })
    .await
    .map_err(|error| Problem::internal(&error))?
    .map_err(|error| Problem::internal(&error))?;
    Ok(file(bytes, format, &format!("{}.{}", layer.key(), format.ending())))
}

/// Get an empty table of a layer to fill in.
///
/// An XLSX with Chinese headings, lists to choose from, and a sheet that explains every column.
#[utoipa::path(get, path = "/api/v1/templates/{layer}", tag = "exchange",
    params(("layer" = String, Path, description = "The layer; may end in .xlsx")),
    responses(
        (status = 200, description = "The table",
            content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_template(_: Session, Path(layer): Path<String>) -> Result<Response, Problem> {
    let layer: Layer = layer.trim_end_matches(".xlsx").parse().map_err(|_| Problem::not_found())?;
    let bytes = template(layer).map_err(|error| Problem::internal(&error))?;
    Ok(file(bytes, Format::Xlsx, &format!("{}.xlsx", layer.key())))
}

fn file(bytes: Vec<u8>, format: Format, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
