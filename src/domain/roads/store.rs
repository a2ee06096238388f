//! All SQL about roads.

use sqlx::PgConnection;

use super::model::{Barrier, Road, RoadFacts, RoadUse};
use crate::domain::basemap::RoadClass;
use crate::kernel::geometry::Wgs84;
use crate::platform::problem::Problem;

/// The roads of a street.
pub(super) async fn roads(connection: &mut PgConnection, street: &str) -> Result<Vec<Road>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT class AS "class: RoadClass", name, width_m, one_way, foot AS "foot: RoadUse",
                  e_bike AS "e_bike: RoadUse", car AS "car: RoadUse", max_km_per_h,
                  barriers AS "barriers: sqlx::types::Json<Vec<Barrier>>",
                  ARRAY(SELECT ST_X(d.geom) FROM ST_DumpPoints(r.geom) d ORDER BY d.path) AS "lon!",
                  ARRAY(SELECT ST_Y(d.geom) FROM ST_DumpPoints(r.geom) d ORDER BY d.path) AS "lat!"
             FROM roads r WHERE starts_with(place_code, $1) ORDER BY id"#,
        street
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let line = row.lon.into_iter().zip(row.lat).map(|(lon, lat)| Wgs84::new(lon, lat));
            Ok(Road {
                line: line.collect::<Result<_, _>>().map_err(|error| Problem::internal(&error))?,
                facts: RoadFacts {
                    class: row.class,
                    name: row.name,
                    width_m: row.width_m.map(f64::from),
                    one_way: Some(row.one_way),
                    foot: row.foot,
                    e_bike: row.e_bike,
                    car: row.car,
                    max_km_per_h: row.max_km_per_h.map(f64::from),
                    barriers: row.barriers.0,
                },
            })
        })
        .collect()
}
