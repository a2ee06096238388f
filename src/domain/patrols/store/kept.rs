//! All SQL about kept patrols and their stops.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::patrols::kept::{
    Happened, KeptPatrol, KeptStop, NewStop, PatrolStatus, PatrolSummary, StopState,
};
use crate::domain::patrols::model::{Start, Worker};
use crate::domain::patrols::planning::{Choice, Walker};
use crate::domain::roads::Mode;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::accounts::Role;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// A patrol to be kept.
#[derive(Debug)]
pub(in crate::domain::patrols) struct NewPatrol<'a> {
    pub(in crate::domain::patrols) id: Uuid,
    pub(in crate::domain::patrols) place: &'a PlaceCode,
    pub(in crate::domain::patrols) walker: &'a Walker,
    pub(in crate::domain::patrols) planned_by: Uuid,
    pub(in crate::domain::patrols) date: NaiveDate,
    pub(in crate::domain::patrols) mode: Mode,
    pub(in crate::domain::patrols) shift: (DateTime<Utc>, DateTime<Utc>),
    pub(in crate::domain::patrols) start: &'a Start,
    pub(in crate::domain::patrols) plan: serde_json::Value,
    pub(in crate::domain::patrols) content_hash: &'a [u8],
}

/// Which patrols to list.
#[derive(Debug)]
pub(in crate::domain::patrols) struct Wanted {
    pub(in crate::domain::patrols) within: String,
    pub(in crate::domain::patrols) date: Option<NaiveDate>,
    pub(in crate::domain::patrols) status: Option<PatrolStatus>,
    pub(in crate::domain::patrols) worker: Option<Uuid>,
}

/// Somebody who walks, if the caller may know them.
pub(in crate::domain::patrols) async fn walker(
    connection: &mut PgConnection,
    account: Uuid,
) -> Result<Option<(Walker, PlaceCode)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id, display_name, role AS "role: Role", scope_code AS "scope_code: PlaceCode"
             FROM accounts WHERE id = $1 AND disabled_at IS NULL"#,
        account
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let worker = Worker { id: row.id, display_name: row.display_name };
        (Walker { worker, role: row.role }, row.scope_code)
    }))
}

/// The hash of what a patrol was planned from, if the caller may know the patrol.
pub(in crate::domain::patrols) async fn content_hash(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT content_hash FROM patrols WHERE id = $1", id).fetch_optional(connection).await
}

