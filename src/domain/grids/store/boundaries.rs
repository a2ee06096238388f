//! Reading every published boundary.

use chrono::NaiveDate;
use geo::MultiPolygon;
use sqlx::PgConnection;

use crate::domain::grids::boundary_map::{Boundary, BoundaryMap};
use crate::platform::code::PlaceCode;
use crate::platform::database::geometry::multi_polygon;
use crate::platform::problem::Problem;

/// Every boundary that is or was or will be in force. For the system's scope: it asks for all of them.
pub(in crate::domain::grids) async fn published_boundaries(
    connection: &mut PgConnection,
) -> Result<Vec<Boundary>, Problem> {
    sqlx::query!(
        r#"SELECT grid_code, plan_id, lower(valid) AS valid_from, upper(valid) AS valid_to,
                  ST_AsBinary(geom) AS "geometry!"
             FROM grid_boundaries WHERE valid IS NOT NULL"#
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(Boundary {
            grid: row.grid_code.parse().map_err(|error| Problem::internal(&error))?,
            plan: row.plan_id,
            from: row.valid_from.unwrap_or(NaiveDate::MIN),
            until: row.valid_to,
            geometry: multi_polygon(&row.geometry).map_err(|error| Problem::internal(&error))?,
        })
    })
    .collect()
}

/// The outlines of villages and streets.
pub(in crate::domain::grids) async fn outlines(
    connection: &mut PgConnection,
) -> Result<Vec<(PlaceCode, MultiPolygon<f64>)>, Problem> {
    sqlx::query!(
        r#"SELECT code, ST_AsBinary(geom) AS "geometry!" FROM areas
            WHERE geom IS NOT NULL AND length(code) IN (9, 12)"#
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let code = row.code.parse().map_err(|error| Problem::internal(&error))?;
        Ok((code, multi_polygon(&row.geometry).map_err(|error| Problem::internal(&error))?))
    })
    .collect()
}

impl BoundaryMap {
    /// Reads the boundaries and outlines as the transaction sees them. For the system's scope.
    ///
    /// # Errors
    /// When the database fails, or a stored outline cannot be indexed.
    pub async fn load(connection: &mut PgConnection) -> Result<Self, Problem> {
        let boundaries = published_boundaries(connection).await?;
        let areas = outlines(connection).await?;
        Self::new(boundaries, &areas).map_err(|error| Problem::internal(&error))
    }
}
