//! Listing reports and reading one.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::domain::hazards::HazardKind;
use crate::domain::reports::case::available;
use crate::domain::reports::model::{Case, Report, ReportKind, Status};
use crate::domain::reports::store::{self, Filter};
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Json, Listing, Page, Path, Query, Several};
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListReports {
    /// Only reports of these kinds, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "hazard,help")]
    kind: Several<ReportKind>,
    /// Only hazards of this kind.
    hazard_kind: Option<HazardKind>,
    /// Only reports of these severities, 1 to 4, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "3,4")]
    severity: Several<i16>,
    /// Only reports that have come this far; several separated by commas.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "open,coordinating,escalated,dispatched")]
    status: Several<Status>,
    /// Only what happened at this moment or later.
    from: Option<DateTime<Utc>>,
    /// Only what happened before this moment.
    to: Option<DateTime<Utc>>,
    /// Only the caller's own reports, wherever they lie.
    #[serde(default)]
    mine: bool,
}

/// List reports.
///
/// Those in the caller's scope of the kinds the caller works with, and the caller's own; latest first.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", params(Listing, ListReports), responses(
    (status = 200, body = Page<Report>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_reports(
    State(ground): State<Ground>,
    session: Session,
    Query(listing): Query<Listing>,
    Query(query): Query<ListReports>,
) -> Result<Json<Page<Report>>, Problem> {
    let window = listing.window()?;
    let ListReports { kind, hazard_kind, severity, status, from, to, mine } = query;
    let filter = Filter { from, to, kind, hazard_kind, severity, status, mine };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let reports = store::list(&mut transaction, &window, &filter).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(reports, window.limit, |report| (report.happened_at, report.id))))
}

/// Get a report.
///
/// With its history, its photos and what the caller may do with it.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "reports", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Case, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_report(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<Case>), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let case = case(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    Ok((Etag(case.report.version), Json(case)))
}

/// A report with everything that belongs to it, as `session` sees it.
pub(super) async fn case(
    connection: &mut PgConnection,
    session: &Session,
    id: Uuid,
) -> Result<Case, Problem> {
    let report = store::find(connection, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Case {
        events: store::events(connection, id).await?,
        attachments: store::attachments(connection, id).await?,
        actions: available(session, &report),
        report,
    })
}
