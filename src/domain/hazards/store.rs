//! All SQL about hazards.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{CheckedHazard, Hazard, HazardKind, HazardStatus};
use crate::kernel::geometry::Wgs84;
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::http::Window;

/// Which hazards to list.
pub(super) struct Wanted {
    pub(super) kind: Option<HazardKind>,
    pub(super) severity: Option<i16>,
    pub(super) status: Option<HazardStatus>,
    pub(super) enterprise_id: Option<Uuid>,
}

/// Hazards in the order of their codes.
pub(super) async fn list(
    connection: &mut PgConnection,
    window: &Window,
    wanted: &Wanted,
) -> Result<Vec<Hazard>, sqlx::Error> {
    sqlx::query_as!(
        Hazard,
        r#"SELECT id, code, place_code AS "place_code: PlaceCode", grid_code AS "grid_code: GridCode",
                  kind AS "kind: HazardKind", severity, status AS "status: HazardStatus", description,
                  enterprise_id, found_on, cleared_on, ST_AsGeoJSON(geom, 7)::json AS "geometry!", version
             FROM hazards
            WHERE starts_with(place_code, $1)
              AND ($2::float8[] IS NULL OR geom && ST_MakeEnvelope($2[1], $2[2], $2[3], $2[4], 4326))
              AND ($3::text IS NULL OR description ILIKE $3 OR code ILIKE $3)
              AND ($4::text IS NULL OR kind = $4)
              AND ($5::int2 IS NULL OR severity = $5)
              AND ($6::text IS NULL OR status = $6)
              AND ($7::uuid IS NULL OR enterprise_id = $7)
              AND ($8::text IS NULL OR code > $8)
            ORDER BY code
            LIMIT $9"#,
        window.within,
        window.bbox(),
        window.pattern,
        wanted.kind as Option<HazardKind>,
        wanted.severity,
        wanted.status as Option<HazardStatus>,
        wanted.enterprise_id,
        window.after,
        window.rows()
    )
    .fetch_all(connection)
    .await
}

/// One hazard.
pub(super) async fn get(connection: &mut PgConnection, id: Uuid) -> Result<Option<Hazard>, sqlx::Error> {
    sqlx::query_as!(
        Hazard,
        r#"SELECT id, code, place_code AS "place_code: PlaceCode", grid_code AS "grid_code: GridCode",
                  kind AS "kind: HazardKind", severity, status AS "status: HazardStatus", description,
                  enterprise_id, found_on, cleared_on, ST_AsGeoJSON(geom, 7)::json AS "geometry!", version
             FROM hazards WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// True when the caller may see the enterprise `id`.
pub(super) async fn knows_enterprise(connection: &mut PgConnection, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM enterprises WHERE id = $1) AS "known!""#, id)
        .fetch_one(connection)
        .await
}

/// Records a hazard; false when its id is taken.
pub(super) async fn insert(
    connection: &mut PgConnection,
    hazard: &CheckedHazard,
    place: &PlaceCode,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO hazards (id, code, place_code, kind, severity, description, enterprise_id, found_on, geom)
         VALUES ($1, coalesce($2, next_code($3, 'Y')), $3, $4, $5, $6, $7, $8,
                 ST_SetSRID(ST_MakePoint($9, $10), 4326))
         ON CONFLICT (id) DO NOTHING",
        hazard.id,
        hazard.code,
        place.as_str(),
        hazard.kind as HazardKind,
        hazard.severity,
        hazard.description,
        hazard.enterprise_id,
        hazard.found_on,
        hazard.point.lon(),
        hazard.point.lat()
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes `hazard` if it still has its version; false when it has not. `point` is where it moves to, if it
/// moves.
pub(super) async fn change(
    connection: &mut PgConnection,
    hazard: &Hazard,
    point: Option<Wgs84>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE hazards
            SET place_code = $3, kind = $4, severity = $5, status = $6, description = $7, enterprise_id = $8,
                cleared_on = $9, geom = coalesce(ST_SetSRID(ST_MakePoint($10, $11), 4326), geom),
                version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2",
        hazard.id,
        hazard.version,
        hazard.place_code.as_str(),
        hazard.kind as HazardKind,
        hazard.severity,
        hazard.status as HazardStatus,
        hazard.description,
        hazard.enterprise_id,
        hazard.cleared_on,
        point.map(Wgs84::lon),
        point.map(Wgs84::lat)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
