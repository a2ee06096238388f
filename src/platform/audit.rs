//! Who did what, and who read whose personal data. Written in the same transaction as the deed; append-only.

use sqlx::PgConnection;
use uuid::Uuid;

use super::accounts::Session;
use super::request_id;

/// One line of the audit log. Says which row, never what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    action: &'static str,
    subject: &'static str,
    subject_id: &'a str,
    place_code: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// Something was made.
    #[must_use]
    pub fn created(subject: &'static str, subject_id: &'a str, place_code: &'a str) -> Self {
        Self { action: "create", subject, subject_id, place_code: Some(place_code) }
    }

    /// Something was changed.
    #[must_use]
    pub fn changed(subject: &'static str, subject_id: &'a str, place_code: &'a str) -> Self {
        Self { action: "change", subject, subject_id, place_code: Some(place_code) }
    }

    /// Personal data were read.
    #[must_use]
    pub fn read(subject: &'static str, subject_id: &'a str, place_code: &'a str) -> Self {
        Self { action: "read", subject, subject_id, place_code: Some(place_code) }
    }

    /// Anything else, such as `sign-in`.
    #[must_use]
    pub fn deed(action: &'static str, subject: &'static str, subject_id: &'a str) -> Self {
        Self { action, subject, subject_id, place_code: None }
    }
}

/// Writes `entry` as done by `session`.
///
/// # Errors
/// When the database refuses; the deed's transaction then fails with it.
pub async fn record(
    connection: &mut PgConnection,
    session: &Session,
    entry: Entry<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_log (id, account_id, role, action, subject, subject_id, place_code, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        session.account,
        session.role.key(),
        entry.action,
        entry.subject,
        entry.subject_id,
        entry.place_code,
        request_id::current()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes that the command line, on the server's own machine, did `action`.
///
/// # Errors
/// When the database refuses.
pub async fn record_system(
    connection: &mut PgConnection,
    action: &str,
    subject: &str,
    subject_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_log (id, role, action, subject, subject_id) VALUES ($1, 'system', $2, $3, $4)",
        Uuid::now_v7(),
        action,
        subject,
        subject_id
    )
    .execute(connection)
    .await?;
    Ok(())
}
