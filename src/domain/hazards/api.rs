//! Hazards over HTTP.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Hazard, HazardChange, HazardKind, HazardStatus, NewHazard, WRITERS};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::places::{place_of, refuse_outside};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IdempotencyKey, IfMatch, Json, Listing, Page, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::repeat::Sent;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_hazards, create_hazard))
        .routes(routes!(get_hazard, change_hazard))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListHazards {
    /// Only hazards of this kind.
    kind: Option<HazardKind>,
    /// Only hazards of this severity, 1 to 4.
    severity: Option<i16>,
    /// Only hazards that are open, or cleared.
    status: Option<HazardStatus>,
    /// Only hazards of this enterprise.
    enterprise_id: Option<Uuid>,
}

/// List hazards.
///
/// Those in the caller's scope, in the order of their codes.
#[utoipa::path(get, path = "/api/v1/hazards", tag = "hazards", params(Listing, ListHazards), responses(
    (status = 200, body = Page<Hazard>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_hazards(
    State(ground): State<Ground>,
    session: Session,
    Query(listing): Query<Listing>,
    Query(wanted): Query<ListHazards>,
) -> Result<Json<Page<Hazard>>, Problem> {
    let window = listing.window()?;
    let ListHazards { kind, severity, status, enterprise_id } = wanted;
    let wanted = store::Wanted { kind, severity, status, enterprise_id };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let hazards = store::list(&mut transaction, &window, &wanted).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(hazards, window.limit, |hazard| hazard.code.clone())))
}

/// Get a hazard.
#[utoipa::path(get, path = "/api/v1/hazards/{id}", tag = "hazards", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Hazard, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_hazard(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<Hazard>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let hazard = store::get(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    Ok((Etag(hazard.version), Json(hazard)))
}

/// Record a hazard.
///
/// For grid members, chiefs, inspectors and the command centre, within their scope. The same id with the same
/// content records nothing new and gives the hazard again.
#[utoipa::path(post, path = "/api/v1/hazards", tag = "hazards",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewHazard,
    responses(
    (status = 201, body = Hazard, headers(("ETag" = String))),
    (status = 200, description = "Recorded before", body = Hazard, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn create_hazard(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewHazard>,
) -> Result<(StatusCode, Etag, Json<Hazard>), Problem> {
    session.require(WRITERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "hazard", id, &new)?;
    let new = new.check(id, &ground.clock)?;
    let place = place_of(&boundaries, &ground.clock, "place", new.point).await?;
    refuse_outside(&session, &place)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    refuse_unknown_enterprise(&mut transaction, new.enterprise_id).await?;
    let created = store::insert(&mut transaction, &new, &place).await?;
    let status = sent.status(&mut transaction, created).await?;
    let hazard = store::get(&mut transaction, new.id).await?.ok_or_else(Problem::not_found)?;
    if created {
        let entry = audit::Entry::created("hazard", &hazard.code, hazard.place_code.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    if created {
        ground.events.publish(Change::Layer { layer: "hazards".into() });
    }
    Ok((status, Etag(hazard.version), Json(hazard)))
}

/// Change or clear a hazard.
///
/// Clearing is `{"status": "cleared", "cleared_on": …}`; without a date it was cleared today.
#[utoipa::path(patch, path = "/api/v1/hazards/{id}", tag = "hazards",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = HazardChange,
    responses(
        (status = 200, body = Hazard, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_hazard(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<HazardChange>,
) -> Result<(Etag, Json<Hazard>), Problem> {
    session.require(WRITERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut hazard = store::get(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    if hazard.version != version {
        return Err(Problem::stale());
    }
    refuse_unknown_enterprise(&mut transaction, change.enterprise_id.as_set().copied()).await?;
    let point = change.apply(&mut hazard, &ground.clock)?;
    if let Some(point) = point {
        hazard.place_code = place_of(&boundaries, &ground.clock, "place", point).await?;
        refuse_outside(&session, &hazard.place_code)?;
    }
    if !store::change(&mut transaction, &hazard, point).await? {
        return Err(Problem::stale());
    }
    let hazard = store::get(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let entry = audit::Entry::changed("hazard", &hazard.code, hazard.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "hazards".into() });
    Ok((Etag(hazard.version), Json(hazard)))
}

/// 422 when the caller knows of no such enterprise.
async fn refuse_unknown_enterprise(connection: &mut PgConnection, id: Option<Uuid>) -> Result<(), Problem> {
    match id {
        Some(id) if !store::knows_enterprise(connection, id).await? => {
            Err(Problem::invalid("enterprise_id", message!("没有这家企业", "there is no such enterprise")))
        }
        _ => Ok(()),
    }
}
