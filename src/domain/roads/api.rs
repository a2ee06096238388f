//! Closed roads over HTTP.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::closure::{Closure, NewClosure};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::places::place_of;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::repeat::Sent;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_closures, close_road)).routes(routes!(lift_closure))
}

/// Who closes roads and lifts closures, anywhere in their street: as the policies on `road_closures` have it.
const CLOSERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Police, Role::Command];

/// List the roads that are closed in the street, today and later.
#[utoipa::path(get, path = "/api/v1/roads/closures", tag = "patrols", responses(
    (status = 200, body = Vec<Closure>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_closures(
    State(ground): State<Ground>,
    session: Session,
) -> Result<Json<Vec<Closure>>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let closures = store::closures_from(&mut transaction, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok(Json(closures))
}

/// Close a road.
///
/// For grid members, chiefs, the police and the command centre, anywhere in their street: patrols planned for those
/// days go round it. The same id with the same content closes nothing more.
#[utoipa::path(post, path = "/api/v1/roads/closures", tag = "patrols",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewClosure,
    responses(
    (status = 201, body = Closure),
    (status = 200, description = "Closed before", body = Closure),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn close_road(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewClosure>,
) -> Result<(StatusCode, Json<Closure>), Problem> {
    session.require(CLOSERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "road_closure", id, &new)?;
    let new = new.check(id)?;
    let place = place_of(&boundaries, &ground.clock, "place", new.at).await?;
    if !session.place.street().covers(place.as_str()) {
        return Err(Problem::invalid("place", message!("不在您的街道内", "not in your street")));
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let created = store::close(&mut transaction, &new, &place, session.account).await?;
    let status = sent.status(&mut transaction, created).await?;
    let closure = store::closure(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    if created {
        let subject = id.to_string();
        let entry = audit::Entry::created("road_closure", &subject, place.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    Ok((status, Json(closure)))
}

/// Lift a closure: the road is open from now on. Lifting it again changes nothing.
#[utoipa::path(delete, path = "/api/v1/roads/closures/{id}", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Lifted"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn lift_closure(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    session.require(CLOSERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let closure = store::closure(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    store::lift(&mut transaction, id, ground.clock.now()).await?;
    let subject = id.to_string();
    let entry = audit::Entry::changed("road_closure", &subject, closure.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
