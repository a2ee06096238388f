//! Writes that arrive twice: the same id with the same content is the same write.

use axum::http::StatusCode;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::message;
use crate::platform::problem::Problem;

/// SHA-256 of what was sent, kept beside what it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of `content` in its one JSON form.
    ///
    /// # Errors
    /// 500 when the content has no JSON form; what was read from JSON has.
    pub fn of<T: Serialize>(content: &T) -> Result<Self, Problem> {
        let json = serde_json::to_vec(content).map_err(|error| Problem::internal(&error))?;
        Ok(Self(Sha256::digest(json).into()))
    }

    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The status of an answer to a write that `created` its row, or found it there with the hash `stored`.
    ///
    /// # Errors
    /// 409 when the id is taken by something else.
    pub fn status(&self, created: bool, stored: Option<&[u8]>) -> Result<StatusCode, Problem> {
        if created {
            Ok(StatusCode::CREATED)
        } else if stored == Some(self.as_bytes()) {
            Ok(StatusCode::OK)
        } else {
            Err(Problem::conflict(message!(
                "此 id 已用于另一条内容不同的记录",
                "this id belongs to a record with other content"
            )))
        }
    }
}
