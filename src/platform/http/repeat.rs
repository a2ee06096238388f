//! What tells one write from another: the hash of its content, and the id that a key stands for.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::platform::problem::Problem;

/// SHA-256 of what was sent.
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

    /// The bytes as PostgreSQL reads them from text.
    #[must_use]
    pub fn to_bytea(&self) -> String {
        self.0.iter().fold(String::from("\\x"), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The id of something sent without one: the same for the same key of the same account (a `UUIDv8`, RFC 9562,
/// section 5.8).
#[must_use]
pub fn id_of_key(account: Uuid, key: &str) -> Uuid {
    let digest: [u8; 32] =
        Sha256::new().chain_update(account.as_bytes()).chain_update(key.as_bytes()).finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(half).into_uuid()
}
