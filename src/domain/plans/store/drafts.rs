//! Drafts and the steps they were drawn in.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::plans::model::{Person, Step};
use crate::domain::plans::operation::Operation;
use crate::domain::plans::sheet::Sheet;
use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

/// A draft as it is stored.
pub(in crate::domain::plans) struct Stored {
    pub(in crate::domain::plans) start: Sheet,
    pub(in crate::domain::plans) state: Sheet,
    pub(in crate::domain::plans) position: i32,
    pub(in crate::domain::plans) steps: i32,
}

/// Keeps the drawing that a draft begins with.
pub(in crate::domain::plans) async fn insert_draft(
    connection: &mut PgConnection,
    id: Uuid,
    village: &VillageCode,
    sheet: &Sheet,
) -> Result<(), Problem> {
    sqlx::query!(
        "INSERT INTO plan_drafts (plan_id, village_code, start, state) VALUES ($1, $2, $3, $3)",
        id,
        village.as_str(),
        Json(sheet) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A draft, if there is one and the caller may see it.
pub(in crate::domain::plans) async fn draft(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Stored>, Problem> {
    let row = sqlx::query!(
        r#"SELECT d.start AS "start: Json<Sheet>", d.state AS "state: Json<Sheet>", d.position,
                  (SELECT coalesce(max(e.position), 0) FROM plan_edits e WHERE e.plan_id = d.plan_id) AS "steps!"
             FROM plan_drafts d WHERE d.plan_id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Stored {
        start: row.start.0,
        state: row.state.0,
        position: row.position,
        steps: row.steps,
    }))
}

/// Keeps where the drawing stands now.
pub(in crate::domain::plans) async fn save(
    connection: &mut PgConnection,
    id: Uuid,
    state: &Sheet,
    position: i32,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE plan_drafts SET state = $2, position = $3 WHERE plan_id = $1",
        id,
        Json(state) as _,
        position
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the step with this id has been made already, here or in another plan.
pub(in crate::domain::plans) async fn repeated(
    connection: &mut PgConnection,
    step: Uuid,
) -> Result<Option<Uuid>, Problem> {
    Ok(sqlx::query_scalar!("SELECT plan_id FROM plan_edits WHERE id = $1", step)
        .fetch_optional(connection)
        .await?)
}

/// A step to keep.
pub(in crate::domain::plans) struct NewStep<'a> {
    pub(in crate::domain::plans) plan: Uuid,
    pub(in crate::domain::plans) village: &'a VillageCode,
    pub(in crate::domain::plans) id: Uuid,
    pub(in crate::domain::plans) position: i32,
    pub(in crate::domain::plans) account: Uuid,
    pub(in crate::domain::plans) now: DateTime<Utc>,
    pub(in crate::domain::plans) operations: &'a [Operation],
    /// The state it left, where that is kept.
    pub(in crate::domain::plans) state: Option<&'a Sheet>,
}

/// Keeps a step in place of those that were taken back before it.
pub(in crate::domain::plans) async fn append(
    connection: &mut PgConnection,
    step: &NewStep<'_>,
) -> Result<(), Problem> {
    sqlx::query!("DELETE FROM plan_edits WHERE plan_id = $1 AND position >= $2", step.plan, step.position)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "INSERT INTO plan_edits (plan_id, position, id, village_code, account_id, at, operations, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        step.plan,
        step.position,
        step.id,
        step.village.as_str(),
        step.account,
        step.now,
        Json(step.operations) as _,
        step.state.map(Json) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The last kept state at or before a position, and its position.
pub(in crate::domain::plans) async fn snapshot_before(
    connection: &mut PgConnection,
    id: Uuid,
    position: i32,
) -> Result<Option<(i32, Sheet)>, Problem> {
    let row = sqlx::query!(
        r#"SELECT position, state AS "state!: Json<Sheet>" FROM plan_edits
            WHERE plan_id = $1 AND position <= $2 AND state IS NOT NULL ORDER BY position DESC LIMIT 1"#,
        id,
        position
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.position, row.state.0)))
}

/// What was done in the steps after `from` up to `to`.
pub(in crate::domain::plans) async fn steps_between(
    connection: &mut PgConnection,
    id: Uuid,
    from: i32,
    to: i32,
) -> Result<Vec<Vec<Operation>>, Problem> {
    let steps = sqlx::query_scalar!(
        r#"SELECT operations AS "operations: Json<Vec<Operation>>" FROM plan_edits
            WHERE plan_id = $1 AND position > $2 AND position <= $3 ORDER BY position"#,
        id,
        from,
        to
    )
    .fetch_all(connection)
    .await?;
    Ok(steps.into_iter().map(|Json(operations)| operations).collect())
}

/// The steps after a position, with who made them.
pub(in crate::domain::plans) async fn steps(
    connection: &mut PgConnection,
    id: Uuid,
    after: i32,
) -> Result<Vec<Step>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT e.position, e.id, e.account_id, a.display_name AS "display_name?", e.at, e.operations
             FROM plan_edits e LEFT JOIN accounts a ON a.id = e.account_id
            WHERE e.plan_id = $1 AND e.position > $2 ORDER BY e.position LIMIT 1000"#,
        id,
        after
    )
    .fetch_all(connection)
    .await?;
    let step =
        |(position, id, account, name, at, operations): (i32, Uuid, Option<Uuid>, Option<String>, _, _)| {
            Step {
                position,
                id,
                by: account.map(|id| Person { id, display_name: name.unwrap_or_default() }),
                at,
                operations,
            }
        };
    let fields =
        rows.into_iter().map(|r| (r.position, r.id, r.account_id, r.display_name, r.at, r.operations));
    Ok(fields.map(step).collect())
}

/// Gives a draft another beginning, with the steps that lead from it to `state`.
pub(in crate::domain::plans) async fn begin_again(
    connection: &mut PgConnection,
    id: Uuid,
    base: Option<Uuid>,
    start: &Sheet,
    state: &Sheet,
    steps: &[Step],
) -> Result<(), Problem> {
    sqlx::query!("UPDATE boundary_plans SET base_plan_id = $2 WHERE id = $1", id, base)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "UPDATE plan_drafts SET start = $2, state = $3, position = $4 WHERE plan_id = $1",
        id,
        Json(start) as _,
        Json(state) as _,
        steps.last().map_or(0, |step| step.position)
    )
    .execute(&mut *connection)
    .await?;
    let positions: Vec<i32> = steps.iter().map(|step| step.position).collect();
    let ids: Vec<Uuid> = steps.iter().map(|step| step.id).collect();
    sqlx::query!("DELETE FROM plan_edits WHERE plan_id = $1 AND id <> ALL ($2)", id, &ids)
        .execute(&mut *connection)
        .await?;
    // Out of the way first, so that no two steps have one position meanwhile. States kept on the old base go.
    sqlx::query!("UPDATE plan_edits SET position = position + 1000000, state = NULL WHERE plan_id = $1", id)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "UPDATE plan_edits e SET position = s.position FROM unnest($2::uuid[], $3::int[]) AS s (id, position)
          WHERE e.plan_id = $1 AND e.id = s.id",
        id,
        &ids,
        &positions
    )
    .execute(connection)
    .await?;
    Ok(())
}
