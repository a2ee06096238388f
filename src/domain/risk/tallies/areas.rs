//! Reports per area or grid.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::periods::{Span, days};
use super::store::{Tally, Unit};
use crate::domain::risk::question::Question;
use crate::platform::code::{Level, PlaceCode};

/// Reports per unit of one level.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RiskAreas)]
pub(super) struct Areas {
    /// What the units are: `city`, `county`, `street`, `village` or `grid`.
    #[schema(example = "village")]
    pub(super) unit: &'static str,
    /// The first day of each month that `series` has a number for.
    pub(super) months: Vec<NaiveDate>,
    /// The units in the order of their codes.
    pub(super) items: Vec<AreaRisk>,
    /// Reports in all units.
    pub(super) count: i64,
    /// Reports that lie in no unit: filed for the area around them only.
    pub(super) elsewhere: i64,
}

/// The reports of one unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AreaRisk {
    /// Its code.
    #[schema(example = "370828003218")]
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// Its outline as a GeoJSON geometry; null where none is drawn or none was asked for.
    #[schema(value_type = Option<Object>)]
    pub(super) geometry: Option<serde_json::Value>,
    /// Its land in square kilometres; null where no outline is drawn.
    pub(super) area_km2: Option<f64>,
    /// Enterprises at work there that the caller may read.
    pub(super) enterprises: i64,
    /// How many reports.
    pub(super) count: i64,
    /// How many plain events they count as: by severity, age and status.
    pub(super) weight: f64,
    /// The weight for each square kilometre.
    pub(super) per_km2: Option<f64>,
    /// The weight for each enterprise; null where there is none.
    pub(super) per_enterprise: Option<f64>,
    /// Reports in each of the months.
    pub(super) series: Vec<i64>,
}

/// Months in a series at most: the last ones.
const MOST_MONTHS: usize = 120;

/// What a place is divided into: the digits of the units' codes, and what they are called.
pub(super) fn units_of(place: &PlaceCode) -> (i32, &'static str) {
    match place.level() {
        Level::Province => (4, "city"),
        Level::City => (6, "county"),
        Level::County => (9, "street"),
        Level::Street => (12, "village"),
        Level::Village | Level::Grid => (15, "grid"),
    }
}

impl Areas {
    /// The tallies unit by unit.
    pub(super) fn of(unit: &'static str, units: Vec<Unit>, tallies: &[Tally], question: &Question) -> Self {
        let mut months =
            days(tallies, question).map_or_else(Vec::new, |(first, last)| Span::Month.starts(first, last));
        months.drain(..months.len().saturating_sub(MOST_MONTHS));
        let mut items: Vec<AreaRisk> =
            units.into_iter().map(|unit| AreaRisk::empty(unit, months.len())).collect();
        let number: BTreeMap<String, usize> =
            items.iter().enumerate().map(|(item, area)| (area.code.clone(), item)).collect();
        let mut elsewhere = 0;
        for tally in tallies {
            let Some(item) = number.get(&tally.unit).map(|&item| &mut items[item]) else {
                elsewhere += tally.count;
                continue;
            };
            item.count += tally.count;
            item.weight += tally.weight(question);
            if let Some(month) = months.partition_point(|&start| start <= tally.day).checked_sub(1) {
                item.series[month] += tally.count;
            }
        }
        for item in &mut items {
            item.per_km2 = item.area_km2.filter(|&area| area > 0.0).map(|area| item.weight / area);
            item.per_enterprise = (item.enterprises > 0).then(|| item.weight / item.enterprises as f64);
        }
        let count = items.iter().map(|item| item.count).sum();
        Self { unit, months, items, count, elsewhere }
    }
}

impl AreaRisk {
    fn empty(unit: Unit, months: usize) -> Self {
        let Unit { code, name, area_km2, geometry, enterprises } = unit;
        let series = vec![0; months];
        Self {
            code,
            name,
            geometry,
            area_km2,
            enterprises,
            count: 0,
            weight: 0.0,
            per_km2: None,
            per_enterprise: None,
            series,
        }
    }
}
