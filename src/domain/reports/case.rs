//! What may become of a report, and who may bring it about.
//!
//! Three tiers: the grid member, the village's grid team under its chief, the street's command centre with its
//! departments. The policies on `reports` decide who may touch a row at all; this decides which step comes next.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::intake::MAX_WORDS;
use super::model::{Deed, Report, Status};
use crate::message;
use crate::platform::accounts::{Department, Role, Session};
use crate::platform::http::Fields;
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// What somebody does with a report.
    Action {
        /// Closes it there and then.
        ResolveOnSpot = "resolve_on_spot", "即时处置";
        /// Takes it up in the village's grid team.
        Coordinate = "coordinate", "网格协同";
        /// Hands it up to the street.
        Escalate = "escalate", "上报街道";
        /// Hands it to a department.
        Dispatch = "dispatch", "派遣";
        /// Says that it is done.
        Resolve = "resolve", "办结";
        /// Verifies and closes it.
        Close = "close", "结案";
        /// Sends it back: not done yet.
        Rework = "rework", "返工";
        /// Adds words.
        Note = "note", "备注";
    }
}

impl Action {
    /// How it is written down.
    pub(super) fn deed(self) -> Deed {
        match self {
            Self::ResolveOnSpot => Deed::ResolvedOnSpot,
            Self::Coordinate => Deed::Coordinate,
            Self::Escalate => Deed::Escalate,
            Self::Dispatch => Deed::Dispatch,
            Self::Resolve => Deed::Resolve,
            Self::Close => Deed::Close,
            Self::Rework => Deed::Rework,
            Self::Note => Deed::Note,
        }
    }

    /// The statuses from which `role` may do it; none when the role never may.
    fn from(self, role: Role) -> &'static [Status] {
        use Status::{Coordinating, Dispatched, Escalated, Open, Resolved};
        match (self, role) {
            (Self::ResolveOnSpot, Role::GridMember)
            | (Self::Coordinate, Role::GridMember | Role::GridChief) => &[Open],
            (Self::Escalate | Self::Resolve, Role::GridChief) => &[Open, Coordinating],
            // A dispatch to the wrong department is put right by another.
            (Self::Dispatch, Role::Command) => &[Open, Coordinating, Escalated, Dispatched],
            (Self::Resolve, Role::Police | Role::Inspector) => &[Dispatched],
            (Self::Resolve, Role::Mediator) => &[Open, Coordinating, Escalated],
            (Self::Close | Self::Rework, Role::Command) => &[Resolved],
            (Self::Note, Role::Planner | Role::Administrator) => &[],
            (Self::Note, _) => Status::ALL,
            _ => &[],
        }
    }
}

/// An action as sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAction {
    /// Made by the caller, once per action: sending it again has no second effect. `UUIDv7` is best.
    pub(super) id: Uuid,
    /// What to do.
    pub(super) action: Action,
    /// Words to go with it; needed for `note` and `rework`. At most 4,000 characters.
    #[schema(max_length = 4000)]
    pub(super) note: Option<String>,
    /// The department; needed for `dispatch`, and only there.
    pub(super) department: Option<Department>,
}

/// How a report stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) status: Status,
    pub(super) resolved_on_spot: bool,
    pub(super) department: Option<Department>,
}

impl NewAction {
    /// Checks what can be checked without the report, and trims the note.
    ///
    /// # Errors
    /// 422 naming the fields at fault.
    pub(super) fn check(mut self) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        if self.id.is_nil() {
            fields.refuse("id", message!("须由客户端给出一个 UUID", "the client makes one: a UUID"));
        }
        self.note = fields.text_option("note", self.note.as_deref(), MAX_WORDS);
        if self.note.is_none() && matches!(self.action, Action::Note | Action::Rework) {
            fields.refuse("note", message!("须写明内容", "say why, or what"));
        }
        if self.department.is_some() != (self.action == Action::Dispatch) {
            let why = message!(
                "派遣时须指明部门，其他操作不带部门",
                "dispatch needs a department; nothing else takes one"
            );
            fields.refuse("department", why);
        }
        fields.finish()?;
        Ok(self)
    }

    /// How `report` stands once `session` has done this.
    ///
    /// # Errors
    /// 403 when the caller may not, 409 when the report has not come so far or has come further.
    pub(super) fn step(&self, session: &Session, report: &Report) -> Result<Standing, Problem> {
        refuse(self.action, session, report)?;
        let keep = Standing {
            status: report.status,
            resolved_on_spot: report.resolved_on_spot,
            department: report.department,
        };
        Ok(match self.action {
            Action::ResolveOnSpot => Standing { status: Status::Resolved, resolved_on_spot: true, ..keep },
            Action::Coordinate => Standing { status: Status::Coordinating, ..keep },
            Action::Escalate => Standing { status: Status::Escalated, ..keep },
            Action::Dispatch => Standing { status: Status::Dispatched, department: self.department, ..keep },
            Action::Resolve => Standing { status: Status::Resolved, ..keep },
            Action::Close => Standing { status: Status::Closed, ..keep },
            // Back to whoever had it: the department, or the village.
            Action::Rework => Standing {
                status: report.department.map_or(Status::Coordinating, |_| Status::Dispatched),
                resolved_on_spot: false,
                ..keep
            },
            Action::Note => keep,
        })
    }
}

/// What `session` may do with `report` now.
pub(super) fn available(session: &Session, report: &Report) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|&action| refuse(action, session, report).is_ok()).collect()
}

/// Refuses unless `session` may do `action` with `report` as it stands.
fn refuse(action: Action, session: &Session, report: &Report) -> Result<(), Problem> {
    let own = report.reporter.as_ref().is_some_and(|reporter| reporter.id == session.account);
    let adds_words = own && action == Action::Note;
    if !works_on(session, report) && !adds_words {
        return Err(Problem::forbidden());
    }
    let from = action.from(session.role);
    if from.is_empty() {
        let (role, deed) = (session.role.zh(), action.zh());
        let (role_key, deed_key) = (session.role.key(), action.key());
        return Err(Problem::forbidden()
            .detail(message!("{role}不能执行“{deed}”", "the role {role_key} may not {deed_key}")));
    }
    if !from.contains(&report.status) {
        let (status, deed) = (report.status.zh(), action.zh());
        let (status_key, deed_key) = (report.status.key(), action.key());
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "wrong-status",
            message!("事件的当前状态不允许此操作", "The report's status does not allow this"),
        )
        .detail(message!(
            "当前为“{status}”，不能执行“{deed}”",
            "it is {status_key}: {deed_key} is not possible"
        )));
    }
    match (action, own_department(session), report.department) {
        (Action::Resolve, Some(ours), Some(theirs)) if ours != theirs => {
            let (zh, key) = (theirs.zh(), theirs.key());
            Err(Problem::forbidden().detail(message!(
                "该事件已派遣给{zh}，不是您的部门",
                "it was dispatched to {key}, not to you"
            )))
        }
        _ => Ok(()),
    }
}

/// True when the policies let `session` change `report`: its kind is their business, and it lies in their scope
/// or was taken over there.
fn works_on(session: &Session, report: &Report) -> bool {
    let taken_over = report.handler_code.as_ref().is_some_and(|code| session.place.covers(code.as_str()));
    report.kind.is_read_by(session.role) && (taken_over || session.place.covers(report.place_code.as_str()))
}

/// The department whose cases `session` resolves.
fn own_department(session: &Session) -> Option<Department> {
    match session.role {
        Role::Police => Some(Department::Police),
        Role::Inspector => session.department,
        _ => None,
    }
}
