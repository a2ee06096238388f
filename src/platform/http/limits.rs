//! How much a request may bring, and how long it may take.

use std::time::Duration;

use axum::body::BodyDataStream;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use crate::platform::problem::Problem;

/// How long we go on reading, and throwing away, a body that is refused: a client that is still sending when the
/// connection closes never sees the answer.
const LINGER: Duration = Duration::from_secs(5);

/// The limits in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) body_bytes: usize,
    pub(super) time: Duration,
    /// Paths whose bodies are never held whole, and may be of any length.
    pub(super) streamed: &'static [&'static str],
}

/// Refuses a body that says it is too large, and stops what takes too long.
///
/// A body that does not say how large it is meets the same limit while it is read.
pub(super) async fn enforce(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let length = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    let is_streamed = limits.streamed.contains(&request.uri().path());
    if !is_streamed && length.is_some_and(|length| length > limits.body_bytes as u64) {
        drain(request.into_body().into_data_stream()).await;
        return Problem::too_large(limits.body_bytes).into_response();
    }
    tokio::time::timeout(limits.time, next.run(request))
        .await
        .unwrap_or_else(|_| Problem::timed_out().into_response())
}

/// Reads on, for a while, what nobody wants: see [`LINGER`].
pub async fn drain(mut body: BodyDataStream) {
    let _ = tokio::time::timeout(LINGER, async { while let Some(Ok(_)) = body.next().await {} }).await;
}
