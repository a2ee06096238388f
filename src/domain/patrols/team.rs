//! Who can be sent on patrol, and by whom. Never here: what they are sent to.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::accounts::{Department, Role, Session};
use crate::platform::code::PlaceCode;

/// Somebody who can be sent on patrol.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolCandidate)]
pub struct Candidate {
    /// The account.
    pub id: Uuid,
    /// The name.
    pub display_name: String,
    /// Grid member, chief or inspector.
    pub role: Role,
    /// The grid, village or street they work in.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// An inspector's department.
    pub department: Option<Department>,
    /// When they are on patrol already that day, the earliest first; drafts do not count.
    pub busy: Vec<Busy>,
}

/// A shift that somebody has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BusyShift)]
pub struct Busy {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
}

/// Whether `session` may plan patrols of an account: its own; a chief those of the members of the village; inspectors
/// and the command centre those of inspectors. As the policies on `patrols` have it.
pub(super) fn may_send(session: &Session, account: Uuid, role: Role, scope: &PlaceCode) -> bool {
    let walks = matches!(role, Role::GridMember | Role::GridChief | Role::Inspector);
    let leads = match session.role {
        Role::GridChief => role == Role::GridMember && session.place.covers(scope.as_str()),
        Role::Inspector | Role::Command => role == Role::Inspector,
        _ => false,
    };
    walks && (leads || account == session.account)
}
