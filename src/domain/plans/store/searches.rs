//! Searches for proposals: how far each has come, and what it found.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::plans::model::{Person, SearchState};
use crate::domain::plans::proposing::ProposalAim;
use crate::domain::plans::proposing::ask::Ask;
use crate::domain::plans::sheet::Sheet;
use crate::platform::code::VillageCode;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// A search to write down.
pub(in crate::domain::plans) struct NewSearch<'a> {
    pub(in crate::domain::plans) plan: Uuid,
    pub(in crate::domain::plans) village: &'a VillageCode,
    pub(in crate::domain::plans) plan_version: i32,
    pub(in crate::domain::plans) account: Uuid,
    pub(in crate::domain::plans) now: DateTime<Utc>,
    pub(in crate::domain::plans) ask: &'a Ask,
}

/// How a search ended.
pub(in crate::domain::plans) enum Ended {
    Done(Value),
    Refused(Message),
}

/// A search as it is stored.
pub(in crate::domain::plans) struct StoredSearch {
    pub(in crate::domain::plans) id: Uuid,
    pub(in crate::domain::plans) plan_version: i32,
    pub(in crate::domain::plans) by: Option<Person>,
    pub(in crate::domain::plans) asked_at: DateTime<Utc>,
    pub(in crate::domain::plans) asked: Ask,
    pub(in crate::domain::plans) state: SearchState,
    pub(in crate::domain::plans) progress: f32,
    pub(in crate::domain::plans) beat_at: DateTime<Utc>,
    pub(in crate::domain::plans) result: Option<Value>,
    /// Chinese and English.
    pub(in crate::domain::plans) reason: Option<(String, String)>,
}

/// Writes a search down; false when one has that id.
pub(in crate::domain::plans) async fn begin_search(
    connection: &mut PgConnection,
    search: &NewSearch<'_>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "INSERT INTO plan_searches (id, plan_id, village_code, plan_version, account_id, asked_at, asked, beat_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6) ON CONFLICT (id) DO NOTHING",
        search.ask.id,
        search.plan,
        search.village.as_str(),
        search.plan_version,
        search.account,
        search.now,
        Json(search.ask) as _
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The searches of a plan, the newest first, at most 20; only one of them if `id` says so. Results come with one only.
pub(in crate::domain::plans) async fn searches(
    connection: &mut PgConnection,
    plan: Uuid,
    id: Option<Uuid>,
) -> Result<Vec<StoredSearch>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.plan_version, s.account_id, a.display_name AS "display_name?", s.asked_at,
                  s.asked AS "asked: Json<Ask>", s.status AS "status: SearchState", s.progress, s.beat_at,
                  CASE WHEN $2::uuid IS NOT NULL THEN s.result END AS result,
                  s.reason ->> 'zh' AS zh, s.reason ->> 'en' AS en
             FROM plan_searches s LEFT JOIN accounts a ON a.id = s.account_id
            WHERE s.plan_id = $1 AND ($2::uuid IS NULL OR s.id = $2) ORDER BY s.asked_at DESC, s.id DESC LIMIT 20"#,
        plan,
        id
    )
    .fetch_all(connection)
    .await?;
    let search = rows.into_iter().map(|row| StoredSearch {
        id: row.id,
        plan_version: row.plan_version,
        by: row.account_id.map(|id| Person { id, display_name: row.display_name.unwrap_or_default() }),
        asked_at: row.asked_at,
        asked: row.asked.0,
        state: row.status,
        progress: row.progress,
        beat_at: row.beat_at,
        result: row.result,
        reason: row.zh.zip(row.en),
    });
    Ok(search.collect())
}

/// Whether a search of the plan has had a beat since a moment and has not ended.
pub(in crate::domain::plans) async fn is_searching(
    connection: &mut PgConnection,
    plan: Uuid,
    since: DateTime<Utc>,
) -> Result<bool, Problem> {
    let running = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM plan_searches WHERE plan_id = $1 AND status = 'running' AND beat_at >= $2) AS "is!""#,
        plan,
        since
    );
    Ok(running.fetch_one(connection).await?)
}

/// Writes progress down; false when the search has been stopped.
pub(in crate::domain::plans) async fn beat(
    connection: &mut PgConnection,
    id: Uuid,
    share: f64,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE plan_searches SET progress = greatest(progress, $2), beat_at = $3 WHERE id = $1 AND status = 'running'",
        id,
        share.clamp(0.0, 1.0) as f32,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down how a search ended, unless it was stopped.
pub(in crate::domain::plans) async fn end_search(
    connection: &mut PgConnection,
    id: Uuid,
    ended: &Ended,
) -> Result<(), Problem> {
    let (status, result, reason) = match ended {
        Ended::Done(result) => ("done", Some(Json(result)), None),
        Ended::Refused(why) => ("refused", None, Some(Json(why))),
    };
    sqlx::query!(
        "UPDATE plan_searches SET status = $2, result = $3, reason = $4,
                progress = CASE WHEN $2 = 'done' THEN 1 ELSE progress END
          WHERE id = $1 AND status = 'running'",
        id,
        status,
        result as _,
        reason as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stops a search that has not ended.
pub(in crate::domain::plans) async fn stop_search(
    connection: &mut PgConnection,
    plan: Uuid,
    id: Uuid,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE plan_searches SET status = 'cancelled' WHERE id = $1 AND plan_id = $2 AND status = 'running'",
        id,
        plan
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The drawing of a proposal.
pub(in crate::domain::plans) async fn proposal(
    connection: &mut PgConnection,
    plan: Uuid,
    search: Uuid,
    aim: ProposalAim,
) -> Result<Option<Sheet>, Problem> {
    let sheet = sqlx::query_scalar!(
        r#"SELECT p -> 'sheet' AS "sheet!: Json<Sheet>"
             FROM plan_searches s, jsonb_array_elements(s.result -> 'proposals') p
            WHERE s.id = $1 AND s.plan_id = $2 AND p ->> 'aim' = $3"#,
        search,
        plan,
        aim.key()
    )
    .fetch_optional(connection)
    .await?;
    Ok(sheet.map(|Json(sheet)| sheet))
}
