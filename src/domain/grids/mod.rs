//! Grids (网格): the units one grid member is responsible for, their dated boundaries, and the answer to which
//! grid a place belonged to at a moment.
//!
//! - [`Boundaries`]: the published boundaries in memory, kept fresh. What every other room asks.
//! - [`publish`]: the one way by which boundaries come into force.
//! - [`repair`]: a drawing that does not fit, put right piece by piece as somebody chooses.
//! - [`refile`]: what stands in a village goes to its new grid; reports stay where they were.

mod api;
mod boundaries;
mod boundary_map;
mod check;
mod drawing;
mod model;
mod numbering;
mod publish;
mod refile;
mod repair;
mod store;

pub use api::router;
pub use boundaries::Boundaries;
pub use boundary_map::{BoundaryMap, Located};
pub use check::{CoverageCheck, Gap, GridDefect, Overlap};
pub(crate) use check::{Surroundings, build, check};
pub(crate) use drawing::Drawing;
pub use drawing::{DrawnGrid, DrawnGrids};
pub use model::{Grid, GridKind};
pub use numbering::Misnumbered;
pub(crate) use numbering::in_order;
pub use publish::{Plan, Published, publish};
pub(crate) use publish::{does_not_fit, surroundings};
pub use refile::{keep_filed, refile, take_effect};
pub use repair::DoubtKind;
pub use store::visible_grids;
