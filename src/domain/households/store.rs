//! All SQL about households and their residents.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::change::CheckedHousehold;
use super::model::{Care, CareKind, Household, Relation, Resident, Sex};
use super::resident::{CheckedResident, GivenCare};
use crate::kernel::geometry::Wgs84;
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::http::Window;

/// Which households to list.
pub(super) struct Wanted {
    pub(super) floating: Option<bool>,
    pub(super) special_care: Option<bool>,
    /// The caller's role may know who needs care.
    pub(super) knows_care: bool,
}

/// Households in the order of their codes. A pattern is looked for in addresses, codes, and the names of
/// residents the caller may see.
pub(super) async fn list(
    connection: &mut PgConnection,
    window: &Window,
    wanted: &Wanted,
) -> Result<Vec<Household>, sqlx::Error> {
    sqlx::query_as!(
        Household,
        r#"SELECT h.id, h.code, h.place_code AS "place_code: PlaceCode", h.grid_code AS "grid_code: GridCode",
                  h.address, h.building_code, h.resident_count, h.floating,
                  CASE WHEN $6 THEN in_care.found END AS special_care, h.last_visited_at,
                  ST_AsGeoJSON(h.geom, 7)::json AS "geometry!", h.version
             FROM households h,
                  LATERAL (SELECT EXISTS (SELECT FROM residents r JOIN special_care c ON c.resident_id = r.id
                                           WHERE r.household_id = h.id AND c.until IS NULL) AS found) AS in_care
            WHERE starts_with(h.place_code, $1)
              AND ($2::float8[] IS NULL OR h.geom && ST_MakeEnvelope($2[1], $2[2], $2[3], $2[4], 4326))
              AND ($3::text IS NULL OR h.address ILIKE $3 OR h.code ILIKE $3
                   OR EXISTS (SELECT FROM residents r WHERE r.household_id = h.id AND r.name ILIKE $3))
              AND ($4::bool IS NULL OR h.floating = $4)
              AND ($5::bool IS NULL OR ($6 AND in_care.found = $5))
              AND ($7::text IS NULL OR h.code > $7)
            ORDER BY h.code
            LIMIT $8"#,
        window.within,
        window.bbox(),
        window.pattern,
        wanted.floating,
        wanted.special_care,
        wanted.knows_care,
        window.after,
        window.rows()
    )
    .fetch_all(connection)
    .await
}

/// One household.
pub(super) async fn get(
    connection: &mut PgConnection,
    id: Uuid,
    knows_care: bool,
) -> Result<Option<Household>, sqlx::Error> {
    sqlx::query_as!(
        Household,
        r#"SELECT h.id, h.code, h.place_code AS "place_code: PlaceCode", h.grid_code AS "grid_code: GridCode",
                  h.address, h.building_code, h.resident_count, h.floating,
                  CASE WHEN $2 THEN EXISTS (SELECT FROM residents r JOIN special_care c ON c.resident_id = r.id
                                             WHERE r.household_id = h.id AND c.until IS NULL) END AS special_care,
                  h.last_visited_at, ST_AsGeoJSON(h.geom, 7)::json AS "geometry!", h.version
             FROM households h WHERE h.id = $1"#,
        id,
        knows_care
    )
    .fetch_optional(connection)
    .await
}

struct ResidentRow {
    id: Uuid,
    code: String,
    household_id: Uuid,
    name: String,
    sex: Sex,
    birth_year: Option<i16>,
    relation: Relation,
    party_member: bool,
    floating: bool,
    phone: Option<String>,
    phone_masked: Option<String>,
    id_number: Option<String>,
    id_number_masked: Option<String>,
    care_code: Option<String>,
    care_kind: Option<CareKind>,
    care_details: Option<String>,
    care_since: Option<NaiveDate>,
    care_last_visited_at: Option<chrono::DateTime<chrono::Utc>>,
    version: i32,
}

impl From<ResidentRow> for Resident {
    fn from(row: ResidentRow) -> Self {
        let care = row.care_code.zip(row.care_kind).zip(row.care_since).map(|((code, kind), since)| Care {
            code,
            kind,
            details: row.care_details,
            since,
            last_visited_at: row.care_last_visited_at,
        });
        Self {
            id: row.id,
            code: row.code,
            household_id: row.household_id,
            name: row.name,
            sex: row.sex,
            birth_year: row.birth_year,
            relation: row.relation,
            party_member: row.party_member,
            floating: row.floating,
            phone: row.phone,
            phone_masked: row.phone_masked,
            id_number: row.id_number,
            id_number_masked: row.id_number_masked,
            care,
            version: row.version,
        }
    }
}

/// The residents of `household`, or the one `resident`, in the order of their codes. What the caller's role may
/// not see is withheld by the policies on the joined tables.
pub(super) async fn residents(
    connection: &mut PgConnection,
    household: Option<Uuid>,
    resident: Option<Uuid>,
) -> Result<Vec<Resident>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ResidentRow,
        r#"SELECT r.id, r.code, r.household_id, r.name, r.sex AS "sex: Sex", r.birth_year,
                  r.relation AS "relation: Relation", r.party_member, r.floating,
                  i.phone AS "phone?", r.phone_masked, i.id_number AS "id_number?", r.id_number_masked,
                  c.code AS "care_code?", c.kind AS "care_kind?: CareKind", c.details AS "care_details?",
                  c.since AS "care_since?", c.last_visited_at AS "care_last_visited_at?", r.version
             FROM residents r
             LEFT JOIN resident_identities i ON i.resident_id = r.id
             LEFT JOIN LATERAL (SELECT code, kind, details, since, last_visited_at FROM special_care
                                 WHERE resident_id = r.id AND until IS NULL
                                 ORDER BY since DESC, code LIMIT 1) AS c ON true
            WHERE r.household_id = $1 OR r.id = $2
            ORDER BY length(r.code), r.code"#,
        household,
        resident
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Resident::from).collect())
}

