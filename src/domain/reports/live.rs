//! Changes as they happen, as server-sent events (HTML Living Standard, section 9.2): each listener hears exactly
//! what the policies on reports would let them read.
//!
//! Never here: the words of a report. An event names it; whoever hears of it fetches it under their own rights.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::ReportKind;
use crate::platform::accounts::Session;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::problem::{Problem, ProblemBody};

/// A comment goes out this often, so that proxies and phones keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often a listener's right to listen is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// Listeners per account: every tab and phone of one person, with room to spare.
const LISTENERS_PER_ACCOUNT: usize = 32;
/// When to come again after being refused for too many listeners, in seconds.
const COME_AGAIN_S: u64 = 10;

/// The room's live routes.
pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(listen)).layer(Extension(Listeners::default()))
}

/// How many listen, per account.
#[derive(Debug, Clone, Default)]
struct Listeners {
    seats: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// One listener's place, given up when dropped.
#[derive(Debug)]
struct Seat {
    account: Uuid,
    listeners: Listeners,
}

impl Listeners {
    fn seat(&self, account: Uuid) -> Result<Seat, Problem> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.entry(account).or_default();
        if *taken >= LISTENERS_PER_ACCOUNT {
            return Err(Problem::too_many(COME_AGAIN_S));
        }
        *taken += 1;
        Ok(Seat { account, listeners: self.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.listeners.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.account) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.account);
            }
        }
    }
}

/// Listen to changes.
///
/// Server-sent events: `report` for a report that was filed or worked on, `layer` for a map layer that is to be
/// drawn anew, `refresh` when changes may have been missed and everything shown should be read again. What happened
/// before the stream opened is not told: read first, or read again once it is open. The stream ends when the
/// account is signed out or disabled.
#[utoipa::path(get, path = "/api/v1/events", tag = "reports", responses(
    (status = 200, description = "A stream without end", body = String, content_type = "text/event-stream"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn listen(
    State(ground): State<Ground>,
    Extension(listeners): Extension<Listeners>,
    mut parts: Parts,
) -> Result<impl IntoResponse, Problem> {
    // Listening starts before the session is read, so that its end cannot fall between the two.
    let changes = ground.events.subscribe();
    let session = Session::from_request_parts(&mut parts, &ground).await?;
    let seat = listeners.seat(session.account)?;
    let stream = stream(ground, parts, session, seat, changes);
    let headers = [("x-accel-buffering", "no"), ("cache-control", "no-store")];
    Ok((headers, Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT))))
}

fn stream(
    ground: Ground,
    mut parts: Parts,
    mut session: Session,
    seat: Seat,
    mut changes: tokio::sync::broadcast::Receiver<Change>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let _seat = seat;
        let mut look = tokio::time::interval(LOOK_AGAIN);
        loop {
            let mut look_now = false;
            tokio::select! {
                change = changes.recv() => match change {
                    Ok(Change::Account { id }) => look_now = id == session.account,
                    Ok(change) => {
                        if let Some(event) = event(&session, &change) {
                            yield Ok(event);
                        }
                    }
                    Err(RecvError::Lagged(_)) => yield Ok(refresh()),
                    Err(RecvError::Closed) => break,
                },
                _ = look.tick() => look_now = true,
            }
            if look_now {
                match Session::from_request_parts(&mut parts, &ground).await {
                    Ok(same) => session = same,
                    Err(problem) if problem.status.is_client_error() => break,
                    // The database is away for a moment; nothing is told meanwhile that was not theirs before.
                    Err(_) => {}
                }
            }
        }
    }
}

/// What `session` hears of `change`.
fn event(session: &Session, change: &Change) -> Option<Event> {
    let (name, data) = match change {
        Change::Report { id, kind, severity, status, place_code, reported_by, created } => {
            if !hears_of(session, kind, place_code, *reported_by) {
                return None;
            }
            let change = if *created { "created" } else { "changed" };
            let data = json!({
                "id": id, "kind": kind, "severity": severity, "status": status, "place_code": place_code,
                "change": change,
            });
            ("report", data)
        }
        Change::Layer { layer } => ("layer", json!({ "layer": layer })),
        Change::Boundaries => ("layer", json!({ "layer": "grids" })),
        Change::Missed => return Some(refresh()),
        Change::Account { .. } => return None,
    };
    Some(Event::default().event(name).data(data.to_string()))
}

/// The rule of the policy `reports_are_read_in_scope`.
fn hears_of(session: &Session, kind: &str, place_code: &str, reported_by: Option<Uuid>) -> bool {
    let theirs = kind.parse().is_ok_and(|kind: ReportKind| kind.is_read_by(session.role));
    (theirs && session.place.covers(place_code)) || reported_by == Some(session.account)
}

fn refresh() -> Event {
    Event::default().event("refresh").data("{}")
}
