//! Whether the service lives, and whether it can serve.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Json;
use crate::platform::ground::Ground;
use crate::platform::problem::{Problem, ProblemBody};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The routes.
pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// The answer of somebody who is well.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Is the process alive?
#[utoipa::path(get, path = "/health/live", tag = "service", security(()), responses((status = 200, body = Health)))]
async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Can it serve? Asks the database.
#[utoipa::path(get, path = "/health/ready", tag = "service", security(()), responses(
    (status = 200, body = Health),
    (status = 503, body = ProblemBody, content_type = "application/problem+json"),
))]
async fn ready(State(ground): State<Ground>) -> Result<(StatusCode, Json<Health>), Problem> {
    let asked = tokio::time::timeout(PATIENCE, sqlx::query("SELECT 1").execute(ground.database.pool())).await;
    match asked {
        Ok(Ok(_)) => Ok((StatusCode::OK, Json(Health { status: "ok" }))),
        Ok(Err(error)) => Err(Problem::unavailable(&error)),
        Err(elapsed) => Err(Problem::unavailable(&elapsed)),
    }
}
