//! Which grid or area something that stays is filed under.

use crate::domain::grids::Boundaries;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// The code of the grid that owns `point` today, else of the narrowest known area around it.
///
/// A report from beyond every known area goes to the nearest street, because somebody should look; a record of
/// something that stays there would be wrong for good.
///
/// # Errors
/// 422 naming `field` when no known area holds the place; 503 before the boundaries have been read.
pub(crate) async fn place_of(
    boundaries: &Boundaries,
    clock: &Clock,
    field: &'static str,
    point: Wgs84,
) -> Result<PlaceCode, Problem> {
    let located = boundaries.locate(point, clock.now()).await?;
    if located.beyond {
        return Err(Problem::invalid(
            field,
            message!("该位置不在任何已知的行政区划内", "the place lies in no area that is known here"),
        ));
    }
    Ok(located.place_code)
}
