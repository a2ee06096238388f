//! What is logged and counted of each request: never a query, a body, or a person.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::metrics;
use crate::platform::request_id;

/// Wraps a request in a span with its id and route, logs its end, and counts it.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let id = request_id::current().unwrap_or_default();
    let span = tracing::info_span!("request", id, %method, route);
    async move {
        let started = Instant::now();
        let response = next.run(request).await;
        let (status, elapsed) = (response.status(), started.elapsed());
        metrics::observe(&method, &route, status, elapsed);
        let ms = elapsed.as_micros() as f64 / 1000.0;
        if route.starts_with("/health/") || route == "/metrics" {
            tracing::debug!(status = status.as_u16(), ms, "served");
        } else {
            tracing::info!(status = status.as_u16(), ms, "served");
        }
        response
    }
    .instrument(span)
    .await
}
