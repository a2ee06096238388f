//! All SQL about tiles: one query per layer, beside this file.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::layer::Layer;
use crate::domain::households::{CARE_CALL_DAYS, HOUSEHOLD_CALL_DAYS};
use crate::platform::http::TileId;

/// Half a unit of a tile of zoom 0, in metres of Web Mercator at the equator: outlines are drawn to within it.
const HALF_UNIT_M: f64 = 40_075_016.685_578_5 / 4_096.0 / 2.0;
/// Most reports in a tile.
const MAX_REPORTS: i64 = 50_000;

/// What is to be cut, for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) layer: Layer,
    pub(super) tile: TileId,
    /// Today's date in China.
    pub(super) today: NaiveDate,
    /// The caller's role may know who needs care.
    pub(super) knows_care: bool,
}

/// The tile as a Mapbox Vector Tile; empty when there is nothing to see.
pub(super) async fn cut(connection: &mut PgConnection, cut: Cut) -> Result<Vec<u8>, sqlx::Error> {
    let Cut { layer, tile, today, knows_care } = cut;
    let (z, x, y) = (i32::from(tile.z()), tile.x().cast_signed(), tile.y().cast_signed());
    let tolerance_m = HALF_UNIT_M / f64::from(1_u32 << tile.z());
    macro_rules! query {
        ($file:literal $(, $argument:expr)*) => {
            sqlx::query_file_scalar!($file, z, x, y $(, $argument)*).fetch_one(connection).await
        };
    }
    match layer {
        Layer::Areas => query!("src/interop/tiles/sql/areas.sql", tolerance_m),
        Layer::Grids => query!("src/interop/tiles/sql/grids.sql", tolerance_m, today),
        Layer::Buildings => query!("src/interop/tiles/sql/buildings.sql"),
        Layer::Roads => query!("src/interop/tiles/sql/roads.sql", tolerance_m),
        Layer::Water => query!("src/interop/tiles/sql/water.sql", tolerance_m),
        Layer::Households => query!(
            "src/interop/tiles/sql/households.sql",
            today,
            HOUSEHOLD_CALL_DAYS,
            CARE_CALL_DAYS,
            knows_care
        ),
        Layer::Enterprises => query!("src/interop/tiles/sql/enterprises.sql"),
        Layer::Hazards => query!("src/interop/tiles/sql/hazards.sql"),
        Layer::Reports => query!("src/interop/tiles/sql/reports.sql", MAX_REPORTS),
    }
}
