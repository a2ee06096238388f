//! All SQL about the tracks of patrols.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::patrols::track::{TrackPoint, WalkedPoint};

/// Records where the walker of a patrol was; a point at a time that is there already changes nothing.
pub(in crate::domain::patrols) async fn record(
    connection: &mut PgConnection,
    patrol: Uuid,
    points: &[WalkedPoint],
    received_at: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let at: Vec<DateTime<Utc>> = points.iter().map(|point| point.at).collect();
    let lon: Vec<f64> = points.iter().map(|point| point.place.lon()).collect();
    let lat: Vec<f64> = points.iter().map(|point| point.place.lat()).collect();
    let accuracy: Vec<Option<f32>> = points.iter().map(|point| point.accuracy_m.map(|m| m as f32)).collect();
    let done = sqlx::query!(
        "INSERT INTO patrol_tracks (patrol_id, at, received_at, account_id, place_code, geom, accuracy_m)
         SELECT p.id, t.at, $6, p.worker_id, p.place_code, ST_SetSRID(ST_MakePoint(t.lon, t.lat), 4326), t.accuracy_m
           FROM patrols p,
                unnest($2::timestamptz[], $3::float8[], $4::float8[], $5::real[]) AS t (at, lon, lat, accuracy_m)
          WHERE p.id = $1
             ON CONFLICT DO NOTHING",
        patrol,
        &at,
        &lon,
        &lat,
        &accuracy as &[Option<f32>],
        received_at
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// The track of a patrol in order, as far as the caller may see it.
pub(in crate::domain::patrols) async fn points(
    connection: &mut PgConnection,
    patrol: Uuid,
) -> Result<Vec<TrackPoint>, sqlx::Error> {
    sqlx::query_as!(
        TrackPoint,
        r#"SELECT at, received_at, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", accuracy_m
             FROM patrol_tracks WHERE patrol_id = $1 ORDER BY at"#,
        patrol
    )
    .fetch_all(connection)
    .await
}

/// Thins the tracks of patrols that ended before a time: of all points in a cell of half a thousandth of a degree,
/// some 50 m, one stays. Gives the number of patrols.
pub(in crate::domain::patrols) async fn thin(
    connection: &mut PgConnection,
    ended_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    sqlx::query!(
        "DELETE FROM patrol_tracks t
          USING (SELECT k.patrol_id, k.at,
                        row_number() OVER (PARTITION BY k.patrol_id, ST_SnapToGrid(k.geom, 0.0005) ORDER BY k.at) AS no
                   FROM patrol_tracks k JOIN patrols p ON p.id = k.patrol_id
                  WHERE p.track_thinned_at IS NULL AND coalesce(p.finished_at, p.shift_to) < $1) AS cells
          WHERE t.patrol_id = cells.patrol_id AND t.at = cells.at AND cells.no > 1",
        ended_before
    )
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query!(
        "UPDATE patrols SET track_thinned_at = $2
          WHERE track_thinned_at IS NULL AND coalesce(finished_at, shift_to) < $1",
        ended_before,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
