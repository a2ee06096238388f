//! All SQL about accounts, passwords and sessions. That of API tokens is in the room of accounts.

use sqlx::PgConnection;
use uuid::Uuid;

use super::manage::NewAccount;
use super::model::{Account, AccountChange, Department, Language, Role};
use crate::platform::code::PlaceCode;
use crate::platform::http::Edit;

/// An account as a credential finds it.
pub(super) struct Holder {
    pub(super) id: Uuid,
    pub(super) login: String,
    pub(super) display_name: String,
    pub(super) role: Role,
    pub(super) scope_code: String,
    pub(super) department: Option<Department>,
}

/// Which accounts to list.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Only those whose scope starts with this.
    pub within: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only those whose login or name contains this.
    pub containing: Option<String>,
    /// Only those after this login.
    pub after: Option<String>,
}

/// The enabled account whose session has this secret, when it has not expired.
pub(super) async fn holder_of_session(
    connection: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        r#"SELECT a.id, a.login, a.display_name, a.role AS "role: Role", a.scope_code,
                  a.department AS "department: Department"
             FROM sessions s JOIN accounts a ON a.id = s.account_id
            WHERE s.token_hash = $1 AND s.expires_at > now() AND a.disabled_at IS NULL"#,
        hash
    )
    .fetch_optional(connection)
    .await
}

/// Moves the end of a session to `hours` from now, but no further than 90 days from its start. Writes only every
/// few minutes.
pub(super) async fn slide_session(
    connection: &mut PgConnection,
    hash: &[u8],
    hours: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE sessions
            SET last_seen_at = now(),
                expires_at = least(now() + $2 * interval '1 hour', created_at + interval '90 days')
          WHERE token_hash = $1 AND expires_at > now() AND last_seen_at < now() - interval '5 minutes'",
        hash,
        hours as f64
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The enabled account that holds this API token, when it is neither revoked nor expired.
pub(super) async fn holder_of_token(
    connection: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        r#"UPDATE api_tokens t SET last_used_at = now()
             FROM accounts a
            WHERE a.id = t.account_id AND t.token_hash = $1 AND t.revoked_at IS NULL
              AND (t.expires_at IS NULL OR t.expires_at > now()) AND a.disabled_at IS NULL
        RETURNING a.id, a.login, a.display_name, a.role AS "role: Role", a.scope_code,
                  a.department AS "department: Department""#,
        hash
    )
    .fetch_optional(connection)
    .await
}

/// The enabled account that signs in as `login`, with its password's hash.
pub(super) async fn by_login_with_hash(
    connection: &mut PgConnection,
    login: &str,
) -> Result<Option<(Holder, String)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT a.id, a.login, a.display_name, a.role AS "role: Role", a.scope_code,
                  a.department AS "department: Department", s.password_hash
             FROM accounts a JOIN account_secrets s ON s.account_id = a.id
            WHERE a.login = $1 AND a.disabled_at IS NULL"#,
        login
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let holder = Holder {
            id: row.id,
            login: row.login,
            display_name: row.display_name,
            role: row.role,
            scope_code: row.scope_code,
            department: row.department,
        };
        (holder, row.password_hash)
    }))
}

