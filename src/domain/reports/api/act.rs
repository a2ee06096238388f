//! Working on a report.

use axum::extract::State;
use sqlx::PgConnection;
use uuid::Uuid;

use super::read::case;
use crate::domain::reports::case::{Action, NewAction};
use crate::domain::reports::model::{Case, Report};
use crate::domain::reports::store;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Work on a report.
///
/// Who may do what, and from which status, is in `actions` of the report. Sending the same action again answers
/// with the report as it stands.
#[utoipa::path(post, path = "/api/v1/reports/{id}/actions", tag = "reports", params(("id" = Uuid, Path)),
    request_body = NewAction,
    responses(
        (status = 200, description = "Done, now or before", body = Case, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn act_on_report(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(sent): Json<NewAction>,
) -> Result<(Etag, Json<Case>), Problem> {
    let action = sent.check()?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let report = store::find(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let done = !was_done(&mut transaction, &session, &report, &action).await?
        && do_it(&mut transaction, &session, &report, &action, &ground).await?;
    let case = case(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    if done {
        ground.events.publish(case.report.change(false));
    }
    Ok((Etag(case.report.version), Json(case)))
}

/// True when this very action was done before.
async fn was_done(
    connection: &mut PgConnection,
    session: &Session,
    report: &Report,
    action: &NewAction,
) -> Result<bool, Problem> {
    let Some(recorded) = store::recorded(connection, action.id).await? else { return Ok(false) };
    let same = recorded.report == report.id
        && recorded.account == Some(session.account)
        && recorded.deed == action.action.deed()
        && recorded.note == action.note
        && recorded.department == action.department;
    if same {
        return Ok(true);
    }
    Err(Problem::conflict(message!("此 id 已用于另一操作", "this id belongs to another action")))
}

/// Does it; false when the same request, sent twice at once, got there first.
async fn do_it(
    connection: &mut PgConnection,
    session: &Session,
    report: &Report,
    action: &NewAction,
    ground: &Ground,
) -> Result<bool, Problem> {
    let standing = action.step(session, report)?;
    let now = ground.clock.now();
    let done = if action.action == Action::Note {
        store::note(connection, report, action, session.account, now).await?
    } else {
        store::advance(connection, report, action, standing, session.account, now).await?
    };
    if done {
        let id = report.id.to_string();
        let entry = audit::Entry::changed("report", &id, report.place_code.as_str());
        audit::record(connection, session, entry).await?;
    } else if !was_done(connection, session, report, action).await? {
        return Err(Problem::conflict(message!(
            "他人刚刚处理了该事件，请刷新后再试",
            "somebody else has just worked on this report: reload and try again"
        )));
    }
    Ok(done)
}
