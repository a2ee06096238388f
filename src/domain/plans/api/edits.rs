//! Drawing: steps forward, back, and forward again.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::detail::{detail, hold, opened};
use crate::domain::plans::draft::{Draft, Refusal};
use crate::domain::plans::model::{DRAWERS, Detail, Head, READERS, Step};
use crate::domain::plans::operation::Operation;
use crate::domain::plans::store::{self, NewStep, Stored};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// Every so many steps the state they left is kept, so that taking one back repeats fewer than these.
const KEEP_EVERY: i32 = 16;
/// Most operations in one step.
const MOST_OPERATIONS: usize = 500;
/// Most corners in a line or a block.
const MOST_CORNERS: usize = 10_000;

/// One step of drawing: what one gesture did.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = PlanEdit)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanEdit {
    /// Made by the caller; `UUIDv7` is best. Sending the same step again has no second effect.
    id: Uuid,
    /// What to do, in this order; all of it, or nothing.
    #[schema(min_items = 1, max_items = 500)]
    operations: Vec<Operation>,
}

/// Steps of a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanSteps)]
pub(super) struct Steps {
    items: Vec<Step>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// Only steps after this one; all unless given.
    #[param(minimum = 0)]
    after: Option<i32>,
}

/// Draw.
///
/// For planners and administrators. An edit that would open a gap, make grids overlap, change the village's own border
/// or move what is locked is refused with the reason, as `edit-refused`; `errors` names the operation and `at` the
/// place. When somebody else changed the draft first (412), read it again: `GET …/edits` tells what they did.
#[utoipa::path(post, path = "/api/v1/plans/{id}/edits", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = PlanEdit,
    responses(
        (status = 200, body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn edit_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(edit): Json<PlanEdit>,
) -> Result<(Etag, Json<Detail>), Problem> {
    session.require(&DRAWERS)?;
    check(&edit)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    match store::repeated(&mut transaction, edit.id).await? {
        Some(plan) if plan == id => {}
        Some(_) => {
            return Err(Problem::conflict(message!("该标识已用于另一步", "another step has this id")));
        }
        None => {
            hold(&mut transaction, &ground, &session, &head, version).await?;
            make(&mut transaction, &ground, &session, &head, &edit).await?;
        }
    }
    let detail = detail(&mut transaction, id, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok((Etag(detail.head.version), Json(detail)))
}

fn check(edit: &PlanEdit) -> Result<(), Problem> {
    if !(1..=MOST_OPERATIONS).contains(&edit.operations.len()) {
        let why =
            message!("应有 1 到 {MOST_OPERATIONS} 个操作", "between 1 and {MOST_OPERATIONS} operations");
        return Err(Problem::invalid("operations", why));
    }
    for (i, operation) in edit.operations.iter().enumerate() {
        let (Operation::Split { line: corners, .. } | Operation::HandOver { block: corners, .. }) = operation
        else {
            continue;
        };
        if !(2..=MOST_CORNERS).contains(&corners.len()) {
            let why = message!("应有 2 到 {MOST_CORNERS} 个点", "between 2 and {MOST_CORNERS} corners");
            return Err(Problem::invalid(format!("operations[{i}]"), why));
        }
    }
    Ok(())
}

async fn make(
    transaction: &mut PgConnection,
    ground: &Ground,
    session: &Session,
    head: &Head,
    edit: &PlanEdit,
) -> Result<(), Problem> {
    let stored = store::draft(transaction, head.id).await?.ok_or_else(Problem::not_found)?;
    let position = stored.position + 1;
    let drafts = (opened(&head.village_code, &stored.start)?, opened(&head.village_code, &stored.state)?);
    let operations = filled_in(transaction, head.id, &edit.operations).await?;
    let made = operations.clone();
    let state = blocking(move || {
        let (start, mut draft) = drafts;
        for (i, operation) in made.iter().enumerate() {
            draft.apply(operation, &start).map_err(|refusal| refused(i, refusal))?;
        }
        Ok(draft.sheet())
    })
    .await?;
    let step = NewStep {
        plan: head.id,
        village: &head.village_code,
        id: edit.id,
        position,
        account: session.account,
        now: ground.clock.now(),
        operations: &operations,
        state: (position % KEEP_EVERY == 0).then_some(&state),
    };
    store::append(transaction, &step).await?;
    store::save(transaction, head.id, &state, position).await?;
    let subject = head.id.to_string();
    let entry = audit::Entry::changed("boundary_plan", &subject, head.village_code.as_str());
    audit::record(transaction, session, entry).await?;
    Ok(())
}

/// The operations with the drawings of the proposals that they adopt.
async fn filled_in(
    transaction: &mut PgConnection,
    plan: Uuid,
    operations: &[Operation],
) -> Result<Vec<Operation>, Problem> {
    let mut operations = operations.to_vec();
    for (i, operation) in operations.iter_mut().enumerate() {
        if let Operation::Adopt { search, aim, drawing } = operation {
            let found = store::proposal(transaction, plan, *search, *aim).await?.ok_or_else(|| {
                let why = message!("本方案没有这个建议", "this plan has no such proposal");
                Problem::invalid(format!("operations[{i}]"), why)
            })?;
            *drawing = Some(Box::new(found));
        }
    }
    Ok(operations)
}

fn refused(operation: usize, refusal: Refusal) -> Problem {
    let title = message!("不能这样修改边界", "The borders cannot be changed like this");
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "edit-refused", title)
        .detail(refusal.why.clone())
        .field(format!("operations[{operation}]"), refusal.why);
    match refusal.at {
        Some(at) => problem.with("at", serde_json::json!(at)),
        None => problem,
    }
}

/// Take the last step back.
///
/// For planners and administrators; without limit, to where the draft began, whoever made the step.
#[utoipa::path(post, path = "/api/v1/plans/{id}/undo", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses(
        (status = 200, body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn undo_edit(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
) -> Result<(Etag, Json<Detail>), Problem> {
    walk(&ground, &session, id, version, -1).await
}

/// Make the step again that was taken back last.
#[utoipa::path(post, path = "/api/v1/plans/{id}/redo", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses(
        (status = 200, body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn redo_edit(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
) -> Result<(Etag, Json<Detail>), Problem> {
    walk(&ground, &session, id, version, 1).await
}

/// Goes one step back or forward.
async fn walk(
    ground: &Ground,
    session: &Session,
    id: Uuid,
    version: i32,
    by: i32,
) -> Result<(Etag, Json<Detail>), Problem> {
    session.require(&DRAWERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    hold(&mut transaction, ground, session, &head, version).await?;
    let stored = store::draft(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let to = stored.position + by;
    if to < 0 {
        return Err(Problem::conflict(message!("没有可撤销的步骤", "there is no step to take back")));
    }
    if to > stored.steps {
        return Err(Problem::conflict(message!("没有可重做的步骤", "there is no step to make again")));
    }
    let state = at(&mut transaction, &head, stored, to).await?.sheet();
    store::save(&mut transaction, id, &state, to).await?;
    let subject = id.to_string();
    let entry = audit::Entry::changed("boundary_plan", &subject, head.village_code.as_str());
    audit::record(&mut transaction, session, entry).await?;
    let detail = detail(&mut transaction, id, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok((Etag(detail.head.version), Json(detail)))
}

/// The draft as it was after `position` steps.
async fn at(
    transaction: &mut PgConnection,
    head: &Head,
    stored: Stored,
    position: i32,
) -> Result<Draft, Problem> {
    let (from, sheet) = if position == stored.position + 1 {
        (stored.position, stored.state)
    } else {
        let kept = store::snapshot_before(transaction, head.id, position).await?;
        kept.unwrap_or_else(|| (0, stored.start.clone()))
    };
    let steps = store::steps_between(transaction, head.id, from, position).await?;
    let drafts = (opened(&head.village_code, &stored.start)?, opened(&head.village_code, &sheet)?);
    blocking(move || {
        let (start, mut draft) = drafts;
        for operation in steps.iter().flatten() {
            // The kernel is deterministic: what could be made once can be made again.
            draft.apply(operation, &start).map_err(|refusal| Problem::conflict(refusal.why))?;
        }
        Ok(draft)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?
}

/// List the steps of a draft.
///
/// For those who draw and decide: what was done, by whom and when, at most 1,000 after the one given. Those above the
/// plan's `position` were taken back.
#[utoipa::path(get, path = "/api/v1/plans/{id}/edits", tag = "plans", params(("id" = Uuid, Path), After), responses(
    (status = 200, body = Steps),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn steps_of_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(After { after }): Query<After>,
) -> Result<Json<Steps>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let items = store::steps(&mut transaction, id, after.unwrap_or(0)).await?;
    transaction.commit().await?;
    Ok(Json(Steps { items }))
}
