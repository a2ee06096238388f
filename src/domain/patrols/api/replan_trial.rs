//! Trying to plan patrols anew: what it would change. Nothing is kept.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::replan::{Asked, ReplanTogether, asked, plan_anew};
use crate::domain::patrols::changes::{PatrolChange, changes};
use crate::domain::patrols::model::LeftOut;
use crate::domain::roads::Maps;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::Json;
use crate::platform::problem::{Problem, ProblemBody};

/// What planning anew would change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TriedReplan {
    /// As of when: to be given back, so that what is kept is what was shown.
    as_of: DateTime<Utc>,
    /// For each patrol, in the order asked for.
    patrols: Vec<PatrolChange>,
    /// Calls that none of them can make, and why.
    left_out: Vec<LeftOut>,
}

/// Try to plan the rest of patrols anew, and see what that changes.
///
/// For a walker, whoever planned the patrols, and those who lead their walkers. Nothing is kept: `POST /patrols/replan`
/// with the same content, the answer's `as_of` and for each patrol the targets `shown` keeps exactly this, or
/// nothing where things have changed meanwhile (409).
#[utoipa::path(post, path = "/api/v1/patrols/replan/evaluate", tag = "patrols", request_body = ReplanTogether,
    responses(
    (status = 200, body = TriedReplan),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn try_replan(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Json(new): Json<ReplanTogether>,
) -> Result<Json<TriedReplan>, Problem> {
    let Asked { rests, keeping, as_of, .. } = asked(&ground, &session, new).await?;
    let (rests, courses) = plan_anew(&ground, &maps, &session, rests, keeping, as_of).await?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    for rest in &rests {
        let id = rest.patrol.id.to_string();
        let entry = audit::Entry::read("patrol", &id, rest.patrol.place_code.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    transaction.commit().await?;
    let left_out = courses.first().map(|course| course.left_out.clone()).unwrap_or_default();
    Ok(Json(TriedReplan { as_of, patrols: changes(&rests, courses), left_out }))
}
