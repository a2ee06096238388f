//! The roof: rooms and ground assembled into one router.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::{Extension, Router};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::domain;
use crate::domain::grids::Boundaries;
use crate::platform::ground::Ground;
use crate::platform::http::{self, ui};
use crate::platform::locale::Locale;
use crate::platform::problem::Problem;
use crate::platform::request_id;

/// The rooms' routes with their descriptions.
fn rooms() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .merge(domain::accounts::router())
        .merge(domain::areas::router())
        .merge(domain::figures::router())
        .merge(domain::hazards::router())
        .merge(domain::reports::router())
        .merge(domain::patrols::router())
        .merge(domain::risk::router())
        .merge(domain::enterprises::router())
        .merge(domain::visits::router())
        .merge(http::config_router())
        .merge(domain::households::router())
}

/// The OpenAPI document.
#[must_use]
pub fn openapi() -> OpenApi {
    rooms().merge(domain::accounts::demo_router()).into_openapi()
}

/// The whole service over `ground`.
pub fn router(ground: Ground) -> Router {
    let demo = if ground.config.demo { domain::accounts::demo_router() } else { OpenApiRouter::new() };
    let (router, _) = rooms().merge(demo).split_for_parts();
    router
        .fallback(ui::serve)
        .method_not_allowed_fallback(|| async {
            Problem::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                crate::message!("此地址不支持该操作", "This address does not take this method"),
            )
        })
        .layer(Extension(Boundaries::start(&ground)))
        .layer(http::cross_origin_layer())
        .layer(middleware::from_fn(surroundings))
        .with_state(ground)
}

/// Gives a request its id and its language, for everything that happens within.
async fn surroundings(request: Request, next: Next) -> Response {
    let locale = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Locale::Zh, Locale::from_accept_language);
    let id = Uuid::now_v7();
    let mut response = request_id::scope(id, locale.scope(next.run(request))).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HeaderName::from_static(request_id::HEADER), value);
    }
    response
}
