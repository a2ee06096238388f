//! Who a transaction acts for. The policies in `migrations/` read these settings.

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, SqlSafeStr, SqlStr};
use uuid::Uuid;

use crate::platform::code::PlaceCode;

/// The account, role and codes that a transaction may see. Serialised, it is what a function in the database that
/// sets the scope itself is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    account: Option<Uuid>,
    role: &'static str,
    #[serde(rename = "scope_from")]
    from: String,
    #[serde(rename = "scope_to")]
    to: String,
    map_from: String,
    map_to: String,
}

impl Scope {
    /// The service itself: sign-in, background work, the command line on the server's own machine.
    #[must_use]
    pub fn system() -> Self {
        Self {
            account: None,
            role: "system",
            from: "0".into(),
            to: ":".into(),
            map_from: "0".into(),
            map_to: ":".into(),
        }
    }

    /// An account in its role over a place and everything within.
    #[must_use]
    pub fn of(account: Uuid, role: &'static str, place: &PlaceCode) -> Self {
        let street = place.street();
        Self {
            account: Some(account),
            role,
            from: place.to_string(),
            to: format!("{place}:"),
            map_from: street.to_string(),
            map_to: format!("{street}:"),
        }
    }

    /// `BEGIN` and the settings, as one simple query. Everything in it is digits, a UUID, or a literal of ours.
    pub(super) fn begin_statement(&self) -> SqlStr {
        let account = self.account.map(|id| id.to_string()).unwrap_or_default();
        let Self { role, from, to, map_from, map_to, .. } = self;
        AssertSqlSafe(format!(
            "BEGIN; SET LOCAL gridkeeper.account = '{account}'; SET LOCAL gridkeeper.role = '{role}'; \
             SET LOCAL gridkeeper.scope_from = '{from}'; SET LOCAL gridkeeper.scope_to = '{to}'; \
             SET LOCAL gridkeeper.map_from = '{map_from}'; SET LOCAL gridkeeper.map_to = '{map_to}'"
        ))
        .into_sql_str()
    }

    /// A key that is equal for two scopes exactly when they see the same rows of every table without owners.
    #[must_use]
    pub fn cache_key(&self) -> String {
        format!("{}:{}:{}", self.role, self.from, self.map_from)
    }
}

/// Lets the rest of a transaction act as the service itself: for secrets, which no account may read, once the
/// account's own scope has allowed the deed.
///
/// # Errors
/// When the database is gone.
pub async fn act_as_system(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "SET LOCAL gridkeeper.role = 'system'; SET LOCAL gridkeeper.scope_from = '0'; \
         SET LOCAL gridkeeper.scope_to = ':'; SET LOCAL gridkeeper.map_from = '0'; \
         SET LOCAL gridkeeper.map_to = ':'",
    )
    .execute(connection)
    .await?;
    Ok(())
}
