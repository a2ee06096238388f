//! Households and their residents over HTTP.
//!
//! Every answer that shows what identifies somebody, or why they need care, is a line in the audit log, written in
//! the transaction that read it.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::change::{HouseholdChange, NewHousehold};
use super::model::{
    CARERS, Household, HouseholdWithResidents, RESIDENT_WRITERS, Resident, WRITERS, knows_care,
};
use super::resident::{NewResident, ResidentChange};
use super::store;
use crate::domain::grids::Boundaries;
use crate::domain::places::{place_of, refuse_outside};
use crate::domain::visibility::Visibility;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Edit, Etag, IdempotencyKey, IfMatch, Json, Listing, Page, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::repeat::Sent;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_households, create_household))
        .routes(routes!(get_household, change_household))
        .routes(routes!(create_resident))
        .routes(routes!(change_resident))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListHouseholds {
    /// Only households with, or without, people who live here without local registration.
    floating: Option<bool>,
    /// Only households where somebody needs special care, or nobody does; nothing for roles that may not know.
    special_care: Option<bool>,
}

/// List households.
///
/// Those in the caller's scope, in the order of their codes, without their residents. `q` is looked for in
/// addresses, codes and the names of residents.
#[utoipa::path(get, path = "/api/v1/households", tag = "households", params(Listing, ListHouseholds), responses(
    (status = 200, body = Page<Household>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_households(
    State(ground): State<Ground>,
    session: Session,
    Query(listing): Query<Listing>,
    Query(ListHouseholds { floating, special_care }): Query<ListHouseholds>,
) -> Result<Json<Page<Household>>, Problem> {
    let window = listing.window()?;
    let wanted = store::Wanted { floating, special_care, knows_care: knows_care(session.role) };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let households = store::list(&mut transaction, &window, &wanted).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(households, window.limit, |household| household.code.clone())))
}

