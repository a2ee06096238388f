//! All SQL about visits.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{CheckedVisit, TargetKind, Visit, VisitResult};
use crate::domain::photos::{Attachment, Content, MediaType, Photo};
use crate::kernel::geometry::Wgs84;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// Which visits to list.
pub(super) struct Wanted {
    pub(super) within: String,
    pub(super) target_kind: Option<TargetKind>,
    pub(super) target_id: Option<Uuid>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) to: Option<DateTime<Utc>>,
}

/// Visits, the latest first, after the one made at a time under an id.
pub(super) async fn list(
    connection: &mut PgConnection,
    wanted: &Wanted,
    after: Option<(DateTime<Utc>, Uuid)>,
    rows: i64,
) -> Result<Vec<Visit>, sqlx::Error> {
    let (after_at, after_id) = after.unzip();
    sqlx::query_as!(
        Visit,
        r#"SELECT id, place_code AS "place_code: PlaceCode", account_id,
                  target_kind AS "target_kind: TargetKind", target_id, purpose,
                  result AS "result: VisitResult", note, visited_at, phone_at, ST_AsGeoJSON(geom, 7)::json AS geometry, report_id,
                  photos_of_visit(id) AS "photos!: Json<Vec<Attachment>>"
             FROM visits
            WHERE starts_with(place_code, $1)
              AND ((($2::text IS NULL OR target_kind = $2) AND ($3::uuid IS NULL OR target_id = $3))
                   OR ($2 = 'household' AND target_kind = 'special_care' AND target_id IN (
                       SELECT c.id FROM special_care c JOIN residents r ON r.id = c.resident_id
                        WHERE r.household_id = $3)))
              AND ($4::timestamptz IS NULL OR visited_at >= $4)
              AND ($5::timestamptz IS NULL OR visited_at < $5)
              AND ($6::timestamptz IS NULL OR (visited_at, id) < ($6, $7))
            ORDER BY visited_at DESC, id DESC
            LIMIT $8"#,
        wanted.within,
        wanted.target_kind as Option<TargetKind>,
        wanted.target_id,
        wanted.from,
        wanted.to,
        after_at,
        after_id,
        rows
    )
    .fetch_all(connection)
    .await
}

/// One visit.
pub(super) async fn get(connection: &mut PgConnection, id: Uuid) -> Result<Option<Visit>, sqlx::Error> {
    sqlx::query_as!(
        Visit,
        r#"SELECT id, place_code AS "place_code: PlaceCode", account_id,
                  target_kind AS "target_kind: TargetKind", target_id, purpose,
                  result AS "result: VisitResult", note, visited_at, phone_at, ST_AsGeoJSON(geom, 7)::json AS geometry, report_id,
                  photos_of_visit(id) AS "photos!: Json<Vec<Attachment>>"
             FROM visits WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Where a target lies.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) place: PlaceCode,
    pub(super) at: Wgs84,
    /// The enterprise that it is, or is at.
    pub(super) enterprise_id: Option<Uuid>,
}

/// A target, if the caller may see it.
pub(super) async fn target(
    connection: &mut PgConnection,
    kind: TargetKind,
    id: Uuid,
) -> Result<Option<Target>, Problem> {
    let row = sqlx::query!(
        r#"SELECT place_code AS "place_code!: PlaceCode", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", enterprise_id
             FROM (SELECT 'household' AS kind, place_code, geom, NULL::uuid AS enterprise_id FROM households WHERE id = $2
                    UNION ALL
                   SELECT 'special_care', c.place_code, h.geom, NULL
                     FROM special_care c JOIN residents r ON r.id = c.resident_id
                     JOIN households h ON h.id = r.household_id WHERE c.id = $2
                    UNION ALL SELECT 'enterprise', place_code, geom, id FROM enterprises WHERE id = $2
                    UNION ALL SELECT 'hazard', place_code, geom, enterprise_id FROM hazards WHERE id = $2) AS targets
            WHERE kind = $1"#,
        kind as TargetKind,
        id
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let at = Wgs84::new(row.lon, row.lat).map_err(|error| Problem::internal(&error))?;
        Ok(Target { place: row.place_code, at, enterprise_id: row.enterprise_id })
    })
    .transpose()
}

