//! A database that may be wiped: one that says of itself, in the comment of its schema, that what it holds is a
//! demonstration's.
//!
//! Never here: wiping a database that does not say so.

use sqlx::{AssertSqlSafe, PgConnection};

/// How the comment starts. What follows is the demonstration's own.
const MARK: &str = "gridkeeper demonstration: ";

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slate {
    /// Nothing.
    Clean,
    /// A demonstration, with what was noted of it.
    Demonstration(String),
    /// Somebody's work.
    InUse,
}

/// Looks at what the database holds. `owner` is a connection past row-level security.
///
/// # Errors
/// When the database refuses.
pub async fn read(owner: &mut PgConnection) -> Result<Slate, sqlx::Error> {
    let comment =
        sqlx::query_scalar!("SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')")
            .fetch_one(&mut *owner)
            .await?;
    if let Some(note) = comment.as_deref().and_then(|comment| comment.strip_prefix(MARK)) {
        return Ok(Slate::Demonstration(note.to_owned()));
    }
    let in_use = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM accounts) OR EXISTS (SELECT FROM areas) AS "in_use!""#
    )
    .fetch_one(owner)
    .await?;
    Ok(if in_use { Slate::InUse } else { Slate::Clean })
}

/// Notes of a clean slate or a demonstration that it is a demonstration, and what of.
///
/// # Errors
/// When the database refuses.
pub async fn note(owner: &mut PgConnection, note: &str) -> Result<(), sqlx::Error> {
    let statement = sqlx::query_scalar!(
        r#"SELECT format('COMMENT ON SCHEMA %I IS %L', current_schema(), $1::text) AS "statement!""#,
        format!("{MARK}{note}")
    )
    .fetch_one(&mut *owner)
    .await?;
    // PostgreSQL has quoted it.
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(owner).await?;
    Ok(())
}

/// Empties every table of a demonstration but that of the public holidays, which no demonstration fills: they come with
/// the schema. Does nothing to any other database.
///
/// # Errors
/// When the database refuses.
pub async fn wipe(owner: &mut PgConnection) -> Result<(), sqlx::Error> {
    if !matches!(read(owner).await?, Slate::Demonstration(_)) {
        return Ok(());
    }
    let tables = sqlx::query_scalar!(
        r#"SELECT string_agg(c.oid::regclass::text, ', ') AS "tables!"
             FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
              AND c.relname NOT IN ('_sqlx_migrations', 'holiday_years')
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"#
    )
    .fetch_one(&mut *owner)
    .await?;
    // PostgreSQL has quoted the names.
    sqlx::raw_sql(AssertSqlSafe(format!("TRUNCATE {tables}"))).execute(owner).await?;
    Ok(())
}
