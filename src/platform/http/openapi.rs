//! The OpenAPI document, what it says beyond the rooms' own descriptions, and the page to read it on.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr,
    ResponseBuilder,
};
use utoipa_swagger_ui::{Config, SwaggerUi};

const DOCUMENT: &str = "/api/openapi.json";
const PAGE: &str = "/api/docs";

const ABOUT: &str = "村级网格化治理空间服务。A spatial service for village grid governance.\n\n\
Coordinates are WGS84 longitude, latitude in degrees (EPSG:4326) unless a field says otherwise. Times are RFC 3339. \
Lists are paged: give `next_cursor` as `cursor` to read on. A reading carries an `ETag`; a change needs it as \
`If-Match`. Problems are RFC 9457 documents in the language of `Accept-Language` (zh unless en is preferred); \
`/problems` lists their kinds. What a role may do: docs/ROLES.md.";

/// The document before any room: what it is, and how to sign in.
#[must_use]
pub fn description() -> OpenApi {
    let mut components = Components::new();
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "gk_session",
            "The session cookie of POST /api/v1/session; __Host-gk_session over HTTPS.",
        ))),
    );
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("An API token of POST /api/v1/tokens."))
                .build(),
        ),
    );
    components.add_security_scheme(
        "basic",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Basic)
                .description(Some("Any user name, and an API token as the password: for GIS clients."))
                .build(),
        ),
    );
    let info = InfoBuilder::new()
        .title("Gridkeeper")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(License::new("Apache-2.0")))
        .build();
    let anyone_of =
        ["cookie", "bearer", "basic"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    OpenApiBuilder::new().info(info).components(Some(components)).security(Some(anyone_of)).build()
}

/// Adds what holds for every operation, so that no room has to repeat it: a fault of ours is a problem document
/// too.
#[must_use]
pub fn complete(mut document: OpenApi) -> OpenApi {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let ours = ResponseBuilder::new()
        .description("A fault of ours, or the service is unavailable for a moment")
        .content("application/problem+json", problem)
        .build();
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            operation.responses.responses.entry("5XX".into()).or_insert(RefOr::T(ours.clone()));
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// The routes that show `document`.
pub fn openapi_router<S: Clone + Send + Sync + 'static>(document: &OpenApi) -> Router<S> {
    let text: Arc<str> = document.to_json().unwrap_or_default().into();
    let show = move || {
        let text = String::from(&*text);
        async move { ([(CONTENT_TYPE, "application/json")], text).into_response() }
    };
    // Without a validator of our own, the page would ask one on the network.
    let config = Config::from(DOCUMENT).validator_url("none").persist_authorization(true);
    Router::new().route(DOCUMENT, get(show)).merge(SwaggerUi::new(PAGE).config(config))
}
