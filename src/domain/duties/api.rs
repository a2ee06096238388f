//! Duties over HTTP.

use axum::extract::State;
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::calendar::HolidayYear;
use super::coverage::Coverage;
use super::duty::Duty;
use super::rules::Rules;
use super::{coverage_of, store};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::{PlaceCode, VillageCode};
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Page, Paging, Path, Query};
use crate::platform::locale::Message;
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_duties))
        .routes(routes!(duty_coverage))
        .routes(routes!(get_rules, put_rules))
        .routes(routes!(get_holidays, put_holidays))
}

/// Who sees what is due.
const READERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];
/// Who makes rules: as the policies on `duty_rules` have it.
const RULERS: &[Role] = &[Role::GridChief, Role::Command, Role::Administrator];
/// Years that have a calendar.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// Who edits the calendar: as the policies on `holiday_years` have it.
const KEEPERS: &[Role] = &[Role::Command, Role::Administrator];

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListDuties {
    /// The day; today unless given.
    on: Option<NaiveDate>,
    /// Only duties in this grid, village or street: its code.
    grid: Option<String>,
    /// Only duties of this kind of target.
    target_kind: Option<TargetKind>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A call that is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DueCall)]
struct DueCall {
    /// What kind of thing to call at.
    target_kind: TargetKind,
    /// Which one.
    target_id: Uuid,
    /// The narrowest place it lies in.
    #[schema(value_type = String, example = "370828003218001")]
    place_code: PlaceCode,
    /// What it is called.
    label: String,
    /// Where to find it, or its code.
    sublabel: String,
    /// Longitude, WGS84.
    lon: f64,
    /// Latitude.
    lat: f64,
    /// What for, in both languages.
    purposes: Vec<Message>,
    /// Who makes such calls.
    roles: Vec<Role>,
    /// The day on which it came due; absent where there was no call before.
    due_since: Option<NaiveDate>,
    /// Days since then.
    overdue_days: i64,
    /// How pressing it is: 1 low to 4 grave.
    priority: u8,
    /// What it is worth against others.
    weight: u32,
    /// Minutes it takes.
    service_min: u32,
    /// When an enterprise opens, time in China.
    #[schema(value_type = Option<String>, example = "08:30")]
    opens: Option<TimeOfDay>,
    /// When it closes.
    #[schema(value_type = Option<String>, example = "18:00")]
    closes: Option<TimeOfDay>,
}

impl From<Duty> for DueCall {
    fn from(duty: Duty) -> Self {
        Self {
            target_kind: duty.target_kind,
            target_id: duty.target_id,
            place_code: duty.place,
            label: duty.label,
            sublabel: duty.sublabel,
            lon: duty.at.lon(),
            lat: duty.at.lat(),
            purposes: duty.purposes,
            roles: duty.roles,
            due_since: duty.due_since,
            overdue_days: duty.overdue_days,
            priority: duty.priority,
            weight: duty.prize,
            service_min: duty.service_min,
            opens: duty.hours.map(|(opens, _)| TimeOfDay(opens)),
            closes: duty.hours.map(|(_, closes)| TimeOfDay(closes)),
        }
    }
}

/// List the calls that are due.
///
/// The weightiest first: since when, how late, with what weight. Grid members and inspectors see those that are
/// theirs to make; calls at one door are one. What falls due on a rest day or a public holiday is due on the next
/// working day.
#[utoipa::path(get, path = "/api/v1/duties", tag = "duties", params(ListDuties), responses(
    (status = 200, body = Page<DueCall>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_duties(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListDuties>,
) -> Result<Json<Page<DueCall>>, Problem> {
    session.require(READERS)?;
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let (limit, after) = (paging.limit()?, paging.after::<(u32, Uuid)>()?);
    let place = place_of(&session, query.grid.as_deref())?;
    let on = query.on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let book = store::book(&mut transaction, place.as_str()).await?;
    let mut duties = store::targets(&mut transaction, place.as_str()).await?.due(on, &book);
    audit::record(&mut transaction, &session, audit::Entry::read("duties", place.as_str(), place.as_str()))
        .await?;
    transaction.commit().await?;
    duties.retain(|duty| {
        duty.is_for(session.role)
            && query.target_kind.is_none_or(|kind| duty.target_kind == kind)
            && after.is_none_or(|(weight, id)| {
                duty.prize < weight || (duty.prize == weight && duty.target_id > id)
            })
    });
    let rows = duties.into_iter().take(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    let rows: Vec<DueCall> = rows.map(DueCall::from).collect();
    Ok(Json(Page::cut(rows, limit, |call| (call.weight, call.target_id))))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CoverageQuery {
    /// Only this grid, village or street: its code.
    place: Option<String>,
    /// The month, by any day of it; this month unless given.
    #[param(example = "2026-11-01")]
    month: Option<NaiveDate>,
}

/// Duties met in a month.
#[derive(Debug, Serialize, ToSchema)]
struct MonthOfDuties {
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
async fn duty_coverage(
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

/// Get a village's rules: how often whom, by whom. Version 0 are the service's own.
#[utoipa::path(get, path = "/api/v1/duties/rules/{village}", tag = "duties", params(("village" = String, Path)),
    responses(
    (status = 200, body = Rules, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_rules(
    State(ground): State<Ground>,
    session: Session,
    Path(village): Path<String>,
) -> Result<(Etag, Json<Rules>), Problem> {
    let village = village.parse::<VillageCode>().map_err(|error| error.problem("village"))?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let stored = store::rules(&mut transaction, &village).await?;
    transaction.commit().await?;
    let (rules, version) = stored.unwrap_or_default();
    Ok((Etag(version), Json(rules)))
}

/// Change a village's rules.
///
/// For grid chiefs, the command centre and administrators.
#[utoipa::path(put, path = "/api/v1/duties/rules/{village}", tag = "duties",
    params(("village" = String, Path), ("If-Match" = String, Header)), request_body = Rules,
    responses(
    (status = 200, body = Rules, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn put_rules(
    State(ground): State<Ground>,
    session: Session,
    Path(village): Path<String>,
    IfMatch(version): IfMatch,
    Json(rules): Json<Rules>,
) -> Result<(Etag, Json<Rules>), Problem> {
    session.require(RULERS)?;
    let village = village.parse::<VillageCode>().map_err(|error| error.problem("village"))?;
    if !session.place.covers(village.as_str()) {
        return Err(Problem::forbidden());
    }
    let rules = rules.check()?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if !store::knows_village(&mut transaction, &village).await? {
        return Err(Problem::not_found());
    }
    if !store::write_rules(&mut transaction, &village, &rules, version).await? {
        return Err(Problem::stale());
    }
    let entry = audit::Entry::changed("duty_rules", village.as_str(), village.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok((Etag(version + 1), Json(rules)))
}

/// Get the public holidays of a year, and the weekend days worked in return.
#[utoipa::path(get, path = "/api/v1/duties/holidays/{year}", tag = "duties", params(("year" = i32, Path)), responses(
    (status = 200, body = HolidayYear, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_holidays(
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
async fn put_holidays(
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

/// The place asked for, or the caller's own.
fn place_of(session: &Session, code: Option<&str>) -> Result<PlaceCode, Problem> {
    let place = match code {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("grid"))?,
        None => session.place.clone(),
    };
    if session.place.covers(place.as_str()) { Ok(place) } else { Err(Problem::forbidden()) }
}
