//! Beginning a draft anew on boundaries that were published meanwhile, with its steps made again.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::detail::{detail, hold, opened};
use crate::domain::grids::{DrawnGrids, surroundings};
use crate::domain::plans::draft::Draft;
use crate::domain::plans::model::{DRAWERS, Detail, Step};
use crate::domain::plans::operation::Operation;
use crate::domain::plans::{start, store};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IfMatch, Json, Path};
use crate::platform::locale::Locale;
use crate::platform::problem::{Problem, ProblemBody};

/// A draft on its new base.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanRebased)]
pub(super) struct Rebased {
    plan: Detail,
    /// Steps that could not be made on the new base, and are gone.
    refused: Vec<RefusedStep>,
}

/// A step that could not be made again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedStep {
    #[serde(flatten)]
    step: Step,
    /// Why, in the caller's language.
    why: String,
}

/// Rebase a draft.
///
/// For planners and administrators, when another plan was published since the draft was begun: it begins anew with those
/// boundaries, and its steps are made again in their order. Those that cannot be made any more are given back.
#[utoipa::path(post, path = "/api/v1/plans/{id}/rebase", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses(
        (status = 200, body = Rebased, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn rebase_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
) -> Result<(Etag, Json<Rebased>), Problem> {
    session.require(&DRAWERS)?;
    let today = ground.clock.today();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    hold(&mut transaction, &ground, &session, &head, version).await?;
    if !head.base_superseded {
        return Err(Problem::conflict(message!(
            "方案已是最新基础",
            "the plan rests on the latest boundaries"
        )));
    }
    let stored = store::draft(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let mut steps = store::steps(&mut transaction, id, 0).await?;
    steps.retain(|step| step.position <= stored.position);
    let (base, published) = store::published_grids(&mut transaction, &head.village_code).await?;
    let around = surroundings(&mut transaction, &head.village_code, today).await?;
    let next = store::highest_number(&mut transaction, &head.village_code).await? + 1;
    let begun = start::sheet(DrawnGrids::new(published)?, around, next).await?;
    let first = opened(&head.village_code, &begun)?;
    let locale = Locale::current();
    let work = move || repeat(&first, steps, locale);
    let (draft, kept, refused) =
        tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?;
    store::begin_again(&mut transaction, id, base, &begun, &draft.sheet(), &kept).await?;
    let subject = id.to_string();
    let entry = audit::Entry::changed("boundary_plan", &subject, head.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let plan = detail(&mut transaction, id, today).await?;
    transaction.commit().await?;
    Ok((Etag(plan.head.version), Json(Rebased { plan, refused })))
}

/// Makes steps again on `start`: the draft they lead to, those that could be made, and those that could not.
fn repeat(start: &Draft, steps: Vec<Step>, locale: Locale) -> (Draft, Vec<Step>, Vec<RefusedStep>) {
    let mut draft = start.clone();
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for mut step in steps {
        let operations: Vec<Operation> = serde_json::from_value(step.operations.clone()).unwrap_or_default();
        let mut tried = draft.clone();
        match operations.iter().try_for_each(|operation| tried.apply(operation, start)) {
            Ok(()) => {
                draft = tried;
                step.position = kept.last().map_or(0, |before: &Step| before.position) + 1;
                kept.push(step);
            }
            Err(refusal) => {
                refused.push(RefusedStep { step, why: refusal.why.in_locale(locale).to_owned() });
            }
        }
    }
    (draft, kept, refused)
}
