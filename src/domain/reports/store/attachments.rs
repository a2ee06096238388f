//! Photos of reports.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::photos::{Attachment, Content, MediaType, Photo};
use crate::domain::reports::model::Report;
use crate::platform::problem::Problem;

/// Adds photos to a report and gives the number of those it did not have.
pub(in crate::domain::reports) async fn attach(
    connection: &mut PgConnection,
    report: &Report,
    photos: &[Photo],
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, Problem> {
    let mut added = 0;
    for photo in photos {
        let done = sqlx::query!(
            "INSERT INTO report_attachments (id, report_id, place_code, report_kind, created_at, created_by, media_type,
                    sha256, content)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO NOTHING",
            photo.id_of(report.id),
            report.id,
            report.place_code.as_str(),
            report.kind.key(),
            now,
            account,
            photo.media_type.key(),
            &photo.sha256[..],
            &photo.content[..]
        )
        .execute(&mut *connection)
        .await?;
        added += i64::from(done.rows_affected() == 1);
    }
    Ok(added)
}

/// Writes down that `account` added photos. Whoever filed a report may add them where they may not change it.
pub(in crate::domain::reports) async fn note_attached(
    connection: &mut PgConnection,
    report: &Report,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    sqlx::query!(
        "WITH touched AS (
             UPDATE reports SET version = version + 1, updated_at = $5 WHERE id = $2
         )
         INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status, to_status)
         VALUES ($1, $2, $3, $4, $5, $6, 'attach', $7, $7)",
        Uuid::now_v7(),
        report.id,
        report.place_code.as_str(),
        report.kind.key(),
        now,
        account,
        report.status.key()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The photos of a report, first to last.
pub(in crate::domain::reports) async fn attachments(
    connection: &mut PgConnection,
    report: Uuid,
) -> Result<Vec<Attachment>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT id, media_type AS "media_type: MediaType" FROM report_attachments
            WHERE report_id = $1 ORDER BY created_at, id"#,
        report
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Attachment {
            id: row.id,
            media_type: row.media_type,
            url: format!("/api/v1/attachments/{}", row.id),
        })
        .collect())
}

/// A photo, if the caller may read its report.
pub(in crate::domain::reports) async fn content(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Content>, Problem> {
    Ok(sqlx::query_as!(
        Content,
        r#"SELECT media_type AS "media_type: MediaType", content AS bytes, place_code
             FROM report_attachments WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await?)
}
