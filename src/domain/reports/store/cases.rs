//! What becomes of a report, written down.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::reports::case::{NewAction, Standing};
use crate::domain::reports::model::{Deed, Event, Person, Report, Status};
use crate::platform::accounts::Department;
use crate::platform::problem::Problem;

/// What an action's id already stands for, if the caller may see it.
pub(in crate::domain::reports) struct Recorded {
    pub(in crate::domain::reports) report: Uuid,
    pub(in crate::domain::reports) account: Option<Uuid>,
    pub(in crate::domain::reports) deed: Deed,
    pub(in crate::domain::reports) note: Option<String>,
    pub(in crate::domain::reports) department: Option<Department>,
}

/// Finds an action by its id.
pub(in crate::domain::reports) async fn recorded(
    connection: &mut PgConnection,
    action: Uuid,
) -> Result<Option<Recorded>, Problem> {
    Ok(sqlx::query_as!(
        Recorded,
        r#"SELECT report_id AS report, account_id AS account, action AS "deed: Deed", note,
                  department AS "department: Department"
             FROM report_events WHERE id = $1"#,
        action
    )
    .fetch_optional(connection)
    .await?)
}

/// Brings `report` to `standing` and writes down that `account` did it; false when somebody changed the report
/// since it was read.
pub(in crate::domain::reports) async fn advance(
    connection: &mut PgConnection,
    report: &Report,
    action: &NewAction,
    standing: Standing,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "WITH advanced AS (
             UPDATE reports
                SET status = $3, resolved_on_spot = $4, department = $5,
                    closed_at = CASE WHEN $3 = 'closed' THEN coalesce(closed_at, $6) END,
                    version = version + 1, updated_at = $6
              WHERE id = $1 AND version = $2
          RETURNING id, place_code, kind
         )
         INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status,
                to_status, note, department)
         SELECT $7, id, place_code, kind, $6, $8, $9, $10, $3, $11, $12 FROM advanced",
        report.id,
        report.version,
        standing.status.key(),
        standing.resolved_on_spot,
        standing.department.map(Department::key),
        now,
        action.id,
        account,
        action.action.deed().key(),
        report.status.key(),
        action.note,
        action.department.map(Department::key)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down words of `account` about `report`; false when the same words under the same id got there first.
/// Whoever filed a report may add words where they may not change it.
pub(in crate::domain::reports) async fn note(
    connection: &mut PgConnection,
    report: &Report,
    action: &NewAction,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "WITH touched AS (
             UPDATE reports SET version = version + 1, updated_at = $5 WHERE id = $2
         )
         INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status,
                to_status, note)
         VALUES ($1, $2, $3, $4, $5, $6, 'note', $7, $7, $8)
         ON CONFLICT (id) DO NOTHING",
        action.id,
        report.id,
        report.place_code.as_str(),
        report.kind.key(),
        now,
        account,
        report.status.key(),
        action.note
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What happened to a report, first to last.
pub(in crate::domain::reports) async fn events(
    connection: &mut PgConnection,
    report: Uuid,
) -> Result<Vec<Event>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT e.id AS "id!", e.at AS "at!", e.action AS "action!: Deed", e.from_status AS "from_status: Status",
                  e.to_status AS "to_status: Status", e.department AS "department: Department", e.note,
                  e.account_id, a.display_name AS "display_name?"
             FROM report_events e LEFT JOIN accounts a ON a.id = e.account_id
            WHERE e.report_id = $1 ORDER BY e.at, e.id"#,
        report
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event {
            id: row.id,
            at: row.at,
            action: row.action,
            from_status: row.from_status,
            to_status: row.to_status,
            department: row.department,
            note: row.note,
            account: row
                .account_id
                .zip(row.display_name)
                .map(|(id, display_name)| Person { id, display_name }),
        })
        .collect())
}
