//! The track of a patrol over HTTP.

use axum::extract::State;
use uuid::Uuid;

use super::prepare::PLANNERS;
use crate::domain::patrols::store::{kept, track as store};
use crate::domain::patrols::track::{NewTrack, TrackPoint, TrackReceipt};
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Record where the walker was.
///
/// For the walker alone, and only between the beginning and the end of the patrol: other points are not kept. A
/// point at a time that is there already changes nothing, so sending twice records once.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/track", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = NewTrack,
    responses(
    (status = 200, body = TrackReceipt),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn record_track(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(new): Json<NewTrack>,
) -> Result<Json<TrackReceipt>, Problem> {
    session.require(PLANNERS)?;
    let now = ground.clock.now();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?;
    if patrol.worker.id != session.account {
        return Err(Problem::forbidden());
    }
    let (points, outside) = new.within(&patrol, now)?;
    let recorded = store::record(&mut transaction, id, &points, now).await?;
    transaction.commit().await?;
    Ok(Json(TrackReceipt { recorded, outside }))
}

/// Get the track of a patrol.
///
/// For its walker and their chief. That it was read is written down.
#[utoipa::path(get, path = "/api/v1/patrols/{id}/track", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<TrackPoint>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_track(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Vec<TrackPoint>>, Problem> {
    session.require(PLANNERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?;
    let points = store::points(&mut transaction, id).await?;
    let id = id.to_string();
    let entry = audit::Entry::read("patrol_track", &id, patrol.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(Json(points))
}
