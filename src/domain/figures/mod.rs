//! Figures per grid (网格数据): what a planner weighs one grid against another by.
//!
//! Never here: a household, a person or a case. Counts come from `grid_figures`, the one function that sees past
//! the policies, and only for grids within the asker's scope.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::{Counts, Figures, GridFigures, Total};
