//! Refuses what another site makes a signed-in person's browser send.
//!
//! The scheme of Go 1.25 and of Filippo Valsorda, "Cross-Site Request Forgery" (2025): a browser says by
//! `Sec-Fetch-Site`, or else by `Origin`, where a request comes from; a program that is no browser says neither
//! and carries no cookie it did not mean to send. A reverse proxy must pass `Host` on unchanged.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::message;
use crate::platform::problem::Problem;

pub(super) type Refusal = fn(ProtectionError) -> Response<Body>;

/// The layer that refuses.
pub(super) fn cross_origin_layer() -> CsrfLayer<Refusal> {
    CsrfLayer::new().with_rejection_response(refuse as Refusal)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the error over by value")]
fn refuse(error: ProtectionError) -> Response<Body> {
    tracing::info!(%error, "refused a request from another site");
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-origin",
        message!("拒绝来自其他网站的请求", "Requests from other sites are refused"),
    )
    .into_response()
}
