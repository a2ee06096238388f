//! What whoever filed a report is told: where it went, who will come, and what looks alike.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Person, Report, ReportKind, Status};
use crate::platform::code::GridCode;

/// The answer to a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Receipt {
    /// The report as it stands.
    pub(super) report: Report,
    /// The grid it went to.
    pub(super) grid: Option<AssignedGrid>,
    /// The nearest grid, when the place lies in none.
    pub(super) nearest_grid: Option<NearestGrid>,
    /// Metres from the grid's boundary.
    pub(super) boundary_m: Option<f32>,
    /// True when the place may belong to the neighbouring grid, for all its accuracy tells.
    pub(super) near_boundary: bool,
    /// Reports that may be about the same thing: of the same kind, close in place and time.
    pub(super) duplicates: Vec<Duplicate>,
    /// Where the first photo that says so was taken: offered, for the caller to take or leave. What is stored of a
    /// photo no longer says.
    pub(super) photo_place: Option<PhotoPlace>,
}

/// Where a photo was taken, in WGS84 degrees.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct PhotoPlace {
    /// Longitude.
    pub(super) lon: f64,
    /// Latitude.
    pub(super) lat: f64,
}

/// The grid a report went to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AssignedGrid {
    /// Its code.
    #[schema(value_type = String)]
    code: GridCode,
    /// Its name.
    name: String,
    /// Its grid members.
    members: Vec<Person>,
}

/// The grid nearest to a place that lies in none.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct NearestGrid {
    /// Its code.
    #[schema(value_type = String)]
    code: GridCode,
    /// Its name.
    name: String,
    /// How far it is, in metres.
    distance_m: f64,
}

/// A report that may be about the same thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct Duplicate {
    /// The report.
    id: Uuid,
    /// What it is about.
    kind: ReportKind,
    /// What was said.
    words: String,
    /// How far away, in metres.
    distance_m: f64,
    /// When it happened.
    happened_at: DateTime<Utc>,
    /// How far it has come.
    status: Status,
}

/// What the store knows beside the report itself.
#[derive(Debug)]
pub(super) struct Assignment {
    /// The name of the grid, when it went to one.
    pub(super) grid_name: String,
    /// The grid's members.
    pub(super) members: Vec<Person>,
    /// The nearest grid, its name and its distance in metres, when it went to none.
    pub(super) nearest: Option<(GridCode, String, f64)>,
    /// What looks alike.
    pub(super) duplicates: Vec<Duplicate>,
}

impl Receipt {
    /// The answer about `report`, assigned like this, with photos taken there.
    pub(super) fn new(report: Report, assignment: Assignment, photo_place: Option<PhotoPlace>) -> Self {
        let Assignment { grid_name, members, nearest, duplicates } = assignment;
        Self {
            grid: report.grid_code.clone().map(|code| AssignedGrid { code, name: grid_name, members }),
            nearest_grid: nearest.map(|(code, name, distance_m)| NearestGrid { code, name, distance_m }),
            boundary_m: report.boundary_m,
            near_boundary: report.near_boundary,
            duplicates,
            photo_place,
            report,
        }
    }
}
