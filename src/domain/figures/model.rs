//! What is counted and measured.

use std::f64::consts::PI;

use serde::Serialize;
use utoipa::ToSchema;

/// How much there is of everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Counts {
    /// Households.
    pub households: i64,
    /// People living in them.
    pub people: i64,
    /// People in special care at present.
    pub special_care: i64,
    /// Enterprises that have not closed.
    pub enterprises: i64,
    /// Hazard points that have not been cleared.
    pub open_hazards: i64,
    /// Reports neither resolved nor closed.
    pub open_reports: i64,
}

/// One grid's figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GridFigures {
    /// The grid's code.
    #[schema(example = "370828003218001")]
    pub grid_code: String,
    /// Its name.
    #[schema(example = "第1网格")]
    pub name: String,
    /// What there is in it.
    #[serde(flatten)]
    pub counts: Counts,
    /// Its area in square metres, by its boundary in force today; absent when it has none.
    pub area_m2: Option<f64>,
    /// The length of its boundary in metres.
    pub perimeter_m: Option<f64>,
    /// How round it is: 4π·area/perimeter² (Polsby and Popper 1991), 1 for a circle, 0.785 for a square.
    pub compactness: Option<f64>,
}

/// The figures of several grids, and their sum.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figures {
    /// One entry per grid, in the order of their codes; only grids within the caller's scope.
    pub items: Vec<GridFigures>,
    /// The sum over them.
    pub total: Total,
}

/// The sum over several grids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Total {
    /// What there is in them.
    #[serde(flatten)]
    pub counts: Counts,
    /// Their area in square metres.
    pub area_m2: f64,
}

impl Figures {
    /// Adds up `items`.
    pub(super) fn of(items: Vec<GridFigures>) -> Self {
        let mut total = Total::default();
        for GridFigures { counts, area_m2, .. } in &items {
            total.counts.households += counts.households;
            total.counts.people += counts.people;
            total.counts.special_care += counts.special_care;
            total.counts.enterprises += counts.enterprises;
            total.counts.open_hazards += counts.open_hazards;
            total.counts.open_reports += counts.open_reports;
            total.area_m2 += area_m2.unwrap_or(0.0);
        }
        Self { items, total }
    }
}

/// How round a shape is: 4π·area/perimeter².
pub(super) fn compactness(area_m2: f64, perimeter_m: f64) -> f64 {
    4.0 * PI * area_m2 / (perimeter_m * perimeter_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compactness_is_known_for_circles_and_squares() {
        assert!((compactness(PI, 2.0 * PI) - 1.0).abs() < 1e-12);
        assert!((compactness(1.0, 4.0) - PI / 4.0).abs() < 1e-12);
    }
}
