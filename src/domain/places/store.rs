//! All SQL that finds where a place lies.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// The code of the grid that holds `point` on `date`, else of the narrowest known area around it.
///
/// # Errors
/// 422 naming `field` when no known area holds it.
pub(crate) async fn place_of(
    connection: &mut PgConnection,
    field: &'static str,
    point: Wgs84,
    date: NaiveDate,
) -> Result<PlaceCode, Problem> {
    let code = sqlx::query_scalar!(
        r#"WITH point AS (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS geom)
           SELECT found.code AS "code!"
             FROM point,
                  LATERAL (SELECT grid_code AS code FROM grid_boundaries
                            WHERE valid @> $3::date AND ST_Covers(grid_boundaries.geom, point.geom)
                            UNION ALL
                           SELECT code FROM areas WHERE ST_Covers(areas.geom, point.geom)) AS found
            ORDER BY length(found.code) DESC, found.code
            LIMIT 1"#,
        point.lon(),
        point.lat(),
        date
    )
    .fetch_optional(connection)
    .await?;
    let Some(code) = code else {
        return Err(Problem::invalid(
            field,
            message!("该位置不在任何已知的行政区划内", "the place lies in no area that is known here"),
        ));
    };
    code.parse().map_err(|error| Problem::internal(&error))
}
