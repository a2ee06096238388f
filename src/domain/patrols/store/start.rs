//! Where walks begin, and who walks.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::domain::patrols::model::{Start, Worker};
use crate::kernel::geometry::Wgs84;
use crate::platform::code::GridCode;
use crate::platform::problem::Problem;

/// Whose grid it is.
pub(in crate::domain::patrols) async fn worker(
    connection: &mut PgConnection,
    grid: &GridCode,
) -> Result<Option<Worker>, Problem> {
    let worker = sqlx::query_as!(
        Worker,
        "SELECT id, display_name FROM accounts
          WHERE role = 'grid_member' AND scope_code = $1 AND disabled_at IS NULL
          ORDER BY created_at, id LIMIT 1",
        grid.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(worker)
}

/// Where walks in a place begin: at the village's office, else its police room, else in the middle of its first grid
/// as bounded on `date`.
pub(in crate::domain::patrols) async fn start(
    connection: &mut PgConnection,
    place: &str,
    date: NaiveDate,
) -> Result<Option<Start>, Problem> {
    let row = sqlx::query!(
        r#"SELECT label AS "label!", ST_X(at) AS "lon!", ST_Y(at) AS "lat!"
             FROM (SELECT name AS label, ST_PointOnSurface(geom) AS at, code,
                          CASE WHEN name ~ '党群服务|村委|居委|便民服务' THEN 0 ELSE 1 END AS rank
                     FROM buildings
                    WHERE kind = 'public' AND starts_with(place_code, left($1, 12))
                      AND name ~ '党群服务|村委|居委|便民服务|警务'
                    UNION ALL
                   SELECT g.name, ST_PointOnSurface(b.geom), g.code, 2
                     FROM grid_boundaries b JOIN grids g ON g.code = b.grid_code
                    WHERE starts_with(g.code, $1) AND b.valid @> $2::date) AS starts
            ORDER BY rank, code LIMIT 1"#,
        place,
        date
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Start {
            at: Wgs84::new(row.lon, row.lat).map_err(|error| Problem::internal(&error))?,
            label: row.label,
        })
    })
    .transpose()
}
