//! Making, changing and disabling accounts: what the command line, the demonstration and the room of accounts do.
//!
//! Each function works in the caller's transaction and scope; what touches a secret switches that transaction to
//! the service's own scope first, after the account itself has been written in the caller's.

use sqlx::PgConnection;
use uuid::Uuid;

use super::credential::Secret;
use super::model::{Account, AccountChange, Department, Language, Login, Role};
use super::password::{self, NewPassword};
use super::store::{self, AccountFilter};
use crate::message;
use crate::platform::code::{Level, PlaceCode};
use crate::platform::database::act_as_system;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// Why an account could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// Another account signs in with this login.
    #[error("another account has this login")]
    LoginTaken,
    /// A grid member is responsible for one grid.
    #[error("a grid member's scope is a grid: 15 digits")]
    NotAGrid,
    /// The name is empty or too long.
    #[error("a display name has 1 to 100 characters")]
    DisplayName,
    /// The password could not be hashed.
    #[error("the password could not be hashed")]
    Hash(argon2::password_hash::Error),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl ManageError {
    /// The field at fault and why, when it is one the caller gave.
    #[must_use]
    pub fn field(&self) -> Option<(&'static str, Message)> {
        match self {
            Self::LoginTaken => {
                Some(("login", message!("此登录名已被使用", "another account has this login")))
            }
            Self::NotAGrid => Some((
                "scope_code",
                message!("网格员的辖区应为 15 位网格编码", "a grid member's scope is a grid: 15 digits"),
            )),
            Self::DisplayName => Some((
                "display_name",
                message!("姓名应为 1 至 100 个字符", "a display name has 1 to 100 characters"),
            )),
            Self::Hash(_) | Self::Database(_) => None,
        }
    }
}

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        match (error.field(), error) {
            (Some((field, why)), ManageError::LoginTaken) => Self::conflict(why.clone()).field(field, why),
            (Some((field, why)), _) => Self::invalid(field, why),
            (None, ManageError::Database(error)) => error.into(),
            (None, error) => Self::internal(&error),
        }
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name it signs in with.
    pub login: Login,
    /// The name shown to others.
    pub display_name: String,
    /// What it is.
    pub role: Role,
    /// The place it is responsible for.
    pub scope_code: PlaceCode,
    /// Of which department.
    pub department: Option<Department>,
    /// The language it works in.
    pub locale: Language,
}

/// Makes an account, with a password if one is given; without, it can be signed in to by API token only.
///
/// # Errors
/// When the login is taken, the scope does not suit the role, or the database refuses.
pub async fn create_account(
    connection: &mut PgConnection,
    account: &NewAccount,
    password: Option<NewPassword>,
) -> Result<Account, ManageError> {
    check(account.role, &account.scope_code, &account.display_name)?;
    let made = store::insert_account(connection, Uuid::now_v7(), account).await.map_err(|error| {
        let taken = error
            .as_database_error()
            .is_some_and(|refusal| refusal.constraint() == Some("accounts_login_is_unique"));
        if taken { ManageError::LoginTaken } else { error.into() }
    })?;
    if let Some(password) = password {
        let hash = password::hash_aside(password).await.map_err(ManageError::Hash)?;
        act_as_system(connection).await?;
        store::put_password(connection, made.id, &hash).await?;
    }
    Ok(made)
}

/// Changes the account `before` if it still has that version; `None` when it has not, or the scope forbids it.
/// Disabling it or giving it another password ends its sessions.
///
/// # Errors
/// When the scope does not suit the role, or the database refuses.
pub async fn change_account(
    connection: &mut PgConnection,
    before: &Account,
    change: &AccountChange,
    password: Option<NewPassword>,
) -> Result<Option<Account>, ManageError> {
    let stored = before.scope_code.parse();
    let (Some(scope), role) = (change.scope_code.clone().or(stored.ok()), change.role.unwrap_or(before.role))
    else {
        return Err(ManageError::NotAGrid);
    };
    check(role, &scope, change.display_name.as_deref().unwrap_or(&before.display_name))?;
    let Some(changed) = store::change_account(connection, before.id, before.version, change).await? else {
        return Ok(None);
    };
    if let Some(password) = password {
        set_password(connection, before.id, password).await?;
    } else if changed.disabled_at.is_some() {
        close_sessions(connection, before.id).await?;
    }
    Ok(Some(changed))
}

/// Gives the account another password and ends its sessions.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(
    connection: &mut PgConnection,
    account: Uuid,
    password: NewPassword,
) -> Result<(), ManageError> {
    let hash = password::hash_aside(password).await.map_err(ManageError::Hash)?;
    act_as_system(connection).await?;
    store::put_password(connection, account, &hash).await?;
    store::close_sessions(connection, account).await?;
    Ok(())
}

/// Disables an account and ends its sessions; false when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn disable(connection: &mut PgConnection, account: Uuid) -> Result<bool, sqlx::Error> {
    let found = store::set_disabled(connection, account, true).await?;
    close_sessions(connection, account).await?;
    Ok(found)
}

/// Lets a disabled account sign in again; false when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn enable(connection: &mut PgConnection, account: Uuid) -> Result<bool, sqlx::Error> {
    store::set_disabled(connection, account, false).await
}

/// The accounts the scope sees that `filter` lets through, by login, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    connection: &mut PgConnection,
    filter: &AccountFilter,
    limit: i64,
) -> Result<Vec<Account>, sqlx::Error> {
    store::list_accounts(connection, filter, limit).await
}

/// The account `id`, disabled or not.
///
/// # Errors
/// When the database refuses.
pub async fn account(connection: &mut PgConnection, id: Uuid) -> Result<Option<Account>, sqlx::Error> {
    store::account(connection, id).await
}

/// The account that signs in as `login`, disabled or not.
///
/// # Errors
/// When the database refuses.
pub async fn account_of_login(
    connection: &mut PgConnection,
    login: &Login,
) -> Result<Option<Account>, sqlx::Error> {
    store::account_by_login(connection, login.as_str()).await
}

/// Opens a session without a password, for `hours` without use. For the demonstration and for tests: whoever
/// calls this has decided who is at the door.
///
/// # Errors
/// When the database refuses.
pub async fn open_session(
    connection: &mut PgConnection,
    account: Uuid,
    hours: i64,
) -> Result<Secret, sqlx::Error> {
    let secret = Secret::random("");
    act_as_system(connection).await?;
    store::open_session(connection, account, &secret.hash(), hours).await?;
    Ok(secret)
}

/// Ends all of an account's sessions.
///
/// # Errors
/// When the database refuses.
pub async fn close_sessions(connection: &mut PgConnection, account: Uuid) -> Result<(), sqlx::Error> {
    act_as_system(connection).await?;
    store::close_sessions(connection, account).await
}

fn check(role: Role, scope: &PlaceCode, display_name: &str) -> Result<(), ManageError> {
    if role == Role::GridMember && scope.level() != Level::Grid {
        return Err(ManageError::NotAGrid);
    }
    if !(1..=100).contains(&display_name.trim().chars().count()) {
        return Err(ManageError::DisplayName);
    }
    Ok(())
}
