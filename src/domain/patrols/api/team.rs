//! Who can be sent.

use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::prepare::PLANNERS;
use crate::domain::patrols::store::team;
use crate::domain::patrols::team::{Candidate, may_send};
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OnDay {
    /// The day to tell their shifts of; today unless given.
    date: Option<NaiveDate>,
}

/// Those who can be sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PatrolTeam {
    /// By place and name.
    items: Vec<Candidate>,
}

/// List who can be sent on patrol.
///
/// Those whose patrols the caller may plan: a grid member themselves, a chief the members of the village too, inspectors
/// and the command centre the inspectors of the street. With each, when they are out already that day.
#[utoipa::path(get, path = "/api/v1/patrols/team", tag = "patrols", params(OnDay), responses(
    (status = 200, body = PatrolTeam),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_team(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<OnDay>,
) -> Result<Json<PatrolTeam>, Problem> {
    session.require(PLANNERS)?;
    let date = query.date.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut items = team::walkers(&mut transaction).await?;
    let shifts = team::shifts(&mut transaction, date).await?;
    transaction.commit().await?;
    items.retain(|it| may_send(&session, it.id, it.role, &it.place_code));
    for candidate in &mut items {
        let own = shifts.iter().filter(|(worker, _)| *worker == candidate.id);
        candidate.busy = own.map(|(_, busy)| busy.clone()).collect();
    }
    Ok(Json(PatrolTeam { items }))
}
