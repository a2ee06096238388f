//! Writes that arrive twice: the same id with the same content, sent by the same account, is the same write.
//!
//! What was sent is remembered as a hash that only its sender may read; a hash of a telephone number beside the row
//! would let others guess at the number.

use axum::http::StatusCode;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accounts::Session;
use super::http::ContentHash;
use super::problem::Problem;
use crate::message;

/// A write as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    account: Uuid,
    subject: String,
    id: Uuid,
    hash: ContentHash,
}

impl Sent {
    /// `content` sent by `session` to make the thing with this id; `subject` says what and where, such as `hazard`.
    ///
    /// # Errors
    /// 500 when the content has no JSON form; what was read from JSON has.
    pub fn new<T: Serialize>(
        session: &Session,
        subject: &str,
        id: Uuid,
        content: &T,
    ) -> Result<Self, Problem> {
        let hash = ContentHash::of(content)?;
        Ok(Self { account: session.account, subject: subject.to_owned(), id, hash })
    }

    /// The status of the answer to a write that `created` its row, or found its id taken.
    ///
    /// # Errors
    /// 409 when the id was taken by anything but this very write.
    pub async fn status(&self, connection: &mut PgConnection, created: bool) -> Result<StatusCode, Problem> {
        if created {
            sqlx::query!(
                "INSERT INTO sent_writes (account_id, subject, id, content_hash) VALUES ($1, $2, $3, $4)",
                self.account,
                self.subject,
                self.id,
                self.hash.as_bytes()
            )
            .execute(connection)
            .await?;
            return Ok(StatusCode::CREATED);
        }
        let known = sqlx::query_scalar!(
            "SELECT content_hash FROM sent_writes WHERE id = $1 AND account_id = $2 AND subject = $3",
            self.id,
            self.account,
            self.subject
        );
        if known.fetch_optional(connection).await?.as_deref() == Some(self.hash.as_bytes()) {
            return Ok(StatusCode::OK);
        }
        Err(Problem::conflict(message!(
            "此 id 已用于另一条记录",
            "this id belongs to another record, or to one with other content"
        )))
    }
}
