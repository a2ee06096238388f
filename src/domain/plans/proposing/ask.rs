//! What a planner asks for: how many grids, what is to be evened out, and how closely.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::plans::unit::Load;
use crate::message;
use crate::platform::http::Fields;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanSearchRequest)]
#[serde(deny_unknown_fields)]
pub(in crate::domain::plans) struct Ask {
    /// Made by the caller; `UUIDv7` is best. Sending the same request again starts nothing new.
    pub(in crate::domain::plans) id: Uuid,
    /// How many grids the village is to have, those that are locked among them; by the plan's size limits unless given.
    #[schema(minimum = 1, maximum = 999)]
    pub(in crate::domain::plans) grids: Option<u16>,
    /// What is to be evened out; hours of work unless given.
    #[serde(default)]
    pub(in crate::domain::plans) load: Weights,
    /// How far a grid's load may be from the mean, as a share of the mean.
    #[serde(default = "usual_tolerance")]
    #[schema(minimum = 0, maximum = 1, default = 0.05)]
    pub(in crate::domain::plans) tolerance: f64,
    /// Where random choices start from: the same seed on the same draft finds the same proposals.
    #[serde(default)]
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub(in crate::domain::plans) seed: u64,
}

fn usual_tolerance() -> f64 {
    0.05
}

/// How much of the load each of these is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanLoadWeights)]
#[serde(deny_unknown_fields, default)]
pub(in crate::domain::plans) struct Weights {
    /// An hour of work a month: calls that are due, and the walking to them.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) hours: f64,
    /// A household.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) households: f64,
    /// Somebody living there.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) people: f64,
    /// Somebody in special care.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) special_care: f64,
    /// An enterprise.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) enterprises: f64,
    /// An open hazard.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::domain::plans) open_hazards: f64,
}

impl Weights {
    const NONE: Self = Self {
        hours: 0.0,
        households: 0.0,
        people: 0.0,
        special_care: 0.0,
        enterprises: 0.0,
        open_hazards: 0.0,
    };

    fn all(self) -> [f64; 6] {
        let Self { hours, households, people, special_care, enterprises, open_hazards } = self;
        [hours, households, people, special_care, enterprises, open_hazards]
    }

    /// Hours of work, unless something is weighed.
    fn or_usual(self) -> Self {
        if self == Self::NONE { Self { hours: 1.0, ..self } } else { self }
    }

    /// What is weighed, where a call takes so many hours of walking.
    pub(super) fn of(self, load: &Load, walking_hours_per_call: f64) -> f64 {
        let work = load.duty_hours + load.calls * walking_hours_per_call;
        self.hours * work
            + self.households * load.households as f64
            + self.people * load.people as f64
            + self.special_care * load.special_care as f64
            + self.enterprises * load.enterprise_count() as f64
            + self.open_hazards * load.open_hazards as f64
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::NONE
    }
}

impl Ask {
    /// Checks what can be checked without the plan.
    pub(in crate::domain::plans) fn parse(mut self, fields: &mut Fields) -> Self {
        if let Some(grids) = self.grids {
            fields.within("grids", grids, &(1..=999));
        }
        fields.within("tolerance", self.tolerance, &(0.0..=1.0));
        if self.load.all().iter().any(|weight| !(0.0..=1000.0).contains(weight)) {
            fields.refuse("load", message!("权重应在 0 到 1000 之间", "weights are between 0 and 1000"));
        }
        self.load = self.load.or_usual();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_weighed_unless_something_else_is() {
        let load = Load { households: 3, people: 7, calls: 2.0, duty_hours: 1.0, ..Load::default() };
        assert!((Weights::default().or_usual().of(&load, 0.25) - 1.5).abs() < 1e-12);
        let mixed = Weights { households: 1.0, people: 0.5, ..Weights::NONE }.or_usual();
        assert!((mixed.of(&load, 0.25) - 6.5).abs() < 1e-12);
    }
}
