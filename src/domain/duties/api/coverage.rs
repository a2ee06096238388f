//! The share of duties met.

use axum::extract::State;
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{READERS, YEARS, place_of};
use crate::domain::duties::coverage::Coverage;
use crate::domain::duties::{coverage_of, store};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverageQuery {
    /// Only this grid, village or street: its code.
    place: Option<String>,
    /// The month, by any day of it; this month unless given.
    #[param(example = "2026-11-01")]
    month: Option<NaiveDate>,
}

/// Duties met in a month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MonthOfDuties {
    /// The first day of the month.
    from: NaiveDate,
    /// The last day that counts: of the month, or today.
    to: NaiveDate,
    /// By grid and kind of target.
    rows: Vec<Coverage>,
}

/// Get the share of duties met, by grid and kind of target.
///
/// For chiefs and the command centre their area, for grid members their grid, for inspectors enterprises and hazards.
/// A duty is met by a call made before the interval after it was due was over; two calls on one day are one.
#[utoipa::path(get, path = "/api/v1/duties/coverage", tag = "duties", params(CoverageQuery), responses(
    (status = 200, body = MonthOfDuties),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn duty_coverage(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<CoverageQuery>,
) -> Result<Json<MonthOfDuties>, Problem> {
    session.require(READERS)?;
    let place = place_of(&session, query.place.as_deref())?;
    let today = ground.clock.today();
    let month = query.month.unwrap_or(today);
    let refuse = || Problem::invalid("month", message!("不是可用的月份", "not a month there is"));
    if !YEARS.contains(&month.year()) {
        return Err(refuse());
    }
    let from = month.with_day(1).ok_or_else(refuse)?;
    let next = from.checked_add_months(chrono::Months::new(1)).ok_or_else(refuse)?;
    let to = (next - TimeDelta::days(1)).min(today);
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let book = store::book(&mut transaction, place.as_str()).await?;
    let targets = store::targets(&mut transaction, place.as_str()).await?;
    let calls = store::calls(&mut transaction, place.as_str(), from, to).await?;
    transaction.commit().await?;
    let rows = if to < from { Vec::new() } else { coverage_of(&targets, &book, &calls, from, to) };
    Ok(Json(MonthOfDuties { from, to, rows }))
}