/// Records a visit; false when its id is taken.
pub(super) async fn insert(
    connection: &mut PgConnection,
    visit: &CheckedVisit,
    place: &PlaceCode,
    account: Uuid,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO visits (id, place_code, account_id, target_kind, target_id, purpose, result, note,
                             visited_at, geom, report_id, phone_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ST_SetSRID(ST_MakePoint($10, $11), 4326), $12, $13)
         ON CONFLICT (id) DO NOTHING",
        visit.id,
        place.as_str(),
        account,
        visit.target_kind as TargetKind,
        visit.target_id,
        visit.purpose,
        visit.result as VisitResult,
        visit.note,
        visit.visited_at,
        visit.point.map(Wgs84::lon),
        visit.point.map(Wgs84::lat),
        visit.hazard.as_ref().map(|hazard| hazard.id),
        visit.phone_at
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the photos of a visit, each once.
pub(super) async fn attach(
    connection: &mut PgConnection,
    visit: Uuid,
    photos: &[Photo],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    for photo in photos {
        sqlx::query!(
            "INSERT INTO visit_photos (id, visit_id, created_at, media_type, sha256, content)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            photo.id_of(visit),
            visit,
            now,
            photo.media_type.key(),
            &photo.sha256[..],
            &photo.content[..]
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A photo of a visit, if the caller may read the visit.
pub(super) async fn photo(
    connection: &mut PgConnection,
    visit: Uuid,
    id: Uuid,
) -> Result<Option<Content>, sqlx::Error> {
    sqlx::query_as!(
        Content,
        r#"SELECT p.media_type AS "media_type: MediaType", p.content AS bytes, v.place_code
             FROM visit_photos p JOIN visits v ON v.id = p.visit_id WHERE p.visit_id = $1 AND p.id = $2"#,
        visit,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Records visits of an older log, given as JSON; gives how many are new and name a known target and visitor.
pub(super) async fn insert_past(
    connection: &mut PgConnection,
    visits: &serde_json::Value,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO visits (id, place_code, account_id, target_kind, target_id, purpose, result, note,
                             visited_at, geom)
         SELECT v.id, t.place_code, a.id, v.target_kind, t.id, v.purpose, v.result, v.note, v.visited_at,
                ST_SetSRID(ST_MakePoint(v.lon, v.lat), 4326)
           FROM jsonb_to_recordset($1) AS v (id uuid, target_kind text, target_code text, purpose text,
                    result text, note text, visited_at timestamptz, visited_by text, lon float8, lat float8)
           JOIN accounts a ON a.login = v.visited_by
           JOIN (SELECT 'household' AS kind, code, id, place_code FROM households
                  UNION ALL SELECT 'special_care', code, id, place_code FROM special_care
                  UNION ALL SELECT 'enterprise', code, id, place_code FROM enterprises
                  UNION ALL SELECT 'hazard', code, id, place_code FROM hazards) t
             ON (t.kind, t.code) = (v.target_kind, v.target_code)
             ON CONFLICT (id) DO NOTHING",
        visits
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Moves on the dates from which the next call at a visit's target is due; an older visit moves nothing back.
///
/// A call at a door is a call at the whole household: it counts for everybody in special care who lives there,
/// and a call at one of them counts for the household. Calls at a hazard are counted from `visits` itself.
pub(super) async fn settle(connection: &mut PgConnection, visit: &CheckedVisit) -> Result<(), sqlx::Error> {
    match visit.target_kind {
        TargetKind::Household | TargetKind::SpecialCare => {
            sqlx::query!(
                "WITH household AS (
                     SELECT $1::uuid AS id WHERE $2
                      UNION
                     SELECT r.household_id FROM special_care c JOIN residents r ON r.id = c.resident_id
                      WHERE c.id = $1 AND NOT $2),
                 care AS (
                     UPDATE special_care c SET last_visited_at = greatest(c.last_visited_at, $3)
                       FROM residents r JOIN household ON household.id = r.household_id
                      WHERE c.resident_id = r.id AND c.until IS NULL)
                 UPDATE households h
                    SET last_visited_at = greatest(h.last_visited_at, $3), version = h.version + 1,
                        updated_at = now()
                   FROM household WHERE h.id = household.id",
                visit.target_id,
                visit.target_kind == TargetKind::Household,
                visit.visited_at
            )
            .execute(&mut *connection)
            .await?;
        }
        TargetKind::Enterprise => {
            sqlx::query!(
                "UPDATE enterprises
                    SET last_inspected_at = greatest(last_inspected_at, $2), version = version + 1,
                        updated_at = now()
                  WHERE id = $1",
                visit.target_id,
                visit.visited_at
            )
            .execute(&mut *connection)
            .await?;
        }
        TargetKind::Hazard => {}
    }
    // A call that stayed with another grid when borders moved has been made.
    sqlx::query!(
        "DELETE FROM kept_calls
          WHERE (target_kind = $1 AND target_id = $2)
             OR ($1 = 'special_care' AND target_kind = 'household' AND target_id IN (
                 SELECT r.household_id FROM special_care c JOIN residents r ON r.id = c.resident_id WHERE c.id = $2))",
        visit.target_kind.key(),
        visit.target_id
    )
    .execute(connection)
    .await?;
    Ok(())
}
