//! Hazard points (隐患点): places with a known danger, open or cleared.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::{Hazard, HazardKind, HazardStatus};
