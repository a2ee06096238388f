//! A draft as it is kept and sent: shared borders as arcs, grids as rings of arcs.
//!
//! The form is `TopoJSON`'s, without quantisation: a border that two grids share is there once, so that whoever moves a
//! vertex of it moves both. Never here: what an edit does.

use geo::Coord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::grids::GridKind;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::{Coverage, Rim, Topology};
use crate::platform::code::{GridCode, VillageCode};

/// The drawing of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanSheet)]
pub(super) struct Sheet {
    /// The places along each arc, longitude and latitude, both ends included.
    pub(super) arcs: Vec<Vec<[f64; 2]>>,
    /// The grids, in the order of their codes.
    pub(super) grids: Vec<SheetGrid>,
    /// Stretches of border that no edit may move.
    pub(super) locked_arcs: Vec<Vec<[f64; 2]>>,
    /// Whether the outer border is the village's, and stays.
    pub(super) fixed_outline: bool,
    /// The number that a new grid gets.
    pub(super) next_number: u16,
}

/// A grid of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct SheetGrid {
    /// The village's code and three digits.
    #[schema(value_type = String, example = "370828003218001")]
    pub(super) code: GridCode,
    /// Its name.
    pub(super) name: String,
    /// What kind of grid it is.
    pub(super) kind: GridKind,
    /// Whether its border is locked.
    pub(super) locked: bool,
    /// For each polygon its rings, the shell first and anticlockwise; for each ring the arcs around it: an arc's number,
    /// or its complement (−1 for 0, −2 for 1 …) where it runs backwards.
    pub(super) polygons: Vec<Vec<Vec<i32>>>,
}

impl Sheet {
    /// The partition drawn; a face's number is its grid's. Nothing if the sheet was not one of ours.
    pub(super) fn coverage(&self) -> Option<Coverage> {
        let topology = Topology {
            arcs: self.arcs.iter().map(|arc| arc.iter().map(|&[x, y]| Coord { x, y }).collect()).collect(),
            faces: self.grids.iter().map(|grid| (face_of(&grid.code), grid.polygons.clone())).collect(),
        };
        let rim = if self.fixed_outline { Rim::Fixed } else { Rim::Free };
        Coverage::from_topology(&topology, rim)
    }
}

/// The number of the face that stands for a grid.
pub(super) fn face_of(code: &GridCode) -> FaceId {
    FaceId(u32::from(code.number()))
}

/// The grid of a village that a face stands for.
pub(super) fn code_of(village: &VillageCode, face: FaceId) -> Option<GridCode> {
    format!("{village}{:03}", face.0).parse().ok()
}
