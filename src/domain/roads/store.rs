//! All SQL about roads.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::closure::{CheckedClosure, Closure};
use super::model::{Barrier, Road, RoadFacts, RoadUse};
use crate::domain::basemap::RoadClass;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// The roads of a street.
pub(super) async fn roads(connection: &mut PgConnection, street: &str) -> Result<Vec<Road>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT class AS "class: RoadClass", name, width_m, one_way, foot AS "foot: RoadUse",
                  e_bike AS "e_bike: RoadUse", car AS "car: RoadUse", max_km_per_h,
                  barriers AS "barriers: sqlx::types::Json<Vec<Barrier>>",
                  ARRAY(SELECT ST_X(d.geom) FROM ST_DumpPoints(r.geom) d ORDER BY d.path) AS "lon!",
                  ARRAY(SELECT ST_Y(d.geom) FROM ST_DumpPoints(r.geom) d ORDER BY d.path) AS "lat!"
             FROM roads r WHERE starts_with(place_code, $1) ORDER BY id"#,
        street
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let line = row.lon.into_iter().zip(row.lat).map(|(lon, lat)| Wgs84::new(lon, lat));
            Ok(Road {
                line: line.collect::<Result<_, _>>().map_err(|error| Problem::internal(&error))?,
                facts: RoadFacts {
                    class: row.class,
                    name: row.name,
                    width_m: row.width_m.map(f64::from),
                    one_way: Some(row.one_way),
                    foot: row.foot,
                    e_bike: row.e_bike,
                    car: row.car,
                    max_km_per_h: row.max_km_per_h.map(f64::from),
                    barriers: row.barriers.0,
                },
            })
        })
        .collect()
}

/// Where roads of a street are closed on a day.
pub(super) async fn closed_on(
    connection: &mut PgConnection,
    street: &str,
    day: NaiveDate,
) -> Result<Vec<Wgs84>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM road_closures
            WHERE starts_with(place_code, $1) AND lifted_at IS NULL
              AND from_day <= $2 AND coalesce(until_day >= $2, true)
            ORDER BY id"#,
        street,
        day
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| Wgs84::new(row.lon, row.lat).map_err(|error| Problem::internal(&error)))
        .collect()
}

/// The closures in force on `day` or later, as far as the caller may see.
pub(super) async fn closures_from(
    connection: &mut PgConnection,
    day: NaiveDate,
) -> Result<Vec<Closure>, sqlx::Error> {
    sqlx::query_as!(
        Closure,
        r#"SELECT id, place_code AS "place_code: PlaceCode", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", from_day,
                  until_day, reason
             FROM road_closures WHERE lifted_at IS NULL AND coalesce(until_day >= $1, true)
            ORDER BY from_day, id LIMIT 500"#,
        day
    )
    .fetch_all(connection)
    .await
}

/// One closure that has not been lifted, or has.
pub(super) async fn closure(connection: &mut PgConnection, id: Uuid) -> Result<Option<Closure>, sqlx::Error> {
    sqlx::query_as!(
        Closure,
        r#"SELECT id, place_code AS "place_code: PlaceCode", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", from_day,
                  until_day, reason
             FROM road_closures WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Closes a road; false when the id is taken.
pub(super) async fn close(
    connection: &mut PgConnection,
    new: &CheckedClosure,
    place: &PlaceCode,
    account: Uuid,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO road_closures (id, place_code, geom, from_day, until_day, reason, made_by)
         VALUES ($1, $2, ST_SetSRID(ST_MakePoint($3, $4), 4326), $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        new.id,
        place.as_str(),
        new.at.lon(),
        new.at.lat(),
        new.from_day,
        new.until_day,
        new.reason,
        account
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lifts a closure.
pub(super) async fn lift(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE road_closures SET lifted_at = coalesce(lifted_at, $2) WHERE id = $1", id, now)
        .execute(connection)
        .await?;
    Ok(())
}