/// Opens a session of `hours` without use, and clears away the account's expired ones.
pub(super) async fn open_session(
    connection: &mut PgConnection,
    account: Uuid,
    hash: &[u8],
    hours: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH gone AS (DELETE FROM sessions WHERE account_id = $1 AND expires_at <= now())
         INSERT INTO sessions (token_hash, account_id, expires_at) VALUES ($2, $1, now() + $3 * interval '1 hour')",
        account,
        hash,
        hours as f64
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends one session, and says whose it was.
pub(super) async fn close_session(
    connection: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!("DELETE FROM sessions WHERE token_hash = $1 RETURNING account_id", hash)
        .fetch_optional(connection)
        .await
}

/// Ends all sessions of an account.
pub(super) async fn close_sessions(connection: &mut PgConnection, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM sessions WHERE account_id = $1", account).execute(connection).await?;
    Ok(())
}

/// Sets the password's hash.
pub(super) async fn put_password(
    connection: &mut PgConnection,
    account: Uuid,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO account_secrets (account_id, password_hash) VALUES ($1, $2)
         ON CONFLICT (account_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = now()",
        account,
        hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes an account.
pub(super) async fn insert_account(
    connection: &mut PgConnection,
    id: Uuid,
    account: &NewAccount,
) -> Result<Account, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"INSERT INTO accounts (id, login, display_name, role, scope_code, department, locale)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING id, login, display_name, role AS "role: Role", scope_code,
                  department AS "department: Department", locale AS "locale: Language", created_at, disabled_at,
                  version"#,
        id,
        account.login.as_str(),
        account.display_name.trim(),
        account.role.key(),
        account.scope_code.as_str(),
        account.department.map(Department::key),
        account.locale.key()
    )
    .fetch_one(connection)
    .await
}

/// Changes an account if it still has `version`.
pub(super) async fn change_account(
    connection: &mut PgConnection,
    id: Uuid,
    version: i32,
    change: &AccountChange,
) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"UPDATE accounts
              SET display_name = coalesce($3, display_name), role = coalesce($4, role),
                  scope_code = coalesce($5, scope_code),
                  department = CASE WHEN $6 THEN $7 ELSE department END, locale = coalesce($8, locale),
                  disabled_at = CASE $9::bool WHEN true THEN coalesce(disabled_at, now())
                                              WHEN false THEN NULL ELSE disabled_at END,
                  version = version + 1
            WHERE id = $1 AND version = $2
        RETURNING id, login, display_name, role AS "role: Role", scope_code,
                  department AS "department: Department", locale AS "locale: Language", created_at, disabled_at,
                  version"#,
        id,
        version,
        change.display_name.as_deref().map(str::trim),
        change.role.map(Role::key),
        change.scope_code.as_ref().map(PlaceCode::as_str),
        change.department != Edit::Keep,
        change.department.as_set().map(|department| department.key()),
        change.locale.map(Language::key),
        change.disabled
    )
    .fetch_optional(connection)
    .await
}

/// Disables or enables an account; false when there is none.
pub(super) async fn set_disabled(
    connection: &mut PgConnection,
    id: Uuid,
    disabled: bool,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE accounts SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END, version = version + 1
          WHERE id = $1",
        id,
        disabled
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One account.
pub(super) async fn account(connection: &mut PgConnection, id: Uuid) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id, login, display_name, role AS "role: Role", scope_code,
                  department AS "department: Department", locale AS "locale: Language", created_at, disabled_at,
                  version
             FROM accounts WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// The account that signs in as `login`.
pub(super) async fn account_by_login(
    connection: &mut PgConnection,
    login: &str,
) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id, login, display_name, role AS "role: Role", scope_code,
                  department AS "department: Department", locale AS "locale: Language", created_at, disabled_at,
                  version
             FROM accounts WHERE login = $1"#,
        login
    )
    .fetch_optional(connection)
    .await
}

/// Accounts by login.
pub(super) async fn list_accounts(
    connection: &mut PgConnection,
    filter: &AccountFilter,
    limit: i64,
) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id, login, display_name, role AS "role: Role", scope_code,
                  department AS "department: Department", locale AS "locale: Language", created_at, disabled_at,
                  version
             FROM accounts
            WHERE starts_with(scope_code, $1)
              AND ($2::text IS NULL OR role = $2)
              AND ($3::text IS NULL OR strpos(login, lower($3)) > 0 OR strpos(display_name, $3) > 0)
              AND ($4::text IS NULL OR login COLLATE "C" > $4)
            ORDER BY login COLLATE "C"
            LIMIT $5"#,
        filter.within,
        filter.role.map(Role::key),
        filter.containing,
        filter.after,
        limit
    )
    .fetch_all(connection)
    .await
}
