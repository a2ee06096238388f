//! The cluster's own role, database and extensions: what needs a superuser. The owner does everything after.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::ClusterError;
use super::credentials::{Credentials, DATABASE, OWNER};
use crate::platform::database::provision::LEAKPROOF_BOXES;

/// What the migrations build on.
const EXTENSIONS: [&str; 3] = ["postgis", "btree_gist", "pg_trgm"];

/// Makes what is missing. Repeating it changes nothing, so a start that was killed half-way is mended by the next.
pub(super) async fn prepare(
    server: &PgConnectOptions,
    credentials: &Credentials,
) -> Result<(), ClusterError> {
    owner_and_database(server, credentials).await.map_err(ClusterError::Sql)?;
    extensions(server, credentials).await.map_err(ClusterError::Sql)
}

async fn owner_and_database(server: &PgConnectOptions, credentials: &Credentials) -> Result<(), sqlx::Error> {
    let mut superuser = credentials.superuser(server, "postgres").connect().await?;
    if !exists(&mut superuser, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", OWNER).await? {
        let password = &credentials.owner;
        let make =
            format!("CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE PASSWORD '{password}'");
        superuser.execute(AssertSqlSafe(make)).await?;
    }
    if !exists(&mut superuser, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", DATABASE).await?
    {
        superuser.execute(AssertSqlSafe(format!("CREATE DATABASE {DATABASE} OWNER {OWNER}"))).await?;
    }
    superuser.close().await
}

async fn extensions(server: &PgConnectOptions, credentials: &Credentials) -> Result<(), sqlx::Error> {
    let mut superuser = credentials.superuser(server, DATABASE).connect().await?;
    for extension in EXTENSIONS {
        if !exists(&mut superuser, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = $1)", extension)
            .await?
        {
            superuser.execute(AssertSqlSafe(format!("CREATE EXTENSION {extension}"))).await?;
        }
    }
    superuser.execute(LEAKPROOF_BOXES).await?;
    superuser.close().await
}

async fn exists(
    connection: &mut PgConnection,
    question: &'static str,
    name: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(question).bind(name).fetch_one(connection).await
}