/// Keeps a patrol; false when its id is taken.
pub(in crate::domain::patrols) async fn insert(
    connection: &mut PgConnection,
    new: &NewPatrol<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO patrols (id, place_code, worker_id, worker_role, planned_by, on_date, mode, shift_from,
                              shift_to, start_geom, start_label, plan, content_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ST_SetSRID(ST_MakePoint($10, $11), 4326), $12, $13, $14)
         ON CONFLICT (id) DO NOTHING",
        new.id,
        new.place.as_str(),
        new.walker.worker.id,
        new.walker.role.key(),
        new.planned_by,
        new.date,
        new.mode as Mode,
        new.shift.0,
        new.shift.1,
        new.start.at.lon(),
        new.start.at.lat(),
        new.start.label,
        new.plan,
        new.content_hash
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds stops to a patrol; one whose target it already has stays as it is.
pub(in crate::domain::patrols) async fn add_stops(
    connection: &mut PgConnection,
    patrol: Uuid,
    stops: &[NewStop],
) -> Result<(), sqlx::Error> {
    for stop in stops {
        sqlx::query!(
            "INSERT INTO patrol_stops (id, patrol_id, no, target_kind, target_id, geom, arrive, leave, detail)
             VALUES ($1, $2, $3, $4, $5, ST_SetSRID(ST_MakePoint($6, $7), 4326), $8, $9, $10)
             ON CONFLICT DO NOTHING",
            stop.id,
            patrol,
            stop.no,
            stop.target_kind as TargetKind,
            stop.target_id,
            stop.at.lon(),
            stop.at.lat(),
            stop.arrive,
            stop.leave,
            stop.plan
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Takes the stops that are still planned off a patrol, and puts another plan in its place.
pub(in crate::domain::patrols) async fn replan(
    connection: &mut PgConnection,
    patrol: Uuid,
    course: &serde_json::Value,
    stops: &[NewStop],
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM patrol_stops WHERE patrol_id = $1 AND state = 'planned'", patrol)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "UPDATE patrols SET plan = jsonb_set(plan, '{course}', $2), version = version + 1 WHERE id = $1",
        patrol,
        course
    )
    .execute(&mut *connection)
    .await?;
    add_stops(connection, patrol, stops).await
}

/// A patrol with its stops, locked against other deeds until the transaction ends if `for_deed`.
pub(in crate::domain::patrols) async fn get(
    connection: &mut PgConnection,
    id: Uuid,
    for_deed: bool,
) -> Result<Option<KeptPatrol>, Problem> {
    if for_deed {
        sqlx::query!("SELECT id FROM patrols WHERE id = $1 FOR UPDATE", id)
            .fetch_optional(&mut *connection)
            .await?;
    }
    let row = sqlx::query!(
        r#"SELECT p.id, p.place_code AS "place_code: PlaceCode", p.worker_id, a.display_name AS "name?", p.on_date,
                  p.mode AS "mode: Mode", p.status AS "status: PatrolStatus", p.shift_from, p.shift_to,
                  ST_X(p.start_geom) AS "lon!", ST_Y(p.start_geom) AS "lat!", p.start_label,
                  p.plan->'course' AS "course!: serde_json::Value", p.published_at, p.started_at,
                  p.started_received_at, p.finished_at, p.finished_received_at, p.version
             FROM patrols p LEFT JOIN accounts a ON a.id = p.worker_id WHERE p.id = $1"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let at = Wgs84::new(row.lon, row.lat).map_err(|error| Problem::internal(&error))?;
    Ok(Some(KeptPatrol {
        id: row.id,
        place_code: row.place_code,
        worker: Worker { id: row.worker_id, display_name: row.name.unwrap_or_default() },
        date: row.on_date,
        mode: row.mode,
        status: row.status,
        shift_from: row.shift_from,
        shift_to: row.shift_to,
        start: Start { at, label: row.start_label },
        course: row.course,
        stops: stops(connection, id).await?,
        published_at: row.published_at,
        started_at: row.started_at,
        started_received_at: row.started_received_at,
        finished_at: row.finished_at,
        finished_received_at: row.finished_received_at,
        version: row.version,
    }))
}

async fn stops(connection: &mut PgConnection, patrol: Uuid) -> Result<Vec<KeptStop>, sqlx::Error> {
    sqlx::query_as!(
        KeptStop,
        r#"SELECT id, no, target_kind AS "target_kind: TargetKind", target_id, arrive, leave,
                  detail AS "plan: serde_json::Value", state AS "state: StopState", deed_id, happened_at, phone_at,
                  received_at, distance_m, accuracy_m, distant, reason
             FROM patrol_stops WHERE patrol_id = $1
            ORDER BY CASE WHEN state = 'planned' THEN 1 ELSE 0 END, happened_at, no, id"#,
        patrol
    )
    .fetch_all(connection)
    .await
}

/// The targets of stops that others than these workers, on other than these patrols, are to call at on a day, or have, as
/// far as the caller may see.
pub(in crate::domain::patrols) async fn elsewhere(
    connection: &mut PgConnection,
    date: NaiveDate,
    patrols: &[Uuid],
    workers: &[Uuid],
) -> Result<HashSet<(TargetKind, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT s.target_kind AS "kind: TargetKind", s.target_id
             FROM patrol_stops s JOIN patrols p ON p.id = s.patrol_id
            WHERE p.on_date = $1 AND p.id <> ALL($2) AND p.worker_id <> ALL($3) AND p.status <> 'draft'
              AND (s.state = 'checked_in' OR (s.state = 'planned' AND p.status <> 'finished'))"#,
        date,
        patrols,
        workers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.target_id)).collect())
}

/// What a patrol's calls are chosen from, as it was asked for.
pub(in crate::domain::patrols) async fn choice(
    connection: &mut PgConnection,
    patrol: Uuid,
) -> Result<(Choice, Role), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT plan->'only' AS "only: Json<Choice>", worker_role AS "role: Role" FROM patrols WHERE id = $1"#,
        patrol
    )
    .fetch_one(connection)
    .await?;
    Ok((row.only.map(|only| only.0).unwrap_or_default(), row.role))
}

