//! Enterprises as they stood at the end of a day, in numbers: only what was known by then. Never here: what the
//! numbers lead to.

use std::collections::HashMap;

use chrono::NaiveDate;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use uuid::Uuid;

use super::feature::{FEATURES, Feature};
use super::model::RiskKind;
use super::record::{Finding, Known, Record};
use crate::kernel::density::recency;

/// How old finds fade, in days.
const HALF_LIFE_DAYS: f64 = 180.0;
/// How far a neighbour's hazard counts, in metres; it fades linearly to nothing there.
const NEARBY_M: f64 = 200.0;
/// Days in which a hazard has to be corrected, by severity 1 to 4.
const CORRECTED_WITHIN_DAYS: [i64; 4] = [30, 15, 7, 3];
/// Floor area is counted in doublings of this, in square metres.
const USUAL_AREA_M2: f64 = 200.0;

/// One enterprise on one day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    /// As shown to people, by [`Feature::ALL`]; none where it is not known.
    pub(super) values: [Option<f64>; FEATURES],
    /// As the model takes them: logarithms of what grows without bound.
    pub(super) terms: [Option<f64>; FEATURES],
}

/// Every enterprise of `record` at the end of `day`, in its order.
pub(super) fn samples(record: &Record, kind: RiskKind, day: NaiveDate) -> Vec<Sample> {
    let known: Vec<&Finding> =
        record.hazards.iter().filter(|found| found.found_on <= day && kind.holds(found.kind)).collect();
    let mut at_enterprise: HashMap<Uuid, Vec<&Finding>> = HashMap::new();
    for &found in &known {
        if let Some(id) = found.enterprise_id {
            at_enterprise.entry(id).or_default().push(found);
        }
    }
    let around = RTree::bulk_load(
        known.iter().map(|&found| GeomWithData::new(found.on_plane.to_array(), found)).collect(),
    );
    let sample = |enterprise: &Known| {
        let own = at_enterprise.get(&enterprise.id).map(Vec::as_slice).unwrap_or_default();
        let nearby = around
            .locate_within_distance(enterprise.on_plane.to_array(), NEARBY_M * NEARBY_M)
            .map(|entry| entry.data)
            .filter(|found| found.enterprise_id != Some(enterprise.id));
        Sample::new(kind, record, enterprise, own, nearby, day)
    };
    record.enterprises.iter().map(sample).collect()
}

impl Sample {
    fn new<'a>(
        kind: RiskKind,
        record: &Record,
        enterprise: &Known,
        own: &[&Finding],
        nearby: impl Iterator<Item = &'a Finding>,
        day: NaiveDate,
    ) -> Self {
        let faded = |found: &Finding| {
            let age_days = (day - found.found_on).num_days() as f64;
            gravity(found) * recency(age_days, HALF_LIFE_DAYS)
        };
        let open = own.iter().filter(|found| found.is_open_on(day));
        let overdue = open.clone().filter(|found| is_overdue(found, day)).count();
        let last_inspected = record
            .inspections
            .get(&enterprise.id)
            .and_then(|days| days.iter().rev().find(|&&inspected| inspected <= day));
        let nearness = |found: &Finding| 1.0 - enterprise.on_plane.distance_m(found.on_plane) / NEARBY_M;
        let neighbours: f64 = nearby.map(|found| faded(found) * nearness(found).max(0.0)).sum();
        let value = |feature: Feature| match feature {
            Feature::HazardClass => Some(kind.danger(enterprise.hazard_class)),
            Feature::FloorArea => enterprise.floor_area_m2,
            Feature::OpenHazards => Some(open.clone().map(|found| gravity(found)).sum()),
            Feature::History => Some(own.iter().map(|found| faded(found)).sum()),
            Feature::SinceInspection => last_inspected.map(|&inspected| (day - inspected).num_days() as f64),
            Feature::Neighbours => Some(neighbours),
            Feature::Overdue => Some(overdue as f64),
        };
        let values = std::array::from_fn(|i| value(Feature::ALL[i]));
        let terms = std::array::from_fn(|i| values[i].map(|value| term_of(Feature::ALL[i], value)));
        Self { values, terms }
    }
}

/// What the model takes for a value: the second find or the second hundred days add less than the first.
fn term_of(feature: Feature, value: f64) -> f64 {
    match feature {
        Feature::HazardClass => value,
        Feature::FloorArea => (value.max(1.0) / USUAL_AREA_M2).log2(),
        Feature::OpenHazards | Feature::History | Feature::Neighbours | Feature::Overdue => value.ln_1p(),
        Feature::SinceInspection => (value / 30.0).ln_1p(),
    }
}

/// A hazard's severity as a share of the gravest.
fn gravity(found: &Finding) -> f64 {
    f64::from(found.severity.clamp(1, 4)) / 4.0
}

fn is_overdue(found: &Finding, day: NaiveDate) -> bool {
    let severity = usize::try_from(found.severity.clamp(1, 4)).unwrap_or(1);
    (day - found.found_on).num_days() > CORRECTED_WITHIN_DAYS[severity - 1]
}
