//! Patrols over HTTP.

mod calendar;
mod deeds;
mod evaluate;
mod plan;
mod prepare;
mod read;
mod replan;
mod replan_trial;
mod team;
mod today;
mod track;

use chrono::{NaiveTime, Timelike};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::round::Shift;
use crate::domain::time_of_day::TimeOfDay;
use crate::message;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(today::patrol_today))
        .routes(routes!(plan::plan_patrols))
        .routes(routes!(evaluate::evaluate_round))
        .routes(routes!(calendar::get_calendar, calendar::make_calendar))
        .routes(routes!(team::list_team))
        .routes(routes!(read::list_patrols))
        .routes(routes!(read::get_patrol))
        .routes(routes!(read::patrol_as_geojson))
        .routes(routes!(read::patrol_as_gpx))
        .routes(routes!(deeds::publish_patrol))
        .routes(routes!(deeds::start_patrol))
        .routes(routes!(deeds::check_in))
        .routes(routes!(deeds::skip_stop))
        .routes(routes!(replan::replan_patrol))
        .routes(routes!(replan::replan_patrols))
        .routes(routes!(replan_trial::try_replan))
        .routes(routes!(deeds::finish_patrol))
        .routes(routes!(track::get_track, track::record_track))
}

/// When a shift begins and how many minutes it has, unless asked otherwise: a morning's work.
const SHIFT: Shift = match NaiveTime::from_hms_opt(8, 30, 0) {
    Some(starts_at) => Shift { starts_at, minutes: 4 * 60 },
    None => unreachable!(),
};
const MOST_HOURS: u32 = 12;

/// The shift that was asked for.
fn shift(starts_at: Option<&str>, hours: Option<u32>) -> Result<Shift, Problem> {
    let starts_at = match starts_at {
        Some(text) => {
            text.parse::<TimeOfDay>().map_err(|error| Problem::invalid("starts_at", error.message()))?.0
        }
        None => SHIFT.starts_at,
    };
    let hours = hours.unwrap_or(SHIFT.minutes / 60);
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(Problem::invalid(
            "hours",
            message!("应在 1 到 {MOST_HOURS} 之间", "between 1 and {MOST_HOURS}"),
        ));
    }
    if starts_at.num_seconds_from_midnight() + hours * 3600 > 24 * 3600 {
        return Err(Problem::invalid(
            "hours",
            message!("须在当日结束", "the shift has to end on the same day"),
        ));
    }
    Ok(Shift { starts_at, minutes: hours * 60 })
}
