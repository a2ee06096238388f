//! Enterprises over HTTP.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::change::{EnterpriseChange, NewEnterprise};
use super::model::{
    CONTACT_READERS, CONTACT_WRITERS, Category, Enterprise, EnterpriseStatus, EnterpriseWithContact,
    HazardClass, WRITERS,
};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::places::{place_of, refuse_outside};
use crate::domain::visibility::Visibility;
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
        .routes(routes!(list_enterprises, create_enterprise))
        .routes(routes!(get_enterprise, change_enterprise))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListEnterprises {
    /// Only enterprises that do this.
    category: Option<Category>,
    /// Only enterprises with this danger.
    hazard_class: Option<HazardClass>,
    /// Only enterprises that are active, seasonal, or closed.
    status: Option<EnterpriseStatus>,
}

/// List enterprises.
///
/// Those in the caller's scope, in the order of their codes, without whom to call.
#[utoipa::path(get, path = "/api/v1/enterprises", tag = "enterprises", params(Listing, ListEnterprises),
    responses(
        (status = 200, body = Page<Enterprise>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn list_enterprises(
    State(ground): State<Ground>,
    session: Session,
    Query(listing): Query<Listing>,
    Query(wanted): Query<ListEnterprises>,
) -> Result<Json<Page<Enterprise>>, Problem> {
    let window = listing.window()?;
    let ListEnterprises { category, hazard_class, status } = wanted;
    let wanted = store::Wanted { category, hazard_class, status };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let enterprises = store::list(&mut transaction, &window, &wanted).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(enterprises, window.limit, |enterprise| enterprise.code.clone())))
}

/// Get an enterprise.
///
/// Whom to call is for grid members, chiefs, the police and inspectors; reading it is written to the audit log.
#[utoipa::path(get, path = "/api/v1/enterprises/{id}", tag = "enterprises", params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = EnterpriseWithContact, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_enterprise(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<EnterpriseWithContact>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let enterprise = read(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    Ok((Etag(enterprise.enterprise.version), Json(enterprise)))
}

/// Record an enterprise.
///
/// For grid members, chiefs, inspectors and administrators, within their scope. The same id with the same content
/// records nothing new and gives the enterprise again.
#[utoipa::path(post, path = "/api/v1/enterprises", tag = "enterprises",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewEnterprise,
    responses(
    (status = 201, body = EnterpriseWithContact, headers(("ETag" = String))),
    (status = 200, description = "Recorded before", body = EnterpriseWithContact, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn create_enterprise(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewEnterprise>,
) -> Result<(StatusCode, Etag, Json<EnterpriseWithContact>), Problem> {
    session.require(WRITERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "enterprise", id, &new)?;
    let new = new.check(id, &ground.clock)?;
    if new.contact.is_some() {
        session.require(CONTACT_WRITERS)?;
    }
    let place = place_of(&boundaries, &ground.clock, "place", new.point).await?;
    refuse_outside(&session, &place)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let created = store::insert(&mut transaction, &new, &place).await?;
    let status = sent.status(&mut transaction, created).await?;
    if created {
        if let Some(contact) = &new.contact {
            store::write_contact(&mut transaction, new.id, contact).await?;
        }
        let entry = audit::Entry::created("enterprise", new.code.as_str(), place.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    let enterprise = read(&mut transaction, &session, new.id).await?;
    transaction.commit().await?;
    if created {
        ground.events.publish(Change::Layer { layer: "enterprises".into() });
    }
    Ok((status, Etag(enterprise.enterprise.version), Json(enterprise)))
}

/// Change an enterprise.
#[utoipa::path(patch, path = "/api/v1/enterprises/{id}", tag = "enterprises",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = EnterpriseChange,
    responses(
        (status = 200, body = EnterpriseWithContact, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_enterprise(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<EnterpriseChange>,
) -> Result<(Etag, Json<EnterpriseWithContact>), Problem> {
    session.require(WRITERS)?;
    let touches_contact = change.touches_contact();
    if touches_contact {
        session.require(CONTACT_WRITERS)?;
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut enterprise = store::get(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    if enterprise.version != version {
        return Err(Problem::stale());
    }
    let mut contact = store::contact(&mut transaction, id).await?.unwrap_or_default();
    let point = change.apply(&mut enterprise, &mut contact, &ground.clock)?;
    if let Some(point) = point {
        enterprise.place_code = place_of(&boundaries, &ground.clock, "place", point).await?;
        refuse_outside(&session, &enterprise.place_code)?;
    }
    if !store::change(&mut transaction, &enterprise, point).await? {
        return Err(Problem::stale());
    }
    if touches_contact {
        store::write_contact(&mut transaction, id, &contact).await?;
    }
    let entry = audit::Entry::changed("enterprise", &enterprise.code, enterprise.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let enterprise = read(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "enterprises".into() });
    Ok((Etag(enterprise.enterprise.version), Json(enterprise)))
}

/// An enterprise as the caller may see it; seeing whom to call is written down.
async fn read(
    connection: &mut PgConnection,
    session: &Session,
    id: Uuid,
) -> Result<EnterpriseWithContact, Problem> {
    let enterprise = store::get(connection, id).await?.ok_or_else(Problem::not_found)?;
    let person = store::contact(connection, id).await?;
    if person.is_some() {
        let entry =
            audit::Entry::read("enterprise_contact", &enterprise.code, enterprise.place_code.as_str());
        audit::record(connection, session, entry).await?;
    }
    let contact = Visibility::full_if(CONTACT_READERS.contains(&session.role));
    Ok(EnterpriseWithContact { enterprise, contact, person: person.unwrap_or_default() })
}
