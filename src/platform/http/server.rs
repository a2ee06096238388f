//! Serving a router on a socket, until told to stop: requests in flight are finished, within limits.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::ListenerExt;
use futures::StreamExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves `router` until `stop`; then takes no more connections and waits for requests in flight, up to `drain`
/// or until `hurry`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    drain: Duration,
    stop: &CancellationToken,
    hurry: &CancellationToken,
) -> io::Result<()> {
    // Answers are small and written whole: waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let router = router.layer(middleware::from_fn_with_state(stop.clone(), end_streams));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let out_of_time = async {
        stop.cancelled().await;
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            () = hurry.cancelled() => {}
        }
    };
    tokio::select! {
        result = serving => result,
        () = out_of_time => {
            tracing::warn!("some requests were still in flight");
            Ok(())
        }
    }
}

/// A stream of events has no end of its own to wait for: it ends when the service stops.
async fn end_streams(State(stop): State<CancellationToken>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_stream = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        return response;
    }
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned())))
}
