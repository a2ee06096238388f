//! The roof: rooms and ground assembled into one router.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Extension, Router};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::domain;
use crate::domain::grids::Boundaries;
use crate::domain::plans::Searches;
use crate::domain::reports::Desk;
use crate::domain::roads::Maps;
use crate::interop;
use crate::interop::assign::Turns;
use crate::message;
use crate::platform::ground::Ground;
use crate::platform::http::{self, ui};
use crate::platform::problem::Problem;

/// The rooms' routes with their descriptions.
fn rooms() -> OpenApiRouter<Ground> {
    OpenApiRouter::with_openapi(http::description())
        .merge(domain::accounts::router())
        .merge(domain::areas::router())
        .merge(domain::audit_log::router())
        .merge(domain::search::router())
        .merge(domain::figures::router())
        .merge(domain::grids::router())
        .merge(domain::plans::router())
        .merge(domain::hazards::router())
        .merge(domain::reports::router())
        .merge(domain::duties::router())
        .merge(domain::patrols::router())
        .merge(domain::risk::router())
        .merge(domain::roads::router())
        .merge(domain::ranking::router())
        .merge(domain::enterprises::router())
        .merge(domain::visits::router())
        .merge(interop::assign::router())
        .merge(interop::tables::router())
        .merge(domain::households::router())
        .merge(http::service_router())
        .merge(interop::tiles::router())
}

/// The OpenAPI document.
#[must_use]
pub fn openapi() -> OpenApi {
    http::complete(rooms().merge(domain::accounts::demo_router()).into_openapi())
}

/// The whole service over `ground`.
pub fn router(ground: Ground) -> Router {
    let demo = if ground.config.demo { domain::accounts::demo_router() } else { OpenApiRouter::new() };
    let (router, _) = rooms().merge(demo).split_for_parts();
    let router = router
        .merge(http::openapi_router(&openapi()))
        .fallback(ui::serve)
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                message!("此地址不支持该操作", "This address does not take this method"),
            )
        })
        .layer(Extension(Boundaries::start(&ground)))
        .layer(Extension(Searches::new()))
        .layer(Extension(Turns::new(ground.config.assign_at_once.into())))
        .layer(Extension(Arc::new(Maps::default())))
        .layer(Extension(Desk::open(&ground.database)));
    http::shell(router, &ground.config, &[interop::assign::PATH]).with_state(ground)
}
