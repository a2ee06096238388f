//! All SQL about accounts, sessions and tokens.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Department, Role};

/// An account as a credential finds it.
pub(super) struct Holder {
    pub(super) id: Uuid,
    pub(super) login: String,
    pub(super) display_name: String,
    pub(super) role: Role,
    pub(super) scope_code: String,
    pub(super) department: Option<Department>,
}

/// The enabled account whose session has this token, when it has not expired.
pub(super) async fn holder_of_session(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        r#"SELECT a.id, a.login, a.display_name, a.role AS "role: Role", a.scope_code,
                  a.department AS "department: Department"
             FROM sessions s JOIN accounts a ON a.id = s.account_id
            WHERE s.token_hash = $1 AND s.expires_at > now() AND a.disabled_at IS NULL"#,
        token_hash
    )
    .fetch_optional(connection)
    .await
}

/// The enabled account that holds this API token, when it is neither revoked nor expired.
pub(super) async fn holder_of_token(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        r#"UPDATE api_tokens t SET last_used_at = now()
             FROM accounts a
            WHERE a.id = t.account_id AND t.token_hash = $1 AND t.revoked_at IS NULL
              AND (t.expires_at IS NULL OR t.expires_at > now()) AND a.disabled_at IS NULL
        RETURNING a.id, a.login, a.display_name, a.role AS "role: Role", a.scope_code,
                  a.department AS "department: Department""#,
        token_hash
    )
    .fetch_optional(connection)
    .await
}
