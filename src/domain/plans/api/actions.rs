//! From a draft to boundaries in force: submit, approve or give back, publish; or give up.

use axum::Extension;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::detail::{detail, opened};
use crate::domain::grids::{self, Boundaries, DrawnGrids};
use crate::domain::plans::model::{DECIDERS, DRAWERS, Detail, Head, PlanStatus};
use crate::domain::plans::sheet::face_of;
use crate::domain::plans::store::{self, Decision};
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Fields, IfMatch, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

const LONGEST_NOTE: usize = 4000;

/// What to do with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = PlanAction)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    /// Ask the grid chief or the street for approval. For those who draw.
    Submit,
    /// Take it back to draw on. For those who draw.
    Withdraw,
    /// Approve it. For the grid chief and the street.
    Approve,
    /// Give it back with a note. For the grid chief and the street.
    Return,
    /// Bring it into force from its date. For those who draw, once it is approved.
    Publish,
    /// Give it up. For those who draw.
    Discard,
}

impl Action {
    /// Who may do it.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Submit | Self::Withdraw | Self::Publish | Self::Discard => &DRAWERS,
            Self::Approve | Self::Return => &DECIDERS,
        }
    }

    /// What the plan must be for it, and what it is afterwards.
    fn step(self) -> (&'static [PlanStatus], PlanStatus) {
        use PlanStatus::{Approved, Discarded, Draft, Published, Submitted};
        match self {
            Self::Submit => (&[Draft], Submitted),
            Self::Approve => (&[Submitted], Approved),
            Self::Withdraw | Self::Return => (&[Submitted, Approved], Draft),
            Self::Publish => (&[Approved], Published),
            Self::Discard => (&[Draft, Submitted, Approved], Discarded),
        }
    }
}

/// An action on a plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = PlanDeed)]
#[serde(deny_unknown_fields)]
pub(super) struct Deed {
    action: Action,
    /// Why: needed to give a plan back.
    #[schema(max_length = 4000)]
    note: Option<String>,
}

/// Act on a boundary plan.
///
/// A draft is submitted with a date, today or later, and without anything that blocks it; the grid chief or the street
/// approves it or gives it back; then it is published, and counts from its date in every instance. A published plan is
/// superseded by another, never changed: one that is not in force yet gives way to a plan that begins on its date or
/// earlier.
#[utoipa::path(post, path = "/api/v1/plans/{id}/actions", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Deed,
    responses(
        (status = 200, body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn act_on_plan(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(deed): Json<Deed>,
) -> Result<(Etag, Json<Detail>), Problem> {
    session.require(deed.action.roles())?;
    let mut fields = Fields::default();
    let note = fields.text_option("note", deed.note.as_deref(), LONGEST_NOTE);
    if deed.action == Action::Return && note.is_none() {
        fields.refuse("note", message!("请说明退回原因", "say why it is given back"));
    }
    fields.finish()?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let before = detail(&mut transaction, id, ground.clock.today()).await?;
    if before.head.version != version {
        return Err(Problem::stale());
    }
    let (from, to) = deed.action.step();
    allowed(&session, &before.head, from)?;
    match deed.action {
        Action::Submit => ready(&before, ground.clock.today())?,
        Action::Publish => {
            ready(&before, ground.clock.today())?;
            publish(&mut transaction, &ground, &session, &before).await?;
        }
        _ => {}
    }
    if deed.action != Action::Publish {
        let decision =
            Decision { id, version, status: to, account: session.account, note, now: ground.clock.now() };
        if !store::decide(&mut transaction, &decision).await? {
            return Err(Problem::stale());
        }
    }
    let subject = id.to_string();
    let entry = audit::Entry::changed("boundary_plan", &subject, before.head.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    if deed.action == Action::Discard {
        transaction.commit().await?;
        return Ok((Etag(version + 1), Json(discarded(before))));
    }
    let after = detail(&mut transaction, id, ground.clock.today()).await?;
    transaction.commit().await?;
    if let (Action::Publish, Some(date)) = (deed.action, after.head.effective_from) {
        grids::take_effect(&ground, &boundaries, &after.head.village_code, date).await?;
    }
    Ok((Etag(after.head.version), Json(after)))
}

fn discarded(mut detail: Detail) -> Detail {
    detail.head.status = PlanStatus::Discarded;
    detail.head.version += 1;
    detail
}

fn allowed(session: &Session, head: &Head, from: &[PlanStatus]) -> Result<(), Problem> {
    if !session.place.covers(head.village_code.as_str()) {
        return Err(Problem::forbidden());
    }
    if !from.contains(&head.status) {
        let (zh, key) = (head.status.zh(), head.status.key());
        return Err(Problem::conflict(message!(
            "方案当前为“{zh}”，不能执行此操作",
            "the plan is {key}: this cannot be done with it now"
        )));
    }
    Ok(())
}

/// Refuses a plan that could not be published.
fn ready(plan: &Detail, today: NaiveDate) -> Result<(), Problem> {
    match plan.head.effective_from {
        None => {
            let why = message!("请先确定生效日期", "say from when it is to count");
            return Err(Problem::invalid("effective_from", why));
        }
        Some(date) if date < today => {
            let why = message!("生效日期不能早于今天（{today}）", "not before today, {today}");
            return Err(Problem::invalid("effective_from", why));
        }
        Some(_) => {}
    }
    if plan.head.handover.is_none() {
        let why = message!("请选择未办结事件的移交规则", "say what becomes of open cases");
        return Err(Problem::invalid("handover", why));
    }
    if plan.head.base_superseded {
        return Err(Problem::conflict(message!(
            "起草期间已有新方案发布，请先以新方案为基础（rebase）",
            "another plan has been published since this one was begun: rebase it first"
        )));
    }
    if let Some(finding) = plan.findings.iter().find(|finding| finding.blocks) {
        let what = &finding.message;
        return Err(Problem::conflict(message!("须先处理：{what}", "to be mended first: {what}")));
    }
    Ok(())
}

async fn publish(
    transaction: &mut PgConnection,
    ground: &Ground,
    session: &Session,
    plan: &Detail,
) -> Result<(), Problem> {
    let head = &plan.head;
    let Some(effective_from) = head.effective_from else { return Ok(()) };
    let draft = opened(&head.village_code, &plan.sheet)?;
    let drawn = DrawnGrids::new(draft.shapes().into_iter().map(|(code, shape)| {
        let grid = draft.grids.get(&face_of(&code));
        (code, grid.map(|grid| grid.name.clone()), grid.map(|grid| grid.kind), shape)
    }))?;
    let plan =
        grids::Plan { id: head.id, name: head.name.clone(), effective_from, approved: true, grids: drawn };
    let (now, today) = (ground.clock.now(), ground.clock.today());
    grids::publish(transaction, plan, Some(session.account), now, today).await?;
    Ok(())
}
