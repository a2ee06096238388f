//! The public holidays of a year.

use axum::extract::State;

use super::YEARS;
use crate::domain::duties::calendar::HolidayYear;
use crate::domain::duties::store;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Who edits the calendar: as the policies on `holiday_years` have it.
const KEEPERS: &[Role] = &[Role::Command, Role::Administrator];

/// Get the public holidays of a year, and the weekend days worked in return.
#[utoipa::path(get, path = "/api/v1/duties/holidays/{year}", tag = "duties", params(("year" = i32, Path)), responses(
    (status = 200, body = HolidayYear, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_holidays(
    State(ground): State<Ground>,
    session: Session,
    Path(year): Path<i32>,
) -> Result<(Etag, Json<HolidayYear>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let stored = store::holidays(&mut transaction, year).await?;
    transaction.commit().await?;
    let (holidays, version) = stored.ok_or_else(Problem::not_found)?;
    Ok((Etag(version), Json(holidays)))
}

/// Change the public holidays of a year, when the notice is out. A year that is not there yet has version 0.
#[utoipa::path(put, path = "/api/v1/duties/holidays/{year}", tag = "duties",
    params(("year" = i32, Path), ("If-Match" = String, Header)), request_body = HolidayYear,
    responses(
    (status = 200, body = HolidayYear, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn put_holidays(
    State(ground): State<Ground>,
    session: Session,
    Path(year): Path<i32>,
    IfMatch(version): IfMatch,
    Json(holidays): Json<HolidayYear>,
) -> Result<(Etag, Json<HolidayYear>), Problem> {
    session.require(KEEPERS)?;
    if !YEARS.contains(&year) {
        return Err(Problem::invalid("year", message!("应在 2000 到 2100 之间", "between 2000 and 2100")));
    }
    let holidays = holidays.check(year)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if !store::write_holidays(&mut transaction, year, &holidays, version).await? {
        return Err(Problem::stale());
    }
    let subject = year.to_string();
    let entry = audit::Entry::changed("holidays", &subject, session.place.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok((Etag(version + 1), Json(holidays)))
}
