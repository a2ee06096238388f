//! Counts and times for Prometheus: requests by route template, and the connection pool.
//!
//! Labels come from our own routes, never from what a caller sent: a path that no route knows is `unmatched`.

use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

const REQUESTS: &str = "gridkeeper_http_requests_total";
const REQUEST_SECONDS: &str = "gridkeeper_http_request_duration_seconds";
const CONNECTIONS: &str = "gridkeeper_database_connections";
const CONNECTIONS_IDLE: &str = "gridkeeper_database_connections_idle";

/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS_S: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How often observations are folded into the buckets, asked for or not.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(show_metrics))
}

/// The process's recorder, installed when first asked for. `None` when somebody else installed another.
fn recorder() -> Option<&'static PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&BUCKETS_S).ok()?;
            let handle = builder.install_recorder().ok()?;
            metrics::describe_counter!(REQUESTS, "Requests served, by method, route and status");
            metrics::describe_histogram!(REQUEST_SECONDS, "Time to the head of the response, in seconds");
            metrics::describe_gauge!(CONNECTIONS, "Connections to the database");
            metrics::describe_gauge!(CONNECTIONS_IDLE, "Connections to the database that wait for work");
            let upkeep = handle.clone();
            std::thread::Builder::new()
                .name("metrics".into())
                .spawn(move || {
                    loop {
                        std::thread::sleep(UPKEEP);
                        upkeep.run_upkeep();
                    }
                })
                .ok()?;
            Some(handle)
        })
        .as_ref()
}

/// Counts a request served.
pub(super) fn observe(method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
    if recorder().is_none() {
        return;
    }
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    };
    let route = route.to_owned();
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.as_u16().to_string())
        .increment(1);
    metrics::histogram!(REQUEST_SECONDS, "method" => method, "route" => route).record(elapsed.as_secs_f64());
}

/// Counts and times, for Prometheus.
///
/// Names no person and no place. Keep it from the outside at the reverse proxy all the same.
#[utoipa::path(get, path = "/metrics", tag = "service", security(()), responses(
    (status = 200, body = String, content_type = "text/plain"),
))]
async fn show_metrics(State(ground): State<Ground>) -> Result<Response, Problem> {
    let Some(recorder) = recorder() else { return Err(Problem::not_found()) };
    let pool = ground.database.pool();
    metrics::gauge!(CONNECTIONS).set(f64::from(pool.size()));
    metrics::gauge!(CONNECTIONS_IDLE).set(pool.num_idle() as f64);
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, recorder.render()).into_response())
}
