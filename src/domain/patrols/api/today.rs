//! Today's patrol: planned when asked for, and kept nowhere.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::calendar::{duties_of_day, grid_of};
use super::shift;
use crate::domain::duties;
use crate::domain::patrols::choice::{Chosen, MOST_WEIGHED, most_pressing};
use crate::domain::patrols::model::{Patrol, Start};
use crate::domain::patrols::round::{Call, Round, Walk};
use crate::domain::patrols::store;
use crate::domain::roads::{Maps, Mode};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::locale::Message;
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PatrolQuery {
    /// The grid's code; a grid member's own unless given.
    #[param(example = "370828003218001")]
    grid: Option<String>,
    /// Where to begin and end: longitude,latitude, WGS84. The village's office unless given.
    #[param(example = "116.309,35.071")]
    from: Option<String>,
    /// When the shift begins, time in China; 08:30 unless given.
    #[param(example = "14:00")]
    starts_at: Option<String>,
    /// How many hours it has, 1 to 12; 4 unless given.
    #[param(minimum = 1, maximum = 12)]
    hours: Option<u32>,
}

impl PatrolQuery {
    fn from(&self) -> Result<Option<Start>, Problem> {
        let Some(text) = &self.from else { return Ok(None) };
        let refuse = || {
            Problem::invalid("from", message!("应为“经度,纬度”", "longitude and latitude: 116.309,35.071"))
        };
        let (lon, lat) = text.split_once(',').ok_or_else(refuse)?;
        let (lon, lat) = lon.trim().parse().ok().zip(lat.trim().parse().ok()).ok_or_else(refuse)?;
        let at = Wgs84::new(lon, lat)
            .map_err(|error| Problem::invalid("from", Message::new(error.to_chinese(), error.to_string())))?;
        Ok(Some(Start { at, label: message!("所选位置", "the chosen place").to_string() }))
    }
}

/// Plan today's patrol.
///
/// For grid members, and for chiefs with `grid`: the calls due today (open hazards, people in special care,
/// households, enterprises by their hazard class; where the month has a calendar, those it puts on today), the most pressing ones that fit into the shift in the order
/// that walks the least along the roads, and every other one with the reason why it is left out. The same duties
/// give the same walk.
#[utoipa::path(get, path = "/api/v1/patrols/today", tag = "patrols", params(PatrolQuery), responses(
    (status = 200, body = Patrol),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn patrol_today(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Query(query): Query<PatrolQuery>,
) -> Result<Json<Patrol>, Problem> {
    session.require(&[Role::GridMember, Role::GridChief])?;
    let grid = grid_of(&session, query.grid.as_deref())?;
    let (given, shift) = (query.from()?, shift(query.starts_at.as_deref(), query.hours)?);
    let date = ground.clock.today();

    let mut transaction = ground.database.begin(&session.scope()).await?;
    let start = match given {
        Some(start) => start,
        None => store::start(&mut transaction, grid.as_str(), date).await?.ok_or_else(Problem::not_found)?,
    };
    let book = duties::book(&mut transaction, grid.as_str()).await?;
    let targets = duties::targets(&mut transaction, grid.as_str()).await?;
    let place = PlaceCode::from(grid.clone());
    let duties = duties_of_day(&mut transaction, &place, session.role, date, &targets, &book).await?;
    let worker = store::worker(&mut transaction, &grid).await?;
    // The walk shows who lives where and who needs care.
    audit::record(&mut transaction, &session, audit::Entry::read("patrol", grid.as_str(), grid.as_str()))
        .await?;
    transaction.commit().await?;

    let ways = maps.ways(&ground, &session, Mode::Foot, start.at, date).await?;
    let walk = Walk { start: start.clone(), end: start.clone(), shift, ways: 0, frozen: Vec::new() };
    let Chosen { calls, beyond } = most_pressing(duties.into_iter().map(Call::new).collect(), MOST_WEIGHED);
    let round = Round { walks: vec![walk], calls, beyond, ways: vec![ways], change_penalty: 0 };
    let courses = ground.computing.run(move |wanted| round.plan(wanted)).await??;
    let course = courses.into_iter().next().ok_or_else(Problem::not_found)?;
    Ok(Json(Patrol { date, grid_code: grid, worker, start, course, starts_at: TimeOfDay(shift.starts_at) }))
}
