//! Reading and changing grids.

use std::collections::HashSet;

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::grids::model::{Grid, GridChange, GridKind, Member};
use crate::platform::code::GridCode;
use crate::platform::http::Window;
use crate::platform::problem::Problem;

struct Row {
    code: String,
    village_name: Option<String>,
    name: String,
    kind: GridKind,
    members: Option<Json<Vec<Member>>>,
    geometry: Option<serde_json::Value>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    version: i32,
}

impl TryFrom<Row> for Grid {
    type Error = Problem;

    fn try_from(row: Row) -> Result<Self, Problem> {
        let code: GridCode = row.code.parse().map_err(|error| Problem::internal(&error))?;
        Ok(Self {
            village_code: code.village(),
            code,
            village_name: row.village_name,
            name: row.name,
            kind: row.kind,
            members: row.members.map(|members| members.0).unwrap_or_default(),
            geometry: row.geometry,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        })
    }
}

/// The codes of all grids that the transaction's scope may see, of whatever date.
///
/// # Errors
/// When the database does not answer.
pub async fn visible_grids(connection: &mut PgConnection) -> Result<HashSet<String>, Problem> {
    let codes = sqlx::query_scalar!("SELECT code FROM grids").fetch_all(connection).await?;
    Ok(codes.into_iter().collect())
}

/// Grids in `window` that have a boundary on `on`, in the order of their codes.
pub(in crate::domain::grids) async fn list(
    connection: &mut PgConnection,
    window: &Window,
    on: NaiveDate,
) -> Result<Vec<Grid>, Problem> {
    sqlx::query_as!(
        Row,
        r#"SELECT g.code AS "code!", v.name AS "village_name?", g.name AS "name!", g.kind AS "kind!: GridKind",
                  m.members AS "members: Json<Vec<Member>>",
                  ST_AsGeoJSON(b.geom, 7)::json AS geometry, lower(b.valid) AS valid_from, upper(b.valid) AS valid_to,
                  g.version AS "version!"
             FROM grids g
             JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $1::date
             LEFT JOIN areas v ON v.code = g.village_code
             LEFT JOIN LATERAL (
                  SELECT jsonb_agg(jsonb_build_object('id', a.id, 'display_name', a.display_name)
                                   ORDER BY a.display_name, a.id) AS members
                    FROM accounts a
                   WHERE a.scope_code = g.code AND a.role = 'grid_member' AND a.disabled_at IS NULL) m ON true
            WHERE g.code >= $2 AND g.code < $2 || ':'
              AND ($3::float8[] IS NULL OR b.geom && ST_MakeEnvelope($3[1], $3[2], $3[3], $3[4], 4326))
              AND ($4::text IS NULL OR g.name ILIKE $4)
              AND ($5::text IS NULL OR g.code > $5)
            ORDER BY g.code
            LIMIT $6"#,
        on,
        window.within,
        window.bbox(),
        window.pattern,
        window.after,
        window.rows()
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Grid::try_from)
    .collect()
}

/// One grid, with its boundary on `on` if it has one then.
pub(in crate::domain::grids) async fn get(
    connection: &mut PgConnection,
    code: &GridCode,
    on: NaiveDate,
) -> Result<Option<Grid>, Problem> {
    sqlx::query_as!(
        Row,
        r#"SELECT g.code AS "code!", v.name AS "village_name?", g.name AS "name!", g.kind AS "kind!: GridKind",
                  m.members AS "members: Json<Vec<Member>>",
                  ST_AsGeoJSON(b.geom, 7)::json AS geometry, lower(b.valid) AS valid_from, upper(b.valid) AS valid_to,
                  g.version AS "version!"
             FROM grids g
             LEFT JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $1::date
             LEFT JOIN areas v ON v.code = g.village_code
             LEFT JOIN LATERAL (
                  SELECT jsonb_agg(jsonb_build_object('id', a.id, 'display_name', a.display_name)
                                   ORDER BY a.display_name, a.id) AS members
                    FROM accounts a
                   WHERE a.scope_code = g.code AND a.role = 'grid_member' AND a.disabled_at IS NULL) m ON true
            WHERE g.code = $2"#,
        on,
        code.as_str()
    )
    .fetch_optional(connection)
    .await?
    .map(Grid::try_from)
    .transpose()
}

/// Changes a grid if it still has `version`; false when it has not.
pub(in crate::domain::grids) async fn change(
    connection: &mut PgConnection,
    code: &GridCode,
    version: i32,
    change: &GridChange,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE grids SET name = coalesce($3, name), kind = coalesce($4, kind), version = version + 1, updated_at = now()
          WHERE code = $1 AND version = $2",
        code.as_str(),
        version,
        change.name,
        change.kind.map(GridKind::key)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
