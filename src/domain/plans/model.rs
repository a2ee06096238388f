//! What a boundary plan is, apart from its drawing.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::GridFigures;
use super::finding::Finding;
use super::sheet::Sheet;
use crate::platform::accounts::Role;
use crate::platform::code::VillageCode;
use crate::terms;

/// Who draws plans.
pub(super) const DRAWERS: [Role; 2] = [Role::Planner, Role::Administrator];
/// Who approves them.
pub(super) const DECIDERS: [Role; 2] = [Role::GridChief, Role::Command];
/// Who reads them before they are published.
pub(super) const READERS: [Role; 4] = [Role::Planner, Role::Administrator, Role::GridChief, Role::Command];

terms! {
    /// How far a plan has come.
    PlanStatus {
        /// Being drawn.
        Draft = "draft", "草稿";
        /// Waiting for the grid chief or the street.
        Submitted = "submitted", "待审批";
        /// Approved, not yet published.
        Approved = "approved", "已批准";
        /// In force, or to be in force from its date.
        Published = "published", "已发布";
        /// Replaced by a later one.
        Superseded = "superseded", "已被取代";
        /// Given up.
        Discarded = "discarded", "已放弃";
    }
}

terms! {
    /// How far a search for proposals has come.
    SearchState {
        /// Searching, or waiting for its turn.
        Running = "running", "正在搜索";
        /// Its proposals are there.
        Done = "done", "已完成";
        /// Somebody stopped it.
        Cancelled = "cancelled", "已取消";
        /// There can be no proposal; the reason says why.
        Refused = "refused", "无法提出建议";
        /// The instance that searched is gone.
        Lost = "lost", "已中断";
    }
}

terms! {
    /// What becomes of open cases, or of calls that are due, in places that change hands.
    Handover {
        /// Whoever has a case finishes it; whoever has a call makes it once more.
        Stay = "stay", "由原网格继续办理";
        /// It goes to the new grid's member.
        Follow = "follow", "随地点移交新网格";
    }
}

/// How large a grid should be.
///
/// The usual guidance for grid governance is 300 to 500 households, or about a thousand people, for a grid in town, and
/// one or a few villager groups in the country.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeRule {
    /// Fewest households, enterprises counted in.
    #[schema(minimum = 0, maximum = 100_000)]
    pub(super) least_households: i32,
    /// Most households, enterprises counted in.
    #[schema(minimum = 0, maximum = 100_000)]
    pub(super) most_households: i32,
    /// How many households an enterprise counts as.
    #[schema(minimum = 0, maximum = 1000)]
    pub(super) enterprise_weight: f32,
}

impl SizeRule {
    /// For a residents' community in town.
    pub(super) const TOWN: Self =
        Self { least_households: 300, most_households: 500, enterprise_weight: 1.0 };
    /// For a village: one or a few villager groups of some fifty households.
    pub(super) const COUNTRY: Self =
        Self { least_households: 50, most_households: 300, enterprise_weight: 1.0 };
}

/// Somebody who did something to a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanPerson)]
pub(super) struct Person {
    /// The account.
    pub(super) id: Uuid,
    /// The name shown to others.
    pub(super) display_name: String,
}

/// A boundary plan without its drawing.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanHead)]
pub(super) struct Head {
    /// The plan.
    pub(super) id: Uuid,
    /// The village.
    #[schema(value_type = String, example = "370828003218")]
    pub(super) village_code: VillageCode,
    /// The village's name.
    pub(super) village_name: String,
    /// What it is called.
    pub(super) name: String,
    /// How far it has come.
    pub(super) status: PlanStatus,
    /// The plan that was in force last when this one was begun; none for a village's first.
    pub(super) base_plan_id: Option<Uuid>,
    /// Whether another plan has been published since this one was begun: it should be rebased.
    pub(super) base_superseded: bool,
    /// The first date it is to be in force, or is.
    pub(super) effective_from: Option<NaiveDate>,
    /// What the villagers are told.
    pub(super) notice: Option<String>,
    /// What becomes of open cases in places that change hands.
    pub(super) handover: Option<Handover>,
    /// What becomes of calls that are due there: they go with the place unless the plan says that the next one stays with
    /// whoever has it.
    pub(super) duty_handover: Handover,
    /// How large a grid should be.
    pub(super) size: SizeRule,
    /// Who began it.
    pub(super) created_by: Option<Person>,
    /// When it was begun.
    pub(super) created_at: DateTime<Utc>,
    /// When it was last changed.
    pub(super) updated_at: DateTime<Utc>,
    /// When it was last submitted.
    pub(super) submitted_at: Option<DateTime<Utc>>,
    /// Who approved it or gave it back last.
    pub(super) decided_by: Option<Person>,
    /// When.
    pub(super) decided_at: Option<DateTime<Utc>>,
    /// What they said.
    pub(super) decision_note: Option<String>,
    /// When it was published.
    pub(super) published_at: Option<DateTime<Utc>>,
    /// Rises with each change; the `ETag`.
    pub(super) version: i32,
}

/// A boundary plan with everything a planner works with.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanDetail)]
pub(super) struct Detail {
    #[serde(flatten)]
    pub(super) head: Head,
    /// Its grids.
    pub(super) sheet: Sheet,
    /// How many steps are in force.
    pub(super) position: i32,
    /// How many steps there are: those above `position` were taken back and can be made again.
    pub(super) steps: i32,
    /// What there is in each grid, in the order of their codes.
    pub(super) figures: Vec<GridFigures>,
    /// What to look at; what blocks publication comes first.
    pub(super) findings: Vec<Finding>,
}

/// One step of a draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanStep)]
pub(super) struct Step {
    /// Its place in the order of steps, from 1.
    pub(super) position: i32,
    /// Made by the client that sent it.
    pub(super) id: Uuid,
    /// Who made it.
    pub(super) by: Option<Person>,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What was done.
    #[schema(value_type = Vec<super::operation::Operation>)]
    pub(super) operations: serde_json::Value,
}