/// Patrols, the latest first, after the one planned at a time under an id.
pub(in crate::domain::patrols) async fn list(
    connection: &mut PgConnection,
    wanted: &Wanted,
    after: Option<(DateTime<Utc>, Uuid)>,
    rows: i64,
) -> Result<Vec<PatrolSummary>, sqlx::Error> {
    let (after_at, after_id) = after.unzip();
    sqlx::query_as!(
        PatrolSummary,
        r#"SELECT p.id, p.place_code AS "place_code: PlaceCode", p.worker_id,
                  coalesce(a.display_name, '') AS "worker_name!", p.on_date AS date, p.mode AS "mode: Mode",
                  p.status AS "status: PatrolStatus", s.stops AS "stops!", s.checked_in AS "checked_in!",
                  s.skipped AS "skipped!", p.shift_from, p.shift_to, p.started_at, p.finished_at,
                  t.place AS "last_seen: serde_json::Value", t.at AS "last_seen_at?", p.created_at
             FROM patrols p
             LEFT JOIN accounts a ON a.id = p.worker_id
            CROSS JOIN LATERAL (SELECT count(*) AS stops, count(*) FILTER (WHERE state = 'checked_in') AS checked_in,
                                       count(*) FILTER (WHERE state = 'skipped') AS skipped
                                  FROM patrol_stops WHERE patrol_id = p.id) s
             LEFT JOIN LATERAL (SELECT at, ST_AsGeoJSON(geom, 7)::json AS place FROM patrol_tracks
                                 WHERE patrol_id = p.id ORDER BY at DESC LIMIT 1) t ON true
            WHERE starts_with(p.place_code, $1)
              AND ($2::date IS NULL OR p.on_date = $2)
              AND ($3::text IS NULL OR p.status = $3)
              AND ($4::uuid IS NULL OR p.worker_id = $4)
              AND ($5::timestamptz IS NULL OR (p.created_at, p.id) < ($5, $6))
            ORDER BY p.created_at DESC, p.id DESC
            LIMIT $7"#,
        wanted.within,
        wanted.date,
        wanted.status as Option<PatrolStatus>,
        wanted.worker,
        after_at,
        after_id,
        rows
    )
    .fetch_all(connection)
    .await
}

/// Publishes a draft.
pub(in crate::domain::patrols) async fn publish(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE patrols SET status = 'published', published_at = $2, version = version + 1
          WHERE id = $1 AND status = 'draft'",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Begins a patrol that has not begun.
pub(in crate::domain::patrols) async fn start(
    connection: &mut PgConnection,
    id: Uuid,
    happened: Happened,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE patrols
            SET status = 'under_way', published_at = coalesce(published_at, $3), started_at = $2,
                started_received_at = $3, version = version + 1
          WHERE id = $1 AND started_at IS NULL",
        id,
        happened.at,
        happened.received_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a patrol that has begun and not ended.
pub(in crate::domain::patrols) async fn finish(
    connection: &mut PgConnection,
    id: Uuid,
    happened: Happened,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE patrols
            SET status = 'finished', finished_at = greatest($2, started_at), finished_received_at = $3,
                version = version + 1
          WHERE id = $1 AND status = 'under_way'",
        id,
        happened.at,
        happened.received_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of a stop.
#[derive(Debug)]
pub(in crate::domain::patrols) struct Deed<'a> {
    pub(in crate::domain::patrols) id: Uuid,
    pub(in crate::domain::patrols) stop: Uuid,
    pub(in crate::domain::patrols) state: StopState,
    pub(in crate::domain::patrols) happened: Happened,
    pub(in crate::domain::patrols) at: Option<Wgs84>,
    pub(in crate::domain::patrols) accuracy_m: Option<f64>,
    pub(in crate::domain::patrols) distance_m: Option<f64>,
    pub(in crate::domain::patrols) distant: bool,
    pub(in crate::domain::patrols) reason: Option<&'a str>,
}

/// Writes down what became of a planned stop, and raises its patrol's version.
pub(in crate::domain::patrols) async fn write_deed(
    connection: &mut PgConnection,
    patrol: Uuid,
    deed: &Deed<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE patrol_stops
            SET state = $3, deed_id = $4, happened_at = $5, phone_at = $6, received_at = $7,
                deed_geom = ST_SetSRID(ST_MakePoint($8, $9), 4326), accuracy_m = $10, distance_m = $11,
                distant = $12, reason = $13
          WHERE id = $1 AND patrol_id = $2 AND state = 'planned'",
        deed.stop,
        patrol,
        deed.state as StopState,
        deed.id,
        deed.happened.at,
        deed.happened.phone_at,
        deed.happened.received_at,
        deed.at.map(Wgs84::lon),
        deed.at.map(Wgs84::lat),
        deed.accuracy_m.map(|metres| metres as f32),
        deed.distance_m.map(|metres| metres as f32),
        deed.distant,
        deed.reason
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("UPDATE patrols SET version = version + 1 WHERE id = $1", patrol)
        .execute(connection)
        .await?;
    Ok(())
}
