//! The id of the request being served: in its logs, its audit entries, its problems and its response.

use std::future::Future;

use uuid::Uuid;

/// The header that carries it.
pub const HEADER: &str = "x-request-id";

tokio::task_local! {
    static REQUEST_ID: Uuid;
}

/// The id of the request being served, if any is.
#[must_use]
pub fn current() -> Option<String> {
    REQUEST_ID.try_with(ToString::to_string).ok()
}

/// Runs `work` as the request `id`.
pub async fn scope<F: Future>(id: Uuid, work: F) -> F::Output {
    REQUEST_ID.scope(id, work).await
}
