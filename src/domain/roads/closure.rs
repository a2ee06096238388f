//! A place where a road is closed, from one day to another.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::code::PlaceCode;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;

/// A closed road.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RoadClosure)]
pub struct Closure {
    /// Which.
    pub id: Uuid,
    /// Where, by code.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// Longitude, WGS84: the road nearest to here is closed, from junction to junction.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day; absent until somebody lifts it.
    pub until_day: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A road to be closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRoadClosure)]
pub(super) struct NewClosure {
    /// Made by the caller, so that sending twice closes once.
    pub(super) id: Option<Uuid>,
    /// A place on the road, within 25 m of it.
    pub(super) place: GivenPlace,
    /// The first day.
    pub(super) from_day: NaiveDate,
    /// The last day; until somebody lifts it unless given.
    pub(super) until_day: Option<NaiveDate>,
    /// Why.
    #[schema(max_length = 500, example = "修下水道")]
    pub(super) reason: String,
}

/// A closure whose every field has been checked.
#[derive(Debug)]
pub(super) struct CheckedClosure {
    pub(super) id: Uuid,
    pub(super) at: Wgs84,
    pub(super) from_day: NaiveDate,
    pub(super) until_day: Option<NaiveDate>,
    pub(super) reason: String,
}

impl NewClosure {
    /// # Errors
    /// 422 naming every field at fault.
    pub(super) fn check(self, id: Uuid) -> Result<CheckedClosure, Problem> {
        let mut fields = Fields::default();
        let at = self.place.to_wgs84("place", &mut fields);
        let reason = fields.text("reason", &self.reason, 1..=500);
        if self.until_day.is_some_and(|until| until < self.from_day) {
            fields.refuse("until_day", message!("不能早于开始日期", "not before the first day"));
        }
        for (field, day) in [("from_day", Some(self.from_day)), ("until_day", self.until_day)] {
            if day.is_some_and(|day| !(2000..=2100).contains(&day.year())) {
                fields.refuse(field, message!("应在 2000 到 2100 年之间", "between the years 2000 and 2100"));
            }
        }
        let Some(at) = at else { return Err(fields.problem()) };
        fields.finish()?;
        Ok(CheckedClosure { id, at, from_day: self.from_day, until_day: self.until_day, reason })
    }
}
