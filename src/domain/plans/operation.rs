//! What a planner does to a draft, one gesture at a time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::proposing::ProposalAim;
use super::sheet::Sheet;
use crate::domain::grids::GridKind;
use crate::platform::code::GridCode;

/// A place: longitude and latitude in degrees.
pub(super) type Position = [f64; 2];

/// One edit. Vertices and borders are named by a place within half a metre of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanOperation)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Operation {
    /// Moves a vertex, and every border that ends in it.
    MoveVertex {
        /// Where it is.
        at: [f64; 2],
        /// Where it goes.
        to: [f64; 2],
    },
    /// Adds a vertex on a border.
    InsertVertex {
        /// Where.
        at: [f64; 2],
    },
    /// Removes a vertex where no borders meet.
    RemoveVertex {
        /// Where it is.
        at: [f64; 2],
    },
    /// Moves a whole border between the two places where it meets others.
    MoveArc {
        /// A place on it.
        at: [f64; 2],
        /// How far east and north, in degrees.
        by: [f64; 2],
    },
    /// Divides a grid along a line. The larger part keeps the code.
    Split {
        /// The grid.
        #[schema(value_type = String)]
        grid: GridCode,
        /// The line, from a place on or beyond the grid's border to another.
        line: Vec<[f64; 2]>,
        /// What the new grid is called; after its number unless given.
        name: Option<String>,
    },
    /// Joins two grids that share a border.
    Merge {
        /// The grid that grows.
        #[schema(value_type = String)]
        keep: GridCode,
        /// The grid that vanishes.
        #[schema(value_type = String)]
        absorb: GridCode,
    },
    /// Gives the part of a grid that lies in a block to a neighbour.
    HandOver {
        /// The grid that shrinks.
        #[schema(value_type = String)]
        from: GridCode,
        /// The grid that grows.
        #[schema(value_type = String)]
        to: GridCode,
        /// The block's corners.
        block: Vec<[f64; 2]>,
    },
    /// Locks a grid's border, or unlocks it.
    LockGrid {
        /// The grid.
        #[schema(value_type = String)]
        grid: GridCode,
        /// Whether.
        locked: bool,
    },
    /// Locks a border between two nodes, or unlocks it.
    LockArc {
        /// A place on it.
        at: [f64; 2],
        /// Whether.
        locked: bool,
    },
    /// Names a grid, or says what kind it is.
    Describe {
        /// The grid.
        #[schema(value_type = String)]
        grid: GridCode,
        /// Its name from now on.
        name: Option<String>,
        /// Its kind from now on.
        kind: Option<GridKind>,
    },
    /// Draws the grids as a proposal has them. What is locked must be where it was when the proposal was asked for.
    Adopt {
        /// The search that found it.
        search: Uuid,
        /// Which of its proposals.
        aim: ProposalAim,
        /// Its drawing, kept with the step; the service fills it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(ignore)]
        drawing: Option<Box<Sheet>>,
    },
    /// Numbers the grids anew: those that are mostly what they were when the draft was begun keep their codes, the rest
    /// follow the rule, from the north-west.
    Renumber,
}
