//! Who is asking: the extractor every handler starts with.
//!
//! A credential is an opaque random token, kept only as its SHA-256: in the session cookie of a browser, as
//! `Authorization: Bearer`, or as the password of `Authorization: Basic` for GIS clients that know nothing else.
//! What a credential resolves to is remembered for a few seconds, and forgotten at once when the account changes.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Department, Role};
use super::store;
use crate::platform::code::PlaceCode;
use crate::platform::database::{Database, Scope};
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// The session cookie.
pub const SESSION_COOKIE: &str = "gk_session";
/// How long a resolved credential is remembered.
const REMEMBERED: Duration = Duration::from_secs(5);
const REMEMBERED_AT_MOST: u64 = 10_000;

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub account: Uuid,
    /// The name they sign in with.
    pub login: String,
    /// The name shown to others.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Where.
    pub place: PlaceCode,
    /// Of which department.
    pub department: Option<Department>,
}

impl Session {
    /// What row-level security is to see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of(self.account, self.role.key(), &self.place)
    }

    /// Refuses unless the role is one of `roles`.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.role) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// A credential as it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Credential {
    Cookie([u8; 32]),
    Token([u8; 32]),
}

/// What is remembered about credentials. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts {
    remembered: Cache<Credential, Session>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            remembered: Cache::builder()
                .max_capacity(REMEMBERED_AT_MOST)
                .time_to_live(REMEMBERED)
                .support_invalidation_closures()
                .build(),
        }
    }
}

impl Accounts {
    /// Forgets everything remembered about `account`.
    pub fn forget(&self, account: Uuid) {
        // The closure is accepted because the cache was built to support them.
        let _ = self.remembered.invalidate_entries_if(move |_, session| session.account == account);
    }

    async fn resolve(&self, database: &Database, credential: Credential) -> Result<Session, Problem> {
        if let Some(session) = self.remembered.get(&credential).await {
            return Ok(session);
        }
        let mut transaction = database.begin(&Scope::system()).await?;
        let holder = match &credential {
            Credential::Cookie(hash) => store::holder_of_session(&mut transaction, hash).await?,
            Credential::Token(hash) => store::holder_of_token(&mut transaction, hash).await?,
        };
        transaction.commit().await?;
        let holder = holder.ok_or_else(Problem::unauthenticated)?;
        let session = Session {
            account: holder.id,
            login: holder.login,
            display_name: holder.display_name,
            role: holder.role,
            place: holder.scope_code.parse().map_err(|error| Problem::internal(&error))?,
            department: holder.department,
        };
        self.remembered.insert(credential, session.clone()).await;
        Ok(session)
    }
}

impl FromRequestParts<Ground> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Self, Problem> {
        let credential = credential(parts).ok_or_else(Problem::unauthenticated)?;
        ground.accounts.resolve(&ground.database, credential).await
    }
}

fn credential(parts: &Parts) -> Option<Credential> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let (scheme, rest) = header.to_str().ok()?.split_once(' ')?;
        let token = if scheme.eq_ignore_ascii_case("bearer") {
            rest.trim().to_owned()
        } else if scheme.eq_ignore_ascii_case("basic") {
            let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            decoded.split_once(':')?.1.to_owned()
        } else {
            return None;
        };
        return Some(Credential::Token(token_hash(&token)));
    }
    let jar = CookieJar::from_headers(&parts.headers);
    jar.get(SESSION_COOKIE).map(|cookie| Credential::Cookie(token_hash(cookie.value())))
}

/// What is kept of a token.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
