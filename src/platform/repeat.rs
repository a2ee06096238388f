//! Writes that arrive twice: the same id with the same content, sent by the same account, is the same write.
//!
//! What was sent is remembered as a hash that only its sender may read; a hash of a telephone number beside the row
//! would let others guess at the number.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accounts::Session;
use super::http::{ContentHash, id_of_key};
use super::problem::Problem;
use crate::message;

/// The request header that stands in for an id made by the caller.
const HEADER: &str = "idempotency-key";
/// Longest key, in bytes.
const MAX_KEY: usize = 255;

/// The value of `Idempotency-Key`, if the request has one.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len())).ok_or_else(|| {
            Problem::invalid(
                "Idempotency-Key",
                message!("应为 1 到 {MAX_KEY} 个 ASCII 字符", "1 to {MAX_KEY} ASCII characters"),
            )
        })?;
        Ok(Self(Some(key.to_owned())))
    }
}

impl IdempotencyKey {
    /// The id of what `session` sends: `given` in the body, else made from the key, else a new one.
    #[must_use]
    pub fn id(&self, session: &Session, given: Option<Uuid>) -> Uuid {
        given
            .or_else(|| self.0.as_deref().map(|key| id_of_key(session.account, key)))
            .unwrap_or_else(Uuid::now_v7)
    }
}

/// A write as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    account: Uuid,
    key: String,
    hash: ContentHash,
}

impl Sent {
    /// `content` sent by `session` to make the `subject` with this id; `subject` says what and where, such as
    /// `hazard`.
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
        Ok(Self { account: session.account, key: format!("{subject}/{id}"), hash })
    }

    /// The status of the answer to a write that `created` its row, or found its id taken.
    ///
    /// # Errors
    /// 409 when the id was taken by anything but this very write.
    pub async fn status(&self, connection: &mut PgConnection, created: bool) -> Result<StatusCode, Problem> {
        if created {
            sqlx::query!(
                "INSERT INTO idempotency_keys (account_id, key, request_hash, status, body)
                 VALUES ($1, $2, $3, 201, 'null')",
                self.account,
                self.key,
                self.hash.as_bytes()
            )
            .execute(connection)
            .await?;
            return Ok(StatusCode::CREATED);
        }
        let known = sqlx::query_scalar!(
            "SELECT request_hash FROM idempotency_keys WHERE account_id = $1 AND key = $2",
            self.account,
            self.key
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
