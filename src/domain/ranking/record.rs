//! What is known of enterprises: what they are, the hazards found at and around them, and when they were inspected.
//! Never here: SQL, or what it means.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::kernel::geometry::Wgs84;
use crate::kernel::plane::PlanePoint;

/// Everything a forecast is made of, as far as whoever asks may read it.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// In the order of their codes.
    pub(super) enterprises: Vec<Known>,
    pub(super) hazards: Vec<Finding>,
    /// By enterprise, in order of time.
    pub(super) inspections: HashMap<Uuid, Vec<NaiveDate>>,
}

/// An enterprise.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) place_code: String,
    pub(super) category: Category,
    pub(super) hazard_class: HazardClass,
    pub(super) floor_area_m2: Option<f64>,
    pub(super) at: Wgs84,
    /// `at` in the projection of the record.
    pub(super) on_plane: PlanePoint,
}

/// A hazard.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) kind: HazardKind,
    /// 1 to 4.
    pub(super) severity: i16,
    pub(super) enterprise_id: Option<Uuid>,
    pub(super) found_on: NaiveDate,
    pub(super) cleared_on: Option<NaiveDate>,
    /// In the projection of the record.
    pub(super) on_plane: PlanePoint,
}

impl Finding {
    /// Whether it was known and not yet cleared at the end of `day`.
    pub(super) fn is_open_on(&self, day: NaiveDate) -> bool {
        self.found_on <= day && self.cleared_on.is_none_or(|cleared| cleared > day)
    }
}

impl Record {
    /// The record as it was at the end of `day`. What was cleared later was open then: asking [`Finding::is_open_on`]
    /// for that day or earlier gives the same answer, so clearing dates may stay.
    pub(super) fn as_of(&self, day: NaiveDate) -> Self {
        let inspections = self
            .inspections
            .iter()
            .map(|(&id, days)| (id, days.iter().copied().filter(|&inspected| inspected <= day).collect()));
        Self {
            enterprises: self.enterprises.clone(),
            hazards: self.hazards.iter().filter(|hazard| hazard.found_on <= day).cloned().collect(),
            inspections: inspections.collect(),
        }
    }

    /// The day of the first hazard.
    pub(super) fn begins_on(&self) -> Option<NaiveDate> {
        self.hazards.iter().map(|hazard| hazard.found_on).min()
    }

    /// How often an enterprise was inspected after `from` and up to `to`.
    pub(super) fn inspections_between(&self, enterprise: Uuid, from: NaiveDate, to: NaiveDate) -> usize {
        self.inspections
            .get(&enterprise)
            .map_or(0, |days| days.iter().filter(|&&day| day > from && day <= to).count())
    }
}