/// Records a household; false when its id is taken.
pub(super) async fn insert(
    connection: &mut PgConnection,
    household: &CheckedHousehold,
    place: &PlaceCode,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO households (id, code, place_code, address, building_code, resident_count, floating,
                                 last_visited_at, geom)
         VALUES ($1, coalesce($2, next_code($3, 'H')), $3, $4, $5, $6, $7, $8,
                 ST_SetSRID(ST_MakePoint($9, $10), 4326))
         ON CONFLICT (id) DO NOTHING",
        household.id,
        household.code,
        place.as_str(),
        household.address,
        household.building_code,
        household.resident_count,
        household.floating,
        household.last_visited_at,
        household.point.lon(),
        household.point.lat(),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes `household` if it still has its version; false when it has not. `point` is where it moves to, if it
/// moves; the foreign keys carry its residents along.
pub(super) async fn change(
    connection: &mut PgConnection,
    household: &Household,
    point: Option<Wgs84>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE households
            SET place_code = $3, address = $4, building_code = $5, resident_count = $6, floating = $7,
                last_visited_at = $8, geom = coalesce(ST_SetSRID(ST_MakePoint($9, $10), 4326), geom),
                version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2",
        household.id,
        household.version,
        household.place_code.as_str(),
        household.address,
        household.building_code,
        household.resident_count,
        household.floating,
        household.last_visited_at,
        point.map(Wgs84::lon),
        point.map(Wgs84::lat)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Registers a resident of `household`; false when their id is taken. Their code is the household's and the next
/// number.
pub(super) async fn insert_resident(
    connection: &mut PgConnection,
    household: &Household,
    resident: &CheckedResident,
) -> Result<bool, sqlx::Error> {
    // Held to the end of the transaction, so that two at once do not take the same number.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", household.code)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query!(
        r"INSERT INTO residents (id, code, household_id, place_code, name, sex, birth_year, relation, party_member,
                                 floating)
          SELECT $1, $2::text || '-' || 1 + coalesce(max(substring(r.code FROM '-([0-9]{1,6})$')::int), 0),
                 $3, $4, $5, $6, $7, $8, $9, $10
            FROM residents r WHERE r.household_id = $3
              ON CONFLICT (id) DO NOTHING",
        resident.id,
        household.code,
        household.id,
        household.place_code.as_str(),
        resident.name,
        resident.sex as Sex,
        resident.birth_year,
        resident.relation as Relation,
        resident.party_member,
        resident.floating,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes `resident` if they still have their version; false when they have not.
pub(super) async fn change_resident(
    connection: &mut PgConnection,
    resident: &Resident,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE residents
            SET name = $3, sex = $4, birth_year = $5, relation = $6, party_member = $7, floating = $8,
                version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2",
        resident.id,
        resident.version,
        resident.name,
        resident.sex as Sex,
        resident.birth_year,
        resident.relation as Relation,
        resident.party_member,
        resident.floating
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what identifies the resident `id`; the masked forms follow by themselves.
pub(super) async fn write_identity(
    connection: &mut PgConnection,
    id: Uuid,
    phone: Option<&str>,
    id_number: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO resident_identities (resident_id, place_code, phone, id_number)
         SELECT id, place_code, $2, $3 FROM residents WHERE id = $1
             ON CONFLICT (resident_id) DO UPDATE SET phone = EXCLUDED.phone, id_number = EXCLUDED.id_number",
        id,
        phone,
        id_number
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Changes the care the resident `id` gets, or starts it.
pub(super) async fn write_care(
    connection: &mut PgConnection,
    id: Uuid,
    care: &GivenCare,
) -> Result<(), sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE special_care SET kind = $2, details = $3, since = $4 WHERE resident_id = $1 AND until IS NULL",
        id,
        care.kind as CareKind,
        care.details,
        care.since
    )
    .execute(&mut *connection)
    .await?;
    if changed.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO special_care (id, code, resident_id, place_code, kind, details, since)
         SELECT $1, r.code || '-C' || 1 + (SELECT count(*) FROM special_care c WHERE c.resident_id = r.id),
                r.id, r.place_code, $3, $4, $5
           FROM residents r WHERE r.id = $2",
        Uuid::now_v7(),
        id,
        care.kind as CareKind,
        care.details,
        care.since
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the care the resident `id` gets.
pub(super) async fn end_care(
    connection: &mut PgConnection,
    id: Uuid,
    today: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE special_care SET until = greatest(since, $2) WHERE resident_id = $1 AND until IS NULL",
        id,
        today
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Raises the version of `household`, whose residents changed, and counts them.
pub(super) async fn residents_changed(
    connection: &mut PgConnection,
    household: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT residents_changed($1)", household).execute(connection).await?;
    Ok(())
}
