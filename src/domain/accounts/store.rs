//! All SQL about API tokens, and about where an account's map opens.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{ApiToken, Place};
use crate::platform::code::PlaceCode;

/// Mainland China: where a map opens when nothing is known of a place. Degrees: west, south, east, north.
const CHINA: [f64; 4] = [73.5, 18.1, 134.8, 53.6];

/// The name and extent of a place: a grid by its boundary in force, an area by its outline or by the outlines of
/// the areas within.
pub(super) async fn place(connection: &mut PgConnection, code: &PlaceCode) -> Result<Place, sqlx::Error> {
    let row = sqlx::query!(
        r#"WITH shapes AS (
               SELECT geom FROM grid_boundaries
                WHERE starts_with(grid_code, $1) AND valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date
               UNION ALL
               SELECT geom FROM areas WHERE starts_with(code, $1)),
           extent AS (SELECT ST_Extent(geom) AS box FROM shapes)
           SELECT coalesce(
                      (SELECT a.name || g.name FROM grids g JOIN areas a ON a.code = g.village_code WHERE g.code = $1),
                      (SELECT name FROM areas WHERE code = $1)) AS name,
                  ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
             FROM extent"#,
        code.as_str()
    )
    .fetch_one(connection)
    .await?;
    let bbox = match (row.west, row.south, row.east, row.north) {
        (Some(west), Some(south), Some(east), Some(north)) => [west, south, east, north],
        _ => CHINA,
    };
    Ok(Place { name: row.name.unwrap_or_else(|| code.to_string()), bbox })
}

/// True when there is such a grid or area.
pub(super) async fn place_exists(
    connection: &mut PgConnection,
    code: &PlaceCode,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM areas WHERE code = $1)
               OR EXISTS (SELECT FROM grids WHERE code = $1) AS "exists!""#,
        code.as_str()
    )
    .fetch_one(connection)
    .await
}

/// The account's tokens that were not revoked, newest first.
pub(super) async fn tokens(
    connection: &mut PgConnection,
    account: Uuid,
) -> Result<Vec<ApiToken>, sqlx::Error> {
    sqlx::query_as!(
        ApiToken,
        "SELECT id, name, created_at, last_used_at, expires_at FROM api_tokens
          WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id",
        account
    )
    .fetch_all(connection)
    .await
}

/// Keeps a new token; nothing when its id is taken.
pub(super) async fn add_token(
    connection: &mut PgConnection,
    id: Uuid,
    account: Uuid,
    name: &str,
    hash: &[u8],
    expires_at: Option<DateTime<Utc>>,
) -> Result<Option<ApiToken>, sqlx::Error> {
    sqlx::query_as!(
        ApiToken,
        "INSERT INTO api_tokens (id, account_id, name, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO NOTHING
         RETURNING id, name, created_at, last_used_at, expires_at",
        id,
        account,
        name,
        hash,
        expires_at
    )
    .fetch_optional(connection)
    .await
}

/// Revokes one of the account's tokens; false when it has no such token.
pub(super) async fn revoke_token(
    connection: &mut PgConnection,
    account: Uuid,
    id: Uuid,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE api_tokens SET revoked_at = now() WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL",
        id,
        account
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
