//! From a bare database to one the service can serve: the application's role, then the migrations.
//!
//! The owner (whoever `DATABASE_URL` names) migrates. The application connects as `gridkeeper_app`, whose
//! password is derived from the owner's, so that every instance given the same URL agrees on it and nothing has
//! to be stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::message;

/// The role that serves requests.
const APP_ROLE: &str = "gridkeeper_app";
/// Serialises instances that start at once; any constant of our own will do.
const PROVISION_LOCK: i64 = 0x6772_6964;

/// Lets the database look into a spatial index before it has asked the policies about each row: the test of whether
/// two boxes overlap tells nothing of a row but its answer. Without this, every map tile reads whole tables. Only a
/// superuser may say so.
pub(super) const LEAKPROOF_BOXES: &str = "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF";

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why a database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The owner could not connect.
    #[error("{}", message!("无法以属主身份连接数据库", "cannot connect to the database as its owner"))]
    Connect(#[source] sqlx::Error),
    /// PostGIS is not there and the owner may not create it.
    #[error("{}", message!(
        "数据库中没有 PostGIS，而属主无权创建；请以超级用户执行 \
         CREATE EXTENSION postgis; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm;",
        "the database has no PostGIS, and its owner may not create it: \
         run CREATE EXTENSION postgis; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; as a superuser"
    ))]
    Extensions(#[source] sqlx::Error),
    /// The application's role could not be made.
    #[error("{}", message!(
        "无法创建角色 gridkeeper_app：属主需有 CREATEROLE 权限，或另给出 --app-database-url",
        "cannot create the role gridkeeper_app: the owner needs CREATEROLE, or give --app-database-url"
    ))]
    Role(#[source] sqlx::Error),
    /// A migration failed; the database is as it was before it.
    #[error("{}", message!("无法迁移数据库", "cannot migrate the database"))]
    Migrate(#[from] MigrateError),
}

/// Makes the application's role, migrates, and says how the application connects.
///
/// `app` names the application's own connection when the operator made the role by hand.
///
/// # Errors
/// When the owner cannot connect, lacks a right, or a migration fails.
pub async fn provision(
    owner: &PgConnectOptions,
    owner_password: &str,
    app: Option<PgConnectOptions>,
) -> Result<PgConnectOptions, ProvisionError> {
    let mut connection = owner.connect().await.map_err(ProvisionError::Connect)?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(PROVISION_LOCK)
        .execute(&mut connection)
        .await
        .map_err(ProvisionError::Connect)?;
    for extension in ["postgis", "btree_gist", "pg_trgm"] {
        sqlx::query(AssertSqlSafe(format!("CREATE EXTENSION IF NOT EXISTS {extension}")))
            .execute(&mut connection)
            .await
            .map_err(ProvisionError::Extensions)?;
    }
    if connection.execute(LEAKPROOF_BOXES).await.is_err() && !boxes_are_leakproof(&mut connection).await {
        tracing::info!(
            "spatial indexes are of no use under row-level security until a superuser runs, in this database: \
             {LEAKPROOF_BOXES}"
        );
    }
    let app = match app {
        Some(app) => app,
        None => app_role(owner, owner_password, &mut connection).await.map_err(ProvisionError::Role)?,
    };
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await.map_err(ProvisionError::Connect)?;
    Ok(app)
}

async fn boxes_are_leakproof(connection: &mut PgConnection) -> bool {
    sqlx::query_scalar(
        "SELECT proleakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure",
    )
    .fetch_one(connection)
    .await
    .unwrap_or(false)
}

/// The application's connection, once its role exists with the derived password.
async fn app_role(
    owner: &PgConnectOptions,
    owner_password: &str,
    connection: &mut PgConnection,
) -> Result<PgConnectOptions, sqlx::Error> {
    let password = derived_password(owner_password);
    let options = owner.clone().username(APP_ROLE).password(&password);
    if let Ok(probe) = options.connect().await {
        probe.close().await?;
        return Ok(options);
    }
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(APP_ROLE)
        .fetch_one(&mut *connection)
        .await?;
    let verb = if exists { "ALTER" } else { "CREATE" };
    // The password is base64url: nothing in it can end the literal.
    sqlx::query(AssertSqlSafe(format!(
        "{verb} ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{password}'"
    )))
    .execute(&mut *connection)
    .await?;
    Ok(options)
}

/// HMAC-SHA-256 (RFC 2104) of the role's name under the owner's password.
fn derived_password(owner_password: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(owner_password.as_bytes()) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(APP_ROLE.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}
