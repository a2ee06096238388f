//! Who is asking: the extractor every handler starts with.
//!
//! What a credential resolves to is remembered for a few seconds, and forgotten at once, on every instance, when
//! the account changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use moka::future::Cache;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::credential::{CookieNames, Credential};
use super::model::{Department, Role};
use super::password::Hashing;
use super::store;
use super::throttle::Throttle;
use crate::message;
use crate::platform::code::PlaceCode;
use crate::platform::config::Config;
use crate::platform::database::{Database, Scope};
use crate::platform::events::{Change, Events};
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

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
    /// By what.
    pub with: SignedInWith,
}

/// What somebody signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedInWith {
    /// The cookie of a browser session.
    Cookie,
    /// An API token.
    Token,
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

    /// Refuses an API token: what makes or changes credentials needs somebody who signed in with a password, or
    /// a token that leaked could make itself at home.
    ///
    /// # Errors
    /// 403.
    pub fn require_browser(&self) -> Result<(), Problem> {
        if self.with == SignedInWith::Cookie {
            return Ok(());
        }
        Err(Problem::forbidden().detail(message!(
            "此操作须用密码登录，不能使用 API 令牌",
            "This needs a sign-in with a password, not an API token"
        )))
    }

    pub(super) fn of(holder: store::Holder, with: SignedInWith) -> Result<Self, Problem> {
        Ok(Self {
            account: holder.id,
            login: holder.login,
            display_name: holder.display_name,
            role: holder.role,
            place: holder.scope_code.parse().map_err(|error| Problem::internal(&error))?,
            department: holder.department,
            with,
        })
    }
}

/// What is remembered about credentials, and the brakes on guessing them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts {
    remembered: Cache<Credential, Session>,
    /// Rises whenever something is forgotten, so that what was read before cannot be remembered after.
    forgotten: Arc<AtomicU64>,
    pub(super) hashing: Hashing,
    pub(super) throttle: Throttle,
}

impl Accounts {
    /// Starts with nothing remembered, and forgets what `events` says has changed.
    #[must_use]
    pub fn start(events: &Events) -> Self {
        let accounts = Self {
            remembered: Cache::builder()
                .max_capacity(REMEMBERED_AT_MOST)
                .time_to_live(REMEMBERED)
                .support_invalidation_closures()
                .build(),
            forgotten: Arc::default(),
            hashing: Hashing::default(),
            throttle: Throttle::default(),
        };
        let mut changes = events.subscribe();
        let listening = accounts.clone();
        tokio::spawn(async move {
            loop {
                match changes.recv().await {
                    Ok(Change::Account { id }) => listening.forget(id),
                    Ok(Change::Missed) | Err(RecvError::Lagged(_)) => listening.forget_all(),
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
        accounts
    }

    /// Forgets everything remembered about `account`, in this process. Publish [`Change::Account`] to have every
    /// instance forget it.
    pub fn forget(&self, account: Uuid) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        // The closure is accepted because the cache was built to support them.
        let _ = self.remembered.invalidate_entries_if(move |_, session| session.account == account);
    }

    fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.remembered.invalidate_all();
    }

    async fn resolve(
        &self,
        database: &Database,
        config: &Config,
        credential: Credential,
    ) -> Result<Session, Problem> {
        if let Some(session) = self.remembered.get(&credential).await {
            return Ok(session);
        }
        let before = self.forgotten.load(Ordering::SeqCst);
        let mut transaction = database.begin(&Scope::system()).await?;
        let (holder, with) = match &credential {
            Credential::Cookie(hash) => {
                let holder = store::holder_of_session(&mut transaction, hash).await?;
                store::slide_session(&mut transaction, hash, config.session_hours).await?;
                (holder, SignedInWith::Cookie)
            }
            Credential::Token(hash) => {
                (store::holder_of_token(&mut transaction, hash).await?, SignedInWith::Token)
            }
        };
        transaction.commit().await?;
        let session = Session::of(holder.ok_or_else(Problem::unauthenticated)?, with)?;
        if self.forgotten.load(Ordering::SeqCst) == before {
            self.remembered.insert(credential, session.clone()).await;
        }
        Ok(session)
    }
}

impl FromRequestParts<Ground> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Self, Problem> {
        let names = CookieNames::of(&ground.config);
        let credential = Credential::of(parts, names).ok_or_else(Problem::unauthenticated)?;
        ground.accounts.resolve(&ground.database, &ground.config, credential).await
    }
}
