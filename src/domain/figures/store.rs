//! All SQL about figures.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::model::{Counts, GridFigures, compactness};
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// The figures of every grid of `place` (a village, a street, or one grid) within the transaction's scope, with
/// boundaries as in force on `on`.
pub(super) async fn of_grids(
    connection: &mut PgConnection,
    place: &PlaceCode,
    on: NaiveDate,
) -> Result<Vec<GridFigures>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT g.code, g.name, f.households AS "households!", f.people AS "people!",
                  f.special_care AS "special_care!", f.enterprises AS "enterprises!",
                  f.open_hazards AS "open_hazards!", f.open_reports AS "open_reports!",
                  ST_Area(b.geom::geography) AS area_m2, ST_Perimeter(b.geom::geography) AS perimeter_m
             FROM areas a
            CROSS JOIN LATERAL grid_figures(a.code) f
             JOIN grids g ON g.code = f.grid_code
             LEFT JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $2::date
            WHERE length(a.code) = 12 AND starts_with(a.code, left($1, 12)) AND starts_with(g.code, $1)
            ORDER BY g.code"#,
        place.as_str(),
        on
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| GridFigures {
            grid_code: row.code,
            name: row.name,
            counts: Counts {
                households: row.households,
                people: row.people,
                special_care: row.special_care,
                enterprises: row.enterprises,
                open_hazards: row.open_hazards,
                open_reports: row.open_reports,
            },
            area_m2: row.area_m2,
            perimeter_m: row.perimeter_m,
            compactness: row.area_m2.zip(row.perimeter_m).map(|(area, length)| compactness(area, length)),
        })
        .collect())
}

/// Whether the area can be seen by the transaction.
pub(super) async fn area_exists(connection: &mut PgConnection, code: &PlaceCode) -> Result<bool, Problem> {
    let exists = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM areas WHERE code = $1) AS "exists!""#,
        code.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(exists)
}
