//! `Idempotency-Key`: a write that is sent twice is done once, and answered twice alike.
//!
//! For writes whose rows carry no id of the caller's making. The first answer is kept in the transaction that
//! does the write, so that there is never one without the other; it is kept for a day.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ContentHash, Json, id_of_key};
use crate::message;
use crate::platform::problem::Problem;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in bytes.
const MAX_KEY: usize = 255;

/// The key of a request, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(Option<String>);

/// A write in progress under a key: remember its answer before committing.
#[derive(Debug)]
pub struct Once {
    key: Option<String>,
    account: Uuid,
    hash: ContentHash,
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| {
            Problem::invalid(
                "Idempotency-Key",
                message!("应为 1 到 {MAX_KEY} 个 ASCII 字符", "1 to {MAX_KEY} ASCII characters"),
            )
        })
    }
}

impl IdempotencyKey {
    /// The key's text, if there is one.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The id of what `account` sends, where an id makes the write one of a kind: `given` in the body, else made
    /// from the key, else a new one.
    #[must_use]
    pub fn id(&self, account: Uuid, given: Option<Uuid>) -> Uuid {
        given.or_else(|| self.0.as_deref().map(|key| id_of_key(account, key))).unwrap_or_else(Uuid::now_v7)
    }

    /// Begins a write of `content` by `account`: `Err` holds the first answer when it was done before. A second
    /// request with the same key waits until the first has committed or given up.
    ///
    /// # Errors
    /// 409 when the key was used for other content.
    pub async fn begin<T: Serialize>(
        self,
        connection: &mut PgConnection,
        account: Uuid,
        content: &T,
    ) -> Result<Result<Once, Response>, Problem> {
        let once = Once { key: self.0, account, hash: ContentHash::of(content)? };
        let Some(key) = &once.key else { return Ok(Ok(once)) };
        let lock = format!("idempotency:{account}:{key}");
        sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
            .fetch_one(&mut *connection)
            .await?;
        let kept = sqlx::query!(
            "SELECT request_hash, status, body FROM idempotency_keys WHERE account_id = $1 AND key = $2",
            account,
            key
        )
        .fetch_optional(connection)
        .await?;
        let Some(kept) = kept else { return Ok(Ok(once)) };
        if kept.request_hash != once.hash.as_bytes() {
            return Err(Problem::conflict(message!(
                "此 Idempotency-Key 已用于内容不同的请求",
                "This Idempotency-Key was used for another request"
            )));
        }
        let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.unwrap_or(StatusCode::OK);
        Ok(Err((status, [(REPLAYED, "true")], Json(kept.body)).into_response()))
    }
}

impl Once {
    /// Keeps the answer, in the transaction of the write.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remember<T: Serialize>(
        &self,
        connection: &mut PgConnection,
        status: StatusCode,
        body: &T,
    ) -> Result<(), Problem> {
        let Some(key) = &self.key else { return Ok(()) };
        let body = serde_json::to_value(body).map_err(|error| Problem::internal(&error))?;
        sqlx::query!(
            "INSERT INTO idempotency_keys (account_id, key, request_hash, status, body) VALUES ($1, $2, $3, $4, $5)",
            self.account,
            key,
            self.hash.as_bytes(),
            i16::try_from(status.as_u16()).unwrap_or_default(),
            body
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
