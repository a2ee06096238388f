//! A grid's calendar of calls over HTTP.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::shift;
use crate::domain::duties::{self, Book, Rhythm, Targets};
use crate::domain::patrols::calendar::{DaysOfDoors, Frame, Kept, make, month_of};
use crate::domain::patrols::store;
use crate::domain::patrols::store::calendar::{self, NewCalendar};
use crate::domain::roads::{Maps, Mode};
use crate::domain::visits::TargetKind;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// Who has a calendar: as the policies on `call_calendars` have it.
const KEEPERS: &[Role] = &[Role::GridMember, Role::GridChief];
/// A month is spread at most so long before it begins.
const DAYS_AHEAD: TimeDelta = TimeDelta::days(62);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CalendarQuery {
    /// The grid's code; a grid member's own unless given.
    #[param(example = "370828003218001")]
    grid: Option<String>,
    /// The month, by any day of it; this month unless given.
    #[param(example = "2026-11-01")]
    month: Option<NaiveDate>,
}

/// A month to spread a grid's calls over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCallCalendar {
    /// The grid's code; a grid member's own unless given.
    #[schema(example = "370828003218001")]
    grid: Option<String>,
    /// The month, by any day of it; this month unless given.
    month: Option<NaiveDate>,
    /// How many hours a shift has, 1 to 12; 4 unless given.
    #[schema(minimum = 1, maximum = 12)]
    hours: Option<u32>,
    /// How the member moves; on foot unless given.
    mode: Option<Mode>,
}

/// A grid's calls on the days of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallCalendar {
    /// The grid.
    #[schema(value_type = String, example = "370828003218001")]
    grid_code: GridCode,
    /// The first day of the month.
    month: NaiveDate,
    /// How many minutes a shift has.
    shift_min: i32,
    /// When the calls were spread.
    made_at: DateTime<Utc>,
    /// By whom.
    made_by: Option<String>,
    /// Every day of the month, in order.
    days: Vec<CalendarDay>,
    /// Doors that no road leads to, by name; told when a calendar is made.
    unreachable: Vec<String>,
    /// Its version, as in the `ETag`.
    version: i32,
}

/// A day of a calendar.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarDay {
    /// Which.
    day: NaiveDate,
    /// False on days of rest and public holidays.
    works: bool,
    /// The calls.
    calls: Vec<CalendarCall>,
    /// Minutes at the doors.
    service_min: i64,
    /// Minutes on the way, about: the day's own plan may find a shorter one.
    travel_min: i64,
    /// Minutes beyond the shift.
    over_min: i64,
}

/// A call of a calendar.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarCall {
    /// A household, whoever behind its door the call is for; an enterprise; a hazard.
    target_kind: TargetKind,
    /// Which one.
    target_id: Uuid,
    /// What it is called.
    label: String,
    /// Days from one call to the next.
    every_days: i64,
    /// Whether somebody called.
    made: bool,
}

