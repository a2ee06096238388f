//! What the web map has to know before anybody has signed in.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Json;
use crate::platform::ground::Ground;

/// The route.
pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(get_config))
}

/// What the operator decided, as far as the web map is concerned.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceConfig {
    /// True when anybody may sign in with one click.
    demo: bool,
    /// True when the map and the people on it are made up.
    synthetic_map: bool,
    /// The version of the service.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// A raster base layer below our own map.
    base_layer: Option<BaseLayerView>,
    /// The time zone of days and opening hours.
    #[schema(example = "Asia/Shanghai")]
    time_zone: &'static str,
}

/// A raster base layer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BaseLayer)]
struct BaseLayerView {
    /// URL template with `{z}`, `{x}`, `{y}`.
    url: String,
    /// `wgs84`, `cgcs2000` or `gcj02`.
    crs: String,
    /// What to credit.
    attribution: String,
}

/// Get the service's configuration.
///
/// Needs no sign-in.
#[utoipa::path(get, path = "/api/v1/config", tag = "service", security(()), responses(
    (status = 200, body = ServiceConfig),
))]
async fn get_config(State(ground): State<Ground>) -> Json<ServiceConfig> {
    let config = &ground.config;
    Json(ServiceConfig {
        demo: config.demo,
        synthetic_map: config.demo,
        version: env!("CARGO_PKG_VERSION"),
        base_layer: config.base_layer.as_ref().map(|layer| BaseLayerView {
            url: layer.url.clone(),
            crs: layer.crs.clone(),
            attribution: layer.attribution.clone(),
        }),
        time_zone: "Asia/Shanghai",
    })
}
