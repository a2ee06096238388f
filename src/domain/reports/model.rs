//! What a report is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::case::Action;
use crate::domain::hazards::HazardKind;
use crate::domain::photos::Attachment;
use crate::platform::accounts::{Department, Role};
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::events::Change;
use crate::terms;

terms! {
    /// What a report is about.
    ReportKind {
        /// A danger.
        Hazard = "hazard", "隐患";
        /// A quarrel between people.
        Dispute = "dispute", "矛盾纠纷";
        /// Something people ask for.
        Request = "request", "诉求";
        /// What people think.
        Opinion = "opinion", "社情民意";
        /// Somebody needs help.
        Help = "help", "求助";
    }
}

terms! {
    /// How far a report has come.
    Status {
        /// Filed; nobody works on it yet.
        Open = "open", "待处理";
        /// The village's grid team works on it.
        Coordinating = "coordinating", "网格协同";
        /// Handed up to the street.
        Escalated = "escalated", "上报街道";
        /// With a department.
        Dispatched = "dispatched", "已派遣";
        /// Done; the command centre has yet to verify it.
        Resolved = "resolved", "待核查";
        /// Verified and closed.
        Closed = "closed", "已结案";
    }
}

terms! {
    /// What happened to a report.
    Deed {
        /// It was filed.
        Filed = "filed", "上报";
        /// Closed there and then by whoever found it.
        ResolvedOnSpot = "resolved_on_spot", "即时处置";
        /// The village's grid team took it up.
        Coordinate = "coordinate", "网格协同";
        /// Handed up to the street.
        Escalate = "escalate", "上报街道";
        /// Handed to a department.
        Dispatch = "dispatch", "派遣";
        /// Done.
        Resolve = "resolve", "办结";
        /// Verified and closed.
        Close = "close", "结案";
        /// Sent back: not done yet.
        Rework = "rework", "返工";
        /// Somebody added words.
        Note = "note", "备注";
        /// Somebody added photos.
        Attach = "attach", "添加照片";
        /// Its words were corrected.
        Edit = "edit", "更正";
    }
}

impl ReportKind {
    /// True when `role` works with reports of this kind: the rule of `reads_reports_of` in the schema.
    #[must_use]
    pub fn is_read_by(self, role: Role) -> bool {
        match role {
            Role::GridMember | Role::GridChief | Role::Command => true,
            Role::Mediator => self == Self::Dispute,
            Role::Inspector => self == Self::Hazard,
            Role::Police => self != Self::Opinion,
            Role::Planner | Role::Administrator => false,
        }
    }
}

/// Somebody, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Person)]
pub struct Person {
    /// The account.
    pub id: Uuid,
    /// The name shown to others.
    pub display_name: String,
}

/// A report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    /// Made by whoever filed it.
    pub id: Uuid,
    /// What it is about.
    pub kind: ReportKind,
    /// What kind of danger, when it is about one.
    pub hazard_kind: Option<HazardKind>,
    /// 1 low (低), 2 medium (中), 3 high (高), 4 major (重大).
    #[schema(minimum = 1, maximum = 4)]
    pub severity: i16,
    /// What was said.
    pub words: String,
    /// How far it has come.
    pub status: Status,
    /// True when it was closed there and then.
    pub resolved_on_spot: bool,
    /// The department it was dispatched to.
    pub department: Option<Department>,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it reached the service.
    pub received_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The grid it belongs to.
    #[schema(value_type = Option<String>, example = "370828003218001")]
    pub grid_code: Option<GridCode>,
    /// The grid, or the narrowest area around the place.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// The grid that took it over when borders moved, where that is another.
    #[schema(value_type = Option<String>)]
    pub handler_code: Option<GridCode>,
    /// True when the place may belong to the neighbouring grid, for all its accuracy tells.
    pub near_boundary: bool,
    /// Metres from the grid's boundary.
    pub boundary_m: Option<f32>,
    /// Who filed it.
    pub reporter: Option<Person>,
    /// The enterprise it is about.
    pub enterprise_id: Option<Uuid>,
    /// GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
    /// How many photos it has.
    pub photo_count: i64,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

impl Report {
    /// What everybody who listens is told when it was filed (`created`) or worked on.
    pub(super) fn change(&self, created: bool) -> Change {
        Change::Report {
            id: self.id,
            kind: self.kind.key().into(),
            severity: self.severity,
            status: self.status.key().into(),
            place_code: self.place_code.to_string(),
            reported_by: self.reporter.as_ref().map(|reporter| reporter.id),
            created,
        }
    }
}

/// A report with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Case {
    /// The report.
    #[serde(flatten)]
    pub(super) report: Report,
    /// What happened to it, first to last.
    pub(super) events: Vec<Event>,
    /// Its photos.
    pub(super) attachments: Vec<Attachment>,
    /// What the caller may do with it now.
    pub(super) actions: Vec<Action>,
}

/// Something that happened to a report. Never changed, never removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ReportEvent)]
pub(super) struct Event {
    /// Made by whoever did it.
    pub(super) id: Uuid,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What.
    pub(super) action: Deed,
    /// The status before.
    pub(super) from_status: Option<Status>,
    /// The status after.
    pub(super) to_status: Option<Status>,
    /// The department it was dispatched to.
    pub(super) department: Option<Department>,
    /// Words added.
    pub(super) note: Option<String>,
    /// Who.
    pub(super) account: Option<Person>,
}
