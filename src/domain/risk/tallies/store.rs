//! All SQL about tallies.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::domain::reports::Status;
use crate::domain::risk::question::Question;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// Reports that are alike.
pub(super) struct Tally {
    /// The code of their unit; shorter for those that lie in none.
    pub(super) unit: String,
    pub(super) day: NaiveDate,
    pub(super) severity: i16,
    pub(super) status: Status,
    pub(super) count: i64,
}

/// An area or a grid.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) area_km2: Option<f64>,
    pub(super) geometry: Option<serde_json::Value>,
    pub(super) enterprises: i64,
}

/// The reports a question is about, within `place` and the transaction's scope, counted by the first `digits` of their
/// place.
pub(super) async fn tallies(
    connection: &mut PgConnection,
    question: &Question,
    place: &PlaceCode,
    digits: i32,
) -> Result<Vec<Tally>, Problem> {
    let tallies = sqlx::query_file_as!(
        Tally,
        "src/domain/risk/tallies/store/tallies.sql",
        &question.subject_keys(),
        question.from,
        question.to,
        question.severities.as_deref(),
        question.statuses.as_deref(),
        digits,
        place.as_str()
    )
    .fetch_all(connection)
    .await?;
    Ok(tallies)
}

/// The areas or grids whose codes have so many digits, within `place` and the transaction's scope, on a date.
pub(super) async fn units(
    connection: &mut PgConnection,
    place: &PlaceCode,
    digits: i32,
    on: NaiveDate,
    with_geometry: bool,
) -> Result<Vec<Unit>, Problem> {
    let units = sqlx::query_file_as!(
        Unit,
        "src/domain/risk/tallies/store/units.sql",
        place.as_str(),
        digits,
        on,
        with_geometry
    )
    .fetch_all(connection)
    .await?;
    Ok(units)
}
