//! Recording and changing a household: what callers send, and its checks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Household;
use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::platform::clock::Clock;
use crate::platform::http::{Edit, Fields};
use crate::platform::problem::Problem;

const MAX_ADDRESS: usize = 300;
const MAX_CODE: usize = 40;
const RESIDENTS: std::ops::RangeInclusive<i32> = 0..=200;

/// A household to record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHousehold {
    /// Made by the caller, so that sending twice records once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// Given by the service unless given here.
    code: Option<String>,
    /// Its address.
    #[schema(min_length = 1, max_length = 300)]
    address: String,
    /// The code of the building it is in.
    building_code: Option<String>,
    /// How many people live there, until they are registered one by one.
    #[schema(minimum = 0, maximum = 200)]
    resident_count: Option<i32>,
    /// People without local registration live there.
    #[serde(default)]
    floating: bool,
    /// When it was last visited.
    last_visited_at: Option<DateTime<Utc>>,
    /// Where.
    place: GivenPlace,
}

/// A new household whose every field has been checked.
pub(super) struct CheckedHousehold {
    pub(super) id: Uuid,
    pub(super) code: Option<String>,
    pub(super) address: String,
    pub(super) building_code: Option<String>,
    pub(super) resident_count: i32,
    pub(super) floating: bool,
    pub(super) last_visited_at: Option<DateTime<Utc>>,
    pub(super) point: Wgs84,
}

impl NewHousehold {
    /// Checks every field.
    pub(super) fn check(&self, id: Uuid, clock: &Clock) -> Result<CheckedHousehold, Problem> {
        let mut fields = Fields::default();
        let code = fields.text_option("code", self.code.as_deref(), MAX_CODE);
        let address = fields.text("address", &self.address, 1..=MAX_ADDRESS);
        let building_code = fields.text_option("building_code", self.building_code.as_deref(), MAX_CODE);
        let resident_count = self.resident_count.unwrap_or(0);
        fields.within("resident_count", resident_count, &RESIDENTS);
        if let Some(at) = self.last_visited_at {
            fields.past("last_visited_at", at, clock);
        }
        let Some(point) = self.place.to_wgs84("place", &mut fields) else { return Err(fields.problem()) };
        fields.finish()?;
        Ok(CheckedHousehold {
            id,
            code,
            address,
            building_code,
            resident_count,
            floating: self.floating,
            last_visited_at: self.last_visited_at,
            point,
        })
    }
}

/// What may change about a household. `null` clears what may be absent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HouseholdChange {
    /// Its address.
    #[schema(min_length = 1, max_length = 300)]
    address: Option<String>,
    /// The code of the building it is in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    building_code: Edit<String>,
    /// How many people live there.
    #[schema(minimum = 0, maximum = 200)]
    resident_count: Option<i32>,
    /// People without local registration live there.
    floating: Option<bool>,
    /// When it was last visited.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    last_visited_at: Edit<DateTime<Utc>>,
    /// Where. Everybody in the household moves along.
    place: Option<GivenPlace>,
}

impl HouseholdChange {
    /// Makes the change to `household`; gives the place it moves to, if it moves.
    pub(super) fn apply(self, household: &mut Household, clock: &Clock) -> Result<Option<Wgs84>, Problem> {
        let mut fields = Fields::default();
        if let Some(address) = &self.address {
            household.address = fields.text("address", address, 1..=MAX_ADDRESS);
        }
        household.building_code =
            fields.edit_text("building_code", self.building_code, household.building_code.take(), MAX_CODE);
        if let Some(resident_count) = self.resident_count {
            fields.within("resident_count", resident_count, &RESIDENTS);
            household.resident_count = resident_count;
        }
        household.floating = self.floating.unwrap_or(household.floating);
        if let Some(at) = self.last_visited_at.as_set() {
            fields.past("last_visited_at", *at, clock);
        }
        household.last_visited_at = self.last_visited_at.apply(household.last_visited_at);
        let point = self.place.and_then(|place| place.to_wgs84("place", &mut fields));
        fields.finish()?;
        Ok(point)
    }
}
