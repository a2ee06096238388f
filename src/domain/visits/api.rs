//! Visits over HTTP.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{NewVisit, TargetKind, Visit};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::reports::{Found, file_found};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json, Page, Paging, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_visits, record_visit))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListVisits {
    /// Only visits in this grid, village or street: its code.
    grid: Option<String>,
    /// Only visits to this kind of target.
    target_kind: Option<TargetKind>,
    /// Only visits to this target.
    target_id: Option<Uuid>,
    /// Only visits made at or after this time.
    from: Option<DateTime<Utc>>,
    /// Only visits made before this time.
    to: Option<DateTime<Utc>>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// List visits.
///
/// Those in the caller's scope, and the caller's own, the latest first.
#[utoipa::path(get, path = "/api/v1/visits", tag = "patrols", params(ListVisits), responses(
    (status = 200, body = Page<Visit>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_visits(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListVisits>,
) -> Result<Json<Page<Visit>>, Problem> {
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()?;
    let within = match query.grid {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("grid"))?.to_string(),
        None => String::new(),
    };
    let ListVisits { target_kind, target_id, from, to, .. } = query;
    let wanted = store::Wanted { within, target_kind, target_id, from, to };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let visits = store::list(&mut transaction, &wanted, paging.after()?, limit + 1).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(visits, limit, |visit| (visit.visited_at, visit.id))))
}

/// Record a visit.
///
/// Grid members and chiefs call anywhere in their scope; inspectors and the police at enterprises and hazards. A
/// call that was made settles the duty: the next is due a full interval later. A hazard that was found becomes a report
/// in the same transaction, at the target's place. The same id with the same content
/// records nothing new and gives the visit again.
#[utoipa::path(post, path = "/api/v1/visits", tag = "patrols",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewVisit,
    responses(
        (status = 201, body = Visit),
        (status = 200, description = "Recorded before", body = Visit),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn record_visit(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewVisit>,
) -> Result<(StatusCode, Json<Visit>), Problem> {
    session.require(new.target_kind.visitors())?;
    let id = key.id(session.account, new.id);
    let new = new.check(id, session.account, &ground.clock)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let target = store::target(&mut transaction, new.target_kind, new.target_id).await?;
    let Some(target) = target else {
        return Err(Problem::invalid(
            "target_id",
            message!("您的辖区内没有这个走访对象", "there is no such target in your area"),
        ));
    };
    let place = &target.place;
    let created = store::insert(&mut transaction, &new, place, session.account).await?;
    // Taken by a visit that the caller may not see: no more is said than that it is taken.
    let stored = store::get(&mut transaction, new.id).await?.filter(|stored| new.is(stored));
    let Some(visit) = stored else {
        return Err(Problem::conflict(message!(
            "此 id 已用于另一条内容不同的记录",
            "this id belongs to a record with other content"
        )));
    };
    if !created {
        return Ok((StatusCode::OK, Json(visit)));
    }
    if new.result.settles() {
        store::settle(&mut transaction, &new).await?;
    }
    let id = visit.id.to_string();
    let entry = audit::Entry::created("visit", &id, place.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let mut filed = None;
    if let Some(hazard) = new.hazard {
        let found = Found {
            id: hazard.id,
            hazard_kind: hazard.hazard_kind,
            severity: hazard.severity,
            words: hazard.words,
            // The danger is at the door, wherever the visitor wrote it down.
            place: target.at,
            at: new.visited_at,
            enterprise_id: target.enterprise_id,
        };
        filed = file_found(&mut transaction, &ground, &boundaries, &session, found).await?;
    }
    transaction.commit().await?;
    if let Some(change) = filed {
        ground.events.publish(change);
    }
    ground.events.publish(Change::Layer { layer: new.target_kind.layer().into() });
    Ok((StatusCode::CREATED, Json(visit)))
}
