//! What a hazard point is, and when it is open or cleared.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::Role;
use crate::platform::clock::Clock;
use crate::platform::code::{GridCode, PlaceCode};
use crate::platform::http::{Edit, Fields};
use crate::platform::problem::Problem;
use crate::terms;

/// Who may record and clear hazards: as the policies on `hazards` have it.
pub(super) const WRITERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];

/// 1 low, 2 middling, 3 high, 4 grave.
const SEVERITIES: std::ops::RangeInclusive<i16> = 1..=4;
const MAX_DESCRIPTION: usize = 2_000;

terms! {
    /// What the danger is.
    HazardKind {
        /// 火灾.
        Fire = "fire", "火灾";
        /// 用电.
        Electrical = "electrical", "用电";
        /// 燃气.
        Gas = "gas", "燃气";
        /// 氨泄漏.
        Ammonia = "ammonia", "氨泄漏";
        /// 房屋结构.
        Structure = "structure", "房屋结构";
        /// 交通.
        Traffic = "traffic", "交通";
        /// 溺水.
        Water = "water", "溺水";
        /// 食品.
        Food = "food", "食品";
        /// 化学品.
        Chemical = "chemical", "化学品";
        /// 其他.
        Other = "other", "其他";
    }
}

terms! {
    /// Whether the danger is still there.
    HazardStatus {
        /// 未消除.
        Open = "open", "未消除";
        /// 已消除.
        Cleared = "cleared", "已消除";
    }
}

/// A hazard point.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hazard {
    /// Which.
    pub id: Uuid,
    /// Its code: the village's, and its number there.
    #[schema(example = "370828003218-Y0001")]
    pub code: String,
    /// The narrowest place it lies in.
    #[schema(value_type = String)]
    pub place_code: PlaceCode,
    /// The grid it lies in, if in one.
    #[schema(value_type = Option<String>)]
    pub grid_code: Option<GridCode>,
    /// What the danger is.
    pub kind: HazardKind,
    /// 1 low, 2 middling, 3 high, 4 grave.
    pub severity: i16,
    /// Whether it is still there.
    pub status: HazardStatus,
    /// What was found.
    pub description: String,
    /// The enterprise it belongs to, if to one.
    pub enterprise_id: Option<Uuid>,
    /// When it was found.
    pub found_on: NaiveDate,
    /// When it was cleared.
    pub cleared_on: Option<NaiveDate>,
    /// Where: a GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

/// A hazard to record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHazard {
    /// Made by the caller, so that sending twice records once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// Given by the service unless given here.
    code: Option<String>,
    /// What the danger is.
    kind: HazardKind,
    /// 1 low, 2 middling, 3 high, 4 grave.
    #[schema(minimum = 1, maximum = 4)]
    severity: i16,
    /// What was found.
    #[schema(max_length = 2000)]
    description: String,
    /// The enterprise it belongs to, if to one.
    enterprise_id: Option<Uuid>,
    /// When it was found; today unless given.
    found_on: Option<NaiveDate>,
    /// Where.
    place: GivenPlace,
}

/// A new hazard whose every field has been checked.
pub(super) struct CheckedHazard {
    pub(super) id: Uuid,
    pub(super) code: Option<String>,
    pub(super) kind: HazardKind,
    pub(super) severity: i16,
    pub(super) description: String,
    pub(super) enterprise_id: Option<Uuid>,
    pub(super) found_on: NaiveDate,
    pub(super) point: Wgs84,
}

impl NewHazard {
    /// Checks every field.
    pub(super) fn check(&self, id: Uuid, clock: &Clock) -> Result<CheckedHazard, Problem> {
        let mut fields = Fields::default();
        let code = fields.text_option("code", self.code.as_deref(), 40);
        let description = fields.text("description", &self.description, 1..=MAX_DESCRIPTION);
        fields.within("severity", self.severity, &SEVERITIES);
        let found_on = self.found_on.unwrap_or_else(|| clock.today());
        fields.past_date("found_on", found_on, clock);
        let Some(point) = self.place.to_wgs84("place", &mut fields) else { return Err(fields.problem()) };
        fields.finish()?;
        Ok(CheckedHazard {
            id,
            code,
            kind: self.kind,
            severity: self.severity,
            description,
            enterprise_id: self.enterprise_id,
            found_on,
            point,
        })
    }
}

/// What may change about a hazard.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HazardChange {
    /// What the danger is.
    kind: Option<HazardKind>,
    /// 1 low, 2 middling, 3 high, 4 grave.
    #[schema(minimum = 1, maximum = 4)]
    severity: Option<i16>,
    /// Whether it is still there.
    status: Option<HazardStatus>,
    /// When it was cleared; today unless given.
    cleared_on: Option<NaiveDate>,
    /// What was found.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The enterprise it belongs to; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub(super) enterprise_id: Edit<Uuid>,
    /// Where.
    place: Option<GivenPlace>,
}

impl HazardChange {
    /// Makes the change to `hazard`; gives the place it moves to, if it moves.
    pub(super) fn apply(self, hazard: &mut Hazard, clock: &Clock) -> Result<Option<Wgs84>, Problem> {
        let mut fields = Fields::default();
        hazard.kind = self.kind.unwrap_or(hazard.kind);
        if let Some(severity) = self.severity {
            fields.within("severity", severity, &SEVERITIES);
            hazard.severity = severity;
        }
        if let Some(description) = &self.description {
            hazard.description = fields.text("description", description, 1..=MAX_DESCRIPTION);
        }
        hazard.enterprise_id = self.enterprise_id.apply(hazard.enterprise_id);
        hazard.status = self.status.unwrap_or(hazard.status);
        match (hazard.status, self.cleared_on) {
            (HazardStatus::Cleared, given) => {
                let cleared_on = given.or(hazard.cleared_on).unwrap_or_else(|| clock.today());
                fields.past_date("cleared_on", cleared_on, clock);
                if cleared_on < hazard.found_on {
                    fields.refuse("cleared_on", message!("不能早于发现日期", "not before it was found"));
                }
                hazard.cleared_on = Some(cleared_on);
            }
            (HazardStatus::Open, Some(_)) => fields.refuse(
                "cleared_on",
                message!("未消除的隐患没有消除日期", "a hazard that is open has no such date"),
            ),
            (HazardStatus::Open, None) => hazard.cleared_on = None,
        }
        let point = self.place.and_then(|place| place.to_wgs84("place", &mut fields));
        fields.finish()?;
        Ok(point)
    }
}
