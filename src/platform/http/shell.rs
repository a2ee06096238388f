//! What lies around every handler, from the outside in: id and language, span and counts, security headers,
//! compression, panics, time and size, other sites.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Response, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate, SizeAbove};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::cross_origin::cross_origin_layer;
use super::limits::{self, Limits};
use super::security::{SecurityHeaders, add_headers};
use super::{config, health, metrics, observe, problem_pages};
use crate::platform::config::Config;
use crate::platform::ground::Ground;
use crate::platform::locale::Locale;
use crate::platform::problem::Problem;
use crate::platform::request_id;

/// A packet holds about this much: compressing less gains nothing.
const WORTH_COMPRESSING_BYTES: u64 = 860;
/// Of gzip's 1 to 9 and brotli's 0 to 11: most of the gain for a little of the time.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// The routes about the service itself: configuration, health, metrics, problem types.
#[must_use]
pub fn service_router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .merge(config::router())
        .merge(health::router())
        .merge(metrics::router())
        .merge(problem_pages::router())
}

/// Puts the shell around `router`. Bodies sent to the paths of `streamed` may be of any length.
pub fn shell<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    config: &Config,
    streamed: &'static [&'static str],
) -> Router<S> {
    let time = Duration::from_secs(config.request_timeout_s);
    let limits = Limits { body_bytes: config.max_body_bytes, time, streamed };
    let compressible = DefaultPredicate::new()
        .and(SizeAbove::new(WORTH_COMPRESSING_BYTES))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"))
        .and(NotForContentType::const_new("font/"));
    router
        .layer(cross_origin_layer())
        .layer(DefaultBodyLimit::max(config.max_body_bytes))
        .layer(middleware::from_fn_with_state(limits, limits::enforce))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().quality(COMPRESSION).compress_when(compressible))
        .layer(middleware::from_fn_with_state(SecurityHeaders::of(config), add_headers))
        .layer(middleware::from_fn(observe::observe))
        .layer(middleware::from_fn(surroundings))
}

/// Gives a request its id and its language, for everything that happens within.
async fn surroundings(request: Request, next: Next) -> Response<Body> {
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

/// A panic is a fault of ours: 500, and its message goes to the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the payload over by value")]
fn panicked(payload: Box<dyn Any + Send>) -> Response<Body> {
    let said = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(&Panic(said.to_owned())).into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panic(String);

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn trip() -> &'static str {
        "secret".parse::<u8>().map(|_| "").unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_says_nothing_of_it() {
        let router = shell(Router::<()>::new().route("/", get(trip)), &Config::default(), &[]).with_state(());
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        assert!(response.headers().contains_key("x-content-type-options"));
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("/problems/internal") && body.contains("urn:uuid:"), "{body}");
        assert!(!body.contains("InvalidDigit"), "{body}");
    }
}
