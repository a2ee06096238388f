//! Search over HTTP.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::SearchAnswer;
use super::store;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query, Sought};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Letters of a name, an address, a description, or the start of a code.
    #[param(max_length = 100)]
    q: String,
}

/// Search everything.
///
/// Grids, areas, addresses of households, enterprises, hazards and reports that the caller may see; households also by
/// the names of residents, for roles that may read them. At most 20, what starts with the letters first.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery), responses(
    (status = 200, body = SearchAnswer),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn search(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<SearchQuery>,
) -> Result<Json<SearchAnswer>, Problem> {
    let Some(sought) = Sought::parse(&query.q)? else { return Ok(Json(SearchAnswer { items: Vec::new() })) };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let items = store::search(&mut transaction, &sought, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok(Json(SearchAnswer { items }))
}
