//! Tallies over HTTP.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::areas::{Areas, units_of};
use super::periods::{MOST_PERIODS, Periods, Span};
use super::store;
use crate::domain::risk::question::DensityQuery;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The routes of tallies.
pub(in crate::domain::risk) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(count_periods)).routes(routes!(count_areas))
}

/// How periods are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeriodsQuery {
    /// How long a period is: `day`, `week` or `month`; a month unless given.
    #[param(inline)]
    by: Option<Span>,
    /// Only within this place; the caller's own unless given.
    within: Option<String>,
}

/// How areas are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AreasQuery {
    /// The place whose parts are listed; the caller's own unless given.
    #[param(example = "370828003")]
    within: Option<String>,
    /// Whether with the outlines; yes unless given.
    geometry: Option<bool>,
}

/// The place asked for, or the caller's own.
fn place(within: Option<&str>, session: &Session) -> Result<PlaceCode, Problem> {
    within.map_or_else(
        || Ok(session.place.clone()),
        |code| code.parse::<PlaceCode>().map_err(|error| error.problem("within")),
    )
}

/// Count reports per day, week or month.
///
/// Of the reports that the caller may read and the query asks for, the number and the weight in each period, empty
/// periods included: what a histogram to choose a period from is made of. Kernel and bandwidth have no part in it.
#[utoipa::path(get, path = "/api/v1/risk/periods", tag = "risk", params(DensityQuery, PeriodsQuery), responses(
    (status = 200, body = Periods),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn count_periods(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(periods): Query<PeriodsQuery>,
) -> Result<Json<Periods>, Problem> {
    let question = query.parse(&ground.clock)?;
    let place = place(periods.within.as_deref(), &session)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    // No digits: all reports are of one unit.
    let tallies = store::tallies(&mut transaction, &question, &place, 0).await?;
    transaction.commit().await?;
    let by = periods.by.unwrap_or(Span::Month);
    Periods::of(&tallies, &question, by).map(Json).ok_or_else(|| {
        Problem::invalid(
            "by",
            message!(
                "时段超过 {MOST_PERIODS} 个，请用更长的时段",
                "more than {MOST_PERIODS} periods: ask for longer ones"
            ),
        )
    })
}

/// Count reports per area.
///
/// The parts of a place (the streets of a county, the villages of a street, the grids of a village) with the reports in
/// each: the number, the weight, the weight per square kilometre and per enterprise, and the number month by month.
/// Kernel and bandwidth have no part in it.
#[utoipa::path(get, path = "/api/v1/risk/areas", tag = "risk", params(DensityQuery, AreasQuery), responses(
    (status = 200, body = Areas),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn count_areas(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(areas): Query<AreasQuery>,
) -> Result<Json<Areas>, Problem> {
    let question = query.parse(&ground.clock)?;
    let place = place(areas.within.as_deref(), &session)?;
    let (digits, unit) = units_of(&place);
    let today = ground.clock.today();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let units = store::units(&mut transaction, &place, digits, today, areas.geometry.unwrap_or(true)).await?;
    let tallies = store::tallies(&mut transaction, &question, &place, digits).await?;
    transaction.commit().await?;
    Ok(Json(Areas::of(unit, units, &tallies, &question)))
}
