//! All SQL about what is due, and where walks begin.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::domain::households::CareKind;
use crate::domain::patrols::duty::{Care, Enterprise, Hazard, Household, Targets};
use crate::domain::patrols::model::{Start, Worker};
use crate::kernel::geometry::Wgs84;
use crate::platform::clock::china_date;
use crate::platform::code::GridCode;
use crate::platform::problem::Problem;

fn stored(lon: f64, lat: f64) -> Result<Wgs84, Problem> {
    Wgs84::new(lon, lat).map_err(|error| Problem::internal(&error))
}

fn day(at: Option<DateTime<Utc>>) -> Option<NaiveDate> {
    at.map(china_date)
}

/// Everything in a place, a grid or wider, that is called at regularly.
pub(in crate::domain::patrols) async fn targets(
    connection: &mut PgConnection,
    place: &str,
) -> Result<Targets, Problem> {
    Ok(Targets {
        households: households(connection, place).await?,
        care: care(connection, place).await?,
        enterprises: enterprises(connection, place).await?,
        hazards: hazards(connection, place).await?,
    })
}

async fn households(connection: &mut PgConnection, place: &str) -> Result<Vec<Household>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT id, code, address, last_visited_at, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM households WHERE starts_with(place_code, $1) ORDER BY id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Household {
                id: row.id,
                code: row.code,
                address: row.address,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn care(connection: &mut PgConnection, place: &str) -> Result<Vec<Care>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT c.id, r.household_id, r.name, c.kind AS "kind: CareKind", h.address, c.since, c.last_visited_at,
                  ST_X(h.geom) AS "lon!", ST_Y(h.geom) AS "lat!"
             FROM special_care c
             JOIN residents r ON r.id = c.resident_id
             JOIN households h ON h.id = r.household_id
            WHERE starts_with(c.place_code, $1) AND c.until IS NULL
            ORDER BY c.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Care {
                id: row.id,
                household: row.household_id,
                name: row.name,
                kind: row.kind,
                address: row.address,
                since: row.since,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn enterprises(connection: &mut PgConnection, place: &str) -> Result<Vec<Enterprise>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT id, name, coalesce(address, code) AS "sublabel!", category AS "category: Category", hazard_class AS "class: HazardClass",
                  opens, closes, last_inspected_at, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM enterprises WHERE starts_with(place_code, $1) AND status <> 'closed' ORDER BY id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Enterprise {
                id: row.id,
                name: row.name,
                sublabel: row.sublabel,
                category: row.category,
                class: row.class,
                hours: row.opens.zip(row.closes),
                last: day(row.last_inspected_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn hazards(connection: &mut PgConnection, place: &str) -> Result<Vec<Hazard>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT z.id, z.code, z.kind AS "kind: HazardKind", z.severity, z.description, z.found_on,
                  (SELECT max(v.visited_at) FROM visits v
                    WHERE v.target_kind = 'hazard' AND v.target_id = z.id
                      AND v.result IN ('done', 'hazard_found')) AS last_visited_at,
                  ST_X(z.geom) AS "lon!", ST_Y(z.geom) AS "lat!"
             FROM hazards z WHERE starts_with(z.place_code, $1) AND z.status = 'open' ORDER BY z.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Hazard {
                id: row.id,
                code: row.code,
                kind: row.kind,
                severity: row.severity,
                description: row.description,
                found_on: row.found_on,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

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
    row.map(|row| Ok(Start { at: stored(row.lon, row.lat)?, label: row.label })).transpose()
}
