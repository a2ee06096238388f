//! Tiles over HTTP.

use std::io::Read;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cache::Tiles;
use super::catalogue::{Catalogue, TileJson};
use super::layer::Layer;
use crate::platform::accounts::Session;
use crate::platform::config::Config;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path, TileId, has_version};
use crate::platform::problem::{Problem, ProblemBody};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.mapbox-vector-tile");
/// Ask each time whether the tile is still the one; nobody but the caller may keep it.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARIES: HeaderValue = HeaderValue::from_static("accept-encoding, authorization, cookie");

/// The door's routes, with what they remember.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_layers))
        .routes(routes!(describe_layer))
        .routes(routes!(get_tile))
        .layer(Extension(Arc::new(Tiles::default())))
}

/// List the layers of vector tiles.
#[utoipa::path(get, path = "/tiles", tag = "tiles", responses(
    (status = 200, body = Catalogue),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_layers(State(ground): State<Ground>, _: Session, headers: HeaderMap) -> Json<Catalogue> {
    Json(Catalogue::new(&base(&ground.config, &headers)))
}

/// Describe a layer of vector tiles.
///
/// TileJSON 3.0.0.
#[utoipa::path(get, path = "/tiles/{layer}", tag = "tiles", params(("layer" = Layer, Path)), responses(
    (status = 200, body = TileJson),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn describe_layer(
    State(ground): State<Ground>,
    _: Session,
    Path(layer): Path<Layer>,
    headers: HeaderMap,
) -> Json<TileJson> {
    Json(TileJson::new(&base(&ground.config, &headers), layer))
}

/// Get a vector tile.
///
/// A Mapbox Vector Tile of what the caller may see; 204 where that is nothing.
#[utoipa::path(get, path = "/tiles/{layer}/{z}/{x}/{y}", tag = "tiles",
    params(
        ("layer" = Layer, Path),
        ("z" = u8, Path, description = "Zoom, 0 to 22"),
        ("x" = u32, Path, description = "Column from the west"),
        ("y" = String, Path, description = "Row from the north; may end in .mvt or .pbf"),
    ),
    responses(
        (status = 200, content_type = "application/vnd.mapbox-vector-tile", headers(("ETag" = String))),
        (status = 204, description = "There is nothing to see.", headers(("ETag" = String))),
        (status = 304, description = "The tile the caller has is still the one."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_tile(
    State(ground): State<Ground>,
    Extension(tiles): Extension<Arc<Tiles>>,
    session: Session,
    Path((layer, z, x, y)): Path<(Layer, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = TileId::parse(&z, &x, &y, &[".mvt", ".pbf"])?;
    let tile = tiles.get(&ground, &session, layer, id).await?;
    let caching =
        [(header::ETAG, tile.etag.clone()), (header::CACHE_CONTROL, CACHING), (header::VARY, VARIES)];
    if tile.etag.to_str().is_ok_and(|etag| has_version(&headers, etag)) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    if tile.gzip.is_empty() {
        return Ok((StatusCode::NO_CONTENT, caching).into_response());
    }
    if takes_gzip(&headers) {
        let compressed = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        return Ok((caching, [(header::CONTENT_TYPE, MEDIA_TYPE)], compressed, tile.gzip).into_response());
    }
    let mut plain = Vec::new();
    GzDecoder::new(&*tile.gzip).read_to_end(&mut plain).map_err(|error| Problem::internal(&error))?;
    Ok((caching, [(header::CONTENT_TYPE, MEDIA_TYPE)], plain).into_response())
}

/// Whether `Accept-Encoding` names gzip and does not refuse it (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|part| {
                part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
            });
            (name == "*" || name.eq_ignore_ascii_case("gzip")) && !refused
        })
}

/// The address under which the caller reached the service; TileJSON wants whole ones.
fn base(config: &Config, headers: &HeaderMap) -> String {
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header(header::HOST).filter(|host| host.parse::<Authority>().is_ok());
    let host = host.map_or_else(|| config.listen.to_string(), str::to_owned);
    let scheme = if config.https { "https" } else { "http" };
    format!("{scheme}://{host}")
}
