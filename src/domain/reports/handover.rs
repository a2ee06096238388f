//! When borders move and the plan says so, open cases go with the place. Where they happened stays as it was.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::store;
use crate::domain::grids::BoundaryMap;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

/// Gives the open cases of `village` to the grids that hold their places on `date`. Gives their number. For the
/// system's scope; done again, it changes nothing.
///
/// # Errors
/// When the database fails; the caller then rolls back.
pub(crate) async fn hand_over(
    connection: &mut PgConnection,
    boundaries: &BoundaryMap,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<usize, Problem> {
    let (mut ids, mut grids) = (Vec::new(), Vec::new());
    for case in store::open_cases(connection, village).await? {
        let Ok(at) = Wgs84::new(case.lon, case.lat) else { continue };
        let located = boundaries.locate(at, date).map_err(|error| Problem::internal(&error))?;
        let Some(grid) = located.and_then(|located| located.grid) else { continue };
        if grid.as_str() != case.handled_in {
            ids.push(case.id);
            grids.push(grid.to_string());
        }
    }
    if !ids.is_empty() {
        store::take_over(connection, &ids, &grids).await?;
    }
    Ok(ids.len())
}
