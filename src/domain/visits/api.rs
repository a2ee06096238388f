//! Visits over HTTP.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use img_parts::Bytes;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{NewVisit, TargetKind, Visit};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::photos::Form;
use crate::domain::reports::{Found, file_found};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json, Page, Paging, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_visits, record_visit)).routes(routes!(get_visit_photo))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListVisits {
    /// Only visits in this grid, village or street: its code.
    grid: Option<String>,
    /// Only visits to this kind of target.
    target_kind: Option<TargetKind>,
    /// Only visits to this target; with the kind `household` also those to people in special care behind its door.
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

/// A visit with photos.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the OpenAPI document")]
struct VisitForm {
    /// The visit.
    visit: NewVisit,
    /// JPEG, PNG or WebP, at most 10 MB each.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 5)]
    photo: Vec<Vec<u8>>,
}

/// Record a visit.
///
/// Grid members and chiefs call anywhere in their scope; inspectors and the police at enterprises and hazards. A
/// call that was made settles the duty: the next is due a full interval later. A hazard that was found becomes a report
/// in the same transaction, at the target's place. Photos come along in a form: a part `visit` with the JSON, and up to
/// five parts `photo`; they are stripped of everything but the picture, and the report of a hazard gets them too. The
/// same id with the same content records nothing new and gives the visit again.
#[utoipa::path(post, path = "/api/v1/visits", tag = "patrols",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body(content((NewVisit = "application/json"), (VisitForm = "multipart/form-data"))),
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
    request: Request,
) -> Result<(StatusCode, Json<Visit>), Problem> {
    let (new, photos) = Form::<NewVisit>::read(request, &ground, "visit").await?.whole("visit")?;
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
    if created {
        store::attach(&mut transaction, new.id, &photos, ground.clock.now()).await?;
    }
    // Taken by a visit that the caller may not see: no more is said than that it is taken.
    let stored = store::get(&mut transaction, new.id).await?.filter(|stored| new.is(&photos, stored));
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
        filed = file_found(&mut transaction, &ground, &boundaries, &session, found, &photos).await?;
    }
    transaction.commit().await?;
    if let Some(change) = filed {
        ground.events.publish(change);
    }
    ground.events.publish(Change::Layer { layer: new.target_kind.layer().into() });
    Ok((StatusCode::CREATED, Json(visit)))
}

/// Get a photo of a visit.
///
/// For those who may read the visit. A photo may show people and homes: the audit log says who looked at it.
#[utoipa::path(get, path = "/api/v1/visits/{visit}/photos/{id}", tag = "patrols",
    params(("visit" = Uuid, Path), ("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The photo", content(
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_visit_photo(
    State(ground): State<Ground>,
    session: Session,
    Path((visit, id)): Path<(Uuid, Uuid)>,
) -> Result<(HeaderMap, Bytes), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let photo = store::photo(&mut transaction, visit, id).await?.ok_or_else(Problem::not_found)?;
    let subject = id.to_string();
    let entry = audit::Entry::read("visit_photo", &subject, &photo.place_code);
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(photo.answer())
}
