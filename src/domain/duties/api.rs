//! Duties over HTTP: one file per thing people ask for.

mod coverage;
mod due;
mod holidays;
mod rules;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::accounts::{Role, Session};
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(due::list_duties))
        .routes(routes!(coverage::duty_coverage))
        .routes(routes!(rules::get_rules, rules::put_rules))
        .routes(routes!(holidays::get_holidays, holidays::put_holidays))
}

/// Who sees what is due.
const READERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];
/// Years that have a calendar.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// The place asked for, or the caller's own.
fn place_of(session: &Session, code: Option<&str>) -> Result<PlaceCode, Problem> {
    let place = match code {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("grid"))?,
        None => session.place.clone(),
    };
    if session.place.covers(place.as_str()) { Ok(place) } else { Err(Problem::forbidden()) }
}
