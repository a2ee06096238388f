//! Grids (网格): the units one grid member is responsible for, their dated boundaries, and the answer to which
//! grid a place belonged to at a moment.
//!
//! - [`Boundaries`]: the published boundaries in memory, kept fresh. What every other room asks.

mod boundaries;
mod boundary_map;
mod store;

pub use boundaries::Boundaries;
pub use boundary_map::{BoundaryMap, Located};
