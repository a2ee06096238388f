//! All SQL about areas.

use sqlx::PgConnection;

use super::model::{Area, AreaChange, AreaKind};
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

struct Row {
    code: String,
    parent_code: Option<String>,
    kind: AreaKind,
    name: String,
    name_en: Option<String>,
    population: Option<i32>,
    party_members: Option<i32>,
    geometry: Option<serde_json::Value>,
    version: i32,
}

impl TryFrom<Row> for Area {
    type Error = Problem;

    fn try_from(row: Row) -> Result<Self, Problem> {
        let stored = |code: String| code.parse::<PlaceCode>().map_err(|error| Problem::internal(&error));
        Ok(Self {
            code: stored(row.code)?,
            parent_code: row.parent_code.map(stored).transpose()?,
            kind: row.kind,
            name: row.name,
            name_en: row.name_en,
            population: row.population,
            party_members: row.party_members,
            geometry: row.geometry,
            version: row.version,
        })
    }
}

/// Areas within `within`, in the order of their codes, after `after`.
pub(super) async fn list(
    connection: &mut PgConnection,
    within: &str,
    bbox: Option<[f64; 4]>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Area>, Problem> {
    sqlx::query_as!(
        Row,
        r#"SELECT code, parent_code, kind AS "kind: AreaKind", name, name_en, population, party_members,
                  ST_AsGeoJSON(geom, 7)::json AS geometry, version
             FROM areas
            WHERE starts_with(code, $1)
              AND ($2::float8[] IS NULL OR geom && ST_MakeEnvelope($2[1], $2[2], $2[3], $2[4], 4326))
              AND ($3::text IS NULL OR code > $3)
            ORDER BY code
            LIMIT $4"#,
        within,
        bbox.as_ref().map(<[f64; 4]>::as_slice) as Option<&[f64]>,
        after,
        limit
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Area::try_from)
    .collect()
}

/// One area.
pub(super) async fn get(connection: &mut PgConnection, code: &PlaceCode) -> Result<Option<Area>, Problem> {
    sqlx::query_as!(
        Row,
        r#"SELECT code, parent_code, kind AS "kind: AreaKind", name, name_en, population, party_members,
                  ST_AsGeoJSON(geom, 7)::json AS geometry, version
             FROM areas WHERE code = $1"#,
        code.as_str()
    )
    .fetch_optional(connection)
    .await?
    .map(Area::try_from)
    .transpose()
}

/// Changes an area if it still has `version`; false when it has not.
pub(super) async fn change(
    connection: &mut PgConnection,
    code: &PlaceCode,
    version: i32,
    change: &AreaChange,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE areas
            SET name = coalesce($3, name), name_en = coalesce($4, name_en), population = coalesce($5, population),
                party_members = coalesce($6, party_members), version = version + 1, updated_at = now()
          WHERE code = $1 AND version = $2",
        code.as_str(),
        version,
        change.name,
        change.name_en,
        change.population,
        change.party_members
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
