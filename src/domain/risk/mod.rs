//! Risk (风险热力): where reports are dense, as a surface in events per square kilometre, drawn as map tiles.
//!
//! Never here: a single report. What a caller's surface is made of is what row-level security lets them read.

mod api;
mod model;
mod store;
mod surface;
mod tile;

pub use api::router;
pub use model::{DensityLegend, Subject};