/// Get a household and its residents.
///
/// Telephone and identity numbers are for grid members, chiefs and the police; why somebody needs care is for grid
/// members and chiefs. Reading them is written to the audit log.
#[utoipa::path(get, path = "/api/v1/households/{id}", tag = "households", params(("id" = Uuid, Path)), responses(
    (status = 200, body = HouseholdWithResidents, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_household(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<HouseholdWithResidents>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let household = read(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    Ok((Etag(household.household.version), Json(household)))
}

/// Record a household.
///
/// For grid members and chiefs, within their scope. The same id with the same content records nothing new and gives
/// the household again.
#[utoipa::path(post, path = "/api/v1/households", tag = "households",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewHousehold,
    responses(
    (status = 201, body = HouseholdWithResidents, headers(("ETag" = String))),
    (status = 200, description = "Recorded before", body = HouseholdWithResidents, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn create_household(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewHousehold>,
) -> Result<(StatusCode, Etag, Json<HouseholdWithResidents>), Problem> {
    session.require(WRITERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "household", id, &new)?;
    let new = new.check(id, &ground.clock)?;
    let place = place_of(&boundaries, &ground.clock, "place", new.point).await?;
    refuse_outside(&session, &place)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let created = store::insert(&mut transaction, &new, &place).await?;
    let status = sent.status(&mut transaction, created).await?;
    let household = read(&mut transaction, &session, new.id).await?;
    if created {
        let entry = audit::Entry::created("household", &household.household.code, place.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    if created {
        publish(&ground);
    }
    Ok((status, Etag(household.household.version), Json(household)))
}

/// Change a household.
#[utoipa::path(patch, path = "/api/v1/households/{id}", tag = "households",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = HouseholdChange,
    responses(
        (status = 200, body = HouseholdWithResidents, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_household(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<HouseholdChange>,
) -> Result<(Etag, Json<HouseholdWithResidents>), Problem> {
    session.require(WRITERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut household = store::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?;
    if household.version != version {
        return Err(Problem::stale());
    }
    let point = change.apply(&mut household, &ground.clock)?;
    if let Some(point) = point {
        household.place_code = place_of(&boundaries, &ground.clock, "place", point).await?;
        refuse_outside(&session, &household.place_code)?;
    }
    if !store::change(&mut transaction, &household, point).await? {
        return Err(Problem::stale());
    }
    let entry = audit::Entry::changed("household", &household.code, household.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let household = read(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    publish(&ground);
    Ok((Etag(household.household.version), Json(household)))
}

/// Register a resident of a household.
///
/// For grid members, chiefs and the police; care is for grid members and chiefs. The same id with the same content
/// registers nobody new and gives the resident again.
#[utoipa::path(post, path = "/api/v1/households/{id}/residents", tag = "households",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewResident,
    responses(
        (status = 201, body = Resident, headers(("ETag" = String))),
        (status = 200, description = "Registered before", body = Resident, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn create_resident(
    State(ground): State<Ground>,
    session: Session,
    Path(household): Path<Uuid>,
    key: IdempotencyKey,
    Json(new): Json<NewResident>,
) -> Result<(StatusCode, Etag, Json<Resident>), Problem> {
    session.require(RESIDENT_WRITERS)?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, &format!("household/{household}/resident"), id, &new)?;
    let new = new.check(id, &ground.clock)?;
    if new.care.is_some() {
        session.require(CARERS)?;
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let household = store::get(&mut transaction, household, false).await?.ok_or_else(Problem::not_found)?;
    let created = store::insert_resident(&mut transaction, &household, &new).await?;
    let status = sent.status(&mut transaction, created).await?;
    if created {
        if new.phone.is_some() || new.id_number.is_some() {
            let (phone, id_number) = (new.phone.as_deref(), new.id_number.as_deref());
            store::write_identity(&mut transaction, new.id, phone, id_number).await?;
        }
        if let Some(care) = &new.care {
            store::write_care(&mut transaction, new.id, care).await?;
        }
        store::residents_changed(&mut transaction, household.id).await?;
    }
    let resident = read_resident(&mut transaction, &session, new.id, &household).await?;
    if created {
        let entry = audit::Entry::created("resident", &resident.code, household.place_code.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    if created {
        publish(&ground);
    }
    Ok((status, Etag(resident.version), Json(resident)))
}

/// Change a resident.
///
/// `"care": null` ends the care.
#[utoipa::path(patch, path = "/api/v1/residents/{id}", tag = "households",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = ResidentChange,
    responses(
        (status = 200, body = Resident, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_resident(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<ResidentChange>,
) -> Result<(Etag, Json<Resident>), Problem> {
    session.require(RESIDENT_WRITERS)?;
    if change.touches_care() {
        session.require(CARERS)?;
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let found = store::residents(&mut transaction, None, Some(id)).await?.into_iter().next();
    let mut resident = found.ok_or_else(Problem::not_found)?;
    if resident.version != version {
        return Err(Problem::stale());
    }
    let household = store::get(&mut transaction, resident.household_id, false).await?;
    let household = household.ok_or_else(Problem::not_found)?;
    let touches_identity = change.touches_identity();
    let care = change.apply(&mut resident, &ground.clock)?;
    if !store::change_resident(&mut transaction, &resident).await? {
        return Err(Problem::stale());
    }
    if touches_identity {
        let (phone, id_number) = (resident.phone.as_deref(), resident.id_number.as_deref());
        store::write_identity(&mut transaction, id, phone, id_number).await?;
    }
    match care {
        Edit::Set(care) => store::write_care(&mut transaction, id, &care).await?,
        Edit::Clear => store::end_care(&mut transaction, id, ground.clock.today()).await?,
        Edit::Keep => {}
    }
    store::residents_changed(&mut transaction, resident.household_id).await?;
    let entry = audit::Entry::changed("resident", &resident.code, household.place_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let resident = read_resident(&mut transaction, &session, id, &household).await?;
    transaction.commit().await?;
    publish(&ground);
    Ok((Etag(resident.version), Json(resident)))
}

/// A household as the caller may see it; seeing personal data is written down.
async fn read(
    connection: &mut PgConnection,
    session: &Session,
    id: Uuid,
) -> Result<HouseholdWithResidents, Problem> {
    let household =
        store::get(connection, id, knows_care(session.role)).await?.ok_or_else(Problem::not_found)?;
    let residents = store::residents(connection, Some(id), None).await?;
    if residents.iter().any(Resident::shows_personal_data) {
        let entry = audit::Entry::read("household", &household.code, household.place_code.as_str());
        audit::record(connection, session, entry).await?;
    }
    let identities = Visibility::full_if(RESIDENT_WRITERS.contains(&session.role));
    Ok(HouseholdWithResidents { household, residents, identities })
}

/// A resident of `household` as the caller may see them; seeing personal data is written down.
async fn read_resident(
    connection: &mut PgConnection,
    session: &Session,
    id: Uuid,
    household: &Household,
) -> Result<Resident, Problem> {
    let found = store::residents(connection, None, Some(id)).await?.into_iter().next();
    let resident = found.ok_or_else(Problem::not_found)?;
    if resident.shows_personal_data() {
        let entry = audit::Entry::read("resident", &resident.code, household.place_code.as_str());
        audit::record(connection, session, entry).await?;
    }
    Ok(resident)
}

fn publish(ground: &Ground) {
    ground.events.publish(Change::Layer { layer: "households".into() });
}
