//! All SQL about calendars of calls.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::patrols::calendar::{DayLoad, Kept, Scheduled};
use crate::domain::visits::TargetKind;
use crate::platform::code::GridCode;

/// A grid's calendar of a month, if there is one.
pub(in crate::domain::patrols) async fn get(
    connection: &mut PgConnection,
    grid: &GridCode,
    month: NaiveDate,
) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT c.shift_min, c.days AS "days: Json<Vec<DayLoad>>", c.made_at, c.version, a.display_name AS "made_by?"
             FROM call_calendars c LEFT JOIN accounts a ON a.id = c.made_by
            WHERE c.grid_code = $1 AND c.month = $2"#,
        grid.as_str(),
        month
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let calls = sqlx::query_as!(
        Scheduled,
        r#"SELECT day, target_kind AS "target_kind: TargetKind", target_id AS door
             FROM scheduled_calls WHERE grid_code = $1 AND month = $2 ORDER BY day, target_id"#,
        grid.as_str(),
        month
    )
    .fetch_all(connection)
    .await?;
    Ok(Some(Kept {
        shift_min: row.shift_min,
        loads: row.days.0,
        made_at: row.made_at,
        made_by: row.made_by,
        version: row.version,
        calls,
    }))
}

/// A calendar to keep.
#[derive(Debug)]
pub(in crate::domain::patrols) struct NewCalendar<'a> {
    pub(in crate::domain::patrols) grid: &'a GridCode,
    pub(in crate::domain::patrols) month: NaiveDate,
    pub(in crate::domain::patrols) shift_min: i32,
    pub(in crate::domain::patrols) loads: &'a [DayLoad],
    pub(in crate::domain::patrols) made_by: Uuid,
    pub(in crate::domain::patrols) made_at: DateTime<Utc>,
    /// The first day that is spread anew; what was planned for days before stays.
    pub(in crate::domain::patrols) from: NaiveDate,
    pub(in crate::domain::patrols) calls: &'a [Scheduled],
}

/// Keeps a calendar in the place of the one before.
pub(in crate::domain::patrols) async fn put(
    connection: &mut PgConnection,
    new: &NewCalendar<'_>,
) -> Result<(), sqlx::Error> {
    let (grid, month) = (new.grid.as_str(), new.month);
    sqlx::query!(
        "INSERT INTO call_calendars (grid_code, month, shift_min, days, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (grid_code, month) DO UPDATE
            SET shift_min = $3, days = $4, made_by = $5, made_at = $6, version = call_calendars.version + 1",
        grid,
        month,
        new.shift_min,
        Json(new.loads) as _,
        new.made_by,
        new.made_at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM scheduled_calls WHERE grid_code = $1 AND month = $2 AND day >= $3",
        grid,
        month,
        new.from
    )
    .execute(&mut *connection)
    .await?;
    let days: Vec<NaiveDate> = new.calls.iter().map(|call| call.day).collect();
    let kinds: Vec<String> = new.calls.iter().map(|call| call.target_kind.key().to_owned()).collect();
    let doors: Vec<Uuid> = new.calls.iter().map(|call| call.door).collect();
    sqlx::query!(
        "INSERT INTO scheduled_calls (grid_code, month, day, target_kind, target_id)
         SELECT $1, $2, t.day, t.kind, t.door FROM unnest($3::date[], $4::text[], $5::uuid[]) AS t (day, kind, door)",
        grid,
        month,
        &days,
        &kinds,
        &doors
    )
    .execute(connection)
    .await?;
    Ok(())
}
