//! Coordinates that carry their system, point-to-grid assignment, and coverages without seams.
//!
//! - [`coordinate`]: the coordinate types and the one door through which numbers become coordinates.
//! - [`coverage`]: faces that share borders: checks for gaps, overlaps and defects.
//! - [`gcj02`], [`bd09`], [`gauss_kruger`]: conversions between systems; [`mainland`]: where GCJ-02 applies.
//! - [`grid_index`]: point to face, by the rule of [`half_open`].
//! - [`measure`]: distances in metres and areas in square metres.
//!
//! Never here: I/O, async, SQL, HTTP, clocks, randomness that is not passed in, or anything a village would
//! recognise: grids are faces here, and their codes are numbers.

pub mod bd09;
mod borders;
mod buckets;
mod cells;
pub mod coordinate;
pub mod coverage;
pub mod gauss_kruger;
pub mod gcj02;
pub mod grid_index;
pub mod half_open;
#[cfg(test)]
pub(crate) mod jagged;
pub mod mainland;
pub mod measure;
#[cfg(test)]
pub(crate) mod reference;
mod rings;
mod section;

pub use coordinate::{Bd09, CoordinateError, Crs, Gcj02, ParseCrsError, Region, Wgs84, to_wgs84};
pub use gauss_kruger::{GaussKruger, Projected, ProjectionError};
pub use grid_index::{BuildError, FaceId, GridIndex, OpenError};
