//! Holding two plans against each other.

use axum::extract::State;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use uuid::Uuid;

use super::detail::opened;
use crate::domain::plans::compare::{Comparison, Sides};
use crate::domain::plans::model::{Head, READERS};
use crate::domain::plans::store;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct With {
    /// Another plan of the village; the boundaries published last unless given.
    with: Option<Uuid>,
}

/// Compare a plan with another.
///
/// For those who draw and decide: figures on both sides, the land that changes hands with how many live on it, who is
/// responsible for the grids concerned; and the households, enterprises and open reports by name as far as the caller may
/// read them. What was read is written to the audit log.
#[utoipa::path(get, path = "/api/v1/plans/{id}/comparison", tag = "plans", params(("id" = Uuid, Path), With),
    responses(
        (status = 200, body = Comparison),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn compare_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(With { with }): Query<With>,
) -> Result<Json<Comparison>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let village = &head.village_code;
    let before = if let Some(other) = with {
        let other = store::head(&mut transaction, other).await?.ok_or_else(Problem::not_found)?;
        if other.village_code != *village {
            let why = message!("两个方案不属于同一个村", "the plans are of two villages");
            return Err(Problem::invalid("with", why));
        }
        shapes(&mut transaction, &other).await?
    } else {
        let (_, grids) = store::published_grids(&mut transaction, village).await?;
        grids.into_iter().map(|(code, _, _, shape)| (code, shape)).collect()
    };
    let sides = Sides {
        before,
        after: shapes(&mut transaction, &head).await?,
        units: store::units(&mut transaction, village).await?,
        households: store::households(&mut transaction, village).await?,
        enterprises: store::enterprises(&mut transaction, village).await?,
        open_cases: store::open_cases(&mut transaction, village).await?,
        members: store::members(&mut transaction, village).await?,
    };
    let comparison = tokio::task::spawn_blocking(move || sides.compare())
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))?;
    let subject = id.to_string();
    let entry = audit::Entry::read("plan_comparison", &subject, village.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(Json(comparison))
}

type Shapes = Vec<(crate::platform::code::GridCode, geo::MultiPolygon<f64>)>;

async fn shapes(connection: &mut PgConnection, head: &Head) -> Result<Shapes, Problem> {
    if let Some(stored) = store::draft(connection, head.id).await? {
        return Ok(opened(&head.village_code, &stored.state)?.shapes());
    }
    let grids = store::grids_published_by(connection, head.id).await?;
    Ok(grids.into_iter().map(|(code, _, _, shape)| (code, shape)).collect())
}
