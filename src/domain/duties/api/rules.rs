//! A village's rules.

use axum::extract::State;

use crate::domain::duties::rules::Rules;
use crate::domain::duties::store;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::VillageCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Who makes rules: as the policies on `duty_rules` have it.
const RULERS: &[Role] = &[Role::GridChief, Role::Command, Role::Administrator];

/// Get a village's rules: how often whom, by whom. Version 0 are the service's own.
#[utoipa::path(get, path = "/api/v1/duties/rules/{village}", tag = "duties", params(("village" = String, Path)),
    responses(
    (status = 200, body = Rules, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_rules(
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
pub(super) async fn put_rules(
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
