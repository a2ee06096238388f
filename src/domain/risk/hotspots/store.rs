//! All SQL about hotspots.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::risk::question::Question;
use crate::platform::problem::Problem;

/// A report, as far as hotspots ask.
pub(in crate::domain::risk) struct Occurrence {
    pub(in crate::domain::risk) id: Uuid,
    pub(in crate::domain::risk) lon: f64,
    pub(in crate::domain::risk) lat: f64,
    pub(super) place_code: String,
    pub(super) enterprise_id: Option<Uuid>,
    pub(in crate::domain::risk) happened_at: DateTime<Utc>,
}

/// A grid with its boundary.
pub(super) struct GridPlace {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) geometry: serde_json::Value,
    /// The codes of those that touch it.
    pub(super) neighbours: Vec<String>,
}

/// An enterprise.
pub(super) struct EnterprisePlace {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) lon: f64,
    pub(super) lat: f64,
}

/// The reports a question is about, within the transaction's scope.
pub(in crate::domain::risk) async fn occurrences(
    connection: &mut PgConnection,
    question: &Question,
) -> Result<Vec<Occurrence>, Problem> {
    let occurrences = sqlx::query_file_as!(
        Occurrence,
        "src/domain/risk/hotspots/store/occurrences.sql",
        &question.subject_keys(),
        question.from,
        question.to,
        question.severities.as_deref(),
        question.statuses.as_deref()
    )
    .fetch_all(connection)
    .await?;
    Ok(occurrences)
}

/// West, south, east and north of the grids in scope on a date; none without grids.
pub(super) async fn extent(
    connection: &mut PgConnection,
    on: NaiveDate,
) -> Result<Option<[f64; 4]>, Problem> {
    let row = sqlx::query!(
        r#"SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
             FROM (SELECT ST_Extent(geom) AS box FROM grid_boundaries
                    WHERE in_scope(grid_code) AND valid @> $1::date) b"#,
        on
    )
    .fetch_one(connection)
    .await?;
    let corners = row.west.zip(row.south).zip(row.east.zip(row.north));
    Ok(corners.map(|((west, south), (east, north))| [west, south, east, north]))
}

/// The grids in scope on a date, with those that touch each.
pub(super) async fn grids(connection: &mut PgConnection, on: NaiveDate) -> Result<Vec<GridPlace>, Problem> {
    let grids = sqlx::query_file_as!(GridPlace, "src/domain/risk/hotspots/store/grids.sql", on)
        .fetch_all(connection)
        .await?;
    Ok(grids)
}

/// The enterprises that the caller may read and that are not closed.
pub(super) async fn enterprises(connection: &mut PgConnection) -> Result<Vec<EnterprisePlace>, Problem> {
    let enterprises = sqlx::query_as!(
        EnterprisePlace,
        r#"SELECT id, code, name, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM enterprises WHERE in_scope(place_code) AND status <> 'closed' ORDER BY code"#
    )
    .fetch_all(connection)
    .await?;
    Ok(enterprises)
}