/// Get a grid's calendar of calls.
///
/// For grid members and chiefs. 404 where none was made.
#[utoipa::path(get, path = "/api/v1/patrols/calendar", tag = "patrols", params(CalendarQuery), responses(
    (status = 200, body = CallCalendar, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_calendar(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<CalendarQuery>,
) -> Result<(Etag, Json<CallCalendar>), Problem> {
    session.require(KEEPERS)?;
    let grid = grid_of(&session, query.grid.as_deref())?;
    let month = month_asked(query.month, &ground)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let kept = calendar::get(&mut transaction, &grid, month.0).await?.ok_or_else(Problem::not_found)?;
    let book = duties::book(&mut transaction, grid.as_str()).await?;
    let targets = duties::targets(&mut transaction, grid.as_str()).await?;
    let calendar = told(&mut transaction, &grid, month, kept, &book, &targets).await?;
    audit::record(&mut transaction, &session, audit::Entry::read("duties", grid.as_str(), grid.as_str()))
        .await?;
    transaction.commit().await?;
    Ok((Etag(calendar.version), Json(calendar)))
}

/// Spread a grid's calls over a month, in the place of the calendar before.
///
/// For grid members and chiefs. Monthly calls keep their distance, weekly ones their weekday; days of rest and public
/// holidays stay free; the shifts are about evenly full, and each day's doors near one another. In a month that has
/// begun only what is left of it is spread, today included. The same duties give the same calendar.
#[utoipa::path(post, path = "/api/v1/patrols/calendar", tag = "patrols", request_body = NewCallCalendar, responses(
    (status = 201, body = CallCalendar, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn make_calendar(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Json(new): Json<NewCallCalendar>,
) -> Result<(StatusCode, Etag, Json<CallCalendar>), Problem> {
    session.require(KEEPERS)?;
    let grid = grid_of(&session, new.grid.as_deref())?;
    let (first, last) = month_asked(new.month, &ground)?;
    let today = ground.clock.today();
    if last < today || first > today + DAYS_AHEAD {
        let why = message!("只能安排本月和后两个月", "this month or one of the next two");
        return Err(Problem::invalid("month", why));
    }
    let shift = shift(None, new.hours)?;
    let from = first.max(today);
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let start = store::start(&mut transaction, grid.as_str(), from).await?.ok_or_else(Problem::not_found)?;
    let book = duties::book(&mut transaction, grid.as_str()).await?;
    let targets = duties::targets(&mut transaction, grid.as_str()).await?;
    transaction.commit().await?;

    let rhythms = targets.rhythms(&book, Role::GridMember);
    let ways = maps.ways(&ground, &session, new.mode.unwrap_or(Mode::Foot), start.at, from).await?;
    let place = PlaceCode::from(grid.clone());
    let days: Vec<NaiveDate> = from.iter_days().take_while(|&day| day <= last).collect();
    let days = days.into_iter().filter(|&day| book.works_on(&place, day)).collect();
    let frame = Frame { start, days, period: (from, last), shift_min: shift.minutes };
    let (rhythms, spread) = ground
        .computing
        .run(move |wanted| {
            let spread = make(&rhythms, &frame, &ways, wanted)?;
            Ok::<_, Problem>((rhythms, spread))
        })
        .await??;

    let mut transaction = ground.database.begin(&session.scope()).await?;
    let before = calendar::get(&mut transaction, &grid, first).await?;
    let mut loads = before.map(|kept| kept.loads).unwrap_or_default();
    loads.retain(|load| load.day < from);
    loads.extend(spread.loads);
    let kept = NewCalendar {
        grid: &grid,
        month: first,
        shift_min: i32::try_from(shift.minutes).map_err(|error| Problem::internal(&error))?,
        loads: &loads,
        made_by: session.account,
        made_at: ground.clock.now(),
        from,
        calls: &spread.calls,
    };
    calendar::put(&mut transaction, &kept).await?;
    let entry = audit::Entry::changed("call_calendar", grid.as_str(), grid.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let kept = calendar::get(&mut transaction, &grid, first).await?.ok_or_else(Problem::not_found)?;
    let mut calendar = told(&mut transaction, &grid, (first, last), kept, &book, &targets).await?;
    transaction.commit().await?;
    calendar.unreachable = spread.unreachable.iter().map(|&door| rhythms[door].label.clone()).collect();
    ground.events.publish(Change::Layer { layer: "patrols".into() });
    Ok((StatusCode::CREATED, Etag(calendar.version), Json(calendar)))
}

/// A kept calendar with the names of its doors, as far as they are still there, and what was done.
async fn told(
    connection: &mut PgConnection,
    grid: &GridCode,
    (first, last): (NaiveDate, NaiveDate),
    kept: Kept,
    book: &Book,
    targets: &Targets,
) -> Result<CallCalendar, Problem> {
    let rhythms: HashMap<Uuid, Rhythm> =
        targets.rhythms(book, Role::GridMember).into_iter().map(|rhythm| (rhythm.door, rhythm)).collect();
    let calls = duties::calls(connection, grid.as_str(), first, last).await?;
    let made: HashMap<Uuid, Vec<NaiveDate>> = targets
        .days_of_calls(&calls)
        .into_iter()
        .map(|(door, days)| (door, days.into_iter().filter(|&day| day >= first).collect()))
        .collect();
    let days_of_doors = DaysOfDoors::new(&kept.calls);
    let place = PlaceCode::from(grid.clone());
    let minutes = |seconds: i64| (seconds + 59) / 60;
    let days = first.iter_days().take_while(|&day| day <= last).map(|day| {
        let load = kept.loads.iter().find(|load| load.day == day);
        let of_day = kept.calls.iter().filter(|call| call.day == day);
        CalendarDay {
            day,
            works: book.works_on(&place, day),
            calls: of_day
                .filter_map(|call| {
                    let rhythm = rhythms.get(&call.door)?;
                    let days = made.get(&call.door).map_or(&[][..], Vec::as_slice);
                    Some(CalendarCall {
                        target_kind: call.target_kind,
                        target_id: call.door,
                        label: rhythm.label.clone(),
                        every_days: rhythm.every_days,
                        made: days_of_doors.made(call.door, days).get(&day).copied().unwrap_or(false),
                    })
                })
                .collect(),
            service_min: load.map_or(0, |load| minutes(load.service_s)),
            travel_min: load.map_or(0, |load| minutes(load.travel_s)),
            over_min: load.map_or(0, |load| minutes(load.over_s)),
        }
    });
    Ok(CallCalendar {
        grid_code: grid.clone(),
        month: first,
        shift_min: kept.shift_min,
        made_at: kept.made_at,
        made_by: kept.made_by,
        days: days.collect(),
        unreachable: Vec::new(),
        version: kept.version,
    })
}

/// The calls of a day: all that are due; for those who walk a grid whose month has a calendar, what it says.
pub(super) async fn duties_of_day(
    connection: &mut PgConnection,
    place: &PlaceCode,
    role: Role,
    day: NaiveDate,
    targets: &Targets,
    book: &Book,
) -> Result<Vec<duties::Duty>, Problem> {
    let kept = match (place.grid(), month_of(day)) {
        (Some(grid), Some((first, _))) if KEEPERS.contains(&role) => {
            calendar::get(connection, &grid, first).await?
        }
        _ => None,
    };
    Ok(match kept {
        Some(kept) => DaysOfDoors::new(&kept.calls).calls_of(day, targets.all(day, book)),
        None => targets.due(day, book),
    })
}

fn month_asked(month: Option<NaiveDate>, ground: &Ground) -> Result<(NaiveDate, NaiveDate), Problem> {
    let day = month.unwrap_or_else(|| ground.clock.today());
    month_of(day).ok_or_else(|| Problem::invalid("month", message!("不是可用的月份", "not a month there is")))
}

pub(super) fn grid_of(session: &Session, code: Option<&str>) -> Result<GridCode, Problem> {
    let Some(code) = code else {
        return session
            .place
            .grid()
            .ok_or_else(|| Problem::invalid("grid", message!("请指明网格", "say which grid")));
    };
    let grid = code.parse::<GridCode>().map_err(|error| error.problem("grid"))?;
    if session.place.covers(grid.as_str()) { Ok(grid) } else { Err(Problem::forbidden()) }
}
