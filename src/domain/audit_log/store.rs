//! All SQL that reads the audit log.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::AuditEntry;

/// Which lines to list.
pub(super) struct Wanted {
    pub(super) account: Option<Uuid>,
    pub(super) action: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) subject_id: Option<String>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) to: Option<DateTime<Utc>>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) at: DateTime<Utc>,
    pub(super) id: Uuid,
}

/// Lines of the log, the newest first.
pub(super) async fn list(
    connection: &mut PgConnection,
    wanted: &Wanted,
    after: Option<Last>,
    rows: i64,
) -> Result<Vec<AuditEntry>, sqlx::Error> {
    sqlx::query_as!(
        AuditEntry,
        r#"SELECT l.id, l.at, l.account_id, a.login AS "login?", a.display_name AS "display_name?", l.role, l.action,
                  l.subject, l.subject_id, l.place_code, l.request_id
             FROM audit_log l LEFT JOIN accounts a ON a.id = l.account_id
            WHERE ($1::uuid IS NULL OR l.account_id = $1)
              AND ($2::text IS NULL OR l.action = $2)
              AND ($3::text IS NULL OR l.subject = $3)
              AND ($4::text IS NULL OR l.subject_id = $4)
              AND ($5::timestamptz IS NULL OR l.at >= $5)
              AND ($6::timestamptz IS NULL OR l.at < $6)
              AND ($7::timestamptz IS NULL OR (l.at, l.id) < ($7, $8))
            ORDER BY l.at DESC, l.id DESC
            LIMIT $9"#,
        wanted.account,
        wanted.action,
        wanted.subject,
        wanted.subject_id,
        wanted.from,
        wanted.to,
        after.map(|last| last.at),
        after.map(|last| last.id),
        rows
    )
    .fetch_all(connection)
    .await
}
