//! Open cases on the day borders move.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

/// An open case.
pub(in crate::domain::reports) struct OpenCase {
    pub(in crate::domain::reports) id: Uuid,
    pub(in crate::domain::reports) lon: f64,
    pub(in crate::domain::reports) lat: f64,
    /// The grid whose member has it.
    pub(in crate::domain::reports) handled_in: String,
}

/// The open cases that happened in the village.
pub(in crate::domain::reports) async fn open_cases(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<OpenCase>, Problem> {
    Ok(sqlx::query_as!(
        OpenCase,
        r#"SELECT id, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!",
                  coalesce(handler_code, place_code) AS "handled_in!"
             FROM reports
            WHERE starts_with(place_code, $1) AND status NOT IN ('resolved', 'closed') ORDER BY id"#,
        village.as_str()
    )
    .fetch_all(connection)
    .await?)
}

/// Gives each case to a grid, and writes that down where everybody who follows the case reads it.
pub(in crate::domain::reports) async fn take_over(
    connection: &mut PgConnection,
    cases: &[Uuid],
    grids: &[String],
) -> Result<(), Problem> {
    let events: Vec<Uuid> = cases.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "WITH taken AS (
             UPDATE reports r
                SET handler_code = nullif(t.grid, r.place_code), version = version + 1, updated_at = now()
               FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS t (id, grid, event)
              WHERE r.id = t.id
          RETURNING r.id, r.place_code, r.kind, r.status, t.grid, t.event
         )
         INSERT INTO report_events (id, report_id, place_code, report_kind, action, from_status, to_status, note)
         SELECT t.event, t.id, t.place_code, t.kind, 'note', t.status, t.status,
                '网格调整，移交' || coalesce(g.name, t.grid) || '（' || t.grid || '）'
           FROM taken t LEFT JOIN grids g ON g.code = t.grid",
        cases,
        grids,
        &events
    )
    .execute(connection)
    .await?;
    Ok(())
}
