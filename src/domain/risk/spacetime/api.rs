//! Clusters and near repeats over HTTP.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::clusters::{Clusters, ClustersQuery, clusters};
use super::near_repeats::{NearRepeats, NearRepeatsQuery, near_repeats};
use crate::domain::risk::hotspots::{Occurrence, occurrences};
use crate::domain::risk::question::{DensityQuery, Question};
use crate::kernel::spacetime::{KnoxError, Stopped};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// Reports that are dealt out a thousand times within seconds.
const MOST_REPORTS: usize = 200_000;

/// The routes of clusters and near repeats.
pub(in crate::domain::risk) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_clusters)).routes(routes!(count_near_repeats))
}

/// List emerging clusters.
///
/// Circles in which more has been reported in the last days than before and elsewhere (the space-time permutation scan
/// of Kulldorff et al. 2005), up to the last day asked about; neither a place that is always busy nor days that are
/// busy everywhere make one. Each with how many to expect, how often chance does as much, and in a sentence. Kernel,
/// bandwidth and half-life have no part in it: reports are counted.
#[utoipa::path(get, path = "/api/v1/hotspots/clusters", tag = "risk", params(DensityQuery, ClustersQuery), responses(
    (status = 200, body = Clusters),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_clusters(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(form): Query<ClustersQuery>,
) -> Result<Json<Clusters>, Problem> {
    let wanted = form.parse()?;
    let question = query.parse(&ground.clock)?;
    let occurrences = read(&ground, &session, &question).await?;
    let as_of = question.as_of;
    let found = ground.computing.run(move |waiting| clusters(occurrences, wanted, as_of, waiting)).await?;
    found.map(Json).map_err(|Stopped| Problem::timed_out())
}

/// Count near repeats.
///
/// Whether one report is followed by another nearby soon after more often than by chance (Knox 1964), in bands of
/// distance and of time, and where another is to be expected on the last day asked about. Kernel, bandwidth and
/// half-life have no part in it: reports are counted.
#[utoipa::path(get, path = "/api/v1/hotspots/near-repeats", tag = "risk", params(DensityQuery, NearRepeatsQuery),
    responses(
        (status = 200, body = NearRepeats),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn count_near_repeats(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(form): Query<NearRepeatsQuery>,
) -> Result<Json<NearRepeats>, Problem> {
    let wanted = form.parse()?;
    let question = query.parse(&ground.clock)?;
    let occurrences = read(&ground, &session, &question).await?;
    let as_of = question.as_of;
    let found =
        ground.computing.run(move |waiting| near_repeats(occurrences, wanted, as_of, waiting)).await?;
    found.map(Json).map_err(|error| match error {
        KnoxError::TooManyPairs { .. } => too_many("distance_m"),
        KnoxError::TooManyDays { .. } => Problem::invalid(
            "from",
            message!(
                "事件的日期跨度过大，请缩短时段",
                "the reports reach over too many years: ask for a shorter period"
            ),
        ),
        KnoxError::Stopped(Stopped) => Problem::timed_out(),
    })
}

async fn read(ground: &Ground, session: &Session, question: &Question) -> Result<Vec<Occurrence>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let occurrences = occurrences(&mut transaction, question).await?;
    transaction.commit().await?;
    if occurrences.len() > MOST_REPORTS {
        return Err(too_many("from"));
    }
    Ok(occurrences)
}

fn too_many(field: &'static str) -> Problem {
    Problem::invalid(
        field,
        message!(
            "事件过多，请缩短时段、减少类别或缩短距离",
            "too many reports to compare: ask for a shorter period, fewer kinds or shorter distances"
        ),
    )
}
