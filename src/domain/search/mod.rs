//! One box to find anything by: grids, areas, households, enterprises, hazards and reports.
//!
//! Never here: a rule about who may find what. Row-level security leaves out what the caller may not see.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::{Found, FoundKind};
