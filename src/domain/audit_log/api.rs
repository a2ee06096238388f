//! The audit log over HTTP.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{AuditEntry, READERS};
use super::store::{self, Last};
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Page, Paging, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListAudit {
    /// Only what this account did.
    account: Option<Uuid>,
    /// Only this action, such as `read`.
    action: Option<String>,
    /// Only what was done to this kind of thing, such as `household`.
    subject: Option<String>,
    /// Only what was done to this one: its code or id.
    subject_id: Option<String>,
    /// Only from this moment on.
    from: Option<DateTime<Utc>>,
    /// Only before this moment.
    to: Option<DateTime<Utc>>,
}

/// Read the audit log.
///
/// Changes, and every reading of personal data, in the caller's scope, the newest first. For administrators.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Paging, ListAudit), responses(
    (status = 200, body = Page<AuditEntry>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_audit(
    State(ground): State<Ground>,
    session: Session,
    Query(paging): Query<Paging>,
    Query(wanted): Query<ListAudit>,
) -> Result<Json<Page<AuditEntry>>, Problem> {
    session.require(READERS)?;
    let limit = paging.limit()?;
    let after: Option<Last> = paging.after()?;
    let ListAudit { account, action, subject, subject_id, from, to } = wanted;
    let wanted = store::Wanted { account, action, subject, subject_id, from, to };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let entries = store::list(&mut transaction, &wanted, after, limit + 1).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(entries, limit, |entry| Last { at: entry.at, id: entry.id })))
}
