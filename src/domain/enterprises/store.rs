//! All SQL about enterprises.

use sqlx::PgConnection;
use uuid::Uuid;

use super::change::CheckedEnterprise;
use super::model::{Category, Contact, Enterprise, EnterpriseStatus, HazardClass};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::http::Window;

/// Which enterprises to list.
pub(super) struct Wanted {
    pub(super) category: Option<Category>,
    pub(super) hazard_class: Option<HazardClass>,
    pub(super) status: Option<EnterpriseStatus>,
}

/// Enterprises in the order of their codes.
pub(super) async fn list(
    connection: &mut PgConnection,
    window: &Window,
    wanted: &Wanted,
) -> Result<Vec<Enterprise>, sqlx::Error> {
    sqlx::query_as!(
        Enterprise,
        r#"SELECT id, code, place_code AS "place_code: PlaceCode", grid_code AS "grid_code: GridCode", name,
                  category AS "category: Category", hazard_class AS "hazard_class: HazardClass", floor_area_m2,
                  staff, opens AS "opens: TimeOfDay", closes AS "closes: TimeOfDay", address, building_code,
                  status AS "status: EnterpriseStatus", last_inspected_at,
                  ST_AsGeoJSON(geom, 7)::json AS "geometry!", version
             FROM enterprises
            WHERE starts_with(place_code, $1)
              AND ($2::float8[] IS NULL OR geom && ST_MakeEnvelope($2[1], $2[2], $2[3], $2[4], 4326))
              AND ($3::text IS NULL OR name ILIKE $3 OR code ILIKE $3 OR address ILIKE $3)
              AND ($4::text IS NULL OR category = $4)
              AND ($5::text IS NULL OR hazard_class = $5)
              AND ($6::text IS NULL OR status = $6)
              AND ($7::text IS NULL OR code > $7)
            ORDER BY code
            LIMIT $8"#,
        window.within,
        window.bbox(),
        window.pattern,
        wanted.category as Option<Category>,
        wanted.hazard_class as Option<HazardClass>,
        wanted.status as Option<EnterpriseStatus>,
        window.after,
        window.rows()
    )
    .fetch_all(connection)
    .await
}

/// One enterprise.
pub(super) async fn get(connection: &mut PgConnection, id: Uuid) -> Result<Option<Enterprise>, sqlx::Error> {
    sqlx::query_as!(
        Enterprise,
        r#"SELECT id, code, place_code AS "place_code: PlaceCode", grid_code AS "grid_code: GridCode", name,
                  category AS "category: Category", hazard_class AS "hazard_class: HazardClass", floor_area_m2,
                  staff, opens AS "opens: TimeOfDay", closes AS "closes: TimeOfDay", address, building_code,
                  status AS "status: EnterpriseStatus", last_inspected_at,
                  ST_AsGeoJSON(geom, 7)::json AS "geometry!", version
             FROM enterprises WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Whom to call at the enterprise `id`, if it is known and the caller may know.
pub(super) async fn contact(connection: &mut PgConnection, id: Uuid) -> Result<Option<Contact>, sqlx::Error> {
    sqlx::query_as!(
        Contact,
        "SELECT contact_name, phone FROM enterprise_contacts WHERE enterprise_id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

/// Records an enterprise; false when its id is taken.
pub(super) async fn insert(
    connection: &mut PgConnection,
    enterprise: &CheckedEnterprise,
    place: &PlaceCode,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO enterprises (id, code, place_code, name, category, hazard_class, floor_area_m2, staff, opens,
                                  closes, address, building_code, status, last_inspected_at, geom)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 ST_SetSRID(ST_MakePoint($15, $16), 4326))
         ON CONFLICT (id) DO NOTHING",
        enterprise.id,
        enterprise.code.as_str(),
        place.as_str(),
        enterprise.name,
        enterprise.category as Category,
        enterprise.hazard_class as HazardClass,
        enterprise.floor_area_m2,
        enterprise.staff,
        enterprise.opens as Option<TimeOfDay>,
        enterprise.closes as Option<TimeOfDay>,
        enterprise.address,
        enterprise.building_code,
        enterprise.status as EnterpriseStatus,
        enterprise.last_inspected_at,
        enterprise.point.lon(),
        enterprise.point.lat(),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes whom to call at the enterprise `id`.
pub(super) async fn write_contact(
    connection: &mut PgConnection,
    id: Uuid,
    contact: &Contact,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO enterprise_contacts (enterprise_id, place_code, contact_name, phone)
         SELECT id, place_code, $2, $3 FROM enterprises WHERE id = $1
             ON CONFLICT (enterprise_id) DO UPDATE SET contact_name = EXCLUDED.contact_name, phone = EXCLUDED.phone",
        id,
        contact.contact_name,
        contact.phone
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes `enterprise` if it still has its version; false when it has not. `point` is where it moves to, if it
/// moves.
pub(super) async fn change(
    connection: &mut PgConnection,
    enterprise: &Enterprise,
    point: Option<Wgs84>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE enterprises
            SET place_code = $3, name = $4, category = $5, hazard_class = $6, floor_area_m2 = $7, staff = $8,
                opens = $9, closes = $10, address = $11, building_code = $12, status = $13,
                last_inspected_at = $14, geom = coalesce(ST_SetSRID(ST_MakePoint($15, $16), 4326), geom),
                version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2",
        enterprise.id,
        enterprise.version,
        enterprise.place_code.as_str(),
        enterprise.name,
        enterprise.category as Category,
        enterprise.hazard_class as HazardClass,
        enterprise.floor_area_m2,
        enterprise.staff,
        enterprise.opens as Option<TimeOfDay>,
        enterprise.closes as Option<TimeOfDay>,
        enterprise.address,
        enterprise.building_code,
        enterprise.status as EnterpriseStatus,
        enterprise.last_inspected_at,
        point.map(Wgs84::lon),
        point.map(Wgs84::lat)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
